package bundle_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// TestParseName reads back every name that is written.
func TestParseName(t *testing.T) {
	for name, want := range map[string]bundle.DocumentName{
		bundle.MenuName(2):                   {For: "menu", Numbers: []int{2}},
		bundle.DigitsName(12):                {For: "digits", Numbers: []int{12}},
		bundle.DialName(1, true):             {For: "dial", Numbers: []int{1}},
		bundle.DialName(3, true):             {For: "dial", Numbers: []int{3}, After: "busy"},
		bundle.DialName(3, false):            {For: "dial", Numbers: []int{3}, After: "unavailable"},
		bundle.QueueDialName(0, 1):           {For: "dial", Numbers: []int{0, 1}},
		bundle.QueueDialName(time.Minute, 2): {For: "dial", Numbers: []int{60, 2}},
		bundle.HoldName(time.Minute):         {For: "queue", Numbers: []int{60}},
		bundle.WaitName(90*time.Second, 1):   {For: "wait", Numbers: []int{90}},
		bundle.WaitName(90*time.Second, 2):   {For: "wait", Numbers: []int{90, 2}},
		bundle.FullName(time.Minute, 2):      {For: "full", Numbers: []int{60, 2}},
		bundle.AnswerName:                    {For: "answer"},
		bundle.EnterName:                     {For: "enter", Numbers: []int{1}},
		"":                                   {},
		"digits-x-1":                         {For: "digits", After: "x-1"},
		"digits-":                            {For: "digits", After: ""},
		"dial-99999999999999999999":          {For: "dial", After: "99999999999999999999"},
	} {
		got := bundle.ParseName(name)
		if got.For != want.For || got.After != want.After || !slices.Equal(got.Numbers, want.Numbers) {
			t.Errorf("ParseName(%q) = %+v, want %+v", name, got, want)
		}
	}
}

