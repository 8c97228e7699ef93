# The telephone of a small company: a menu, a sales team that is rung one after
# the other, a queue for when everybody is talking, and a voicemail behind it.

project "zillum" {
  language = "en-US"
  voice    = "Polly.Joanna"
}

hosting {
  base_url = "https://calls.zillum.example"
}

variable "alice_phone" {
  type        = string
  default     = "+14155550101"
  description = "Where Alice is rung."
}

locals {
  company = "Zillum"
}

# People

user "alice" { phone = var.alice_phone }
user "bob" { client = "bob" } # in the browser, with the Twilio Voice SDK
user "carol" { sip = "sip:carol@zillum.example" }
user "dave" {
  phone   = "+14155550104"
  confirm = true # a mobile: its own voicemail must not take the call
}

# What callers hear

message "welcome" {
  text = "Thank you for calling ${local.company}."
}

message "recorded" { # heard to its end, whereas a key cuts short what a menu says
  text = "Calls to our sales department are recorded."
  then = ring_group.sales
}

message "moved" {
  text = "This number is no longer in use. Please call ${local.company} at 4 1 5, 5 5 5, 0 1 0 0. Goodbye."
}

# Sales

ring_group "sales" {
  users    = [user.alice, user.bob]
  strategy = "sequential" # Alice, Bob, and once more
  interval = "20s"
  cycles   = 2
  record   = true

  busy           = "Everyone in our sales department is talking to another caller at the moment."
  unavailable    = "Nobody in our sales department can take your call at the moment."
  on_busy        = queue.sales
  on_unavailable = voicemail.sales
}

queue "sales" {
  agents      = ring_group.sales # rung again and again while callers wait
  max_callers = 10
  max_wait    = "10m"

  announcement {
    message = stock.please_hold
    every   = "30s"
  }

  on_full    = voicemail.sales
  on_timeout = voicemail.sales
}

voicemail "sales" {
  greeting   = "You have reached the voicemail of the sales department. Please leave your name, your number and a message after the tone."
  max_length = "2m"
}

# Support

ring_group "support" {
  users    = [user.carol, user.dave] # both at once; whoever answers first has the call
  interval = "25s"

  busy           = "Everyone in our support department is talking to another caller at the moment."
  unavailable    = "Nobody in our support department can take your call at the moment."
  on_busy        = voicemail.support
  on_unavailable = voicemail.support
}

voicemail "support" {
  greeting = "You have reached the voicemail of the support department. Please leave your name, your number and a message after the tone."
}

# The menu

menu "main" {
  welcome = message.welcome # heard once, not again on a retry

  option "1" {
    label = "Sales"
    to    = message.recorded
  }
  option "2" {
    label = "Support"
    menu {
      back = "9"

      option "1" {
        label = "help with a product"
        to    = ring_group.support
      }
      option "2" {
        label = "questions about an invoice"
        to    = user.carol # one user is a ring group of one
      }
    }
  }
}

# The numbers

number "main" {
  phone_number = "+14155550100"
  to           = menu.main
  anonymous    = voicemail.sales # callers who withhold their number
}

number "old" {
  phone_number = "+14155550109"
  to           = menu.main
  status       = "offline" # callers hear the message, and the call ends
  offline      = message.moved
}
