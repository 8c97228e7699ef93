# The desks that many callers need: operators, appointments, nurses, physicians
# on call. Behind each of them stands a queue or somebody else.

# Ten at once, the most that can be rung.
ring_group "operators" {
  users = [
    user.operator_1, user.operator_2, user.operator_3, user.operator_4, user.operator_5,
    user.operator_6, user.operator_7, user.operator_8, user.operator_9, user.head_operator,
  ]
  interval = "30s"

  busy           = "All our operators are talking to other callers. Please stay on the line."
  unavailable    = "All our operators are away from their desks. Please stay on the line."
  on_busy        = queue.operators
  on_unavailable = queue.operators
}

queue "operators" {
  agents      = ring_group.operators
  max_callers = 25
  max_wait    = "25m"

  announcement {
    message = stock.please_hold
    every   = "30s"
  }

  on_full    = voicemail.operators
  on_timeout = voicemail.operators
}

voicemail "operators" {
  greeting   = "Please leave your name, your telephone number and a message after the tone. An operator will call you back today. ${local.emergency}"
  max_length = "3m"
}

# Appointments

ring_group "schedulers" {
  users    = [user.scheduler_1, user.scheduler_2, user.scheduler_3]
  interval = "20s"
}

queue "appointments" {
  agents      = ring_group.schedulers
  max_callers = 25
  max_wait    = "25m"

  announcement {
    message = stock.please_hold
    every   = "30s"
  }

  option "1" {
    label = "leaving a message instead of waiting"
    to    = voicemail.appointments
  }

  on_full    = voicemail.appointments
  on_timeout = voicemail.appointments
}

voicemail "appointments" {
  greeting = {
    "en-US" = "You have reached the appointment desk. Please leave your name, your date of birth, your telephone number, and the days that suit you, after the tone."
    "es-MX" = "Ha llamado a la oficina de citas. Por favor, deje después del tono su nombre, su fecha de nacimiento, su número de teléfono y los días que le convienen."
  }
  max_length = "3m"
}

# The nurse advice line: nurses call in on number.nurses.

queue "nurses" {
  max_callers = 25
  max_wait    = "25m"

  announcement {
    message = "Please hold for a nurse. If you feel worse, hang up and dial 9 1 1."
    every   = "30s"
  }

  on_full    = ring_group.operators
  on_timeout = ring_group.operators
}

# Physicians on call: one after the other, and once more.

ring_group "on_call" {
  users    = [user.physician, user.second_physician, user.senior_physician]
  strategy = "sequential"
  interval = "15s"
  cycles   = 2

  busy           = "All physicians on call are talking to other callers. Please stay on the line for an operator."
  unavailable    = "No physician on call could be reached. Please stay on the line for an operator."
  on_busy        = ring_group.operators
  on_unavailable = ring_group.operators
}
