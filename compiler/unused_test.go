package compiler

// What is found in one state of the variables holds in every state. The oracle
// below knows from the drawing of a configuration which block names which, and
// shares nothing with the compiler.

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// A sketch is a configuration of menus, of which some ways depend on variables.
type sketch struct {
	ways    [][]sketchWay // by menu, in the order of their keys
	ignored []bool        // has a comment that ignores IVR601
	back    []bool
	states  []bool // of the variables v0, v1
}

// A sketchWay is an option: where it leads while its variable is true, and
// while it is not. Variable -1 is none, and then both are the same.
type sketchWay struct {
	variable, yes, no int
	local             bool // by way of a local value
	label             string
}

func drawSketch(t *rapid.T, backs bool) *sketch {
	s := &sketch{states: []bool{rapid.Bool().Draw(t, "v0"), rapid.Bool().Draw(t, "v1")}}
	menus := rapid.IntRange(1, 7).Draw(t, "menus")
	for range menus {
		var ways []sketchWay
		for range rapid.IntRange(1, 3).Draw(t, "options") {
			w := sketchWay{
				variable: rapid.IntRange(-1, 1).Draw(t, "variable"), yes: rapid.IntRange(0, menus).Draw(t, "yes"),
				local: rapid.Bool().Draw(t, "local"), label: rapid.SampledFrom([]string{"sales", "help", "hours"}).Draw(t, "label"),
			}
			if w.no = w.yes; w.variable >= 0 {
				w.no = rapid.IntRange(0, menus).Draw(t, "no")
			}
			ways = append(ways, w)
		}
		s.ways = append(s.ways, ways)
		s.ignored = append(s.ignored, !backs && rapid.IntRange(0, 3).Draw(t, "ignored") == 0)
		s.back = append(s.back, backs && rapid.Bool().Draw(t, "back"))
	}
	return s
}

// text writes the configuration. The destination after the last menu is a
// voicemail.
func (s *sketch) text() string {
	name := func(i int) string {
		if i == len(s.ways) {
			return "voicemail.desk"
		}
		return fmt.Sprintf("menu.m%d", i)
	}
	var b, locals strings.Builder
	b.WriteString("project \"sketch\" {}\nvoicemail \"desk\" {}\nnumber \"main\" {\n  phone_number = \"+14155550100\"\n  to = menu.m0\n  anonymous = voicemail.desk\n}\n")
	for v := range s.states {
		fmt.Fprintf(&b, "variable \"v%d\" {\n  type = bool\n}\n", v)
	}
	for i, ways := range s.ways {
		if s.ignored[i] {
			b.WriteString("# ivrc:ignore IVR601 it opens in May\n")
		}
		fmt.Fprintf(&b, "menu \"m%d\" {\n", i)
		if s.back[i] {
			b.WriteString("  back = \"9\"\n")
		}
		for k, w := range ways {
			to := name(w.yes)
			if w.variable >= 0 {
				to = fmt.Sprintf("var.v%d ? %s : %s", w.variable, name(w.yes), name(w.no))
			}
			if w.local {
				fmt.Fprintf(&locals, "  to_%d_%d = %s\n", i, k, to)
				to = fmt.Sprintf("local.to_%d_%d", i, k)
			}
			fmt.Fprintf(&b, "  option \"%d\" {\n    label = %q\n    to = %s\n  }\n", k+1, w.label, to)
		}
		b.WriteString("}\n")
	}
	return b.String() + "locals {\n" + locals.String() + "}\n"
}

// compile compiles the configuration in its state, and finds the menus at which
// a code is reported.
func (s *sketch) compile(t *rapid.T, code string) []int {
	files := fstest.MapFS{"main.ivr.hcl": {Data: []byte(s.text())}}
	_, diags := Compile(Input{Files: files, Variables: s.given()})
	var at []int
	for _, d := range diags {
		if CodeOf(d) == code {
			at = append(at, s.menuAt(diagnostic.SubjectOf(d)))
		}
	}
	slices.Sort(at)
	return at
}

