# The departments, as one table: how each is reached, who is rung, and where the
# call goes on if nobody takes it.

locals {
  reached = {
    "cardiology"      = { keys = ["7", "1"], users = ["cardiology"], to = ring_group.cardiology, otherwise = ring_group.operators }
    "surgery"         = { keys = ["7", "2", "1"], users = ["surgery"], to = ring_group.surgery, otherwise = voicemail.departments }
    "orthopedics"     = { keys = ["7", "2", "2", "1"], users = ["orthopedics"], to = ring_group.orthopedics, otherwise = voicemail.departments }
    "an operation"    = { keys = ["7", "2", "2", "2", "1"], users = ["orthopedics"], to = ring_group.orthopedics, otherwise = voicemail.departments }
    "joint care"      = { keys = ["7", "2", "2", "2", "2"], users = ["joint_nurse", "ward_orthopedic"], to = ring_group.joint_care, otherwise = ring_group.on_call }
    "pediatrics"      = { keys = ["7", "3"], users = ["pediatrics"], to = ring_group.pediatrics, otherwise = ring_group.operators }
    "delivery"        = { keys = ["7", "4", "1"], users = ["delivery", "ward_maternity"], to = ring_group.delivery, otherwise = ring_group.on_call }
    "imaging"         = { keys = ["7", "5"], users = ["imaging"], to = ring_group.imaging, otherwise = voicemail.departments }
    "laboratory"      = { keys = ["7", "6"], users = ["laboratory"], to = ring_group.laboratory, otherwise = voicemail.results }
    "test results"    = { keys = ["4"], users = ["laboratory"], to = ring_group.laboratory, otherwise = voicemail.results }
    "therapy"         = { keys = ["7", "7"], users = ["therapy"], to = ring_group.therapy, otherwise = voicemail.departments }
    "counseling"      = { keys = ["7", "8", "1"], users = ["counselor"], to = ring_group.counseling, otherwise = ring_group.operators }
    "pharmacy"        = { keys = ["3", "2"], users = ["pharmacy"], to = ring_group.pharmacy, otherwise = voicemail.refills }
    "a bill"          = { keys = ["5", "1"], users = ["billing_1", "billing_2"], to = ring_group.billing, otherwise = voicemail.billing }
    "a payment"       = { keys = ["5", "2"], users = ["billing_1", "billing_2"], to = ring_group.billing, otherwise = voicemail.billing }
    "insurance"       = { keys = ["5", "3"], users = ["billing_1", "billing_2"], to = ring_group.billing, otherwise = voicemail.billing }
    "intensive care"  = { keys = ["6", "1"], users = ["ward_intensive_care"], to = ring_group.ward_intensive_care, otherwise = ring_group.operators }
    "cardiac ward"    = { keys = ["6", "2"], users = ["ward_cardiac"], to = ring_group.ward_cardiac, otherwise = ring_group.operators }
    "surgical ward"   = { keys = ["6", "3"], users = ["ward_surgical"], to = ring_group.ward_surgical, otherwise = ring_group.operators }
    "orthopedic ward" = { keys = ["6", "4"], users = ["ward_orthopedic"], to = ring_group.ward_orthopedic, otherwise = ring_group.operators }
    "maternity ward"  = { keys = ["6", "5"], users = ["ward_maternity"], to = ring_group.ward_maternity, otherwise = ring_group.operators }
    "children's ward" = { keys = ["6", "6"], users = ["ward_children"], to = ring_group.ward_children, otherwise = ring_group.operators }
    "medical ward"    = { keys = ["6", "7"], users = ["ward_medical"], to = ring_group.ward_medical, otherwise = ring_group.operators }
    "rehabilitation"  = { keys = ["6", "8"], users = ["ward_rehabilitation"], to = ring_group.ward_rehabilitation, otherwise = ring_group.operators }
  }
}

call "the first who is rung takes the call" {
  for_each = local.reached
  to       = number.main
  at       = "2026-12-02T10:00" # everything is open
  callees  = { "${each.value.users[0]}" = accepts() }
  steps = [
    [for key in each.value.keys : presses(key)],
    reaches(each.value.to),
    within("15s", talks_to(user[each.value.users[0]])),
    ends(),
  ]
}

call "everybody is busy, and the call goes on" {
  for_each = local.reached
  to       = number.main
  at       = "2026-12-02T10:00" # everything is open
  callees  = { for name in each.value.users : name => busy() }
  steps = [
    [for key in each.value.keys : presses(key)],
    reaches(each.value.to),
    within("15s", reaches(each.value.otherwise)),
  ]
}

call "nobody answers, and the call goes on" {
  for_each = local.reached
  to       = number.main
  at       = "2026-12-02T10:00" # everything is open
  steps = [
    [for key in each.value.keys : presses(key)],
    reaches(each.value.to),
    after("20s", within("50s", reaches(each.value.otherwise))),
  ]
}

call "a message for a department is recorded" {
  for_each = {
    "departments"  = { keys = ["7", "5"], to = voicemail.departments }
    "results"      = { keys = ["4"], to = voicemail.results }
    "refills"      = { keys = ["3", "1"], to = voicemail.refills }
    "billing"      = { keys = ["5", "4"], to = voicemail.billing }
    "counseling"   = { keys = ["7", "8", "2"], to = voicemail.counseling }
    "appointments" = { keys = ["1", "3"], to = voicemail.appointments }
  }
  to = number.main
  steps = [
    [for key in each.value.keys : presses(key)],
    records(each.value.to),
    speaks("30s"),
    hears(stock.recorded),
    ends(),
  ]
}

call "the private voicemail of a physician takes no call" {
  to = number.physicians
  callees = {
    physician        = voicemail("5s")
    second_physician = accepts()
  }
  steps = [talks_to(user.second_physician), ends()]
  never = [talks_to(user.physician)]
}
