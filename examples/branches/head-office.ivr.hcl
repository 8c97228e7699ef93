# The head office, which every branch leads to.

project "quillmark" {
  language = "en-US"
}

hosting {
  base_url = "https://calls.quillmark.example"
}

locals {
  company = "Quillmark Insurance"
}

number "head_office" {
  phone_number = "+12025550100"
  to           = menu.head_office
}

menu "head_office" {
  welcome = "Welcome to the head office of ${local.company}."
  repeat  = "9"

  option "1" {
    label = "claims"
    to    = queue.claims
  }
  option "2" {
    label = "policies and payments"
    to    = queue.service
  }
  option "3" {
    label = "voicemail"
    to    = voicemail.head_office
  }
}

# Claims

user "claims_1" { client = "claims_1" }
user "claims_2" { client = "claims_2" }
user "claims_3" { client = "claims_3" }

ring_group "claims" {
  users = [user.claims_1, user.claims_2, user.claims_3]
}

queue "claims" {
  agents      = ring_group.claims
  max_callers = 25
  max_wait    = "15m"

  announcement {
    message = stock.please_hold
    every   = "30s"
  }

  on_full    = voicemail.claims
  on_timeout = voicemail.claims
}

voicemail "claims" {
  greeting   = "You have reached the claims department. Please leave your name, your policy number and your telephone number after the tone."
  max_length = "3m"
}

# Policies and payments

user "service_1" { client = "service_1" }
user "service_2" { client = "service_2" }
user "service_3" { client = "service_3" }
user "service_4" { client = "service_4" }

ring_group "service" {
  users = [user.service_1, user.service_2, user.service_3, user.service_4]
}

queue "service" {
  agents      = ring_group.service
  max_callers = 25
  max_wait    = "10m"

  announcement {
    message = stock.please_hold
    every   = "30s"
  }

  on_full    = voicemail.head_office
  on_timeout = voicemail.head_office
}

voicemail "head_office" {
  greeting = "You have reached the head office of ${local.company}. Please leave your name, your telephone number and a message after the tone."
}
