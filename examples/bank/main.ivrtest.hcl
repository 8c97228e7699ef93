locals {
  opened = { account = "known", code = "known", balance = "done" }
}

call "a balance is heard" {
  to           = number.main
  applications = local.opened
  steps        = [presses("12345678"), presses("4711#"), presses("1"), hears("Press 1 for your balance"), stays_silent(), stays_silent(), stays_silent(), hears(stock.goodbye), ends()]
}

call "the account is known at the third attempt" {
  to           = number.main
  applications = { account = ["unknown", "unknown", "known"] }
  steps        = [presses("11111111"), hears("We do not know this account."), presses("22222222"), presses("12345678"), hears("Please enter your code")]
}

call "three unknown accounts lead to the operator" {
  to           = number.main
  applications = { account = "unknown" }
  callees      = { operator = answers() }
  steps        = [presses("11111111"), presses("22222222"), presses("33333333"), talks_to(user.operator), ends()]
}

call "three wrong codes end the call" {
  to           = number.main
  applications = { account = "known", code = "unknown" }
  steps        = [presses("12345678"), presses("1111#"), hears("This code is not right."), presses("2222#"), presses("3333#"), hears("Please call your branch"), ends()]
}

call "no code is entered" {
  to           = number.main
  applications = { account = "known" }
  steps        = [presses("12345678"), stays_silent(), stays_silent(), stays_silent(), hears("Please call your branch"), ends()]
}

call "an operator at once" {
  to           = number.main
  applications = { account = "known" }
  callees      = { operator = answers() }
  steps        = [presses("*#"), talks_to(user.operator), ends()]
}

call "an operator from the menu, who is busy" {
  to           = number.main
  applications = local.opened
  callees      = { operator = busy() }
  steps        = [presses("12345678"), presses("4711#"), presses("0"), hears(stock.busy), ends()]
}

call "nothing is entered, and no operator answers" {
  to    = number.main
  steps = [hears(stock.no_input), rings(user.operator), hears(stock.unavailable), ends()]
}

call "whatever fails, callers go on" {
  for_each = {
    account = { account = "fails" }
    code    = { account = "known", code = "fails:late" }
    balance = { account = "known", code = "known", balance = "fails:error" }
  }
  to           = number.main
  applications = each.value
  callees      = { operator = answers() }
  steps = [
    presses("12345678"),
    [for key in { account = [], code = ["4711#"], balance = ["4711#", "1"] }[each.key] : presses(key)],
    hears("We cannot look up your account"), talks_to(user.operator), ends(),
  ]
}
