# Two hundred offices, each with a number, a menu and two people who are rung,
# made from the rows of branches.csv. A generated block is referred to by its
# name in brackets, menu["boston-01"]. The iterator needs a name of its own:
# without one it would be called menu inside dynamic "menu", and hide the menus.

locals {
  offices = csvdecode(file("branches.csv"))
}

dynamic "number" {
  for_each = local.offices
  iterator = office
  labels   = [office.value.id]
  content {
    phone_number = office.value.phone_number
    to           = menu[office.value.id]
  }
}

dynamic "menu" {
  for_each = local.offices
  iterator = office
  labels   = [office.value.id]
  content {
    welcome = "Thank you for calling ${local.company}, ${office.value.city}."
    repeat  = "9"

    option "1" {
      label = "our ${office.value.city} office"
      to    = ring_group[office.value.id]
    }
    option "2" {
      label = "claims"
      to    = queue.claims
    }
    option "3" {
      label = "all other questions"
      to    = menu.head_office
    }
  }
}

# The desk first, then the manager's mobile, then the head office.
dynamic "ring_group" {
  for_each = local.offices
  iterator = office
  labels   = [office.value.id]
  content {
    users    = [user["${office.value.id}-desk"], user["${office.value.id}-manager"]]
    strategy = "sequential"
    interval = "15s"

    busy           = "Everyone in our ${office.value.city} office is talking to another caller. Please stay on the line for our head office."
    unavailable    = "Nobody in our ${office.value.city} office can take your call at the moment. Please stay on the line for our head office."
    on_busy        = queue.service
    on_unavailable = queue.service
  }
}

dynamic "user" {
  for_each = local.offices
  iterator = office
  labels   = ["${office.value.id}-desk"]
  content {
    sip = "sip:desk@${office.value.id}.quillmark.example"
  }
}

dynamic "user" {
  for_each = local.offices
  iterator = office
  labels   = ["${office.value.id}-manager"]
  content {
    phone   = office.value.manager_phone
    confirm = true
  }
}
