# On the line: what callers hear while somebody is there, in both languages.

call "English is chosen" {
  to      = number.main
  at      = "2026-12-01T09:00"
  callees = { june = answers() }
  steps = [
    hears("Press 1 for English", "en-US"), hears("Para español, marque 2", "es-MX"),
    presses("1"), reaches(menu.main), presses("1"), talks_to(user.june), ends(),
  ]
  never = [hears("Gracias")]
}

call "Spanish is chosen" {
  to      = number.main
  at      = "2026-12-01T09:00"
  callees = { june = answers() }
  steps = [
    presses("2"), hears("Gracias por llamar", "es-MX"), hears("Para hablar con alguien, marque 1", "es-MX"),
    presses("1"), talks_to(user.june), ends(),
  ]
  never = [hears("Thank you")]
}

call "nothing is chosen" {
  to      = number.main
  at      = "2026-12-01T09:00"
  callees = { ruth = accepts() }
  steps   = [stays_silent(), hears(stock.no_input), stays_silent(), reaches(menu.main), stays_silent(), rings(user.ruth), talks_to(user.ruth), ends()]
}

call "from Puerto Rico, Spanish is spoken at once" {
  to    = number.main
  from  = "+17875550123"
  at    = "2026-12-01T09:00"
  steps = [hears("Gracias por llamar", "es-MX"), presses("3"), records(voicemail.helpline), speaks("20s"), hears(stock.recorded, "es-MX"), ends()]
}

call "every key of the menu" {
  for_each = {
    "main"    = { number = number.main, first = "1", language = "en-US" }
    "spanish" = { number = number.spanish, first = "9", language = "es-MX" }
  }
  to = each.value.number
  at = "2026-12-01T09:00"
  steps = [
    presses(each.value.first), presses("9"), presses("2"),
    hears(message.hours, each.value.language), reaches(menu.main), presses("3"),
    records(voicemail.helpline), speaks("20s"), hears(stock.recorded, each.value.language), ends(),
  ]
}

call "who presses nothing at all is put through" {
  to      = number.spanish
  at      = "2026-12-01T09:00"
  callees = { june = answers() }
  steps   = [hears(stock.no_input, "es-MX"), talks_to(user.june), ends()]
}

call "those nearby are all busy" {
  for_each = { "main" = "1", "spanish" = "9" }
  to       = number[each.key]
  at       = "2026-12-01T09:00"
  callees  = { june = busy(), ruth = busy(), paz = answers() }
  steps    = [presses(each.value), presses("1"), rings(user.june), hears(stock.busy), talks_to(user.paz), ends()]
}

call "nobody nearby answers" {
  for_each = { "main" = "1", "spanish" = "9" }
  to       = number[each.key]
  at       = "2026-12-01T09:00"
  callees  = { paz = answers() }
  steps    = [presses(each.value), presses("1"), hears(stock.unavailable), talks_to(user.paz), ends()]
}

call "callers from elsewhere are put through to everybody" {
  for_each = { "main" = "1", "spanish" = "9" }
  to       = number[each.key]
  from     = "+12125550123"
  at       = "2026-12-01T09:00"
  callees  = { paz = answers() }
  steps    = [presses(each.value), presses("1"), rings(user.paz), talks_to(user.paz), ends()]
}

call "a number that is withheld stays so" {
  for_each = { "main" = "1", "spanish" = "9" }
  to       = number[each.key]
  withheld = true
  at       = "2026-12-01T09:00"
  callees  = { paz = answers() }
  steps    = [presses(each.value), presses("1"), hears(message.withheld), talks_to(user.paz), ends()]
}

call "nobody can take the call" {
  for_each = { "main" = "1", "spanish" = "9" }
  to       = number[each.key]
  from     = "+12125550123"
  at       = "2026-12-01T09:00"
  steps = [
    presses(each.value), presses("1"), enters(queue.helpline), hears(stock.queue_timeout),
    records(voicemail.helpline), hears(stock.nothing_recorded), ends(),
  ]
  lasts_at_most = "12m"
}

call "too many callers wait" {
  for_each = { "main" = "1", "spanish" = "9" }
  to       = number[each.key]
  from     = "+12125550123"
  at       = "2026-12-01T09:00"
  waiting  = { helpline = 20 }
  steps    = [presses(each.value), presses("1"), hears(stock.queue_full), records(voicemail.helpline), speaks("20s"), ends()]
}
