# The desks: operators, appointments, nurses, physicians on call, and the numbers.

locals {
  operators = concat([for n in range(1, 10) : "operator_${n}"], ["head_operator"])
}

call "an operator answers" {
  for_each = [["9"], ["1", "9"], ["6", "9"], ["7", "9"]]
  to       = number.main
  callees  = { operator_7 = answers("4s") }
  steps    = [[for key in each.value : presses(key)], talks_to(user.operator_7), ends()]
}

call "all operators are busy; who waits is connected when one is free" {
  to      = number.main
  callees = { for name in local.operators : name => name == "operator_3" ? [busy(), answers()] : [busy()] }
  steps = [
    presses("9"),
    hears("All our operators are talking to other callers"),
    enters(queue.operators),
    within("90s", talks_to(user.operator_3)),
    ends(),
  ]
}

call "no operator comes for 25 minutes" {
  to = number.main
  steps = [
    presses("9"),
    hears("All our operators are away"),
    enters(queue.operators),
    after("20m", within("25m", hears(stock.queue_timeout))),
    records(voicemail.operators),
    speaks("1m"),
    hears(stock.recorded),
    ends(),
  ]
}

call "a queue is full" {
  for_each = {
    operators    = { keys = ["9"], then = voicemail.operators }
    appointments = { keys = ["1", "1"], then = voicemail.appointments }
    nurses       = { keys = ["2"], then = ring_group.operators }
  }
  to      = number.main
  waiting = { "${each.key}" = 25 }
  steps = [
    [for key in each.value.keys : presses(key)],
    hears(stock.queue_full),
    reaches(each.value.then),
  ]
  never = [enters(queue[each.key])]
}

call "a scheduler answers" {
  for_each = ["1", "2"]
  to       = number.main
  callees  = { scheduler_2 = answers() }
  steps    = [presses("1"), presses(each.value), talks_to(user.scheduler_2), ends()]
}

call "no scheduler comes for 25 minutes" {
  to = number.main
  steps = [
    presses("1"),
    presses("1"),
    after("20m", within("25m", hears(stock.queue_timeout))),
    reaches(voicemail.appointments),
  ]
}

call "who would rather leave a message need not wait" {
  to = number.main
  steps = [
    presses("1"),
    presses("1"),
    enters(queue.appointments),
    within("1m", hears("Press 1 for leaving a message")),
    presses("1"),
    hears("You have reached the appointment desk"),
    records(voicemail.appointments),
  ]
  never = [hears(stock.queue_timeout)]
}

# Nurses are not rung: they call in, and are connected to who waits longest.

call "a nurse calls in and talks to who waits longest" {
  to = number.main
  steps = [
    presses("2"),
    enters(queue.nurses),
    hears("Please hold for a nurse. If you feel worse, hang up and dial 9 1 1."),
    within("5m", talks_to("+14155550140")),
    ends(),
  ]

  meanwhile "the nurse" {
    to    = number.nurses
    from  = "+14155550140"
    after = "2m"
    steps = [talks_to("+14155550199"), waits("3m"), hangs_up()]
  }
}

call "no nurse calls in, so an operator is rung" {
  to = number.main
  steps = [
    presses("2"),
    enters(queue.nurses),
    after("20m", within("25m", reaches(ring_group.operators))),
  ]
}

call "a nurse calls in, and nobody waits" {
  to    = number.nurses
  steps = [hears("goodbye"), ends()]
}

# Physicians on call

call "a physician takes the call" {
  to      = number.physicians
  callees = { physician = accepts() }
  steps   = [reaches(ring_group.on_call), talks_to(user.physician), ends()]
}

call "no physician takes the call, so an operator is rung" {
  for_each = {
    "all are busy"    = { does = busy(), said = "All physicians on call are talking" }
    "nobody answers"  = { does = no_answer(), said = "No physician on call could be reached" }
    "nobody accepts"  = { does = declines(), said = "No physician on call could be reached" }
    "all are offline" = { does = fails(), said = "No physician on call could be reached" }
  }
  to      = number.physicians
  callees = { for name in ["physician", "second_physician", "senior_physician"] : name => each.value.does }
  steps   = [hears(each.value.said), reaches(ring_group.operators)]
}

call "the old number of the pharmacy says the new one" {
  to    = number.old_pharmacy
  steps = [hears(message.pharmacy_moved), ends()]
}

call "an appointment, in Spanish" {
  to = number.spanish
  steps = [
    hears("Ha llamado a la oficina de citas"),
    records(voicemail.appointments),
    speaks("40s"),
    hears("Gracias. Su mensaje ha sido grabado. Hasta luego."),
    ends(),
  ]
}
