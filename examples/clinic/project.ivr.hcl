# The telephone of a clinic with wards, at the limits of what "phonebridge"
# allows: menus of nine options, five levels deep, ten people rung at once, and
# queues of 25 callers who wait for up to 25 minutes.

project "fernhollow" {
  language = "en-US"
  limits   = "phonebridge"
}

# Where environments.ivr.hcl says nothing else.
hosting {
  base_url = "https://calls.fernhollow.example"
}

locals {
  clinic    = "Fernhollow Clinic"
  emergency = "If this is a medical emergency, please hang up and dial 9 1 1."

  emergencia = "Si se trata de una emergencia médica, cuelgue y marque 9 1 1."
}
