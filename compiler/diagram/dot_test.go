package diagram

import (
	"bytes"
	"encoding/xml"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/terminal"
)

var (
	dotNode = regexp.MustCompile(`(?m)^    (\w+) \[label="((?:[^"\\]|\\.)*)", shape=`)
	dotEdge = regexp.MustCompile(`(?m)^    (\w+) -> (\w+)(?: \[label="((?:[^"\\]|\\.)*)"\])?;$`)
)

func TestDOTShowsEveryWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := flows(words).Draw(t, "flow")
		drawing := DOT(b)
		named := map[string]string{}
		var nodes []string
		for _, match := range dotNode.FindAllStringSubmatch(drawing, -1) {
			named[match[1]], _, _ = strings.Cut(match[2], `\n`)
			nodes = append(nodes, named[match[1]])
		}
		slices.Sort(nodes)
		if diff := cmp.Diff(titles(b), nodes); diff != "" {
			t.Fatalf("nodes: -bundle +drawing:\n%s\n%s", diff, drawing)
		}
		var read []edge
		for _, match := range dotEdge.FindAllStringSubmatch(drawing, -1) {
			read = append(read, split(named[match[1]], match[3], named[match[2]])...)
		}
		if diff := cmp.Diff(edges(b), sorted(read)); diff != "" {
			t.Fatalf("ways: -bundle +drawing:\n%s\n%s", diff, drawing)
		}
	})
}

// Graphviz itself reads every case, and shows every text as it was written.
func TestGraphvizReadsDOT(t *testing.T) {
	dot, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("Graphviz is not installed")
	}
	for _, path := range cases(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			_, b := load(t, path)
			command := exec.Command(dot, "-Tsvg")
			command.Stdin = strings.NewReader(DOT(b))
			var complaints bytes.Buffer
			command.Stderr = &complaints
			svg, err := command.Output()
			if err != nil || complaints.Len() > 0 {
				t.Fatalf("dot: %v\n%s", err, complaints.String())
			}
			shown := svgTexts(t, svg)
			g := newGraph(b)
			for i := range g.nodes {
				n := &g.nodes[i]
				for _, text := range []string{n.title, n.detail, n.quote} {
					if text = terminal.Shorten(text, drawnWidth); text != "" && !shown[text] {
						t.Errorf("%q is not shown", text)
					}
				}
				for _, l := range g.lines(i, true) {
					if text := terminal.Shorten(l.text, drawnWidth); text != "" && !shown[text] {
						t.Errorf("%q is not shown on a line from %s", text, n.title)
					}
				}
			}
		})
	}
}

// svgTexts lists what an SVG shows. Graphviz writes spaces as it likes.
func svgTexts(t *testing.T, svg []byte) map[string]bool {
	t.Helper()
	shown := map[string]bool{}
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	var text strings.Builder
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return shown
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			text.Reset()
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			shown[strings.ReplaceAll(text.String(), "\u00a0", " ")] = true
		}
	}
}
