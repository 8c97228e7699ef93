# Every one of the two hundred offices, and the head office behind them. A test
# with for_each is made once for each office; what is the same everywhere is
# written once.

locals {
  by_id = { for office in local.offices : office.id => office }
}

call "the desk of the office answers" {
  for_each = local.by_id
  to       = number[each.key]
  callees  = { "${each.key}-desk" = answers("3s") }
  steps = [
    hears("Thank you for calling ${local.company}, ${each.value.city}."),
    hears("Press 1 for our ${each.value.city} office"),
    presses("1"),
    within("5s", talks_to(user["${each.key}-desk"])),
    ends(),
  ]
  never = [rings(user["${each.key}-manager"])]
}

call "the manager accepts the call on a mobile" {
  for_each = local.by_id
  to       = number[each.key]
  callees  = { "${each.key}-manager" = accepts("3s") }
  steps    = [presses("1"), rings(user["${each.key}-desk"]), talks_to(user["${each.key}-manager"]), ends()]
}

call "nobody in the office answers" {
  for_each = local.by_id
  to       = number[each.key]
  steps    = [presses("1"), hears("Nobody in our ${each.value.city} office can take your call"), reaches(queue.service)]
}

call "everybody in the office is talking" {
  for_each = local.by_id
  to       = number[each.key]
  callees  = { for who in ["desk", "manager"] : "${each.key}-${who}" => busy() }
  steps    = [presses("1"), hears("Everyone in our ${each.value.city} office is talking"), reaches(queue.service)]
}

call "the office leads to claims" {
  for_each = local.by_id
  to       = number[each.key]
  steps    = [presses("2"), reaches(queue.claims)]
}

call "the office leads to the head office" {
  for_each = local.by_id
  to       = number[each.key]
  steps    = [presses("3"), reaches(menu.head_office), hears("Welcome to the head office")]
}

call "the menu of the office is said again, and ends politely" {
  for_each = local.by_id
  to       = number[each.key]
  steps = [
    presses("9"),
    hears("Press 1 for our ${each.value.city} office"),
    stays_silent(),
    stays_silent(),
    stays_silent(),
    hears(stock.goodbye),
    ends(),
  ]
}
