package testscripts

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler"
)

// TestEveryDiagnosticHasItsScript: whatever the compiler can report is shown by
// exactly one script, which is what the page of diagnostics quotes.
func TestEveryDiagnosticHasItsScript(t *testing.T) {
	const directory = "testscripts/diagnostics"
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	var scripts []string
	for _, entry := range entries {
		scripts = append(scripts, strings.TrimSuffix(entry.Name(), ".txtar"))
	}
	var codes []string
	for _, rule := range compiler.Rules() {
		codes = append(codes, rule.Code)
		if !slices.Contains(scripts, rule.Code) {
			t.Errorf("%s/%s.txtar is missing: %s", directory, rule.Code, rule.Summary)
			continue
		}
		script, err := os.ReadFile(directory + "/" + rule.Code + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		shown := strings.ReplaceAll(string(script), `\`, "") // of a pattern
		if !strings.Contains(shown, "("+rule.Code+")") {
			t.Errorf("%s/%s.txtar does not show the diagnostic", directory, rule.Code)
		}
	}
	for _, script := range scripts {
		if !slices.Contains(codes, script) {
			t.Errorf("%s/%s.txtar is about no diagnostic", directory, script)
		}
	}
}
