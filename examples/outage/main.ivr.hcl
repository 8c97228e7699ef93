# A line that says whether the power is out, by postal code. The areas are a closed
# list; the report of a new outage goes to the control room's own system.

project "outage" {
  limits = "twilio"
}

hosting { base_url = "https://calls.outage.example" }

variable "areas" {
  type        = map(string)
  description = "What to say in each area, by the first two digits of the postal code."
  default = {
    "10" = "In the old town, a cable is damaged. We expect power at noon."
    "12" = "At the harbour, a storm has damaged a line. We expect power this evening."
    "14" = "In the hills, everything works as far as we know."
  }
}

user "control" {
  name  = "the control room"
  phone = "+14155550151"
}

dynamic "message" {
  for_each = var.areas
  iterator = area
  labels   = ["area_${area.key}"]
  content {
    text = area.value
    then = menu.report
  }
}

entry "area" {
  prompt   = "Power line. Please enter the first two digits of your postal code."
  invalid  = "We do not supply this area."
  attempts = 2

  dynamic "code" {
    for_each = var.areas
    labels   = [code.key]
    content {
      to = message["area_${code.key}"]
    }
  }
  option "*" {
    label = "the control room"
    to    = user.control
  }

  on_failure = user.control
}

menu "report" {
  option "1" {
    label = "a new outage"
    to    = entry.account
  }
  option "9" {
    label = "the control room"
    to    = user.control
  }
  on_failure = stock.goodbye
}

entry "account" {
  prompt     = "Please enter your account number, of six digits."
  invalid    = "We do not know this number."
  digits     = 6
  to         = application.account
  on_failure = user.control
}

application "account" {
  url = "https://control.outage.example/account"

  result "known" { to = menu.confirm }
  result "unknown" { to = entry.account }
  on_failure = user.control
}

menu "confirm" {
  welcome = "We have found your account."

  option "1" {
    label = "report that there is no power at its address"
    to    = application.report
  }
  option "2" {
    label = "enter another number"
    to    = entry.account
  }
  prompt     = "To ${menu}, press ${key}."
  on_failure = user.control
}

application "report" {
  url = "https://control.outage.example/report"

  result "done" { to = message.reported }
  on_failure = user.control
}

message "reported" { text = "Thank you. A team is on its way to find the fault. Goodbye." }

number "main" {
  phone_number = "+14155550150"
  to           = entry.area
}
