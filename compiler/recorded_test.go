package compiler

// Recordings that callers have not been told of, where calls are led on by who is
// calling.

import (
	"testing"
	"testing/fstest"
)

// Where calls come to a nurse who is recorded, behind two questions who is calling.
const (
	recordedDoor = `
project "clinic" { record = true }
user "ann" { phone = "+14155550101" }
callers "door" {
  withheld  = message.told
  otherwise = menu.main
}
callers "desk" {
  withheld  = user.ann
  otherwise = message.closed
}
message "told" {
  text = "This call is recorded."
  then = callers.desk
}
message "closed" { text = "We are closed." }
`
	recordedMenu = `
menu "main" {
  option "1" {
    label = "a nurse"
    to = callers.desk
  }
  on_failure = message.closed
}
number "main" {
  phone_number = "+14155550100"
  to = callers.door
}
`
)

// The shortest call to a recording may be one that nobody can make: a caller who
// withholds the number at one block and shows it at another. Others can make a longer
// one, or nobody can.
func TestRecordedByCaller(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"who shows the number comes to nobody", recordedDoor + recordedMenu, 0},
		{"who withholds it comes to the desk by another menu, later", recordedDoor + recordedMenu + `
menu "other" {
  welcome = "Welcome to the other line."
  option "1" {
    label = "a nurse"
    to = callers.desk
  }
  on_failure = message.closed
}
menu "first" {
  option "1" {
    label = "the other line"
    to = menu.other
  }
  on_failure = message.closed
}
number "other" {
  phone_number = "+14155550102"
  to = menu.first
}`, 1},
		{"the number has led who withholds it elsewhere", `
project "clinic" { record = true }
user "ann" { phone = "+14155550101" }
callers "desk" {
  withheld  = user.ann
  otherwise = message.closed
}
message "closed" { text = "We are closed." }
number "main" {
  phone_number = "+14155550100"
  to = callers.desk
  anonymous = message.closed
}`, 0},
		{"the number has led who shows it elsewhere", `
project "clinic" { record = true }
user "ann" { phone = "+14155550101" }
callers "desk" {
  withheld  = message.closed
  otherwise = user.ann
}
message "closed" { text = "We are closed." }
number "main" {
  phone_number = "+14155550100"
  to = message.closed
  anonymous = callers.desk
}`, 0},
		{"the number leads who withholds it there", `
project "clinic" { record = true }
user "ann" { phone = "+14155550101" }
callers "desk" {
  withheld  = user.ann
  otherwise = message.closed
}
message "closed" { text = "We are closed." }
number "main" {
  phone_number = "+14155550100"
  to = message.closed
  anonymous = callers.desk
}`, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(c.text)}}})
			found := 0
			for _, d := range diags {
				if CodeOf(d) == "IVR603" {
					found++
				}
			}
			if diags.HasErrors() || found != c.want {
				t.Errorf("%d warnings, want %d: %s", found, c.want, listed(diags))
			}
		})
	}
}
