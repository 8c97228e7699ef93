package diagram

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/terminal"
)

var (
	mermaidNode = regexp.MustCompile(`(?m)^    (\w+)(?:\(\[|\{\{|\[\(|\(\(|\[/|\(|\[|>)"(.*?)(?:<br/>.*)?".*:::(\w+)$`)
	mermaidEdge = regexp.MustCompile(`(?m)^    (\w+) -->(?:\|"(.*)"\|)? (\w+)$`)
	mermaidCode = regexp.MustCompile(`#(\d+);`)
)

// Reading the chart back gives the flow: the same nodes, and the same ways,
// where ways between the same two nodes are joined by commas.
func TestMermaidShowsEveryWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := flows(words).Draw(t, "flow")
		chart := Mermaid(b)
		named := map[string]string{}
		var nodes []string
		for _, match := range mermaidNode.FindAllStringSubmatch(chart, -1) {
			named[match[1]] = mermaidDecode(match[2])
			nodes = append(nodes, named[match[1]])
			if !strings.Contains(chart, "    classDef "+match[3]+" ") {
				t.Fatalf("class %s is not defined:\n%s", match[3], chart)
			}
		}
		slices.Sort(nodes)
		if diff := cmp.Diff(titles(b), nodes); diff != "" {
			t.Fatalf("nodes: -bundle +drawing:\n%s\n%s", diff, chart)
		}
		if len(named) != len(nodes) {
			t.Fatalf("two nodes have one name:\n%s", chart)
		}
		var read []edge
		for _, match := range mermaidEdge.FindAllStringSubmatch(chart, -1) {
			read = append(read, split(named[match[1]], mermaidDecode(match[2]), named[match[3]])...)
		}
		if diff := cmp.Diff(edges(b), sorted(read)); diff != "" {
			t.Fatalf("ways: -bundle +drawing:\n%s\n%s", diff, chart)
		}
	})
}

// mermaidDecode reads a label as Mermaid does.
func mermaidDecode(label string) string {
	return mermaidCode.ReplaceAllStringFunc(label, func(code string) string {
		n, err := strconv.Atoi(code[1 : len(code)-1])
		if err != nil {
			return code
		}
		return string(rune(n))
	})
}

// No text ends its label, its line or its word, and all of it comes back.
func FuzzMermaidText(f *testing.F) {
	f.Add(`"]; a --> b["<b onclick='x'>`)
	f.Add("1. one 2) two - three +4 www.a.example a@b.example #quot; `code` *bold*")
	harmless := regexp.MustCompile(`^(?:[A-Za-z0-9 ,?!.+-]|[^\x00-\x7f]|#\d+;)*$`)
	list := regexp.MustCompile(`^ *(?:\d+[.)]|[-+*])(?: |$)`)
	f.Fuzz(func(t *testing.T, text string) {
		text = terminal.OneLine(text)
		escaped := mermaidText(text)
		if !harmless.MatchString(escaped) || list.MatchString(escaped) {
			t.Errorf("mermaidText(%q) = %q", text, escaped)
		}
		if got := mermaidDecode(escaped); got != text {
			t.Errorf("mermaidText(%q) is read as %q", text, got)
		}
	})
}
