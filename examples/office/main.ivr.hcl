# An office whose callers may dial an extension.

project "office" {
  limits = "twilio"
}

user "ines" {
  name      = "Ines"
  phone     = "+14155550141"
  extension = "801"
}
user "omar" {
  name      = "Omar"
  phone     = "+14155550142"
  extension = "802"
}
user "desk" {
  name      = "the front desk"
  phone     = "+14155550143"
  extension = "800"
}

ring_group "everybody" {
  users          = [user.desk, user.ines, user.omar]
  on_unavailable = voicemail.office
  on_busy        = voicemail.office
}

voicemail "office" {
  greeting = "Nobody is at a telephone at the moment. Please leave a message after the tone."
}

menu "main" {
  welcome    = "Larch and Finch, architects. If you know the extension, you may dial it at any time."
  extensions = users
  attempts   = 2

  option "1" {
    label = "a new project"
    to    = ring_group.everybody
  }
  option "0" {
    label = "the front desk"
    to    = user.desk
  }

  on_failure = user.desk
}

number "main" {
  phone_number = "+14155550140"
  to           = menu.main
}