// given are the values of the variables.
func (s *sketch) given() (given Assignments) {
	for v, state := range s.states {
		given.CommandLine = append(given.CommandLine, Assignment{Name: fmt.Sprintf("v%d", v), Text: fmt.Sprint(state)})
	}
	return given
}

var sketchMenu = regexp.MustCompile(`(?m)^menu "m(\d+)"`)

// menuAt is the menu at a place: that in which it stands, or which it is a
// comment above.
func (s *sketch) menuAt(at hcl.Range) int {
	menu := -1
	for i, where := range sketchMenu.FindAllStringIndex(s.text(), -1) {
		if first := strings.Count(s.text()[:where[0]], "\n") + 1; at.Start.Line >= first-1 && (at.Start.Line >= first || s.ignored[i]) {
			menu = i
		}
	}
	return menu
}

// reach is what some menus lead to, in any state, with themselves.
func (s *sketch) reach(from ...int) map[int]bool {
	seen := map[int]bool{}
	for list := from; len(list) > 0; list = list[1:] {
		if m := list[0]; m < len(s.ways) && !seen[m] {
			seen[m] = true
			for _, w := range s.ways[m] {
				list = append(list, w.yes, w.no)
			}
		}
	}
	return seen
}

// In every state of the variables, a menu is called unused exactly if nothing
// leads to it in any, once for each cause; a comment has an effect exactly there.
func TestUnusedInEveryState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSketch(t, false)
		useless := s.compile(t, "IVR608")
		comments := s.ignored
		s.ignored = make([]bool, len(comments))
		reported := s.compile(t, "IVR601")
		used := s.reach(0)
		covered := s.reach(reported...)
		for m := range s.ways {
			if slices.Contains(reported, m) && used[m] {
				t.Fatalf("menu.m%d is used, and called unused:\n%s", m, s.text())
			}
			if !used[m] && !covered[m] {
				t.Fatalf("menu.m%d is unused, and nothing says so:\n%s", m, s.text())
			}
			if want := comments[m] && !slices.Contains(reported, m); want != slices.Contains(useless, m) {
				t.Fatalf("the comment on menu.m%d is without effect: want %t:\n%s", m, want, s.text())
			}
		}
		for _, m := range reported {
			for _, other := range reported {
				if m != other && s.reach(other)[m] {
					t.Fatalf("menu.m%d is reported although menu.m%d is its cause:\n%s", m, other, s.text())
				}
			}
		}
	})
}

// Labels are alike exactly where they are, in menus that calls reach.
func TestAlikeInEveryState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSketch(t, false)
		reached := map[int]bool{}
		for list := []int{0}; len(list) > 0; list = list[1:] {
			if m := list[0]; m < len(s.ways) && !reached[m] {
				reached[m] = true
				for _, w := range s.ways[m] {
					list = append(list, s.leads(w))
				}
			}
		}
		var want []int
		for _, m := range slices.Sorted(maps.Keys(reached)) {
			labels := map[string]bool{}
			for _, w := range s.ways[m] {
				if labels[w.label] {
					want = append(want, m)
				}
				labels[w.label] = true
			}
		}
		if got := s.compile(t, "IVR602"); !slices.Equal(got, want) {
			t.Fatalf("labels are alike in %v, want %v:\n%s", got, want, s.text())
		}
	})
}

// leads is where a way leads in the state of the variables.
func (s *sketch) leads(w sketchWay) int {
	if w.variable >= 0 && !s.states[w.variable] {
		return w.no
	}
	return w.yes
}

