package command_test

// Sensitive values: what is made of them is in the documents for Twilio, which has
// to say and dial it, and in nothing that the program prints or describes.

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command"
)

// The values that must not be shown, as they are and as they are used.
var sensitiveCanaries = []string{"canary-word", "CANARY-WORD", "canary label", "70717273", "canary-list-1", "canary-csv"}

const sensitiveConfiguration = `project "zillum" {}

hosting {
  base_url = "https://calls.zillum.example"
  store    = "dist-store"
}

variable "word" {
  sensitive = true
  type      = string
  default   = "canary-word"
}

variable "code" {
  sensitive = true
  type      = number
}

variable "label" {
  sensitive = true
  type      = string
}

variable "open" {
  sensitive = true
  type      = bool
  default   = true
}

variable "list" {
  sensitive = true
  type      = list(string)
  default   = ["canary-list-1", "canary-list-2"]
}

variable "csv" {
  sensitive = true
  type      = string
  default   = "a,b\n1,canary-csv\n"
}

locals {
  loud  = upper(var.word)
  joined = join(" and ", [for x in var.list : "the ${x}"])
  row    = csvdecode(var.csv)[0].b
}

menu "main" {
  welcome  = "Say ${var.word}, or ${local.loud}."
  attempts = 1

  option "1" {
    label = var.label
    to    = var.open ? message.code : message.closed
  }
  option "2" {
    label = "the list"
    to    = message.list
  }
}

message "code" {
  text = "The code is ${var.code}."
}

message "closed" {
  text = local.row
}

message "list" {
  text = "We have ${local.joined}; and ${local.row}."
}

number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
`

const sensitiveTests = `call "fails" {
  to    = number.main
  steps = [presses("1"), hears("nothing of the kind")]
}

call "hears" {
  to    = number.main
  steps = [hears(var.word), presses("2"), hears(join(" and ", [for x in var.list : "the ${x}"]))]
}

call "does not hear" {
  to    = number.main
  steps = [presses("2"), hears(upper("${var.word}!"))]
}
`

