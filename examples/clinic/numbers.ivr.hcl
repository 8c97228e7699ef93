# What can be dialed.

number "main" {
  phone_number = "+14155550120"
  to           = menu.main
  fallback     = message.technical
}

# For physicians of other hospitals; not published.
number "physicians" {
  phone_number = "+14155550121"
  to           = ring_group.on_call
  fallback     = message.technical
}

# Nurses call this number, and are connected to the patient who has waited
# longest. Whoever knows the number could take patients' calls.
number "nurses" {
  phone_number = "+14155550122"
  # ivrc:ignore IVR606 the number is listed nowhere
  take = queue.nurses
}

# The number of the pharmacy before it moved into the clinic.
number "old_pharmacy" {
  phone_number = "+14155550123"
  to           = menu.main
  status       = "offline"
  offline      = message.pharmacy_moved
}
