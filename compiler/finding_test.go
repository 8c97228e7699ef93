package compiler

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A text names a time, or it does not.
func TestNamedTimes(t *testing.T) {
	for _, c := range []struct {
		language, text string
		want           time.Duration
	}{
		{"en-US", "We will be with you in 2 minutes.", 2 * time.Minute},
		{"en-US", "In two to five minutes.", 5 * time.Minute},
		{"en-US", "In 2-5 minutes.", 5 * time.Minute},
		{"en-US", "In twenty-five minutes or thirty seconds.", 25 * time.Minute},
		{"en-US", "Within an hour, or in a minute.", 0},
		{"en-US", "Within two hours.", 2 * time.Hour},
		{"en-US", "Ask for room 5, minutes away.", 0},
		{"de-DE", "In höchstens fünf Minuten.", 5 * time.Minute},
		{"de-DE", "In fünfundzwanzig Minuten.", 0}, // not known as a word, so nothing is promised
		{"fr-FR", "Dans trois minutes.", 3 * time.Minute},
		{"ja-JP", "5分ほどお待ちください。", 5 * time.Minute},
		{"nl-NL", "Binnen tien minuten.", 10 * time.Minute},
		{"pt-BR", "Em até 10 minutos.", 10 * time.Minute},
		{"sv-SE", "Om 5 minuter.", 0},
	} {
		if got := (timeNames{}).longest(c.language, c.text); got != c.want {
			t.Errorf("%s: %q names %v, want %v", c.language, c.text, got, c.want)
		}
	}
}

// What is said from a key to the end of its option.
func TestKeyToOption(t *testing.T) {
	for _, c := range []struct{ prompt, key, label, want string }{
		{"Press 1 for Sales.", "1", "Sales", "1 for Sales"},
		{"For Sales, press 1.", "1", "Sales", ""},
		{"Press 1 for Sales: 1!", "1", "Sales", ""},
		{"Press 1 for 1 hour of 24.", "1", "1 hour of 24", "1 for 1 hour of 24"},
		{"Press 12 for Sales.", "1", "Sales", ""},
		{"Press star for Sales.", "star", "Sales", "star for Sales"},
		{"SALES 1", "1", "Sales", ""},
	} {
		if got := keyToOption(c.prompt, c.key, c.label); got != c.want {
			t.Errorf("%q: from the key to %q is %q, want %q", c.prompt, c.label, got, c.want)
		}
	}
}

// A mobile is known by its numbering plan or its name. The first number is one of
// those that Australia keeps free for fiction.
func TestMobile(t *testing.T) {
	for _, c := range []struct {
		u    user
		want bool
	}{
		{user{name: "ann", address: "+61491570156"}, true},
		{user{name: "ann", address: "+14155550101"}, false},
		{user{name: "ann_mobile", address: "+14155550101"}, true},
		{user{name: "ann", label: "Ann's cell", address: "+14155550101"}, true},
		{user{name: "cellar", address: "+14155550101"}, false},
	} {
		if got := mobile(&c.u) != ""; got != c.want {
			t.Errorf("%s %s %s is a mobile: %t", c.u.name, c.u.label, c.u.address, got)
		}
	}
}

// Ways back are not counted: the key that goes back, the one that repeats, and the
// failure that leads to the menu before. From a number of its own, the menu below
// leads to the one above.
func TestFiguresGoForward(t *testing.T) {
	result, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(`
project "clinic" {}
voicemail "desk" {}
menu "main" {
  repeat = "8"

  option "1" {
    label = "wards"
    to    = menu.wards
  }
  option "2" {
    label = "a message"
    to    = voicemail.desk
  }
}
menu "wards" {
  back       = "9"
  on_failure = menu.main

  option "1" {
    label = "a message"
    to    = voicemail.desk
  }
}
number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
number "wards" {
  phone_number = "+14155550101"
  to           = menu.wards
}
`)}}})
	if diags.HasErrors() {
		t.Fatal(listed(diags))
	}
	list, _ := result.Figures()
	if got := list[0].Paths; got != 3 { // 1 1, 2, failure
		t.Errorf("from number.main there are %d paths", got)
	}
	// 1; failure and then 2 or failure. After failure, 1 is the way back; 9 is one
	// because menu.main is reached without a key.
	if got := list[1].Paths; got != 3 {
		t.Errorf("from number.wards there are %d paths", got)
	}
	want := []string{"menu.main 1", "menu.wards 1", "voicemail.desk"}
	if diff := cmp.Diff(want, list[0].End.Way); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if list, leftOut := result.graph.figures(1); len(list) != 1 || leftOut != 1 {
		t.Errorf("%d numbers have figures, %d are left out", len(list), leftOut)
	}
}