// newSensitive is a directory with sensitive values that come from everywhere.
func newSensitive(t *testing.T, configuration string) *canary {
	c := newCanary(t)
	for name, text := range map[string]string{
		"main.ivr.hcl": configuration, "main.ivrtest.hcl": sensitiveTests, "ivrc.ivrvars": "code = 70717273\n",
	} {
		if err := os.WriteFile(filepath.Join(c.directory, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c.environment = append(c.environment, "IVRC_VAR_label=canary label")
	return c
}

// innocent runs a command, and looks for sensitive values in what it prints and
// writes, but for the documents for Twilio and what is configured.
func (c *canary) innocent(line string) (string, int) {
	c.t.Helper()
	text, code := c.execute(line)
	c.find("ivrc "+line, text)
	err := filepath.WalkDir(c.directory, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.Contains(name, ".hcl") || strings.HasSuffix(name, ".ivrvars") || strings.Contains(name, "/public/") {
			return err
		}
		data, err := os.ReadFile(name)
		c.find(name+" after ivrc "+line, string(data))
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return text, code
}

// find looks for sensitive values in a text.
func (c *canary) find(name, text string) {
	c.t.Helper()
	for _, secret := range sensitiveCanaries {
		if at := strings.Index(text, secret); at >= 0 {
			c.t.Errorf("%s shows %s: …%q…", name, secret, text[max(0, at-120):min(len(text), at+60)])
		}
	}
}

func TestSensitiveValues(t *testing.T) {
	for _, line := range []string{
		"validate", "validate -json -explain", "validate -format=sarif", "build -o dist -json",
		"graph", "graph -format=mermaid", "graph -format=dot", "graph -format=html", "graph -o graph.html -format=html",
		"simulate -press 1", "simulate -json -press 2", "simulate -all -press 1", "docs -o sheets",
		"test", "test -json", "test -format=junit", "test -format=tap", "test -format=github", "test -coverage", "test -exhaustive -json",
		"plan -sandbox -out=x.plan", "plan -sandbox -json", "plan -sandbox -format=markdown", "plan -sandbox -format=github",
	} {
		t.Run(line, func(t *testing.T) {
			c := newSensitive(t, sensitiveConfiguration)
			text, code := c.innocent(line)
			if code != command.ExitSuccess && !strings.HasPrefix(line, "test") {
				t.Errorf("it exits with %d: %s", code, text)
			}
		})
	}
	c := newSensitive(t, sensitiveConfiguration)
	if text, _ := c.innocent("graph"); !strings.Contains(text, "(sensitive value)") {
		t.Errorf("nothing is said to be hidden: %s", text)
	}
	if text, _ := c.innocent("test"); !strings.Contains(text, "1 passed, 2 failed") {
		t.Errorf("call tests can no longer hear sensitive values: %s", text)
	}
	_, _ = c.innocent("apply -sandbox -auto-approve")
	if err := os.WriteFile(filepath.Join(c.directory, "ivrc.ivrvars"), []byte("code = 90919293\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	text, _ := c.innocent("plan -sandbox")
	if strings.Contains(text, "90919293") || !strings.Contains(text, "says something else, which is a sensitive value") {
		t.Errorf("a changed value is told, or not noticed: %s", text)
	}
}

// Mistakes in which a sensitive value takes part are reported without it.
func TestSensitiveMistakes(t *testing.T) {
	for name, mistake := range map[string]string{
		"function":   `locals { x = parseint(var.word, 10) }`,
		"nested":     `locals { x = upper(jsondecode("${var.word}!")) }`,
		"index":      `locals { x = { a = 1 }[var.word] }`,
		"operator":   `locals { x = var.word + 1 }`,
		"regex":      `locals { x = regex("[${var.word}", "a") }`,
		"template":   `message "m" { text = "${var.word}${var.list}" }`,
		"duration":   `voicemail "v" { max_length = var.word }`,
		"choice":     `user "u" { phone = var.word }`,
		"reference":  `message "m" { text = menu[var.word] }`,
		"key":        `menu "m" {` + "\n" + `option "1" { to = var.word }` + "\n}",
		"for":        `locals { x = [for a in var.list : tonumber(a)] }`,
		"label":      `dynamic "message" {` + "\nfor_each = var.list\nlabels = [message.value]\ncontent { text = \"x\" }\n}",
		"file":       `locals { x = file(var.word) }`,
		"default":    "variable \"z\" {\n  sensitive = true\n  type = number\n  default = \"canary-word\"\n}",
		"open quote": "variable \"z\" {\n  sensitive = true\n  default = \"canary-word\n}",
		"validation": "variable \"z\" {\n  sensitive = true\n  default = \"canary-word\"\n  validation {\n    condition = var.z == \"a\"\n    error_message = \"not ${var.z}\"\n  }\n}",
	} {
		t.Run(name, func(t *testing.T) {
			c := newSensitive(t, sensitiveConfiguration+"\n"+mistake+"\n")
			for _, line := range []string{"validate", "validate -json", "validate -format=github", "fmt -check -diff"} {
				if text, code := c.innocent(line); code == command.ExitSuccess && !strings.HasPrefix(line, "fmt") {
					t.Errorf("ivrc %s finds nothing: %s", line, text)
				}
			}
		})
	}
	for name, values := range map[string]string{"open": "code = \"70717273\nword = 1", "type": "code = \"canary-word\"\n", "unknown": "cod = 70717273\n"} {
		t.Run("values "+name, func(t *testing.T) {
			c := newSensitive(t, sensitiveConfiguration)
			if err := os.WriteFile(filepath.Join(c.directory, "ivrc.ivrvars"), []byte(values), 0o644); err != nil {
				t.Fatal(err)
			}
			c.innocent("validate")
			c.innocent("validate -json")
			c.innocent("fmt -check -diff")
		})
	}
}
