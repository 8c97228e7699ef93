# The departments. Where a call can be urgent, a department that does not answer
# leads to people; elsewhere to a voicemail.

locals {
  try_operator = "Please stay on the line for an operator."
}

ring_group "cardiology" {
  users          = [user.cardiology]
  busy           = "The cardiology department is talking to another caller. ${local.try_operator}"
  unavailable    = "The cardiology department cannot take your call at the moment. ${local.try_operator}"
  on_busy        = ring_group.operators
  on_unavailable = ring_group.operators
}

ring_group "surgery" {
  users          = [user.surgery]
  on_busy        = voicemail.departments
  on_unavailable = voicemail.departments
}

ring_group "orthopedics" {
  users          = [user.orthopedics]
  on_busy        = voicemail.departments
  on_unavailable = voicemail.departments
}

# Pain or fever after an operation: the nurse, the ward's own telephone, and
# then the physicians on call.
ring_group "joint_care" {
  users          = [user.joint_nurse, user.ward_orthopedic]
  strategy       = "sequential"
  interval       = "20s"
  busy           = "Our nurses are talking to other patients. Please stay on the line for a physician."
  unavailable    = "Our nurses are with other patients. Please stay on the line for a physician."
  on_busy        = ring_group.on_call
  on_unavailable = ring_group.on_call
}

ring_group "pediatrics" {
  users          = [user.pediatrics]
  busy           = "The children's department is talking to another caller. ${local.try_operator}"
  unavailable    = "The children's department cannot take your call at the moment. ${local.try_operator}"
  on_busy        = ring_group.operators
  on_unavailable = ring_group.operators
}

ring_group "delivery" {
  users          = [user.delivery, user.ward_maternity]
  interval       = "30s"
  busy           = "Our midwives are talking to other callers. Please stay on the line for a physician."
  unavailable    = "Our midwives are with other patients. Please stay on the line for a physician."
  on_busy        = ring_group.on_call
  on_unavailable = ring_group.on_call
}

ring_group "imaging" {
  users          = [user.imaging]
  on_busy        = voicemail.departments
  on_unavailable = voicemail.departments
}

ring_group "laboratory" {
  users          = [user.laboratory]
  on_busy        = voicemail.results
  on_unavailable = voicemail.results
}

ring_group "therapy" {
  users          = [user.therapy]
  on_busy        = voicemail.departments
  on_unavailable = voicemail.departments
}

ring_group "counseling" {
  users          = [user.counselor]
  interval       = "25s"
  busy           = "Our counselor is talking to another caller. ${local.try_operator}"
  unavailable    = "Our counselor cannot take your call at the moment. ${local.try_operator}"
  on_busy        = ring_group.operators
  on_unavailable = ring_group.operators
}

ring_group "pharmacy" {
  users          = [user.pharmacy]
  on_busy        = voicemail.refills
  on_unavailable = voicemail.refills
}

# The one department whose calls are recorded; message.recorded says so before.
ring_group "billing" {
  users          = [user.billing_1, user.billing_2]
  record         = true
  on_busy        = voicemail.billing
  on_unavailable = voicemail.billing
}

voicemail "departments" {
  greeting   = "Please leave your name, your telephone number, the department that you called, and a message after the tone. ${local.emergency}"
  max_length = "3m"
}

voicemail "results" {
  greeting = "You have reached the laboratory. Please leave your name, your date of birth and your telephone number after the tone. We will call you with your results."
}

voicemail "refills" {
  greeting = "You have reached the pharmacy. Please leave your name, your date of birth, your telephone number, and the name of the medicine, after the tone."
  callback = "https://records.fernhollow.example/refills"
}

voicemail "billing" {
  greeting = "You have reached the billing office. Please leave your name, your account number and your telephone number after the tone."
}

voicemail "counseling" {
  greeting = "Please leave your name and your telephone number after the tone. Your counselor will call you back. If you are in danger, please hang up and dial 9 1 1."
}
