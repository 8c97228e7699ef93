# O que se ouve ao ligar para a Zillum. `ivrc test` faz estas ligações, e
# `ivrc test -coverage` diz que caminhos nenhuma delas percorre.

# Vendas

call "Alice atende quem liga para vendas" {
  to      = number.principal
  callees = { alice = answers("3s", "1m") }

  steps = [
    hears(message.boas_vindas),
    hears("Para vendas, digite 1"),
    presses("1"),
    hears(message.gravacao),
    within("10s", talks_to(user.alice)),
    ends(),
  ]
  never = [rings(user.bruno)]
}

call "todos em vendas estão ocupados: espera e recado" {
  to = number.principal
  callees = {
    alice = busy()
    bruno = busy()
  }

  steps = [
    presses("1"),
    hears(stock.busy),
    enters(queue.vendas),
    hears(stock.please_hold),
    after("4m", within("10m", hears(stock.queue_timeout))),
    records(voicemail.vendas),
    speaks("20s"),
    hears(stock.recorded),
    ends(),
  ]
}

call "quem espera fala com Bruno assim que ele desliga" {
  to = number.principal
  callees = {
    alice = busy()
    bruno = [busy(), busy(), answers()]
  }
  steps = [presses("1"), enters(queue.vendas), within("2m", talks_to(user.bruno)), ends()]
}

call "a fila está cheia" {
  to      = number.principal
  waiting = { vendas = 10 }
  callees = {
    alice = busy()
    bruno = busy()
  }
  steps = [presses("1"), hears(stock.queue_full), records(voicemail.vendas)]
  never = [enters(queue.vendas)]
}

call "ninguém em vendas atende" {
  to    = number.principal
  steps = [presses("1"), hears(stock.unavailable), records(voicemail.vendas)]
}

# Suporte

call "Carla e Davi são chamados ao mesmo tempo" {
  to      = number.principal
  callees = { davi = accepts("4s") }
  steps   = [presses("2"), presses("1"), rings(user.carla), talks_to(user.davi), ends()]
}

call "a caixa postal do celular do Davi não atende a ligação" {
  to      = number.principal
  callees = { davi = voicemail("5s") }
  steps = [
    presses("2"),
    presses("1"),
    hears(stock.unavailable),
    records(voicemail.suporte),
    speaks("10s"),
    ends(),
  ]
  never = [talks_to(user.davi)]
}

call "Carla e Davi estão ocupados" {
  to      = number.principal
  callees = { carla = busy(), davi = busy() }
  steps   = [presses("2"), presses("1"), hears(stock.busy), records(voicemail.suporte)]
}

call "dúvidas sobre uma fatura" {
  for_each = {
    "Carla atende"     = { does = answers(), then = [talks_to(user.carla)] }
    "Carla falando"    = { does = busy(), then = [hears(stock.busy), hears(stock.goodbye)] }
    "Carla não atende" = { does = no_answer(), then = [hears(stock.unavailable), hears(stock.goodbye)] }
  }
  to      = number.principal
  callees = { carla = each.value.does }
  steps   = [presses("2"), presses("2"), each.value.then, ends()]
}

# O menu

call "é possível voltar ao primeiro menu" {
  to    = number.principal
  steps = [presses("2"), presses("9"), reaches(menu.principal), hears("Para suporte, digite 2")]
}

call "quem não tecla nada ouve isso, e a despedida" {
  for_each = {
    "no menu"    = []
    "no submenu" = [presses("2")]
  }
  to = number.principal
  steps = [
    each.value,
    stays_silent(),
    hears(stock.no_input),
    stays_silent(),
    stays_silent(),
    hears(stock.goodbye),
    ends(),
  ]
}

call "uma tecla que não é opção" {
  to    = number.principal
  steps = [presses("7"), hears(stock.invalid), hears("Para vendas, digite 1")]
}

# Os números

call "quem liga sem identificar o número deixa recado" {
  to       = number.principal
  withheld = true
  steps    = [records(voicemail.vendas)]
}

call "o número antigo informa o novo" {
  to    = number.telefone_antigo
  steps = [hears(message.numero_antigo), ends()]
}
