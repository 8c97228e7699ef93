package compiler

import (
	"strings"
	"testing"
	"testing/fstest"
)

// sound is a configuration without a mistake, of which each of the cases below spoils
// one thing.
const sound = `project "office" {
}
hosting {
  base_url = "https://calls.quillmark.example"
}
variable "open" {
  type    = bool
  default = true
}
locals {
  staff = [user.ann, user.ben]
  hello = "Hello."
}
user "ann" {
  phone = "+14155550101"
}
user "ben" {
  client = "ben"
}
message "welcome" {
  text = local.hello
}
ring_group "desk" {
  users    = local.staff
  on_busy  = queue.desk
  interval = "20s"
}
ring_group "night" {
  users = local.staff
}
queue "desk" {
  agents     = ring_group.desk
  max_wait   = "10m"
  on_timeout = voicemail.desk
}
voicemail "desk" {
  greeting = message.welcome
}
menu "main" {
  welcome = message.welcome
  option "1" {
    label = "the desk"
    to    = ring_group.desk
  }
  option "2" {
    label = "the night desk"
    to    = var.open ? ring_group.night : voicemail.desk
  }
  option "3" {
    label = "bills"
    menu {
      back = "9"
      option "1" {
        label = "a question"
        to    = user.ann
      }
    }
  }
}
number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
number "second" {
  phone_number = "+14155550109"
  to           = menu.main
  anonymous    = voicemail.desk
}
`

// Each mistake is reported once, however many blocks suffer from it.
func TestOneMistakeIsOneReport(t *testing.T) {
	for _, c := range []struct{ name, right, wrong, code string }{
		{"nothing", "", "", ""},
		{"a list of users that is text", `staff = [user.ann, user.ben]`, `staff = "ann"`, "IVR203"},
		{"a list that holds a queue", `staff = [user.ann, user.ben]`, `staff = [user.ann, queue.desk]`, "IVR203"},
		{"an unknown user in a list that is used twice", `staff = [user.ann, user.ben]`, `staff = [user.ann, user.bob]`, "IVR202"},
		{"a local value of an unknown name", `hello = "Hello."`, `hello = local.greeting`, "IVR202"},
		{"a function that fails", `hello = "Hello."`, `hello = file("nowhere.txt")`, "IVR201"},
		{"a phone number without a country", `phone = "+14155550101"`, `phone = "415 555 0101"`, "IVR405"},
		{"a user without an address", `phone = "+14155550101"`, `name = "Ann"`, "IVR404"},
		{"a phone that is a number", `phone = "+14155550101"`, `phone = 5`, "IVR405"},
		{"an unknown attribute in a user", `client = "ben"`, `clinet = "ben"`, "IVR107"},
		{"a message of a list", `text = local.hello`, `text = [local.hello]`, "IVR203"},
		{"an empty message that is heard twice", `text = local.hello`, `text = ""`, "IVR422"},
		{"an unknown attribute in a message", `text = local.hello`, `txt = local.hello`, "IVR107"},
		{"a destination in quotes", `on_busy  = queue.desk`, `on_busy  = "queue.desk"`, "IVR203"},
		{"a duration without a unit", `interval = "20s"`, `interval = "20"`, "IVR209"},
		{"a duration out of range", `interval = "20s"`, `interval = "20m"`, "IVR310"},
		{"agents that are a menu", `agents     = ring_group.desk`, `agents     = menu.main`, "IVR203"},
		{"agents with an unknown name", `agents     = ring_group.desk`, `agents     = ring_group.dsk`, "IVR202"},
		{"a wait that is too short", `max_wait   = "10m"`, `max_wait   = "10s"`, "IVR430"},
		{"a wait of the wrong type", `max_wait   = "10m"`, `max_wait   = true`, "IVR209"},
		{"an unknown destination", `on_timeout = voicemail.desk`, `on_timeout = voicemail.dsk`, "IVR202"},
		{"an unknown kind", `on_timeout = voicemail.desk`, `on_timeout = mailbox.desk`, "IVR202"},
		{"a greeting that is a user", `greeting = message.welcome`, `greeting = user.ann`, "IVR203"},
		{"an option without a label", `    label = "the desk"` + "\n", "", "IVR108"},
		{"an option that leads nowhere", `    to    = ring_group.desk` + "\n", "", "IVR403"},
		{"an option that leads to two places", `    to    = ring_group.desk`, "    to    = ring_group.desk\n    menu {\n      option \"1\" {\n        label = \"x\"\n        to    = user.ann\n      }\n    }", "IVR403"},
		{"a key that is no key", `option "2"`, `option "22"`, "IVR301"},
		{"a key that is used twice", `option "2"`, `option "1"`, "IVR401"},
		{"a conditional of two types", `var.open ? ring_group.night : voicemail.desk`, `var.open ? ring_group.night : "closed"`, "IVR201"},
		{"an unknown variable", `var.open ?`, `var.opne ?`, "IVR202"},
		{"a back key that is an option", `back = "9"`, `back = "1"`, "IVR401"},
		{"a phone number used twice", `"+14155550109"`, `"+14155550100"`, "IVR419"},
		{"a variable of the wrong type", `default = true`, `default = "perhaps"`, "IVR205"},
		{"a number without a way", `  to           = menu.main` + "\n  anonymous", "  anonymous", "IVR418"},
		{"two blocks of one name", `number "second"`, `number "main"`, "IVR109"},
		{"a user who is a number", `phone = "+14155550101"`, `phone = "+14155550100"`, "IVR427"},
		{"a base URL without https", `"https://calls.quillmark.example"`, `"calls.quillmark.example"`, "IVR409"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(sound, c.right) {
				t.Fatalf("nothing is spoilt: %q", c.right)
			}
			text := strings.Replace(sound, c.right, c.wrong, 1)
			_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}})
			if c.code == "" && len(diags) > 0 || c.code != "" && (len(diags) != 1 || CodeOf(diags[0]) != c.code) {
				t.Errorf("want %q once\n%s", c.code, listed(diags))
			}
		})
	}
}
