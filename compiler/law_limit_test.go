package compiler

// Laws of two refusals, held to sums and sets that are made while the configuration
// is drawn:
//
//	four hours    a call is refused exactly if the longest chain of waits takes longer
//	own numbers   a user is refused exactly if the phone is one of the numbers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// A longCall is a configuration of blocks that keep callers for many minutes, each of
// which leads only to later ones.
type longCall struct {
	text    strings.Builder
	longest []int // by block: the minutes of the longest way from there on, in tens
}

// longCalls generates configurations in which a call lasts for tens of minutes, and for
// some seconds that are spoken: together less than ten minutes.
func longCalls() *rapid.Generator[*longCall] {
	return rapid.Custom(func(t *rapid.T) *longCall {
		n := rapid.IntRange(1, 6).Draw(t, "blocks")
		c := &longCall{longest: make([]int, n+1)}
		c.text.WriteString("project \"harbor\" { limits = \"twilio\" }\nhosting { base_url = \"https://calls.harbor.example\" }\n" +
			"user \"ann\" { client = \"ann\" }\nuser \"ben\" { client = \"ben\" }\nnumber \"main\" {\n  phone_number = \"+14155550100\"\n  to = b0.x\n}\n")
		kinds := make([]string, n)
		for i := range kinds {
			kinds[i] = rapid.SampledFrom([]string{"queue", "queue", "voicemail", "ring_group", "menu"}).Draw(t, "kind")
		}
		for i := n - 1; i >= 0; i-- {
			c.block(t, i, kinds)
		}
		names := make([]string, 0, 2*n+2)
		for i, kind := range kinds {
			names = append(names, fmt.Sprintf("b%d.x", i), fmt.Sprintf("%s.b%d", kind, i))
		}
		text := strings.NewReplacer(append(names, fmt.Sprintf("b%d.x", n), "stock.goodbye")...).Replace(c.text.String())
		c.text.Reset()
		c.text.WriteString(text)
		return c
	})
}

// block writes a block. The one behind the last is the end.
func (c *longCall) block(t *rapid.T, i int, kinds []string) {
	ahead := 0
	further := func(label string) string {
		to := rapid.IntRange(i+1, len(kinds)).Draw(t, label)
		ahead = max(ahead, c.longest[to])
		return fmt.Sprintf("b%d.x", to)
	}
	here := rapid.OneOf(rapid.IntRange(1, 18), rapid.IntRange(12, 24)).Draw(t, "tens of minutes")
	fmt.Fprintf(&c.text, "%s \"b%d\" {\n", kinds[i], i)
	switch kinds[i] {
	case "queue":
		fmt.Fprintf(&c.text, "  agents = user.ann\n  max_wait = \"%dm\"\n  retry_every = \"30m\"\n  on_timeout = %s\n", 10*here, further("timeout"))
	case "voicemail":
		fmt.Fprintf(&c.text, "  max_length = \"%dm\"\n", 10*here)
	case "ring_group": // two users, for five minutes each
		here = rapid.IntRange(1, 3).Draw(t, "cycles")
		fmt.Fprintf(&c.text, "  users = [user.ann, user.ben]\n  strategy = \"sequential\"\n  interval = \"5m\"\n  cycles = %d\n", here)
		fmt.Fprintf(&c.text, "  on_busy = %s\n  on_unavailable = %s\n", further("busy"), further("unavailable"))
	case "menu":
		here = 0
		fmt.Fprintf(&c.text, "  option \"1\" {\n    label = \"one\"\n    to = %s\n  }\n  option \"2\" {\n    label = \"two\"\n    to = %s\n  }\n", further("one"), further("two"))
	}
	c.text.WriteString("}\n")
	c.longest[i] = here + ahead
}

// GoString is how a failing check shows a configuration.
func (c *longCall) GoString() string { return "\n" + c.text.String() }

