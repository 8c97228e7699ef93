package compiler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// staffed is a configuration of a dynamic block for each kind, whose elements are in
// a local value.
const staffed = `
project "x" {}
hosting { base_url = "https://calls.quillmark.example" }
locals {
  staff = { ann = PHONE, ben = "+14155550102" }
  rest  = { one = "1", two = "2" }
}
dynamic "user" {
  for_each = local.staff
  iterator = each
  labels   = [each.key]
  content {
    phone = each.value
  }
}
dynamic "message" {
  for_each = local.rest
  iterator = each
  labels   = [each.key]
  content {
    text = MESSAGE
  }
}
dynamic "ring_group" {
  for_each = local.rest
  iterator = each
  labels   = [each.key]
  content {
    users    = USERS
    interval = INTERVAL
  }
}
dynamic "queue" {
  for_each = local.rest
  iterator = each
  labels   = [each.key]
  content {
    agents = ring_group[each.key]
    announcement {
      message = stock.please_hold
      every   = EVERY
    }
  }
}
dynamic "voicemail" {
  for_each = local.rest
  iterator = each
  labels   = [each.key]
  content {
    max_length = LENGTH
  }
}
dynamic "menu" {
  for_each = local.rest
  iterator = each
  labels   = [each.key]
  content {
    welcome = message[each.key]
    dynamic "option" {
      for_each = ["2", "3"]
      labels   = [option.value]
      content {
        label = LABEL
        to    = TO
      }
    }
    option "1" {
      label = "deeper"
      menu {
        option "1" {
          label = INNER
          to    = queue[each.key]
        }
      }
    }
  }
}
dynamic "number" {
  for_each = local.rest
  iterator = each
  labels   = [each.key]
  content {
    phone_number = NUMBER
    to           = menu[each.key]
  }
}
`

// right are values for the capitals of staffed with which there is no mistake.
var right = map[string]string{
	"PHONE": `"+14155550101"`, "MESSAGE": `"Hello, ${each.value}"`, "USERS": "[user.ann, user.ben]", "INTERVAL": `"20s"`, "EVERY": `"30s"`,
	"LENGTH": `"1m"`, "LABEL": `"desk ${option.value}"`, "TO": "voicemail[each.key]", "INNER": `"desk"`, "NUMBER": `"+1415555019${each.value}"`,
}

// A mistake in one of the blocks that a dynamic block makes says in which, and one in
// all of them is one mistake.
func TestMistakeNamesTheElement(t *testing.T) {
	for _, c := range []struct {
		at, value, code string
		want            []string
	}{
		{"PHONE", `"+1415555"`, "IVR405", []string{"user.ann"}},
		{"PHONE", `"+12115550200"`, "IVR605", []string{"user.ann"}},
		{"MESSAGE", `each.key == "one" ? "" : "x"`, "IVR422", []string{"message.one"}},
		{"MESSAGE", `each.value == "2" ? "{{x}}" : "x"`, "IVR623", []string{"message.two"}},
		{"MESSAGE", `each.value.text`, "IVR201", []string{"message.one", "message.two"}},
		{"MESSAGE", `each.value == "2" ? join(" ", [for i in range(200) : "hello"]) : "x"`, "IVR604", []string{"menu.two"}},
		{"MESSAGE", `each.value == "2" ? "Press 7." : "x"`, "IVR627", []string{"message.two"}},
		{"USERS", `each.value == "2" ? [user.ann, user.ann] : [user.ben]`, "IVR416", []string{"ring_group.two"}},
		{"USERS", `[user.nobody]`, "IVR202", []string{"ring_group.one", "ring_group.two"}},
		{"INTERVAL", `"${each.value}s"`, "IVR310", []string{"ring_group.one", "ring_group.two"}}, // two sentences
		{"EVERY", `each.value == "1" ? "1" : "30s"`, "IVR209", []string{"queue.one"}},
		{"LENGTH", `each.value == "1" ? "9h" : "1m"`, "IVR320", []string{"voicemail.one"}},
		{"LABEL", `each.value == "1" ? "desk ${option.value}" : "…"`, "IVR422", []string{`option "2" of menu.two`, `option "3" of menu.two`}},
		{"LABEL", `each.value == "1" ? "desk ${option.value}" : "desk"`, "IVR602", []string{"menu.two"}},
		{"TO", `each.value == "1" && option.value == "3" ? ring_group[each.key] : user.eve`, "IVR202", []string{`option "2" of menu.one`, `option "2" of menu.two`, `option "3" of menu.two`}},
		{"INNER", `each.value == "1" ? "desk" : "…"`, "IVR422", []string{`option "1" of menu.two.1`}},
		{"NUMBER", `"+1415555"`, "IVR405", []string{"number.one", "number.two"}},
		{"NUMBER", `"+14155550104"`, "IVR419", []string{"number.two"}},
		{"NUMBER", `each.value == "1" ? "+14155550102" : "+14155550104"`, "IVR427", []string{"user.ben"}},
	} {
		text := staffed
		for at, value := range right {
			if at == c.at {
				value = c.value
			}
			text = strings.ReplaceAll(text, at, value)
		}
		_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}})
		var got []string
		for _, d := range diags {
			if CodeOf(d) == c.code {
				got = append(got, BlocksOf(d)...)
				for _, block := range BlocksOf(d)[:min(3, len(BlocksOf(d)))] {
					if !strings.Contains(d.Detail, block) {
						t.Errorf("%s: %q does not name %s", c.code, d.Detail, block)
					}
				}
			}
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s = %s: %s (-want +got)\n%s\n%s", c.at, c.value, c.code, diff, listed(diags))
		}
	}
}

// Of any list of telephones, those that are impossible are named, and no others.
func TestMistakeNamesItsElements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wrong := rapid.SliceOfN(rapid.Bool(), 1, 90).Draw(t, "wrong")
		var list, want, all []string
		for i, w := range wrong {
			phone := fmt.Sprintf("+1415555%04d", 2000+i)
			if w {
				phone = phone[:7]
				want = append(want, fmt.Sprintf("user.u%02d", i))
			}
			list = append(list, fmt.Sprintf("u%02d = %q", i, phone))
			all = append(all, fmt.Sprintf("user.u%02d", i))
		}
		text := "project \"x\" {}\ndynamic \"user\" {\n for_each = {\n" + strings.Join(list, "\n") +
			"\n}\n iterator = each\n labels = [each.key]\n content {\n phone = each.value\n }\n}\n" +
			"ring_group \"all\" {\n users = [" + strings.Join(all, ", ") + "]\n strategy = \"sequential\"\n interval = \"10s\"\n}\n" +
			"number \"main\" {\n phone_number = \"+14155550100\"\n to = ring_group.all\n}\n"
		_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}})
		var got []string
		for _, d := range diags {
			if CodeOf(d) == "IVR405" {
				got = append(got, BlocksOf(d)...)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("named are %v, want %v", got, want)
		}
	})
}
