package command_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// parted gives each of the two numbers an environment of its own.
func (c *canary) parted() {
	c.t.Helper()
	text, _, _ := strings.Cut(fmt.Sprintf(canaryConfiguration, c.changes), "number \"second\"")
	text = strings.ReplaceAll(text, `"+14155550100"`, "var.main")
	text = strings.Replace(text, "number \"main\" {", "number \"main\" {\n  adopt = true", 1) + `
variable "main" { type = string }

environment "staging" {
  base_url  = "https://` + publicHost + `/staging"
  store     = "s3://ivr/main/staging?endpoint=http://` + bucketHost + `"
  variables = { main = "+14155550100" }
}

environment "production" {
  base_url  = "https://` + publicHost + `"
  store     = "s3://ivr/main/production?endpoint=http://` + bucketHost + `"
  variables = { main = "+14155550109" }
}
`
	if err := os.WriteFile(filepath.Join(c.directory, "main.ivr.hcl"), []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// canaryCallTest fails, so that its transcript is shown.
const canaryCallTest = `call "sales" {
  to    = number.main
  steps = [presses("1"), hears("nothing of the kind")]
}

call "an account is known" {
  to           = number.main
  applications = { account = "known" }
  steps        = [presses("3"), presses("` + digitsCanary + `"), hears("nothing of the kind")]
}

call "an account is not looked up" {
  to    = number.main
  steps = [presses("3"), presses("` + digitsCanary + `#"), presses("` + digitsCanary + `"), ends()]
}

call "an account is not asked for" {
  to    = number.main
  steps = [talks_to(user.alice), presses("` + digitsCanary + `")]
}
`
