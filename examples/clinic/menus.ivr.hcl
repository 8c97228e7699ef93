# The menus. The longest way is five levels: 7 2 2 2 leads to the menu of joint
# replacement. A menu of nine options has no key left to go back or to repeat;
# its last option is an operator instead.

menu "main" { # ivrc:ignore IVR612 whoever does not find theirs waits, and reaches an operator
  welcome    = message.welcome
  timeout    = "8s" # many callers are elderly,
  attempts   = 2    # and some have no keys to press
  on_failure = ring_group.operators

  option "1" {
    label = "appointments"
    to    = menu.appointments
  }
  option "2" {
    label = "the nurse advice line"
    to    = queue.nurses
  }
  option "3" {
    label = "prescriptions"
    menu {
      repeat = "8"
      back   = "9"

      option "1" {
        label = "a refill"
        to    = voicemail.refills
      }
      option "2" {
        label = "the pharmacy"
        to    = hours.pharmacy
      }
    }
  }
  option "4" {
    label = "test results"
    to    = ring_group.laboratory
  }
  option "5" {
    label = "billing and insurance"
    to    = menu.billing
  }
  option "6" {
    label = "a patient who is staying with us"
    to    = menu.wards
  }
  option "7" {
    label = "our departments"
    to    = menu.departments
  }
  option "8" {
    label = "visiting hours and directions"
    menu {
      repeat = "8"
      back   = "9"

      option "1" {
        label = "visiting hours"
        to    = message.visiting_hours
      }
      option "2" {
        label = "directions"
        to    = message.directions
      }
      option "3" {
        label = "parking"
        to    = message.parking
      }
    }
  }
  option "9" {
    label = "an operator"
    to    = ring_group.operators
  }
}

# Shared: the main menu and maternity lead here, so it has no way back.
menu "appointments" {
  repeat     = "8"
  on_failure = ring_group.operators

  option "1" {
    label = "a new appointment"
    to    = queue.appointments
  }
  option "2" {
    label = "an appointment that you already have"
    to    = queue.appointments
  }
  option "3" {
    label = "a call back from the appointment desk"
    to    = voicemail.appointments
  }
  option "9" {
    label = "an operator"
    to    = ring_group.operators
  }
}

menu "billing" {
  repeat     = "8"
  back       = "9"
  on_failure = ring_group.operators

  option "1" {
    label = "a question about a bill"
    to    = hours.billing
  }
  option "2" {
    label = "a payment"
    to    = hours.billing
  }
  option "3" {
    label = "your insurance"
    to    = hours.billing
  }
  option "4" {
    label = "voicemail"
    to    = voicemail.billing
  }
}

menu "departments" { # ivrc:ignore IVR612 callers know the name of their department
  on_failure = ring_group.operators

  option "1" {
    label = "cardiology"
    to    = ring_group.cardiology
  }
  option "2" {
    label = "surgery"
    menu {
      repeat     = "8"
      back       = "9"
      on_failure = ring_group.operators

      option "1" {
        label = "general surgery"
        to    = ring_group.surgery
      }
      option "2" {
        label = "orthopedics"
        menu {
          repeat     = "8"
          back       = "9"
          on_failure = ring_group.operators

          option "1" {
            label = "hand and shoulder"
            to    = ring_group.orthopedics
          }
          option "2" {
            label = "hip and knee replacement"
            menu {
              repeat     = "8"
              back       = "9"
              on_failure = ring_group.operators

              option "1" {
                label = "questions before your operation"
                to    = ring_group.orthopedics
              }
              option "2" {
                label = "pain or fever after your operation"
                to    = ring_group.joint_care
              }
            }
          }
        }
      }
    }
  }
  option "3" {
    label = "children's medicine"
    to    = ring_group.pediatrics
  }
  option "4" {
    label = "maternity"
    menu {
      repeat     = "8"
      back       = "9"
      on_failure = ring_group.delivery

      option "1" {
        label = "labor and delivery"
        to    = ring_group.delivery
      }
      option "2" {
        label = "appointments"
        to    = menu.appointments
      }
    }
  }
  option "5" {
    label = "X-ray and imaging"
    to    = ring_group.imaging
  }
  option "6" {
    label = "the laboratory"
    to    = ring_group.laboratory
  }
  option "7" {
    label = "physical therapy"
    to    = ring_group.therapy
  }
  option "8" {
    label = "mental health"
    menu {
      welcome    = message.danger
      repeat     = "8"
      back       = "9"
      on_failure = ring_group.counseling

      option "1" {
        label = "a counselor"
        to    = ring_group.counseling
      }
      option "2" {
        label = "a message for your counselor"
        to    = voicemail.counseling
      }
    }
  }
  option "9" {
    label = "an operator"
    to    = ring_group.operators
  }
}
