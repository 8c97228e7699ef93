call "a bill is paid" {
  to           = number.main
  applications = { payment = "paid" }
  steps        = [presses("1"), presses("12345678"), hears("Your bill is paid."), ends()]
}

call "an account is known at the second attempt" {
  to           = number.main
  applications = { payment = ["unknown", "paid"] }
  steps        = [presses("1"), presses("1111#"), hears("We do not know this account."), presses("12345678"), hears("Your bill is paid.")]
}

call "a payment is refused" {
  to           = number.main
  applications = { payment = "refused" }
  callees      = { operator = answers() }
  steps        = [presses("1"), presses("12345678"), hears("Your payment was not taken."), talks_to(user.operator), ends()]
}

call "an operator in place of an account number" {
  to           = number.main
  applications = { payment = "unknown" }
  callees      = { operator = answers() }
  steps        = [presses("1"), presses("*#"), talks_to(user.operator), ends()]
}

call "nothing is entered, and the operator is busy" {
  to      = number.main
  callees = { operator = busy() }
  steps   = [presses("1"), hears(stock.no_input), hears(stock.busy), ends()]
}

call "the assistant answers" {
  to           = number.main
  applications = { assistant = "answered" }
  steps        = [presses("2"), hears(stock.goodbye), ends()]
}

call "the assistant hands on to a person, who does not answer" {
  to           = number.main
  applications = { assistant = "person" }
  steps        = [presses("2"), rings(user.operator), hears(stock.unavailable), ends()]
}

call "no key is pressed" {
  to      = number.main
  callees = { operator = answers() }
  steps   = [hears(stock.no_input), talks_to(user.operator), ends()]
}

call "whatever fails, callers go on" {
  for_each = {
    payment   = { keys = ["1", "12345678"], does = { payment = "fails:late" } }
    elsewhere = { keys = ["1", "12345678"], does = { payment = "fails:elsewhere" } }
    assistant = { keys = ["2"], does = { assistant = "fails:error" } }
  }
  to           = number.main
  applications = each.value.does
  callees      = { operator = answers() }
  steps        = [[for key in each.value.keys : presses(key)], hears("Our systems do not answer"), talks_to(user.operator), ends()]
}
