package command_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/internal/deep"
)

// mostOutput is what the program may say of a configuration of 0.95 MB in which
// everything is wrong: 200 mistakes, each with a line as wide as a terminal, and for
// SARIF the list of all rules.
const mostOutput = 200_000

func TestOutputIsBounded(t *testing.T) {
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	cases := map[string]string{
		"one line":        "locals {\n  a = [" + strings.Repeat("nobody.x, ", 90_000) + "]\n}\n",
		"one text":        "message \"m\" {\n  text = \"" + strings.Repeat("x", 950_000) + "\"\n}\n",
		"one name":        "menu \"" + strings.Repeat("x", 950_000) + "\" {}\n",
		"long lines":      numbered(5000, "message \"m#\" { txt = \""+strings.Repeat("y", 160)+"\" }\n"),
		"unknown names":   "project \"x\" {}\n" + numbered(10_000, "number \"n#\" {\n  phone_number = \"+14155550100\"\n  to = message.nobody#\n}\n"),
		"unused":          "project \"x\" {}\n" + numbered(20_000, "user \"u#\" { client = \"u#\" }\n"),
		"the same key":    "menu \"m\" {\n" + strings.Repeat("  option \"1\" { to = menu.m }\n", 30_000) + "}\n",
		"unknown names 2": "locals {\n" + numbered(30_000, "  a# = nobody.x#\n") + "}\n",
	}
	formats := []string{"text", "json", "github", "sarif"}
	for i, name := range slices.Sorted(maps.Keys(cases)) {
		directory, text := t.TempDir(), cases[name]
		if err := os.WriteFile(filepath.Join(directory, "main.ivr.hcl"), []byte(text[:min(len(text), 1_000_000)]), 0o644); err != nil {
			t.Fatal(err)
		}
		for k, format := range formats {
			if k%deep.Or(4, 1) != i%deep.Or(4, 1) { // each case in one format, or in all
				continue
			}
			var out strings.Builder
			p := &command.Program{Args: []string{"validate", "-format=" + format, directory}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Width: 80}
			p.Run(t.Context())
			if out.Len() > mostOutput || out.Len() == 0 {
				t.Errorf("%s, %s: %d bytes were written", name, format, out.Len())
			}
		}
	}
}
