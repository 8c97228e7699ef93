# When somebody is there.

schedule "line" {
  time_zone = "America/Los_Angeles"

  week = {
    "mon-fri" = "08:00-22:00"
    "sat-sun" = ["10:00-14:00", "18:00-22:00"]
  }

  # All days of the calendar are holidays to callers, whatever they are called.
  holidays = [for day in ical("holidays.ics") : { date = day.date, name = "holiday" }]

  date "12-24" {
    hours = "08:00-12:00"
    name  = "holiday"
  }
}

hours "line" {
  schedule = schedule.line
  open     = menu.main
  closed   = message.closed

  on "holiday" {
    to = message.holiday
  }
}

message "hours" {
  text = {
    "en-US" = "We are here from eight in the morning to ten at night. On Saturdays and Sundays, we are here from ten to two, and from six to ten at night."
    "es-MX" = "Atendemos de las ocho de la mañana a las diez de la noche. Los sábados y domingos, de diez a dos y de seis a diez de la noche."
  }
  then = menu.main
}

message "closed" {
  text = {
    "en-US" = "You have reached Harbor Helpline. Nobody is here at the moment. If somebody is in danger, hang up and call 9 1 1."
    "es-MX" = "Se ha comunicado a Harbor Helpline. Por el momento no hay nadie. Si alguien está en peligro, cuelgue y llame al 9 1 1."
  }
  then = voicemail.helpline
}

message "holiday" {
  text = {
    "en-US" = "Harbor Helpline is closed for the holiday. If somebody is in danger, hang up and call 9 1 1."
    "es-MX" = "Harbor Helpline no atiende hoy por ser día festivo. Si alguien está en peligro, cuelgue y llame al 9 1 1."
  }
  then = voicemail.helpline
}

message "emergency" {
  text = {
    "en-US" = "Harbor Helpline is closed today because of an emergency. If somebody is in danger, hang up and call 9 1 1."
    "es-MX" = "Harbor Helpline no atiende hoy debido a una emergencia. Si alguien está en peligro, cuelgue y llame al 9 1 1."
  }
  then = voicemail.helpline
}
