package compiler

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

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
	list, _ := result.WorstCases()
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
	// Of the two menus only the first says goodbye; behind its keys is no person.
	for _, d := range list[0].Destinations {
		if d.Missed != nil {
			t.Errorf("from %s, people are missed by %v", d.Address, d.Missed)
		}
	}
	if list, leftOut := result.graph.WorstCases(1); len(list) != 1 || leftOut != 1 {
		t.Errorf("%d numbers have figures, %d are left out", len(list), leftOut)
	}
}

// A menu without on_failure names its keys that can lead to people, however far
// behind them; the keys that go back and repeat do not count.
func TestPeopleBehindKeys(t *testing.T) {
	for _, c := range []struct{ failure, want string }{
		{"", "menu.main [1 3] menu.main.3 [1]"},
		{"on_failure = stock.goodbye", "menu.main.3 [1]"},
		{"on_failure = hangup", "menu.main.3 [1]"},
		{"on_failure = null", "menu.main [1 3] menu.main.3 [1]"},
	} {
		result, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(strings.ReplaceAll(`
project "clinic" {}
hosting { base_url = "https://calls.clinic.example" }
user "ann" { phone = "+14155550101" }
queue "desk" { agents = user.ann }
message "hours" { text = "We open at nine." }
menu "main" {
  repeat = "8"
  FAILURE
  option "1" {
    label = "the desk"
    to    = queue.desk
  }
  option "2" {
    label = "hours"
    to    = message.hours
  }
  option "3" {
    label = "more"
    menu {
      back = "9"
      option "1" {
        label = "Ann"
        to    = user.ann
      }
    }
  }
}
number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
`, "FAILURE", c.failure))}}})
		if diags.HasErrors() {
			t.Fatal(listed(diags))
		}
		var got []string
		list, _ := result.WorstCases()
		for _, d := range list[0].Destinations {
			if d.Missed != nil {
				got = append(got, fmt.Sprint(d.Address, " ", d.Missed))
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: people are missed: %s, want %s", c.failure, s, c.want)
		}
	}
}
