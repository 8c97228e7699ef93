# The menus: every caller hears first what to do in an emergency, nobody is lost
# who presses nothing, and every menu can be heard again and left.

call "what to do in an emergency comes before everything else" {
  to = number.main
  steps = [
    within("1s", hears(message.welcome)),
    hears("Press 1 for appointments"),
    hears("Press 9 for an operator"),
  ]
}

locals {
  # By which keys a menu is reached, and where it leads who presses nothing.
  menus = {
    main          = { keys = [], attempts = 2, then = ring_group.operators }
    appointments  = { keys = ["1"], attempts = 3, then = ring_group.operators }
    billing       = { keys = ["5"], attempts = 3, then = ring_group.operators }
    wards         = { keys = ["6"], attempts = 3, then = ring_group.operators }
    departments   = { keys = ["7"], attempts = 3, then = ring_group.operators }
    surgery       = { keys = ["7", "2"], attempts = 3, then = ring_group.operators }
    orthopedics   = { keys = ["7", "2", "2"], attempts = 3, then = ring_group.operators }
    replacement   = { keys = ["7", "2", "2", "2"], attempts = 3, then = ring_group.operators }
    maternity     = { keys = ["7", "4"], attempts = 3, then = ring_group.delivery }
    mental_health = { keys = ["7", "8"], attempts = 3, then = ring_group.counseling }
  }

  # The menus that can be heard again and left: what they say first, and what the
  # menu before them says.
  inner = {
    prescriptions = { keys = ["3"], says = "Press 1 for a refill", before = "Press 1 for appointments" }
    visiting      = { keys = ["8"], says = "Press 1 for visiting hours", before = "Press 1 for appointments" }
    billing       = { keys = ["5"], says = "Press 1 for a question about a bill", before = "Press 1 for appointments" }
    surgery       = { keys = ["7", "2"], says = "Press 1 for general surgery", before = "Press 1 for cardiology" }
    orthopedics   = { keys = ["7", "2", "2"], says = "Press 1 for hand and shoulder", before = "Press 1 for general surgery" }
    replacement   = { keys = ["7", "2", "2", "2"], says = "Press 1 for questions before", before = "Press 1 for hand and shoulder" }
    maternity     = { keys = ["7", "4"], says = "Press 1 for labor and delivery", before = "Press 1 for cardiology" }
    mental_health = { keys = ["7", "8"], says = "Press 1 for a counselor", before = "Press 1 for cardiology" }
  }
}

call "who presses nothing is connected to people" {
  for_each = local.menus
  to       = number.main
  steps = [
    [for key in each.value.keys : presses(key)],
    [for attempt in range(each.value.attempts) : stays_silent()],
    within("10s", reaches(each.value.then)),
  ]
  never = [hears(stock.goodbye)]
}

call "who presses nothing in a menu without people hears goodbye" {
  for_each = ["3", "8"]
  to       = number.main
  steps = [
    presses(each.value),
    stays_silent(),
    hears(stock.no_input),
    stays_silent(),
    stays_silent(),
    hears(stock.goodbye),
    ends(),
  ]
}

call "a menu is said again, and then left" {
  for_each = local.inner
  to       = number.main
  steps = [
    [for key in each.value.keys : presses(key)],
    hears(each.value.says),
    presses("8"),
    hears(each.value.says),
    presses("9"),
    hears(each.value.before),
  ]
}

call "the menu of appointments is said again" {
  to    = number.main
  steps = [presses("1"), presses("8"), hears("Press 1 for a new appointment")]
}

call "mental health says first what to do in danger" {
  to    = number.main
  steps = [presses("7"), presses("8"), hears(message.danger), hears("Press 1 for a counselor")]
}

call "the billing office says that it records" {
  to      = number.main
  at      = "2026-12-02T10:00"
  callees = { billing_1 = answers() }
  steps   = [presses("5"), presses("1"), hears(message.recorded), talks_to(user.billing_1)]
}

call "messages are read, and the call ends" {
  for_each = {
    "1" = message.visiting_hours
    "2" = message.directions
    "3" = message.parking
  }
  to    = number.main
  steps = [presses("8"), presses(each.key), hears(each.value), ends()]
}

call "maternity leads to appointments, too" {
  to    = number.main
  steps = [presses("7"), presses("4"), presses("2"), reaches(menu.appointments)]
}
