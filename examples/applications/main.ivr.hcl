# Applications behind a menu: one takes payments, the other hands callers to an assistant.

project "payments" {
  limits = "twilio"
}

hosting { base_url = "https://calls.utility.example" }

variable "application" {
  type        = string
  description = "Where the applications answer."
  default     = "https://applications.utility.example"
}

user "operator" {
  name  = "an operator"
  phone = "+14155550171"
}

menu "main" {
  welcome = "Thank you for calling."

  option "1" {
    label = "payments"
    to    = entry.account
  }
  option "2" {
    label = "all questions"
    to    = application.assistant
  }
  on_failure = user.operator
}

entry "account" {
  prompt  = "Please enter your account number, of eight digits."
  invalid = "We do not know this account."
  digits  = 8
  to      = application.payment

  option "*" {
    label = "an operator"
    to    = user.operator
  }
  on_failure = user.operator
}

application "payment" {
  url = "${var.application}/payment"

  result "paid" { to = message.paid }
  result "refused" { to = message.refused }
  result "unknown" { to = entry.account }
  on_failure = message.later
}

application "assistant" {
  url = "${var.application}/assistant"

  result "answered" { to = stock.goodbye }
  result "person" { to = user.operator }
  on_failure = message.later
}

message "paid" { text = "Thank you. Your bill is paid. Goodbye." }

message "refused" {
  text = "Your payment was not taken."
  then = user.operator
}

message "later" {
  text = "Our systems do not answer at the moment."
  then = user.operator
}

number "main" {
  phone_number = "+14155550170"
  to           = menu.main
}
