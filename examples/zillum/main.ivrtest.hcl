# What callers of Zillum meet, as a specification. Run it with: ivrc test

call "a caller for sales is connected to Alice" {
  to      = number.main
  callees = { alice = answers("3s", "1m") }

  steps = [
    hears(message.welcome),
    hears("Press 1 for Sales"),
    presses("1"),
    talks_to(user.alice),
    ends(),
  ]
}

call "sales are all busy, so the caller queues and then leaves a message" {
  to   = number.main
  from = "+14155550199"

  callees = {
    alice = busy()
    bob   = busy()
  }

  steps = [
    hears("Thank you for calling ${local.company}"),
    presses("1"),
    hears("Everyone in our sales department is talking"),
    enters(queue.sales),
    after("9m", within("11m", hears(stock.queue_timeout))),
    records(voicemail.sales),
    speaks("20s"),
    hears("Your message has been recorded"),
    ends(),
  ]

  never         = [talks_to(user.alice), hears("press 3")]
  lasts_at_most = "12m"
}
