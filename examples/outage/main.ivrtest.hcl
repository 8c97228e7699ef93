call "every area hears its message" {
  for_each = { "10" = "old town", "12" = "harbour", "14" = "hills" }
  to       = number.main
  steps    = [presses(each.key), hears(each.value), hears("Press 1 for a new outage")]
}

call "an area of somebody else" {
  to      = number.main
  callees = { control = answers() }
  steps   = [presses("99"), hears("We do not supply this area."), presses("98"), talks_to(user.control), ends()]
}

call "somebody wants to talk at once" {
  to      = number.main
  callees = { control = busy() }
  steps   = [presses("*#"), hears(stock.busy), ends()]
}

call "nothing is entered, and nobody answers" {
  to    = number.main
  steps = [hears(stock.no_input), rings(user.control), hears(stock.unavailable), ends()]
}

call "an outage is reported" {
  to           = number.main
  applications = { account = ["unknown", "known"], report = "done" }
  steps = [
    presses("14"), presses("1"),
    presses("123456"), hears("We do not know this number."),
    presses("654321"), hears("We have found your account."),
    presses("1"), hears("A team is on its way"), ends(),
  ]
}

call "another number is entered" {
  to           = number.main
  applications = { account = "known", report = "fails" }
  callees      = { control = answers() }
  steps        = [presses("14"), presses("1"), presses("123456"), presses("2"), presses("654321"), presses("1"), talks_to(user.control)]
}

call "the account cannot be looked up" {
  for_each     = ["refused", "late", "error", "html", "empty", "elsewhere", "surprise", "no-result"]
  to           = number.main
  applications = { account = "fails:${each.value}" }
  callees      = { control = answers() }
  steps        = [presses("10"), presses("1"), presses("123456"), talks_to(user.control)]
}

call "no number is entered" {
  to      = number.main
  callees = { control = answers() }
  steps   = [presses("12"), presses("1"), stays_silent(), stays_silent(), stays_silent(), talks_to(user.control)]
}

call "nothing is confirmed" {
  to           = number.main
  applications = { account = "known" }
  callees      = { control = answers() }
  steps        = [presses("12"), presses("1"), presses("123456"), stays_silent(), stays_silent(), stays_silent(), talks_to(user.control)]
}

call "from the menu to the control room" {
  to      = number.main
  callees = { control = answers() }
  steps   = [presses("12"), presses("9"), talks_to(user.control)]
}

call "nothing more is wanted" {
  to    = number.main
  steps = [presses("12"), stays_silent(), stays_silent(), stays_silent(), hears(stock.goodbye), ends()]
}
