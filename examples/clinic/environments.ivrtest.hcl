# Each number answers as it should, whichever number it is in an environment.

call "who dials the public number is asked what it is about" {
  to    = number.main
  steps = [hears(message.welcome), hears("Press 1 for appointments")]
}

call "who dials the number for physicians is connected to the one on call" {
  to    = number.physicians
  steps = [reaches(ring_group.on_call)]
}

call "who dials the old number of the pharmacy hears where it is now" {
  to    = number.old_pharmacy
  steps = [hears(message.pharmacy_moved), ends()]
}
