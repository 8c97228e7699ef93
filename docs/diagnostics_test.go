package docs

// The page of diagnostics is made from the table of rules and from the scripts
// that show each of them, so it cannot say anything else than the program does.

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ivrc/ivrc/compiler"
)

func TestDiagnosticsPage(t *testing.T) {
	page := diagnosticsPage(t)
	name := filepath.Join("docs", "diagnostics.md")
	if *update {
		if err := os.WriteFile(name, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(page), string(have)); diff != "" {
		t.Errorf("%s is not what the code says; run make docs:\n%s", name, diff)
	}
}

// diagnosticsPage writes the page.
func diagnosticsPage(t *testing.T) []byte {
	var b bytes.Buffer
	b.WriteString("# Diagnostics\n\n" +
		"Everything that `ivrc validate` can report, by code, and behind it what `ivrc test` says of\n" +
		"call tests (IVR701 to IVR719), and what is wrong with environments (from IVR720). Codes are stable. Errors keep a\n" +
		"configuration from being compiled; warnings do not, and can be silenced on the line\n" +
		"above with a reason:\n\n```hcl\n# ivrc:ignore IVR606 the number is listed nowhere\n```\n\n" +
		"This page is made from the program; `make docs` writes it.\n\n| code | | |\n|---|---|---|\n")
	for _, rule := range compiler.Rules() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", rule.Code, strings.ToLower(rule.Code), severity(rule), rule.Summary)
	}
	for _, rule := range compiler.Rules() {
		fmt.Fprintf(&b, "\n## %s\n\n**%s** (%s). %s\n", rule.Code, rule.Summary, severity(rule), rule.Reason)
		b.WriteString(diagnosticExample(t, rule.Code))
	}
	return b.Bytes()
}

func severity(rule compiler.Rule) string {
	if rule.Warning {
		return "warning"
	}
	return "error"
}

// maxExample is how long an example may be, in lines, to stand on the page.
const maxExample = 60

// diagnosticExample is the first configuration of a rule's script and what the
// program says about it.
func diagnosticExample(t *testing.T, code string) string {
	archive, err := txtar.ParseFile(filepath.Join("testscripts", "diagnostics", code+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	source, output, ending := "", "", ".ivr.hcl"
	if strings.HasPrefix(code, "IVR70") || strings.HasPrefix(code, "IVR71") {
		ending = ".ivrtest.hcl"
	}
	for _, f := range archive.Files {
		text := strings.TrimSpace(string(f.Data))
		switch {
		case source == "" && strings.HasSuffix(f.Name, ending):
			source = text
		case output == "" && strings.Contains(text, "("+code+")"):
			output = text
		}
	}
	if source == "" || output == "" || strings.Count(source+output, "\n") > maxExample {
		return ""
	}
	return "\n```hcl\n" + source + "\n```\n\n```\n" + output + "\n```\n"
}