func TestDocumentName(t *testing.T) {
	for name, want := range map[string]string{
		"digits-2":           "attempt 2, round 0 false, hold false, wait false",
		"digits-2-busy":      "attempt 0, round 0 false, hold false, wait false",
		"menu-2":             "attempt 0, round 0 false, hold false, wait false",
		"dial-1":             "attempt 0, round 1 true, hold false, wait false",
		"dial-2-busy":        "attempt 0, round 2 true, hold false, wait false",
		"dial-2-unavailable": "attempt 0, round 2 false, hold false, wait false",
		"dial-60-3-busy":     "attempt 0, round 3 true, hold false, wait false",
		"dial-2-asleep":      "attempt 0, round 0 false, hold false, wait false",
		"dial":               "attempt 0, round 0 false, hold false, wait false",
		"queue-60":           "attempt 0, round 0 false, hold true, wait false",
		"wait-60-2":          "attempt 0, round 0 false, hold false, wait true",
	} {
		n := bundle.ParseName(name)
		round, busy := n.Round()
		got := fmt.Sprintf("attempt %d, round %d %t, hold %t, wait %t", n.Attempt(), round, busy, n.Hold(), n.Wait())
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestSuffixes(t *testing.T) {
	tests := []struct {
		addresses []string
		recorded  bool
		want      []string
	}{
		{[]string{"menu.main"}, true, []string{""}},
		{[]string{"menu.main", "menu.main.*"}, false, []string{"-menu_main", "-menu_main_star"}},
		{[]string{"menu.main", "menu.main.#"}, true, []string{"-menu_main_record", "-menu_main_pound_record"}},
		{[]string{"menu.Main", "menu.main", "menu.maiN"}, false, []string{"-menu_Main", "-menu_main_", "-menu_maiN__"}},
	}
	for _, test := range tests {
		if got := bundle.Suffixes(test.addresses, test.recorded); !slices.Equal(got, test.want) {
			t.Errorf("Suffixes(%q, %t) = %q, want %q", test.addresses, test.recorded, got, test.want)
		}
	}
}

// shared is a bundle of one directory with two blocks, of which the address of
// one begins like that of the other.
func shared(recorded bool) *bundle.Bundle {
	b := &bundle.Bundle{Components: []bundle.Component{{Directory: "menu.main-x", Blocks: []bundle.Block{
		{Address: "menu.main", Exits: []bundle.Exit{{On: "2", To: "menu.main.2"}}},
		{Address: "menu.main.2"},
	}}}}
	addresses := []string{"menu.main", "menu.main.2"}
	for _, suffix := range bundle.Suffixes(addresses, recorded) {
		decision := bundle.DecisionPath("menu.main-x", bundle.DigitsName(1), suffix)
		for _, p := range []string{bundle.AnswerPath(decision, "2"), bundle.DocumentPath("menu.main-x", bundle.MenuName(1), suffix)} {
			b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(p, nil))
		}
	}
	slices.SortFunc(b.Manifest.Files, func(x, y bundle.FileRow) int { return compare(x.Path, y.Path) })
	return b
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

func TestLocate(t *testing.T) {
	for _, recorded := range []bool{false, true} {
		b := shared(recorded)
		x := bundle.NewIndex(b)
		suffixes := bundle.Suffixes([]string{"menu.main", "menu.main.2"}, recorded)
		for i, want := range []string{"menu.main", "menu.main.2"} {
			decision := bundle.DecisionPath("menu.main-x", bundle.DigitsName(1), suffixes[i])
			at, ok := x.Locate(bundle.AnswerPath(decision, "2"))
			if !ok || at.Block.Address != want || at.Name != "digits-1" || at.Answer != "2" || at.Component != &b.Components[0] {
				t.Errorf("recorded %t: an answer of %s is located at %+v, %t", recorded, want, at, ok)
			}
			if at.Decision("digits-1") != decision {
				t.Errorf("recorded %t: the decision of %s is at %q, want %q", recorded, want, at.Decision("digits-1"), decision)
			}
			if at, ok := x.Locate(decision + "~1.2"); !ok || at.Block.Address != want || at.Name != "digits-1" || at.Answer != "" {
				t.Errorf("recorded %t: a decision of %s with a list is located at %+v, %t", recorded, want, at, ok)
			}
			if at, ok := x.Locate(decision); !ok || at.Block.Address != want || at.Name != "digits-1" || at.Answer != "" {
				t.Errorf("recorded %t: a decision of %s is located at %+v, %t", recorded, want, at, ok)
			}
			if at.Document("menu-1") != "menu.main-x/menu-1"+suffixes[i]+".xml" {
				t.Errorf("recorded %t: a document of %s is at %q", recorded, want, at.Document("menu-1"))
			}
		}
		for _, elsewhere := range []string{"menu.main-x/menu-1.xml", "menu.main-y/menu-1-menu_main.xml", "audio/x.wav", ""} {
			if at, ok := x.Locate(elsewhere); ok {
				t.Errorf("recorded %t: %q is located at %+v", recorded, elsewhere, at)
			}
		}
	}
}

func TestAddSuffix(t *testing.T) {
	for file, want := range map[string]string{
		"digits-1":       "digits-1-menu_main",
		"digits-1.2.xml": "digits-1-menu_main.2.xml",
		"digits-1~1.2":   "digits-1-menu_main~1.2",
		"menu-1.xml":     "menu-1-menu_main.xml",
	} {
		if got := bundle.AddSuffix(file, "-menu_main"); got != want {
			t.Errorf("AddSuffix(%q) = %q, want %q", file, got, want)
		}
	}
}

func TestKeyAnswers(t *testing.T) {
	digits, _ := bundle.DecisionAt("x/digits-1")
	for _, key := range []string{"0", "9", "*", "#"} {
		answer := bundle.KeyAnswer(key)
		if !bundle.IsKey(key) || bundle.AnswerKey(answer) != key || !slices.Contains(digits.Answers(), answer) {
			t.Errorf("the key %s is answered by %q, which is the key %s", key, answer, bundle.AnswerKey(answer))
		}
	}
}

// TestTalked holds the answers that end a call, and those by their names, to the
// lists of their decisions.
func TestTalked(t *testing.T) {
	talked := map[string][]string{}
	for _, kind := range bundle.DecisionKinds() {
		d, _ := bundle.DecisionAt(kind.Name)
		for _, answer := range d.Answers() {
			if bundle.Talked(answer) {
				talked[d.Name] = append(talked[d.Name], answer)
			}
		}
	}
	want := map[string][]string{"dial": {"answered"}, "queue": {"talked"}}
	if fmt.Sprint(talked) != fmt.Sprint(want) {
		t.Errorf("talked: %v, want %v", talked, want)
	}
	for prefix, answers := range map[string][]string{
		"dial": {bundle.BusyAnswer}, "queue": {bundle.LeaveAnswer, bundle.FullAnswer}, "from": {bundle.WithheldAnswer}, "record": {bundle.EmptyAnswer}, "digits": {bundle.OtherAnswer},
	} {
		for _, answer := range answers {
			if d, _ := bundle.DecisionAt(prefix); !slices.Contains(d.Answers(), answer) {
				t.Errorf("%s is no answer of %s", answer, prefix)
			}
		}
	}
}

// CutAnswer is the inverse of AnswerPath.
func TestCutAnswer(t *testing.T) {
	const at = "menu.main-x/digits-1"
	d, _ := bundle.DecisionAt(at + "~1.4711.star")
	for _, answer := range d.Answers() {
		if d.Document(answer) != bundle.AnswerPath(at, answer) || string(d.AppendDocument(nil, answer)) != d.Document(answer) {
			t.Errorf("the document of %s is %s", answer, d.Document(answer))
		}
		if decision, got, kind := bundle.CutAnswer(bundle.AnswerPath(at, answer)); decision != at || got != answer || kind == nil {
			t.Errorf("%s is the answer %q of %q", bundle.AnswerPath(at, answer), got, decision)
		}
	}
	for _, name := range []string{"menu.main-x/menu-1.xml", at + ".xml", "audio/digits-1.5.wav", ""} {
		if _, _, kind := bundle.CutAnswer(name); kind != nil {
			t.Errorf("%q is no answer of a decision", name)
		}
	}
}
