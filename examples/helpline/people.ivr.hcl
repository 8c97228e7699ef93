# Who answers, and for whom.

user "june" {
  name  = "June"
  phone = "+14155550172"
}
user "paz" {
  name  = "Paz"
  phone = "+14155550173"
}
user "ruth" {
  name    = "Ruth, on call"
  phone   = "+14155550174"
  confirm = true
}

callers "region" {
  withheld = message.withheld

  from "bay_area" {
    prefixes = ["+1415", "+1510", "+1628"]
    to       = ring_group.bay_area
  }

  otherwise = queue.helpline
}

message "withheld" {
  text = {
    "en-US" = "We cannot see your number, and nobody will ask for it. If we are cut off, please call again."
    "es-MX" = "No podemos ver su número, y nadie se lo va a pedir. Si se corta la llamada, vuelva a llamar."
  }
  then = queue.helpline
}

# They know who can help nearby.
ring_group "bay_area" {
  users          = [user.june, user.ruth]
  interval       = "20s"
  on_busy        = queue.helpline
  on_unavailable = queue.helpline
}

ring_group "everybody" {
  users     = [user.june, user.paz, user.ruth]
  caller_id = "+14155550170" # ours: some carriers refuse calls that show no number
}

queue "helpline" {
  agents      = ring_group.everybody
  max_callers = 20
  max_wait    = "10m"

  announcement {
    message = {
      "en-US" = "You are not alone. We will be with you as soon as we can."
      "es-MX" = "No está solo. Le atenderemos en cuanto podamos."
    }
    every = "30s"
  }

  on_full    = voicemail.helpline
  on_timeout = voicemail.helpline
}

voicemail "helpline" {
  greeting = {
    "en-US" = "Please say how we can reach you, and when it is safe to call. You may speak after the tone."
    "es-MX" = "Díganos cómo podemos comunicarnos con usted, y a qué hora es seguro llamarle. Puede hablar después del tono."
  }
  max_length = "3m"
}
