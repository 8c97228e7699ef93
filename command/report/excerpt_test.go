package report

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/terminal"
)

// posAt is the position of an offset in a text.
func posAt(text string, offset int) hcl.Pos {
	before := text[:offset]
	return hcl.Pos{Line: 1 + strings.Count(before, "\n"), Column: offset - strings.LastIndex(before, "\n"), Byte: offset}
}

// An excerpt shows what the diagnostic is about, on lines that fit.
func TestExcerpt(t *testing.T) {
	long := strings.Repeat("x = 日本 ", 5000)
	for name, text := range map[string]string{
		"short":      "a = 1\nb = BAD\nc = 3\n",
		"in front":   "a = 1\nBAD" + long + "\n",
		"at the end": "a = 1\n" + long + "BAD\nc\n",
		"in between": long + "BAD" + long,
		"others":     long + "\nBAD = 1\n" + long,
		"all":        "BAD" + strings.Repeat("D", 100_000),
	} {
		at := strings.Index(text, "BAD")
		for _, width := range []int{0, 7, 40, 80, 120} {
			d := &hcl.Diagnostic{Subject: &hcl.Range{Start: posAt(text, at), End: posAt(text, at+3)}}
			if name == "others" {
				d.Context = &hcl.Range{Start: posAt(text, 0), End: posAt(text, len(text))}
			}
			shown := excerpt(d, []byte(text), width)
			if got := string(shown[d.Subject.Start.Byte:d.Subject.End.Byte]); got != "BAD" {
				t.Errorf("%s, %d columns: the subject is %q", name, width, got)
			}
			for line := range bytes.Lines(shown) {
				if w := terminal.Width(strings.TrimSpace(string(line))); w > max(width-numbered, narrowest) || !utf8.Valid(line) {
					t.Errorf("%s: a line takes %d of %d columns: %q", name, w, width, line)
				}
			}
			if line := bytes.Count(shown[:d.Subject.Start.Byte], []byte("\n")) + 1; line != d.Subject.Start.Line {
				t.Errorf("%s: the subject stands on line %d, not %d", name, line, d.Subject.Start.Line)
			}
		}
	}
}
