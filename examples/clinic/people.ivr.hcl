# Who is rung. Desk telephones have SIP addresses. Everyone who is rung on a
# mobile must press 1 to take the call, so that a patient never ends up in the
# private voicemail of a physician.

user "operator_1" { sip = "sip:operator1@fernhollow.example" }
user "operator_2" { sip = "sip:operator2@fernhollow.example" }
user "operator_3" { sip = "sip:operator3@fernhollow.example" }
user "operator_4" { sip = "sip:operator4@fernhollow.example" }
user "operator_5" { sip = "sip:operator5@fernhollow.example" }
user "operator_6" { sip = "sip:operator6@fernhollow.example" }
user "operator_7" { sip = "sip:operator7@fernhollow.example" }
user "operator_8" { client = "operator_8" }
user "operator_9" { client = "operator_9" }

user "head_operator" {
  name    = "head operator"
  phone   = "+14155550130"
  confirm = true
}

user "physician" {
  name    = "physician on call"
  phone   = "+14155550131"
  confirm = true
}

user "second_physician" {
  name    = "second physician on call"
  phone   = "+14155550132"
  confirm = true
}

user "senior_physician" {
  name    = "senior physician on call"
  phone   = "+14155550133"
  confirm = true
}

user "scheduler_1" { client = "scheduler_1" }
user "scheduler_2" { client = "scheduler_2" }
user "scheduler_3" { client = "scheduler_3" }

user "billing_1" { client = "billing_1" }
user "billing_2" { client = "billing_2" }

user "pharmacy" { sip = "sip:pharmacy@fernhollow.example" }
user "laboratory" { sip = "sip:laboratory@fernhollow.example" }
user "cardiology" { sip = "sip:cardiology@fernhollow.example" }
user "surgery" { sip = "sip:surgery@fernhollow.example" }
user "orthopedics" { sip = "sip:orthopedics@fernhollow.example" }
user "pediatrics" { sip = "sip:pediatrics@fernhollow.example" }
user "delivery" { sip = "sip:delivery@fernhollow.example" }
user "imaging" { sip = "sip:imaging@fernhollow.example" }
user "therapy" { sip = "sip:therapy@fernhollow.example" }

user "joint_nurse" {
  name    = "joint replacement nurse"
  phone   = "+14155550134"
  confirm = true
}

user "counselor" {
  phone   = "+14155550135"
  confirm = true
}
