package main

// Markdown becomes HTML: links lead to pages of the site or to files of the repository,
// headings have the names that GitHub gives them, and code has colours.

import (
	"bytes"
	"fmt"
	"html/template"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var commentLine = regexp.MustCompile(`(?m)^\s*<!-- .* -->\n`)

// render makes a page of a Markdown file.
func (s *site) render(source string, data []byte) (*page, error) {
	data = commentLine.ReplaceAll(data, []byte("\n")) // what the tests of the documents read
	p := &page{source: source, Title: source}
	markdown := goldmark.New(
		goldmark.WithExtensions(extension.GFM),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(code{}, 100))),
	)
	root := markdown.Parser().Parse(text.NewReader(data), parser.WithContext(parser.NewContext(parser.WithIDs(&names{}))))
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			to, err := s.link(source, string(n.Destination))
			n.Destination = []byte(to)
			return ast.WalkContinue, err
		case *ast.Image:
			s.assets[path.Join(path.Dir(source), string(n.Destination))] = true
		case *ast.Heading:
			p.head(n, data)
		case *ast.FencedCodeBlock:
			p.gather(n.Lines().Value(data))
		case *ast.Text:
			if n.Parent().Kind() != ast.KindHeading {
				p.gather(n.Segment.Value(data))
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := markdown.Renderer().Render(&b, data, root); err != nil {
		return nil, err
	}
	body := strings.NewReplacer("<table>", `<div class="wide" tabindex="0" role="region" aria-label="table"><table>`, "</table>", "</table></div>").Replace(b.String())
	p.Body = template.HTML(body) // made from our own documents
	return p, nil
}

// head notes a heading, at which a section begins.
func (p *page) head(n *ast.Heading, data []byte) {
	words := plainText(n, data)
	id := ""
	if value, ok := n.AttributeString("id"); ok {
		id = string(value.([]byte))
	}
	if n.Level == 1 {
		p.Title, id = words, ""
	} else if n.Level <= 3 {
		p.Headings = append(p.Headings, heading{id, words, n.Level})
	}
	to := p.Address()
	if id != "" {
		to += "#" + id
	}
	p.sections = append(p.sections, section{Page: p.Title, Address: to, Heading: words})
}

// gather adds text to the section that is being read.
func (p *page) gather(words []byte) {
	if len(p.sections) > 0 {
		last := &p.sections[len(p.sections)-1]
		last.Text = strings.TrimSpace(last.Text + " " + strings.Join(strings.Fields(string(words)), " "))
	}
}

// plainText is the text of a heading, without marks.
func plainText(n ast.Node, data []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // never fails
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(data))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// link is where a link of a document leads in the site.
func (s *site) link(source, to string) (string, error) {
	if to == "" || strings.HasPrefix(to, "#") || strings.Contains(to, ":") {
		return to, nil
	}
	name, anchor, _ := strings.Cut(to, "#")
	if anchor != "" {
		anchor = "#" + anchor
	}
	target := path.Join(path.Dir(source), name)
	info, err := os.Stat(filepath.Join(s.from, filepath.FromSlash(target)))
	switch {
	case err != nil:
		return "", fmt.Errorf("the link %s leads to nothing", to)
	case info.IsDir():
		return repository + "/tree/" + s.reference() + "/" + target, nil
	case path.Ext(target) != ".md":
		return repository + "/blob/" + s.reference() + "/" + target + anchor, nil
	}
	up := strings.Repeat("../", strings.Count(address(source), "/"))
	return up + address(target) + anchor, nil
}

// names are the names of headings, made as GitHub makes them.
type names struct{ used map[string]bool }

// Generate names a heading.
func (n *names) Generate(value []byte, kind ast.NodeKind) []byte {
	name := strings.Map(func(c rune) rune {
		switch {
		case c == ' ':
			return '-'
		case c == '-' || c == '_' || unicode.IsLetter(c) || unicode.IsNumber(c):
			return unicode.ToLower(c)
		}
		return -1
	}, strings.TrimSpace(string(value)))
	unique := name
	for i := 1; n.used[unique]; i++ {
		unique = fmt.Sprintf("%s-%d", name, i)
	}
	n.Put([]byte(unique))
	return []byte(unique)
}

// Put notes a name that is used.
func (n *names) Put(value []byte) {
	if n.used == nil {
		n.used = map[string]bool{}
	}
	n.used[string(value)] = true
}

// code renders blocks of code.
type code struct{}

// RegisterFuncs says what it renders.
func (c code) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, c.block)
}

// formatter writes code with classes, which the style sheet gives colours.
var formatter = html.New(html.WithClasses(true), html.PreventSurroundingPre(true))

// block renders one block of code, which can be scrolled with the keys.
func (code) block(w util.BufWriter, data []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.FencedCodeBlock)
	language := string(n.Language(data))
	if language == "console" {
		language = "bash-session"
	}
	lexer := lexers.Get(language)
	if lexer == nil {
		lexer = lexers.Fallback
	}
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, string(n.Lines().Value(data)))
	if err != nil {
		return ast.WalkStop, err
	}
	_, _ = w.WriteString(`<pre class="chroma" tabindex="0"><code>`) // the buffer keeps its error
	if err := formatter.Format(w, styles.Fallback, tokens); err != nil {
		return ast.WalkStop, err
	}
	_, err = w.WriteString("</code></pre>\n")
	return ast.WalkSkipChildren, err
}

// colors is the part of the style sheet for code: light, and dark where that is chosen
// or what the system has.
func colors() (string, error) {
	var light, dark bytes.Buffer
	if err := formatter.WriteCSS(&light, styles.Get("github")); err != nil {
		return "", err
	}
	if err := formatter.WriteCSS(&dark, styles.Get("github-dark")); err != nil {
		return "", err
	}
	under := regexp.MustCompile(`(?m)^(/\* .*? \*/ )?\.`)
	chosen := under.ReplaceAllString(dark.String(), `:root[data-theme="dark"] .`)
	system := under.ReplaceAllString(dark.String(), `:root:not([data-theme="light"]) .`)
	return light.String() + chosen + "@media (prefers-color-scheme: dark) {\n" + system + "}\n", nil
}
