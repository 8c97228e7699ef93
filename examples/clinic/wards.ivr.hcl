# The wards: one table, from which come the telephones, the way to ring them,
# and the options of the menu.

locals {
  wards = [
    { key = "1", name = "intensive_care", label = "intensive care" },
    { key = "2", name = "cardiac", label = "the cardiac ward" },
    { key = "3", name = "surgical", label = "the surgical ward" },
    { key = "4", name = "orthopedic", label = "the orthopedic ward" },
    { key = "5", name = "maternity", label = "the maternity ward" },
    { key = "6", name = "children", label = "the children's ward" },
    { key = "7", name = "medical", label = "the medical ward" },
    { key = "8", name = "rehabilitation", label = "rehabilitation" },
  ]
}

menu "wards" { # ivrc:ignore IVR612 callers know the name of the ward
  on_failure = ring_group.operators

  dynamic "option" {
    for_each = local.wards
    iterator = ward
    labels   = [ward.value.key]
    content {
      label = ward.value.label
      to    = ring_group["ward_${ward.value.name}"]
    }
  }
  option "9" {
    label = "help with finding a patient"
    to    = ring_group.operators
  }
}

dynamic "user" {
  for_each = local.wards
  iterator = ward
  labels   = ["ward_${ward.value.name}"]
  content {
    sip = "sip:${ward.value.name}@wards.fernhollow.example"
  }
}

# Nurses are at the bedside more than at the desk: after half a minute an
# operator takes the call and finds somebody.
dynamic "ring_group" {
  for_each = local.wards
  iterator = ward
  labels   = ["ward_${ward.value.name}"]
  content {
    users    = [user["ward_${ward.value.name}"]]
    interval = "30s"

    busy           = "The telephone of the ward is busy. Please stay on the line for an operator."
    unavailable    = "Nobody on the ward can come to the telephone at the moment. Please stay on the line for an operator."
    on_busy        = ring_group.operators
    on_unavailable = ring_group.operators
  }
}