// The back key of a menu has a meaning exactly if one other menu leads there.
func TestBackInEveryState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSketch(t, true)
		parents := make([]map[int]bool, len(s.ways)+1)
		for m := range parents {
			parents[m] = map[int]bool{}
		}
		for m, ways := range s.ways {
			for _, w := range ways {
				if to := s.leads(w); to != m {
					parents[to][m] = true
				}
			}
		}
		var want []int
		for m := range s.ways {
			if s.back[m] && len(parents[m]) != 1 {
				want = append(want, m)
			}
		}
		if got := s.compile(t, "IVR423"); !slices.Equal(got, want) {
			t.Fatalf("back is refused in %v, want %v:\n%s", got, want, s.text())
		}
	})
}

// A user is called unused once, whoever would ring it, and labels that nobody says
// are not compared.
func TestOneReport(t *testing.T) {
	for _, c := range []struct {
		name, text, code string
		want             int
	}{
		{"a user who is the destination of an unused menu", `
			user "ann" { phone = "+14155550101" }
			menu "old" {
			  option "1" {
			    label = "Ann"
			    to = user.ann
			  }
			}`, "IVR601", 1},
		{"a user whom nobody names", `user "ann" { phone = "+14155550101" }`, "IVR601", 1},
		{"two groups that lead to each other", `
			user "ann" { phone = "+14155550101" }
			ring_group "a" {
			  users = [user.ann]
			  on_busy = ring_group.b
			}
			ring_group "b" {
			  users = [user.ann]
			  on_busy = voicemail.old
			}
			voicemail "old" {}`, "IVR601", 1},
		{"a message that an unused voicemail plays", `
			voicemail "old" { greeting = message.old }
			message "old" { text = "Leave a message." }`, "IVR601", 1},
		{"two users of a computed group", `
			variable "late" { default = false }
			locals { staff = { ann = "+14155550101", ben = "+14155550102" } }
			dynamic "user" {
			  for_each = local.staff
			  iterator = each
			  labels = [each.key]
			  content { phone = each.value }
			}
			ring_group "night" { users = [for name in keys(local.staff) : user[name]] }
			message "closed" { text = "We are closed." }
			number "second" {
			  phone_number = "+14155550105"
			  to = var.late ? ring_group.night : message.closed
			}`, "IVR601", 0},
		{"a number that is offline in one state", `
			variable "open" { default = false }
			message "hours" { text = "We open at nine." }
			number "second" {
			  phone_number = "+14155550105"
			  status = var.open ? "online" : "offline"
			  to = message.hours
			}`, "IVR601", 0},
	} {
		t.Run(c.name, func(t *testing.T) { isReported(t, c.code, c.text, c.want) })
	}
}

// isReported compiles blocks beside a number, and fails the test unless a code is
// reported so many times.
func isReported(t *testing.T, code, blocks string, want int) {
	t.Helper()
	text := "project \"x\" {}\nhosting { base_url = \"https://calls.quillmark.example\" }\nnumber \"main\" {\n  phone_number = \"+14155550100\"\n  to = message.hello\n}\nmessage \"hello\" { text = \"Hello\" }\n" + blocks
	_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	found := 0
	for _, d := range diags {
		if CodeOf(d) == code {
			found++
		}
	}
	if found != want {
		t.Errorf("%d reports, want %d: %v", found, want, diags)
	}
}

// A list that is wrong is one mistake: what would come of it is not missed, too.
func TestWrongListIsOneMistake(t *testing.T) {
	for _, list := range []string{"local.nowhere", "5", "true", "menu.nowhere", "jsondecode(\"{\")", "local.ways.nowhere"} {
		text := fmt.Sprintf(`
			project "x" {}
			locals { ways = { "1" = "sales" } }
			menu "main" {
			  dynamic "option" {
			    for_each = %s
			    labels   = [option.key]
			    content {
			      label = option.value
			      to    = voicemail.desk
			    }
			  }
			}
			voicemail "desk" {}
			number "main" {
			  phone_number = "+14155550100"
			  to           = menu.main
			}`, list)
		_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}})
		if len(diags) != 1 {
			t.Errorf("for_each = %s: %d reports, want one: %v", list, len(diags), diags)
		}
	}
}
