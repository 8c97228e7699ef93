package compiler

import (
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
	if list, leftOut := result.graph.WorstCases(1); len(list) != 1 || leftOut != 1 {
		t.Errorf("%d numbers have figures, %d are left out", len(list), leftOut)
	}
}
