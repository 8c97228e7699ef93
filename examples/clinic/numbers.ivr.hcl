# What can be dialed.

number "main" {
  phone_number = var.numbers.main
  to           = menu.main
  fallback     = message.technical
}

# For physicians of other hospitals; not published.
number "physicians" {
  phone_number = var.numbers.physicians
  to           = ring_group.on_call
  fallback     = message.technical
}

# Nurses call this number, and are connected to the patient who has waited
# longest. Whoever knows the number could take patients' calls.
number "nurses" {
  phone_number = var.numbers.nurses
  # ivrc:ignore IVR606 the number is listed nowhere
  take = queue.nurses
}

# The number of the pharmacy before it moved into the clinic.
number "old_pharmacy" {
  phone_number = var.numbers.old_pharmacy
  to           = menu.main
  status       = "offline"
  offline      = message.pharmacy_moved
}

# The appointment desk for callers who speak Spanish: somebody calls them back who does.
number "spanish" {
  phone_number = var.numbers.spanish
  language     = "es-MX"
  to           = voicemail.appointments
  fallback     = message.technical
}
