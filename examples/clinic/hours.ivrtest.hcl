# The pharmacy and the billing office at all hours.

call "the pharmacy is open" {
  for_each = ["2026-12-02T08:00", "2026-12-05T12:58", "2026-12-24T18:58"]
  to       = number.main
  at       = each.value
  callees  = { pharmacy = answers() }
  steps    = [presses("3", "0s"), presses("2", "0s"), talks_to(user.pharmacy)]
}

call "the pharmacy is closed" {
  for_each = ["2026-12-02T19:00", "2026-12-05T13:00", "2026-12-06T10:00"]
  to       = number.main
  at       = each.value
  steps    = [presses("3", "0s"), presses("2", "0s"), hears(message.pharmacy_closed), records(voicemail.refills), speaks("20s"), ends()]
  never    = [rings(user.pharmacy)]
}

call "the pharmacy has a holiday" {
  for_each = ["2026-12-25T10:00", "2027-11-25T10:00", "2031-07-04T10:00"]
  to       = number.main
  at       = each.value
  steps    = [presses("3", "0s"), presses("2", "0s"), hears(message.holiday), records(voicemail.refills), speaks("20s"), ends()]
}

call "the billing office is closed" {
  for_each = ["2026-12-02T12:30", "2026-12-05T10:00", "2026-12-24T13:30", "2026-12-25T10:00"]
  to       = number.main
  at       = each.value
  steps    = [presses("5", "0s"), presses("2", "0s"), hears(message.billing_closed), records(voicemail.billing), speaks("20s"), ends()]
  never    = [hears(message.recorded)]
}
