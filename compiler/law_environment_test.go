package compiler

// Laws of environments.

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/config"
)

// removed is a block without an attribute, and what the attribute said.
func (b *draftBlock) removed(name string) string {
	i := slices.IndexFunc(b.attributes, func(a draftAttribute) bool { return a.name == name })
	if i < 0 {
		return ""
	}
	expression := b.attributes[i].expression
	b.attributes = slices.Delete(slices.Clone(b.attributes), i, i+1)
	return expression
}

// Law: an environment says where its bundle is served and what variables are, in the
// place of others who could say so, and nothing else. Names of queues tell environments
// apart, so both configurations have one.
func TestLawEnvironmentSaysTheSame(t *testing.T) {
	moved := 0
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration")
		elsewhere := &draftBlock{kind: "environment", labels: []string{"elsewhere"}}
		plain := d.clone()
		plain.blocks = append(plain.blocks, &draftBlock{kind: "environment", labels: []string{"here"}}, elsewhere)
		in := plain.input(plain.files())
		in.Variables.Choice = Choice{Name: "here", From: "-env"}
		without, diags := Compile(in)
		if diags.HasErrors() {
			t.Fatalf("it is refused in an environment that says nothing:\n%s\n%s", listed(diags), plain)
		}
		want := tree(without.Bundle)
		in.BaseURL = ""
		e := &draftBlock{kind: "environment", labels: []string{"here"}}
		if d.baseURL != "" {
			e.set("base_url", quoted(d.baseURL))
		}
		said := d.clone()
		var values []string
		for _, b := range said.blocks {
			if b.kind == "variable" && !strings.Contains(d.values, b.labels[0]) && in.Variables.Environment[b.labels[0]] == "" {
				if expression := b.removed("default"); expression != "" {
					values, moved = append(values, fmt.Sprintf("%q = %s", b.labels[0], expression)), moved+1
				}
			}
		}
		e.set("variables", "{ "+strings.Join(values, ", ")+" }")
		said.blocks = append(said.blocks, e, elsewhere)
		in.Files = said.files()
		result, diags := Compile(in)
		if diags.HasErrors() {
			t.Fatalf("it is refused in an environment:\n%s\n%s", listed(diags), said)
		}
		if diff := cmp.Diff(want, tree(result.Bundle)); diff != "" {
			t.Fatalf("it differs in an environment:\n%s", diff)
		}
	})
	if moved == 0 {
		t.Error("no environment gave a value to a variable")
	}
}

// Law: what is found in every state is what is found without environments.
func TestLawFoundEverywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration")
		_, want := Compile(d.input(d.files()))
		files := d.files()
		files["zz.ivr.hcl"] = &fstest.MapFile{Data: []byte("environment \"here\" {}\n")}
		in := d.input(files)
		in.Everywhere = true
		result, got := Compile(in)
		if diff := cmp.Diff(listed(want), listed(got)); diff != "" || len(result.Everywhere) != 1 {
			t.Fatalf("(-without +everywhere)\n%s", diff)
		}
	})
}

// What environments say of the world is compared as the world sees it.
func TestPlacesOfTwoEnvironments(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"s3://calls/office", "dir:calls/office"}:                                                 false,
		{"/srv/calls", "dir:/srv/calls/"}:                                                         true,
		{"s3://calls/office/", "s3://calls/office?region=eu-central-1"}:                           true,
		{"s3://calls/office?endpoint=https://a.example", "s3://calls/office"}:                     false,
		{"calls/../calls", "calls"}:                                                               true,
		{"s3://calls/office?endpoint=a.example&region=b", "s3://calls/office?endpoint=a.example"}: true,
	} {
		if got := storeOf(pair[0]) == storeOf(pair[1]); got != want {
			t.Errorf("%s and %s are one store: %v", pair[0], pair[1], got)
		}
	}
	for pair, want := range map[[2]string]bool{
		{"/srv/calls/public/staging", "/srv/calls"}:    true,
		{"/srv/calls/private", "/srv/calls/"}:          true,
		{"/srv/calls/publicity", "/srv/calls"}:         false,
		{"/srv/calls/staging", "/srv/calls"}:           false,
		{"s3://calls/public/office", "s3://calls"}:     true,
		{"s3://calls/office/public", "s3://calls/off"}: false,
	} {
		if got := inside(storeOf(pair[0]), storeOf(pair[1])); got != want {
			t.Errorf("%s is inside %s: %v", pair[0], pair[1], got)
		}
	}
}

// There are only so many environments, because each is compiled.
func TestManyEnvironments(t *testing.T) {
	var text strings.Builder
	text.WriteString("project \"office\" {}\n")
	for i := range config.MostEnvironments + 1 {
		fmt.Fprintf(&text, "environment \"e%d\" {}\n", i)
	}
	_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": &fstest.MapFile{Data: []byte(text.String())}}})
	if got := listed(diags); !strings.Contains(got, "main.ivr.hcl:34:1 error IVR317: There are more than 32 environments") {
		t.Errorf("it says:\n%s", got)
	}
}

// A value that an environment gives to a sensitive variable is shown nowhere, whichever
// environment is chosen.
func TestSensitiveValueOfAnEnvironment(t *testing.T) {
	const text = `project "office" {}
variable "pin" { sensitive = true }
environment "production" { variables = { pin = "4711-secret" } }
environment "staging" { variables = { pin = ["0815-hidden"], pinn = 1 } }
number "main" {
  phone_number = "+14155550100"
  to           = message.pin
}
message "pin" { text = var.pin }
`
	for _, in := range []Input{{}, {Everywhere: true}, {Variables: Assignments{Choice: Choice{Name: "staging"}}}} {
		in.Files = fstest.MapFS{"main.ivr.hcl": &fstest.MapFile{Data: []byte(text)}}
		result, diags := Compile(in)
		for _, secret := range []string{"4711-secret", "0815-hidden"} {
			if !slices.Contains(result.Secrets, secret) || strings.Contains(listed(diags), secret) {
				t.Errorf("%s is not hidden: %q\n%s", secret, result.Secrets, listed(diags))
			}
		}
		if strings.Contains(string(result.Sources["main.ivr.hcl"]), "4711") {
			t.Errorf("the source is shown:\n%s", result.Sources["main.ivr.hcl"])
		}
	}
}

// A comment that ignores a warning in one environment is of use, whichever is checked.
// One for what is found between environments is missed only where all are checked.
func TestIgnoredInOneEnvironment(t *testing.T) {
	const text = `project "office" {} # ivrc:ignore IVR630 nobody can call yet
environment "production" {
  account_sid = "AC00000000000000000000000000000000" # ivrc:ignore IVR693 nothing is shared
}
environment "staging" { variables = { numbers = ["main"] } }
variable "numbers" { default = [] }
dynamic "number" {
  for_each = var.numbers
  iterator = each
  labels   = [each.value]
  content {
    phone_number = "+14155550100"
    to           = stock.goodbye
  }
}
`
	files := fstest.MapFS{"main.ivr.hcl": &fstest.MapFile{Data: []byte(text)}}
	for name, want := range map[string]string{"production": "", "staging": "", "": "main.ivr.hcl:3:54 warning IVR608: This comment has no effect: its line has no warning IVR693. Remove it.\n"} {
		_, diags := Compile(Input{Files: files, Everywhere: true, Variables: Assignments{Choice: Choice{Name: name}}})
		if got := listed(diags); got != want {
			t.Errorf("%q: it says %q, want %q", name, got, want)
		}
	}
}
