package command_test

// The configurations that the contract is tried on.
const (
	officeConfiguration = `project "office" {}

hosting { base_url = "https://calls.office.example" }

user "alice" {
  phone = "+14155550150"
  outbound { number = "+14155550100" }
}

queue "desk" {
  agents   = user.alice
  max_wait = "5m"
}

menu "main" {
  welcome = "Good morning."

  option "1" {
    label = "Alice"
    to    = user.alice
  }
  option "2" {
    label = "the desk"
    to    = queue.desk
  }
}

number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
`
	officeTests = `call "Alice is rung" {
  to      = number.main
  callees = { alice = answers() }
  steps   = [presses("1"), talks_to(user.alice), ends()]
}

call "somebody says nothing" {
  to    = number.main
  steps = [hears("Good morning."), ends()]
}
`
	hoursConfiguration = `project "hours" {}

schedule "office" {
  time_zone = "America/Chicago"
  week      = { "mon-fri" = ["08:00-12:00", "13:00-17:30"] }
  holidays  = [{ date = "2026-12-24" }, { date = "2026-12-26", name = "boxing day" }, { date = "2026-12-31" }, { date = "12-25" }]
}

hours "door" {
  schedule = schedule.office
  open     = message.open
  closed   = message.closed
}

message "open" { text = "We are here." }
message "closed" { text = "We are closed." }

number "main" {
  phone_number = "+14155550100"
  to           = hours.door
}
`
	failingTests = `call "somebody says nothing" {
  to    = number.main
  steps = [hears("Good evening."), ends()]
}

call "two call at once" {
  to    = number.main
  steps = [ends()]

  meanwhile "the other" {
    to    = number.main
    from  = "+14155550152"
    after = "1s"
    steps = [hears("Good evening."), ends()]
  }
}
`
	placesConfiguration = `project "places" {}

environment "production" {
  base_url  = "https://calls.office.example"
  variables = { main_number = "+14155550160" }
}

environment "staging" {
  base_url  = "https://staging.office.example"
  variables = { main_number = "+14155550161" }
}

variable "main_number" {}

number "main" {
  phone_number = var.main_number
  to           = voicemail.desk
}

variable "name" { default = "the office" }

voicemail "desk" { greeting = "This is ${var.name}." }
`
	badConfiguration = `project "bad" {}

dynamic "user" {
  for_each = { alice = "+1415555" }
  iterator = each
  labels   = [each.key]
  content {
    phone = each.value
  }
}

number "main" {
  phone_number = "+14155550100"
  to           = user.alice
}
`
	// ten numbers, and a caller ID that the account does not have
	chainConfiguration = `project "chain" {}

hosting { base_url = "https://calls.chain.example" }

user "alice" { phone = "+14155550150" }

ring_group "desk" {
  users     = [user.alice]
  caller_id = "+14155550107"
  interval  = "20s"
}

dynamic "number" {
  for_each = range(10)
  iterator = each
  labels   = ["shop${each.value}"]
  content {
    phone_number = "+1415555016${each.value}"
    to           = ring_group.desk
  }
}
`
	endlessConfiguration = `project "endless" {}

hosting { base_url = "https://calls.office.example" }

user "alice" { phone = "+14155550150" }

ring_group "desk" {
  users   = [user.alice]
  on_busy = ring_group.desk
}

queue "hall" {
  agents      = user.alice
  max_callers = 1
  max_wait    = "5m"
  on_full     = queue.hall
}

menu "main" {
  option "1" {
    label = "the desk"
    to    = ring_group.desk
  }
  option "2" {
    label = "the hall"
    to    = queue.hall
  }
}

menu "quiet" {
  option "1" {
    label = "this again"
    to    = menu.quiet
  }
  on_failure = menu.quiet
}

number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
number "agents" {
  phone_number = "+14155550101"
  to           = user.alice
  anonymous    = menu.quiet
}

menu "wrong" {
  option "1" {
    label = "Alice"
    to    = user.alice
  }
  on_silence = stock.goodbye
  on_invalid = menu.wrong
}

schedule "day" {
  time_zone = "America/Chicago"
  week      = { "mon-fri" = "08:00-17:00" }
}

hours "door" {
  schedule = schedule.day
  open     = application.crm
  closed   = menu.wrong
}

application "crm" {
  url = "https://crm.office.example/call"
  result "gone" { to = hangup }
  result "wrong" { to = menu.wrong }
  on_failure = stock.goodbye
}

split "halves" {
  share "most" {
    parts = 12
    to    = stock.goodbye
  }
  share "few" {
    parts = 4
    to    = hours.door
  }
}

callers "door" {
  from "new_york" {
    prefixes = ["+1212"]
    to       = split.halves
  }
  otherwise = stock.goodbye
}

number "door" {
  phone_number = "+14155550102"
  to           = callers.door
}
`
	// queues that calls in two languages reach: hall is full the second time, and
	// lobby the first
	laterConfiguration = `project "later" {}

hosting { base_url = "https://calls.office.example" }

queue "hall" {
  on_full    = queue.annexe
  on_timeout = menu.language
}
queue "annexe" {
  on_full    = queue.hall
  on_timeout = menu.language
}
queue "lobby" {
  on_full    = menu.door
  on_timeout = queue.porch
}
queue "porch" {
  on_full    = stock.goodbye
  on_timeout = queue.lobby
}

menu "language" {
  option "1" {
    label    = "español"
    language = "es-MX"
    to       = queue.hall
  }
}
menu "door" {
  option "1" {
    label    = "español"
    language = "es-MX"
    to       = queue.lobby
  }
}

number "main" {
  phone_number = "+14155550100"
  to           = queue.hall
}
number "other" {
  phone_number = "+14155550101"
  to           = queue.lobby
}
dynamic "number" {
  for_each = { hall = 2, annexe = 3, lobby = 4, porch = 5 }
  iterator = each
  labels   = [each.key]
  content {
    phone_number = "+1415555011${each.value}"
    take         = queue[each.key]
  }
}
`
)
