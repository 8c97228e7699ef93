# O atendimento telefônico da Zillum em português do Brasil. O idioma do projeto
# escolhe a voz e os textos que não estão aqui: o anúncio das opções, as
# respostas a uma tecla errada e ao silêncio, a espera e a despedida.

project "zillum-pt" {
  language = "pt-BR"
}

hosting {
  base_url = "https://ligacoes.zillum.example"
}

variable "alice_telefone" {
  type        = string
  default     = "+14155550111"
  description = "O telefone em que Alice atende."
}

locals {
  empresa = "Zillum"
}

# Pessoas

user "alice" { phone = var.alice_telefone }
user "bruno" { client = "bruno" } # no navegador, com o Twilio Voice SDK
user "carla" { sip = "sip:carla@zillum.example" }
user "davi" {
  phone   = "+14155550114"
  confirm = true # celular: a caixa postal dele não pode atender a ligação
}

# O que se ouve

message "boas_vindas" {
  text = "Agradecemos a sua ligação para a ${local.empresa}."
}

message "gravacao" { # ouvida até o fim; o que um menu diz, uma tecla interrompe
  text = "As ligações para o departamento de vendas são gravadas."
  then = ring_group.vendas
}

message "numero_antigo" {
  text = "Este número foi desativado. Por favor, ligue para a ${local.empresa} no número 4 1 5, 5 5 5, 0 1 1 0. Até logo."
}

# Vendas

ring_group "vendas" {
  users    = [user.alice, user.bruno]
  strategy = "sequential" # Alice, Bruno, e mais uma vez
  interval = "20s"
  cycles   = 2
  record   = true

  on_busy        = queue.vendas
  on_unavailable = voicemail.vendas
}

queue "vendas" {
  agents      = ring_group.vendas # chamado repetidamente enquanto alguém espera
  max_callers = 10
  max_wait    = "10m"

  announcement {
    message = stock.please_hold
    every   = "30s"
  }

  on_full    = voicemail.vendas
  on_timeout = voicemail.vendas
}

voicemail "vendas" {
  greeting   = "Você ligou para o departamento de vendas. Por favor, deixe o seu nome, o seu telefone e a sua mensagem após o sinal."
  max_length = "2m"
}

# Suporte

ring_group "suporte" {
  users    = [user.carla, user.davi] # os dois ao mesmo tempo; fica com a ligação quem atender primeiro
  interval = "25s"

  on_busy        = voicemail.suporte
  on_unavailable = voicemail.suporte
}

voicemail "suporte" {
  greeting = "Você ligou para o suporte. Por favor, deixe o seu nome, o seu telefone e a sua mensagem após o sinal."
}

# O menu

menu "principal" {
  welcome = message.boas_vindas # ouvida uma só vez

  option "1" {
    label = "vendas"
    to    = message.gravacao
  }
  option "2" {
    label = "suporte"
    menu {
      back = "9"

      option "1" {
        label = "ajuda com um produto"
        to    = ring_group.suporte
      }
      option "2" {
        label = "dúvidas sobre uma fatura"
        to    = user.carla # uma pessoa é um grupo de uma só
      }
    }
  }
}

# Os números

number "principal" {
  phone_number = "+14155550110"
  to           = menu.principal
  anonymous    = voicemail.vendas # quem liga sem identificar o número
}

number "telefone_antigo" {
  phone_number = "+14155550119"
  to           = menu.principal
  status       = "offline" # ouve-se a mensagem, e a ligação termina
  offline      = message.numero_antigo
}
