package diagram

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

var mark = regexp.MustCompile(` \((see above|see below|[A-Za-z ]*)\)( “.*”)?$|( “.*”)$`)

// readTree reads a text tree back: every line but a root is an edge from the
// line above it that is indented less.
func readTree(text string) []edge {
	var read []edge
	var path []string
	for line := range strings.Lines(text) {
		line = mark.ReplaceAllString(strings.TrimSuffix(line, "\n"), "")
		if line == "" || strings.HasSuffix(line, ":") {
			continue
		}
		words := strings.TrimLeft(line, "│├└─ ")
		depth := (terminal.Width(line) - terminal.Width(words)) / 4
		lead, to, ok := strings.Cut(words, " → ")
		switch {
		case !ok:
			lead, to = "", words
		case depth == 0: // a number and the block it leads to share the root's line
			path = []string{to}
			read = append(read, edge{mark.ReplaceAllString(lead, ""), "", to})
			continue
		}
		if depth > 0 {
			read = append(read, split(path[depth-1], lead, to)...)
		}
		path = append(path[:depth], to)
	}
	return sorted(read)
}

func TestTextShowsEveryWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := flows(words).Draw(t, "flow")
		text := Text(b)
		if diff := cmp.Diff(edges(b), readTree(text)); diff != "" {
			t.Fatalf("-bundle +drawing:\n%s\n%s", diff, text)
		}
		for _, name := range titles(b) {
			if !strings.Contains(text, name) {
				t.Fatalf("%q is missing:\n%s", name, text)
			}
		}
	})
}

// What anybody may write fits in 100 columns, one way on a line, without a
// character that a terminal would obey.
func TestTextFitsTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := Text(flows(rapid.String()).Draw(t, "flow"))
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if n := terminal.Width(line); n > lineWidth {
				t.Fatalf("%d columns: %q", n, line)
			}
			for _, r := range line {
				if !unicode.IsPrint(r) && r != '\u200c' && r != '\u200d' {
					t.Fatalf("%U reaches the terminal: %q", r, line)
				}
			}
		}
	})
}

// A chain of ring groups that is longer than a line is wide goes on in trees
// further down, and none of them is missing.
func TestTextOfALongChain(t *testing.T) {
	b := chain(35)
	text := Text(b)
	if diff := cmp.Diff(edges(b), readTree(text)); diff != "" {
		t.Errorf("-bundle +drawing:\n%s", diff)
	}
	below := regexp.MustCompile(`ring group (\d+) \(see below\)`).FindAllStringSubmatch(text, -1)
	if len(below) != 3 {
		t.Errorf("%d trees go on below, want 3:\n%s", len(below), text)
	}
	for _, match := range below {
		if !strings.Contains(text, "\n\nring group "+match[1]+"\n") {
			t.Errorf("ring group %s is promised and missing", match[1])
		}
	}
}

// chain is a flow in which every ring group leads to the next when it is busy.
func chain(length int) *bundle.Bundle {
	b := &bundle.Bundle{Manifest: bundle.Manifest{Numbers: []bundle.NumberRow{{Name: "n", PhoneNumber: "+14155550100"}}}}
	blocks := []bundle.Block{{Address: "number.n", Exits: []bundle.Exit{{On: "answer", To: "ring_group.0"}}}}
	for i := range length {
		blocks = append(blocks, bundle.Block{
			Address: fmt.Sprint("ring_group.", i),
			Exits:   []bundle.Exit{{On: "busy", To: fmt.Sprint("ring_group.", i+1)}},
		})
	}
	b.Components = []bundle.Component{{Directory: "x", Blocks: blocks}}
	return b
}

func TestFitSharesTheRoom(t *testing.T) {
	for _, test := range []struct {
		width int
		texts []string
		want  []string
	}{
		{20, []string{"a", "b"}, []string{"a", "b"}},
		{10, []string{"abcdefghijkl", "xy"}, []string{"abcd…jkl", "xy"}},
		{9, []string{"abcdefghijkl", "mnopqrstuvwx", ""}, []string{"ab…l", "mn…x", ""}},
	} {
		texts := slices.Clone(test.texts)
		pointers := make([]*string, len(texts))
		for i := range texts {
			pointers[i] = &texts[i]
		}
		fit(test.width, pointers...)
		if diff := cmp.Diff(test.want, texts); diff != "" {
			t.Errorf("fit(%d, %q): -want +got:\n%s", test.width, test.texts, diff)
		}
	}
}
