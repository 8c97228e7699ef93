call "an extension is dialled while the menu talks" {
  for_each = {
    "801" = user.ines
    "802" = user.omar
    "800" = user.desk
  }
  to = number.main
  callees = {
    ines = answers()
    omar = answers()
    desk = answers()
  }
  steps = [presses(each.key, "1s"), within("1s", rings(each.value)), talks_to(each.value), ends()]
}

call "a slow caller lets two seconds pass between two digits" {
  to      = number.main
  callees = { omar = answers() }
  steps   = [presses("802", "2s", "2s"), talks_to(user.omar)]
}

call "an extension that nobody has" {
  to      = number.main
  callees = { ines = answers() }
  steps   = [presses("899"), hears(stock.invalid), presses("801"), talks_to(user.ines)]
}

call "a key alone counts after three seconds" {
  to      = number.main
  callees = { desk = answers() }
  steps   = [presses("0", "1s"), after("3s", within("4s", rings(user.desk))), talks_to(user.desk)]
}

call "pound says that no digit follows" {
  to      = number.main
  callees = { omar = answers() }
  steps   = [presses("1#"), within("6s", talks_to(user.omar)), ends()]
}

call "nobody is there for a new project" {
  to    = number.main
  steps = [presses("1#"), hears(stock.unavailable), records(voicemail.office), ends()]
}

call "everybody talks" {
  to = number.main
  callees = {
    ines = busy()
    omar = busy()
    desk = busy()
  }
  steps = [presses("1#"), hears(stock.busy), records(voicemail.office), ends()]
}

call "who presses nothing is led to the front desk" {
  to      = number.main
  callees = { desk = busy() }
  steps   = [hears(stock.no_input), rings(user.desk), hears(stock.busy), ends()]
}

call "nobody answers an extension" {
  for_each = { "801" = user.ines, "802" = user.omar, "800" = user.desk }
  to       = number.main
  steps    = [presses(each.key), rings(each.value), hears(stock.unavailable), ends()]
}

call "an extension is busy" {
  for_each = { "801" = "ines", "802" = "omar" }
  to       = number.main
  callees  = { ines = busy(), omar = busy() }
  steps    = [presses(each.key), rings(user[each.value]), hears(stock.busy), ends()]
}
