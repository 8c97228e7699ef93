# When nobody is there.

call "at night, callers leave a message" {
  for_each = { "main" = "en-US", "spanish" = "es-MX" }
  to       = number[each.key]
  at       = "2026-12-01T22:00"
  steps    = [hears(message.closed, each.value), records(voicemail.helpline), speaks("20s"), ends()]
}

call "on a holiday, too" {
  for_each = ["2026-12-25T12:00", "2027-07-04T12:00", "2026-11-26T12:00", "2026-12-24T12:00"]
  to       = number.main
  at       = each.value
  steps    = [presses("1"), hears(message.holiday, "en-US"), records(voicemail.helpline), speaks("20s"), ends()]
}

call "on a holiday in Spanish" {
  to    = number.main
  at    = "2027-01-01T12:00"
  steps = [presses("2"), hears(message.holiday, "es-MX"), records(voicemail.helpline), speaks("20s"), ends()]
}

call "somebody is there" {
  for_each = ["2026-12-24T11:59", "2026-12-05T13:59", "2026-12-05T18:00", "2026-12-01T21:59"]
  to       = number.main
  at       = each.value
  steps    = [presses("1"), reaches(menu.main)]
}

call "in an emergency nobody is there by day either" {
  for_each  = { "1" = "en-US", "2" = "es-MX" }
  to        = number.main
  variables = { closed = true }
  steps     = [presses(each.key), hears(message.emergency, each.value), records(voicemail.helpline), speaks("20s"), ends()]
  never     = [rings(user.june)]
}

call "in an emergency the Spanish number says so at once" {
  to        = number.spanish
  variables = { closed = true }
  steps     = [within("1s", hears(message.emergency, "es-MX")), ends()]
}

call "in an emergency nobody needs to press a key" {
  to        = number.main
  variables = { closed = true }
  steps     = [stays_silent(), stays_silent(), hears(message.emergency, "en-US"), ends()]
}

call "in an emergency callers from Puerto Rico hear it in Spanish" {
  to        = number.main
  from      = "+19395550123"
  variables = { closed = true }
  steps     = [hears(message.emergency, "es-MX"), ends()]
}
