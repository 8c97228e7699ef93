package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ivrc/ivrc/command"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// made is a release of whose parts a test needs those that need no program.
func made(t *testing.T) *release {
	t.Helper()
	r := &release{root: "../..", version: "v1.2.3", commit: strings.Repeat("0", 40), time: time.Date(2025, 12, 24, 12, 0, 0, 0, time.UTC)}
	if err := r.writeManual(); err != nil {
		t.Fatal(err)
	}
	return r
}

// page is a page of the manual, or a completion.
func (r *release) find(t *testing.T, name string) []byte {
	t.Helper()
	for _, f := range r.manual {
		if f.name == name {
			return f.data
		}
	}
	t.Fatalf("the manual has no %s", name)
	return nil
}

// A page looks as it did. It is one whose command seldom changes.
func TestManualPage(t *testing.T) {
	page := made(t).find(t, "man/ivrc-version.1")
	golden := filepath.Join("testdata", "ivrc-version.1")
	if *update {
		if err := os.WriteFile(golden, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(page, want) {
		t.Errorf("the page is\n%s\nwant\n%s", page, want)
	}
}

// Every command has a page with each of its options, and completions know it.
func TestManualIsWhole(t *testing.T) {
	r := made(t)
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		page := string(r.find(t, "man/"+dashed(cmd)+".1"))
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if name := `\fB-` + f.Name + `\fP`; !f.Hidden && !strings.Contains(strings.ReplaceAll(page, `\-`, "-"), name) {
				t.Errorf("the page of %s does not list -%s", cmd.CommandPath(), f.Name)
			}
		})
		for _, below := range cmd.Commands() {
			if below.IsAvailableCommand() {
				visit(below)
			}
		}
	}
	visit((&command.Program{}).Command())
	for name, mark := range map[string]string{
		"completions/ivrc.bash": "complete -o default -F __start_ivrc ivrc", "completions/_ivrc": "#compdef ivrc",
		"completions/ivrc.fish": "complete -c ivrc", "completions/ivrc.ps1": "Register-ArgumentCompleter -CommandName 'ivrc'",
	} {
		if !strings.Contains(string(r.find(t, name)), mark) {
			t.Errorf("%s does not hold %q", name, mark)
		}
	}
}

// The pages are what man understands, and nothing of them is Markdown.
func TestManualRenders(t *testing.T) {
	r := made(t)
	mandoc, err := exec.LookPath("mandoc")
	if err != nil {
		t.Skip("mandoc is not installed here")
	}
	for _, f := range r.manual {
		if filepath.Ext(f.name) != ".1" {
			continue
		}
		lint := exec.Command(mandoc, "-T", "lint", "-W", "warning")
		lint.Stdin = bytes.NewReader(f.data)
		if out, err := lint.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", f.name, err, out)
		}
		show := exec.Command(mandoc, "-T", "utf8")
		show.Stdin = bytes.NewReader(f.data)
		out, err := show.Output()
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		if text := string(out); strings.Contains(text, "**") || strings.Contains(text, `\`) {
			t.Errorf("%s shows Markdown:\n%s", f.name, text)
		}
	}
}
