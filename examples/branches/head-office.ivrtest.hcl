# The head office.

call "the head office answers" {
  for_each = {
    claims  = { key = "1", by = "claims_2" }
    service = { key = "2", by = "service_4" }
  }
  to      = number.head_office
  callees = { "${each.value.by}" = answers() }
  steps   = [presses(each.value.key), reaches(queue[each.key]), talks_to(user[each.value.by]), ends()]
}

call "nobody comes, so the caller leaves a message" {
  for_each = {
    claims  = { key = "1", wait = "15m", then = voicemail.claims }
    service = { key = "2", wait = "10m", then = voicemail.head_office }
  }
  to = number.head_office
  steps = [
    presses(each.value.key),
    enters(queue[each.key]),
    hears(stock.please_hold),
    hears(stock.queue_timeout),
    records(each.value.then),
    speaks("20s"),
    hears(stock.recorded),
    ends(),
  ]
  lasts_at_least = each.value.wait
}

call "the queue is full" {
  for_each = {
    claims  = { key = "1", then = voicemail.claims }
    service = { key = "2", then = voicemail.head_office }
  }
  to      = number.head_office
  waiting = { "${each.key}" = 25 }
  steps   = [presses(each.value.key), hears(stock.queue_full), reaches(each.value.then)]
}

call "a message for the head office" {
  to    = number.head_office
  steps = [presses("3"), records(voicemail.head_office), speaks("20s"), ends()]
}

call "the menu of the head office is said again, and ends politely" {
  to = number.head_office
  steps = [
    presses("9"),
    hears("Press 1 for claims"),
    stays_silent(),
    stays_silent(),
    stays_silent(),
    hears(stock.goodbye),
    ends(),
  ]
}