// Law: a call is refused exactly if the blocks on its longest way take four hours, or
// more, to which what is spoken comes.
func TestLawNoCallOutlivesItsLimit(t *testing.T) {
	counts := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		c := longCalls().Draw(t, "configuration")
		_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(c.text.String())}}})
		got := false
		for _, d := range diags {
			if CodeOf(d) == "IVR503" {
				got = true
			} else if diags.HasErrors() && !strings.HasPrefix(CodeOf(d), "IVR6") {
				t.Fatalf("%s\n%s", listed(diags), c.text.String())
			}
		}
		want := c.longest[0] >= 24
		if got != want {
			t.Fatalf("a call of %d minutes, and seconds, is refused: %t\n%s\n%s", 10*c.longest[0], got, listed(diags), c.text.String())
		}
		counts[want]++
	})
	if counts[true] == 0 || counts[false] == 0 {
		t.Errorf("refused, and not: %v", counts)
	}
}

// ownable are numbers that differ little.
var ownable = []string{"+14155550100", "+14155550101", "+14155550110", "+14155551100", "+442079460100", "+442079460101"}

// spelled writes a number as a text in one of several ways, and tells whether that is
// the international form.
func spelled(t *rapid.T, number string) (expression string, ok bool) {
	switch rapid.IntRange(0, 7).Draw(t, "spelling") {
	case 0:
		return fmt.Sprintf("%q", number[:3]+" "+number[3:]), false
	case 1:
		return fmt.Sprintf("%q", "00"+number[1:]), false
	case 2:
		return fmt.Sprintf("%q", number[:3]+"-"+number[3:]), false
	case 3:
		return fmt.Sprintf("join(\"\", [%q, %q])", number[:4], number[4:]), true
	case 4:
		return fmt.Sprintf("\"+${%s}\"", number[1:]), true
	case 5:
		return fmt.Sprintf("replace(%q, \" \", \"\")", number[:5]+" "+number[5:]), true
	}
	return fmt.Sprintf("%q", number), true
}

// Law: a user is refused for ringing a number of the configuration exactly if the
// phone is one, however the two are written, whether or not anybody rings the user,
// and whether or not the number is online.
func TestLawOwnNumbers(t *testing.T) {
	counts := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.Permutation(ownable).Draw(t, "numbers")
		numbers := rapid.IntRange(1, 3).Draw(t, "how many")
		own := map[string]bool{}
		text := "project \"harbor\" {}\nqueue \"desk\" {}\nhosting { base_url = \"https://calls.harbor.example\" }\n"
		for i, number := range list[:numbers] {
			expression, ok := spelled(t, number)
			own[number] = ok
			leads := rapid.SampledFrom([]string{"to = stock.goodbye", "take = queue.desk", "to = queue.desk", "status = \"offline\"\n  to = stock.goodbye", "to = user.u0"}).Draw(t, "number")
			text += fmt.Sprintf("number \"n%d\" {\n  phone_number = %s\n  %s\n}\n", i, expression, leads)
		}
		text += "number \"agents\" {\n  phone_number = \"+14155550199\"\n  take = queue.desk\n}\n"
		var want, got []int
		for i := range rapid.IntRange(1, 4).Draw(t, "users") {
			number := rapid.SampledFrom(list).Draw(t, "phone")
			expression, ok := spelled(t, number)
			kind := rapid.SampledFrom([]string{"phone", "phone", "phone", "sip"}).Draw(t, "is a")
			if kind == "sip" {
				expression, ok = fmt.Sprintf("\"sip:%s@harbor.example\"", number), false
			}
			if ok && own[number] {
				want = append(want, strings.Count(text, "\n")+1)
			}
			text += fmt.Sprintf("user \"u%d\" { %s = %s }\n", i, kind, expression)
			counts[ok && own[number]]++
		}
		_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}})
		for _, d := range diags {
			if CodeOf(d) == "IVR427" {
				got = append(got, diagnostic.SubjectOf(d).Start.Line)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("users are refused on the lines %v, want %v:\n%s\n%s", got, want, listed(diags), text)
		}
	})
	if counts[true] == 0 || counts[false] == 0 {
		t.Errorf("own numbers, and others: %v", counts)
	}
}
