package compiler

// What is called unused, of each kind of block.

import "testing"

// Numbers and agents lead nobody to a queue, nor on from a ring group.
func TestUnusedBehindAgents(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"a queue that a number takes from, and nobody enters", `
			number "line" {
			  phone_number = "+14155550105"
			  take = queue.sales
			}
			user "ann" { phone = "+14155550101" }
			queue "sales" { agents = user.ann }`, 1},
		{"one of two queues that a number can take from", `
			variable "night" { default = false }
			number "line" {
			  phone_number = "+14155550105"
			  take = var.night ? queue.night : queue.day
			}
			number "day" {
			  phone_number = "+14155550106"
			  to = queue.day
			}
			queue "day" {}
			queue "night" {}
			number "nights" {
			  phone_number = "+14155550107"
			  take = queue.night
			}`, 1},
		{"a queue that callers enter in another state", `
			variable "night" { default = false }
			number "line" {
			  phone_number = "+14155550105"
			  take = queue.sales
			}
			number "second" {
			  phone_number = "+14155550106"
			  to = var.night ? queue.sales : message.hello
			}
			queue "sales" {}`, 0},
		{"what only a group names that is rung for a queue", `
			user "ann" { phone = "+14155550101" }
			number "second" {
			  phone_number = "+14155550106"
			  to = queue.sales
			}
			queue "sales" { agents = ring_group.sales }
			ring_group "sales" {
			  users = [user.ann]
			  on_busy = voicemail.sales
			}
			voicemail "sales" {}`, 1},
		{"a group that an unused queue and a used one are rung by", `
			user "ann" { phone = "+14155550101" }
			number "second" {
			  phone_number = "+14155550106"
			  to = queue.sales
			}
			queue "sales" { agents = ring_group.sales }
			queue "old" { agents = ring_group.sales }
			ring_group "sales" { users = [user.ann] }`, 1},
	} {
		t.Run(c.name, func(t *testing.T) { isReported(t, "IVR601", c.text, c.want) })
	}
}

// Every kind of block that leads on can be unused, and a prompt names no menu.
func TestUnusedOfEveryKind(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"each kind of block that leads on", `
			entry "old" {
			  prompt = "Enter your extension."
			  code "12" { to = message.hello }
			}
			callers "old" { otherwise = message.hello }
			schedule "old" {
			  time_zone = "Europe/Berlin"
			  week = { mon-fri = ["09:00-17:00"] }
			}
			schedule "new" {
			  time_zone = "Europe/Berlin"
			  week = { mon-fri = ["09:00-17:00"] }
			}
			hours "old" {
			  schedule = schedule.new
			  open = message.hello
			  closed = message.hello
			}
			split "old" {
			  share "a" {
			    parts = 8
			    to = message.hello
			  }
			  share "b" {
			    parts = 8
			    to = hangup
			  }
			}
			application "old" {
			  url = "https://crm.quillmark.example/a"
			  result "done" { to = message.hello }
			  on_failure = message.hello
			}`, 6},
		{"a menu beside one whose prompt says menu", `
			variable "word" { default = "sales" }
			number "second" {
			  phone_number = "+14155550106"
			  to = menu.main
			}
			menu "main" {
			  prompt = "For ${menu}, press ${key}."
			  option "1" {
			    label = var.word
			    to = message.hello
			  }
			}
			menu "old" {
			  option "1" {
			    label = "sales"
			    to = message.hello
			  }
			}`, 1},
		{"a menu that a prompt among the local values names", `
			locals { prompt = menu.main }
			number "second" {
			  phone_number = "+14155550106"
			  to = false ? local.prompt : message.hello
			}
			menu "main" {
			  option "1" {
			    label = "sales"
			    to = message.hello
			  }
			}`, 0},
	} {
		t.Run(c.name, func(t *testing.T) { isReported(t, "IVR601", c.text, c.want) })
	}
}
