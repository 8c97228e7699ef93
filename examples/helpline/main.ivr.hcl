# A helpline in English and Spanish. Each block is written once; what is said has
# a version for each language.

project "helpline" {}

hosting { base_url = "https://calls.helpline.example" }

variable "closed" {
  type        = bool
  default     = false
  description = "Whether the helpline is closed because of an emergency, such as a storm."
}

locals {
  # Where a call goes once its language is known.
  line = var.closed ? message.emergency : hours.line
}

number "main" {
  phone_number = "+14155550170"
  to           = callers.language
}

# Printed on the posters in Spanish.
number "spanish" {
  phone_number = "+14155550171"
  language     = "es-MX"
  to           = local.line
}

callers "language" {
  from "puerto_rico" {
    prefixes = ["+1787", "+1939"]
    language = "es-MX"
    to       = local.line
  }

  otherwise = menu.language
}

menu "language" {
  welcome  = "Harbor Helpline."
  attempts = 2

  option "1" {
    label    = "English"
    language = "en-US"
    to       = local.line
  }
  option "2" {
    label    = "español"
    language = "es-MX"
    to       = local.line
  }

  on_failure = local.line
}

menu "main" {
  welcome = {
    "en-US" = "Thank you for calling Harbor Helpline. If somebody is in danger, hang up and call 9 1 1."
    "es-MX" = "Gracias por llamar a Harbor Helpline. Si alguien está en peligro, cuelgue y llame al 9 1 1."
  }
  repeat = "9"

  option "1" {
    label = { "en-US" = "a conversation", "es-MX" = "hablar con alguien" }
    to    = callers.region
  }
  option "2" {
    label = { "en-US" = "our opening hours", "es-MX" = "conocer nuestro horario" }
    to    = message.hours
  }
  option "3" {
    label = { "en-US" = "leaving a message", "es-MX" = "dejar un mensaje" }
    to    = voicemail.helpline
  }

  on_failure = callers.region # who cannot use the keys talks to somebody
}
