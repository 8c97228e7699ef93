package compiler

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/source"
)

// onWindows is a text as editors of Windows save it.
func onWindows(text []byte) []byte {
	return append([]byte(source.ByteOrderMark), bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))...)
}

// Law: line ends and byte order marks make no difference, to the last byte.
func TestLawLineEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration")
		want, files := tree(accepted(t, d)), d.files()
		for name, file := range files {
			if strings.HasSuffix(name, ".hcl") || strings.HasSuffix(name, ".ivrvars") {
				files[name] = &fstest.MapFile{Data: onWindows(file.Data)}
			}
		}
		result, _, diags := compile(d.input(files))
		if diags.HasErrors() {
			t.Fatalf("with CR LF the configuration is refused:\n%s", listed(diags))
		}
		if diff := cmp.Diff(want, tree(result.Bundle)); diff != "" {
			t.Fatalf("(-LF +CR LF)\n%s", diff)
		}
	})
}

// Everything that is read as text, with the line ends of Windows, of a text that was
// converted twice, and without the last one.
func TestLineEnds(t *testing.T) {
	files := map[string]string{
		"main.ivr.hcl": `project "office" {}
variable "closing" { type = string }
variable "greeting" { type = string }
variable "list" { type = list(string) }
locals {
  rows = csvdecode(file("rows.csv"))
  data = jsondecode(file("data.json"))
}
number "main" {
  phone_number = "+14155550100"
  to           = message.all
}
message "all" {
  text = <<-EOT
    ${file("words.txt")} ${var.closing} ${var.greeting} ${join(" ", var.list)}
    %{for row in local.rows}
    ${row.name}, ${row.city}.
    %{endfor}
    ${local.data.a} /* not a comment */
  EOT
}
`,
		"words.txt":      "Two\nlines.\n",
		"rows.csv":       "name,city\nAnn,Boston\n\"Bob\nB\",Berlin\n",
		"data.json":      "{\n  \"a\": \"text\"\n}\n",
		"ivrc.ivrvars":   "closing = <<EOT\nUntil\nsix.\nEOT\n",
		"a.auto.ivrvars": "list = [\n  \"one\", # first\n  \"two\",\n]\n",
		"a.ivrtest.hcl":  "call \"all\" {\n  to = number.main\n  steps = [\n    hears(\"Two\"),\n  ]\n}\n",
	}
	given := "greeting = <<EOT\nGood\nday.\nEOT\n"
	built := func(convert func([]byte) []byte) (string, Result) {
		fsys := fstest.MapFS{}
		for name, text := range files {
			fsys[name] = &fstest.MapFile{Data: convert([]byte(text))}
		}
		result, diags := Compile(Input{Files: fsys, CallTests: true, Variables: Assignments{
			CommandLine: []Assignment{{File: "given.ivrvars", Content: convert([]byte(given))}},
		}})
		if len(diags) > 1 || diags.HasErrors() { // a number without a menu has a warning
			t.Fatal(listed(diags))
		}
		return result.Bundle.Manifest.Digest, result
	}
	want, _ := built(func(text []byte) []byte { return text })
	for what, convert := range map[string]func([]byte) []byte{
		"Windows": onWindows,
		"twice":   func(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\n"), []byte("\r\r\n")) },
		"mixed":   func(text []byte) []byte { return bytes.Replace(text, []byte("\n"), []byte("\r\n"), 2) },
		"a mark":  func(text []byte) []byte { return append([]byte(source.ByteOrderMark), text...) },
	} {
		if got, _ := built(convert); got != want {
			t.Errorf("%s: the digest is %s, want %s", what, got, want)
		}
	}
}

func TestFormatKeepsLineEnds(t *testing.T) {
	const before, after = "project \"a\" {\nsalt=\"x\"\n}\n", "project \"a\" {\n  salt = \"x\"\n}\n"
	for _, convert := range []func([]byte) []byte{
		func(text []byte) []byte { return text },
		onWindows,
		func(text []byte) []byte { return bytes.TrimPrefix(onWindows(text), []byte(source.ByteOrderMark)) },
	} {
		for _, text := range []string{before, after} {
			got, diags := Format("a.ivr.hcl", convert([]byte(text)))
			if diff := cmp.Diff(string(convert([]byte(after))), string(got)); diff != "" || diags.HasErrors() {
				t.Errorf("%v (-want +got)\n%s", diags, diff)
			}
		}
	}
	if _, diags := Format("a.ivr.hcl", []byte("a = 1\r\nb = 2\n")); !diags.HasErrors() {
		t.Error("a file with both kinds of line ends is formatted")
	}
}
