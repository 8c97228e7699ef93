# Where the telephone is deployed to. A change is tried by calling the numbers of
# staging, which are printed nowhere, before ivrc promote takes it to production.
# Each has an account of its own, so that nobody who tries something waits in the
# queue of the patients.

environment "production" {
  account_sid = "AC00000000000000000000000000000120"
  base_url    = "https://calls.fernhollow.example"
  store       = "s3://fernhollow-calls/production?region=us-east-1"
}

environment "staging" {
  account_sid = "AC00000000000000000000000000000130"
  base_url    = "https://staging.fernhollow.example"
  store       = "s3://fernhollow-calls/staging?region=us-east-1"
  variables = {
    numbers = {
      main         = "+14155550190"
      physicians   = "+14155550191"
      nurses       = "+14155550192"
      old_pharmacy = "+14155550193"
      spanish      = "+14155550194"
    }
  }
}

variable "numbers" {
  type        = object({ main = string, physicians = string, nurses = string, old_pharmacy = string, spanish = string })
  description = "What can be dialed."
  default = {
    main         = "+14155550120"
    physicians   = "+14155550121"
    nurses       = "+14155550122"
    old_pharmacy = "+14155550123"
    spanish      = "+14155550124"
  }
}
