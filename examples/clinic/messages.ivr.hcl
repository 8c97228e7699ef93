# What callers hear in more than one place, or before the call ends.

message "welcome" {
  text = "Thank you for calling ${local.clinic}. ${local.emergency}"
}

message "danger" {
  text = "If you are thinking of harming yourself, or somebody is in danger, please hang up and dial 9 1 1."
}

message "recorded" {
  text = "Calls to our billing office are recorded."
  then = ring_group.billing # behind the key, where no other key cuts it short
}

message "technical" {
  text = {
    "en-US" = "We are sorry, the telephone system of ${local.clinic} has a technical problem. ${local.emergency} Otherwise, please call again in a few minutes."
    "es-MX" = "Lo sentimos, el sistema telefónico de ${local.clinic} tiene un problema técnico. ${local.emergencia} De lo contrario, vuelva a llamar en unos minutos."
  }
}

message "pharmacy_moved" {
  text = "The pharmacy of ${local.clinic} has a new number. Please call 4 1 5, 5 5 5, 0 1 2 0, and press 3. ${local.emergency} Goodbye."
}

message "visiting_hours" {
  text = "Visitors are welcome every day from ten in the morning until eight in the evening. In intensive care, please ask the nurses before you visit. Goodbye."
}

message "directions" {
  text = "${local.clinic} is at 12 Fernhollow Road. Take bus 14 or 22 to the stop Fernhollow, which is in front of the main entrance. Goodbye."
}

message "parking" {
  text = "The parking garage is behind the main building and is open day and night. The first two hours are free for patients and visitors. Goodbye."
}
