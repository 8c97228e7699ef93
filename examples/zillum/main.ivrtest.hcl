# What callers of Zillum meet. `ivrc test` plays these calls, and
# `ivrc test -coverage` says which ways through the menus they do not walk.

# Sales

call "a caller for sales is connected to Alice" {
  to      = number.main
  callees = { alice = answers("3s", "1m") }

  steps = [
    hears(message.welcome),
    hears("Press 1 for Sales"),
    presses("1"),
    hears(message.recorded),
    within("10s", talks_to(user.alice)),
    ends(),
  ]
  never = [rings(user.bob)]
}

call "Bob is rung when Alice does not answer" {
  to      = number.main
  callees = { bob = answers() }

  steps = [
    presses("1"),
    rings(user.alice),
    within("20s", rings(user.bob)),
    talks_to(user.bob),
    ends(),
  ]
}

call "sales are all busy, so the caller queues and then leaves a message" {
  to = number.main
  callees = {
    alice = busy()
    bob   = busy()
  }

  steps = [
    presses("1"),
    hears("Everyone in our sales department is talking"),
    enters(queue.sales),
    hears(stock.please_hold),
    after("4m", within("10m", hears(stock.queue_timeout))),
    records(voicemail.sales),
    speaks("20s"),
    hears(stock.recorded),
    ends(),
  ]
  lasts_at_most = "12m"
}

call "who waits in the queue is connected as soon as somebody is free" {
  to = number.main
  callees = {
    alice = busy()
    bob   = [busy(), busy(), answers()]
  }

  steps = [
    presses("1"),
    enters(queue.sales),
    within("2m", talks_to(user.bob)),
    ends(),
  ]
}

call "the queue is full, so the caller leaves a message at once" {
  to      = number.main
  waiting = { sales = 10 }
  callees = {
    alice = busy()
    bob   = busy()
  }

  steps = [
    presses("1"),
    hears(stock.queue_full),
    records(voicemail.sales),
  ]
  never = [enters(queue.sales)]
}

call "nobody in sales answers, so the caller leaves a message" {
  to = number.main
  steps = [
    presses("1"),
    hears("Nobody in our sales department can take your call"),
    records(voicemail.sales),
    speaks("10s"),
    ends(),
  ]
}

# Support

call "Carol and Dave are rung at once" {
  to      = number.main
  callees = { dave = accepts("4s") }

  steps = [
    presses("2"),
    hears("Press 1 for help with a product"),
    presses("1"),
    rings(user.carol),
    within("20s", talks_to(user.dave)),
    ends(),
  ]
}

call "the voicemail of Dave's mobile does not take the call" {
  to      = number.main
  callees = { dave = voicemail("5s") }

  steps = [
    presses("2"),
    presses("1"),
    hears("Nobody in our support department can take your call"),
    records(voicemail.support),
    speaks("10s"),
    hears(stock.recorded),
    ends(),
  ]
  never = [talks_to(user.dave)]
}

call "Carol and Dave are both busy" {
  to = number.main
  callees = {
    carol = busy()
    dave  = busy()
  }

  steps = [
    presses("2"),
    presses("1"),
    hears("Everyone in our support department is talking"),
    records(voicemail.support),
  ]
}

call "questions about an invoice go to Carol" {
  to      = number.main
  callees = { carol = answers() }

  steps = [
    presses("2"),
    presses("2"),
    talks_to(user.carol),
    ends(),
  ]
  never = [rings(user.dave)]
}

call "Carol cannot take the call" {
  for_each = {
    "she is busy"         = { does = busy(), said = stock.busy }
    "she does not answer" = { does = no_answer(), said = stock.unavailable }
  }
  to      = number.main
  callees = { carol = each.value.does }

  steps = [
    presses("2"),
    presses("2"),
    hears(each.value.said),
    hears(stock.goodbye),
    ends(),
  ]
}

# The menu

call "a caller can go back to the first menu" {
  to = number.main
  steps = [
    hears(message.welcome),
    presses("2"),
    reaches("menu.main.2"), # the menu inside option 2
    presses("9"),
    reaches(menu.main),
    hears("Press 2 for Support"),
  ]
}

call "who presses nothing is told so, and hears goodbye" {
  for_each = {
    "in the menu"    = []
    "in the submenu" = [presses("2")]
  }
  to = number.main
  steps = [
    each.value,
    stays_silent(),
    hears(stock.no_input),
    stays_silent(),
    stays_silent(),
    hears(stock.goodbye),
    ends(),
  ]
  lasts_at_most = "1m30s"
}

call "a key that is no option" {
  to = number.main
  steps = [
    presses("7"),
    hears(stock.invalid),
    hears("Press 1 for Sales"),
  ]
}

# The numbers

call "who withholds the number comes to the voicemail" {
  to       = number.main
  withheld = true
  steps    = [records(voicemail.sales)]
  never    = [hears("Press 1")]
}

call "the old number says so" {
  to    = number.old
  steps = [hears(message.moved), ends()]
}
