package diagram

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html"
	"regexp"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

//go:embed page/* dagre.min.js dagre.LICENSE.txt
var parts embed.FS

// HTML draws the call flow as one page that needs no network, so you can mail it and
// open it from a disk. Readers can move through the flow, search it, read what callers
// hear, and walk through a call by pressing keys. Without JavaScript, the page shows
// the tree of [Text].
//
// It returns an error if the flow cannot be written as JSON; no bundle causes that.
func HTML(b *bundle.Bundle) (string, error) { return Page{}.HTML(b) }

// A Page says what the page shows in addition to the bundle.
type Page struct {
	// Tested says which exits call tests have taken. It is nil if that is not shown.
	Tested *TestedExits

	// Source returns the file and the line where a block begins, "main.ivr.hcl:12",
	// or "" for a block that it does not know. It is nil if there is only a bundle,
	// which has no positions.
	Source func(block string) string
}

// HTML draws as [HTML] does, with the additions of the page.
func (p Page) HTML(b *bundle.Bundle) (string, error) {
	words, tag := wordsOf(b.Manifest.Language)
	g := newGraphIn(b, words)
	if p.Tested != nil {
		p.Tested.mark(g)
	}
	for i := range g.nodes {
		if n := &g.nodes[i]; p.Source != nil && !bundle.Ends(n.kind) {
			n.source = terminal.OneLine(p.Source(n.id))
		}
	}
	return drawHTML(b, g, tag)
}

// pageWord is the place of a fixed text in the page: {{word Search}}.
var pageWord = regexp.MustCompile(`\{\{word ([^}]+)\}\}`)

// drawHTML draws a graph whose words are in the language with the given tag.
func drawHTML(b *bundle.Bundle, g *graph, tag string) (string, error) {
	// The JSON that Go writes holds no character that could end the script element.
	flow, err := json.Marshal(newFlow(g))
	if err != nil {
		return "", err
	}
	style, layout, script := part("page/page.css"), layoutLibrary(), ""
	for _, name := range []string{"layout", "draw", "view", "call", "events"} {
		script += part("page/" + name + ".js")
	}
	// Not html/template: it calls methods by name, so the linker would keep every
	// method of every library, 4 MB of program.
	page := pageWord.ReplaceAllStringFunc(part("page/page.html"), func(place string) string {
		return html.EscapeString(g.words.of(pageWord.FindStringSubmatch(place)[1]))
	})
	return strings.NewReplacer(
		"{{.Language}}", html.EscapeString(tag),
		"{{.Title}}", html.EscapeString(g.words.with("%s call flow", terminal.OneLine(b.Manifest.Project))),
		"{{.Project}}", html.EscapeString(terminal.OneLine(b.Manifest.Project)),
		"{{.Policy}}", html.EscapeString(policy(style, layout, script)),
		"{{.Style}}", style,
		"{{.Layout}}", layout,
		"{{.Script}}", script,
		"{{.Flow}}", string(flow),
		"{{.Text}}", html.EscapeString(drawText(g)),
	).Replace(page), nil
}

// part reads an embedded file, which cannot be missing.
func part(name string) string {
	text, _ := parts.ReadFile(name)
	return string(text)
}

// layoutLibrary returns the library dagre with its licence, which must accompany it,
// and without the address of its source map. A control character in a text of it is
// written as an escape: whoever prints the page spells such characters out, and the
// policy of the page refuses a script that is not the same to the last byte.
func layoutLibrary() string {
	code, _, _ := strings.Cut(part("dagre.min.js"), "//# sourceMappingURL")
	code = strings.ReplaceAll(code, "\x01", `\u0001`)
	return "/*\ndagre 3.1.3\n\n" + part("dagre.LICENSE.txt") + "*/\n" + code
}

// policy returns a content security policy that allows the page its own style and
// scripts and nothing else. Even if a text from outside escaped from its place in the
// page, it could not run or fetch anything.
func policy(style string, scripts ...string) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	allowed := "default-src 'none'; base-uri 'none'; form-action 'none'; style-src" + hash(style) + "; script-src"
	for _, s := range scripts {
		allowed += hash(s)
	}
	return allowed
}
