# When the pharmacy and the billing office are open. Everything else is always open.

locals {
  holidays = concat(
    [for day in ["01-01", "07-04", "12-25"] : { date = day, name = "holiday" }],
    [for day in ["2026-11-26", "2027-11-25", "2028-11-23"] : { date = day, name = "holiday" }],
  )
}

schedule "pharmacy" {
  time_zone = "America/Los_Angeles"
  holidays  = local.holidays

  week = {
    "mon-fri" = "08:00-19:00"
    "sat"     = "09:00-13:00"
  }
}

schedule "billing" {
  time_zone = "America/Los_Angeles"
  holidays  = local.holidays

  week = {
    "mon-fri" = ["08:00-12:00", "13:00-16:30"]
  }

  date "12-24" {
    hours = "08:00-12:00"
  }
}

hours "pharmacy" {
  schedule = schedule.pharmacy
  open     = ring_group.pharmacy
  closed   = message.pharmacy_closed

  on "holiday" {
    to = message.holiday
  }
}

hours "billing" {
  schedule = schedule.billing
  open     = message.recorded
  closed   = message.billing_closed
}

message "pharmacy_closed" {
  text = "The pharmacy is closed. It is open from Monday to Friday from eight to seven, and on Saturdays from nine to one. ${local.emergency}"
  then = voicemail.refills
}

message "holiday" {
  text = "The pharmacy is closed for the holiday. ${local.emergency}"
  then = voicemail.refills
}

message "billing_closed" {
  text = "The billing office is closed. It is open from Monday to Friday, from eight to twelve, and from one to half past four."
  then = voicemail.billing
}
