# A bank by telephone: the account, a code that nobody else may see, and the balance.

project "bank" {
  limits = "twilio"
}

hosting { base_url = "https://calls.bank.example" }

variable "application" {
  type        = string
  description = "Where the bank's own system answers."
  default     = "https://accounts.bank.example"
}

user "operator" {
  name  = "the operator"
  phone = "+14155550161"
}

entry "account" {
  prompt  = "Welcome to the bank. Please enter your account number, of eight digits."
  invalid = "We do not know this account."
  digits  = 8
  to      = application.account

  option "*" {
    label = "an operator"
    to    = user.operator
  }
  on_failure = user.operator
}

application "account" {
  url = "${var.application}/account"

  result "known" { to = entry.code }
  result "unknown" { to = entry.account }
  on_failure = message.later
}

entry "code" {
  prompt     = "Please enter your code, then press pound."
  invalid    = "This code is not right."
  digits     = 6
  secret     = true
  attempts   = 3
  to         = application.code
  on_failure = message.wrong
}

application "code" {
  url = "${var.application}/code"

  result "known" { to = menu.main }
  result "unknown" { to = entry.code }
  on_failure = message.later
}

menu "main" {
  option "1" {
    label = "your balance"
    to    = application.balance
  }
  option "0" {
    label = "an operator"
    to    = user.operator
  }
  on_failure = stock.goodbye
}

application "balance" {
  url = "${var.application}/balance"

  result "done" { to = menu.main }
  on_failure = message.later
}

message "later" {
  text = "We cannot look up your account at the moment."
  then = user.operator
}

message "wrong" { text = "We cannot let you in without the right code. Please call your branch. Goodbye." }

number "main" {
  phone_number = "+14155550160"
  to           = entry.account
}
