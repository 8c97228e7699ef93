package diagram

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

//go:embed page/* dagre.min.js dagre.LICENSE.txt
var parts embed.FS

// HTML draws the call flow as one page that needs no network: it can be mailed,
// and opened from a disk. A viewer can move through the flow, search it, read
// what callers hear, and walk through a call by pressing keys. Without
// JavaScript the page shows the tree of [Text].
//
// The error is that of a template which does not fit its data; no bundle
// causes one.
func HTML(b *bundle.Bundle) (string, error) {
	page, err := template.ParseFS(parts, "page/page.html")
	if err != nil {
		return "", err
	}
	style, layout, script := part("page/page.css"), layoutLibrary(), ""
	for _, name := range []string{"layout", "draw", "view", "call", "events"} {
		script += part("page/" + name + ".js")
	}
	var out bytes.Buffer
	err = page.Execute(&out, map[string]any{
		"Project": clean(b.Manifest.Project),
		"Policy":  policy(style, layout, script),
		"Style":   template.CSS(style),
		"Layout":  template.JS(layout),
		"Script":  template.JS(script),
		"Flow":    newFlow(newGraph(b)),
		"Text":    Text(b),
	})
	return out.String(), err
}

// part reads an embedded file, which cannot be missing.
func part(name string) string {
	text, _ := parts.ReadFile(name)
	return string(text)
}

// layoutLibrary is dagre with its licence, which asks to go wherever the
// library goes, and without the address of its source map.
func layoutLibrary() string {
	code, _, _ := strings.Cut(part("dagre.min.js"), "//# sourceMappingURL")
	return "/*\ndagre 3.1.3\n\n" + part("dagre.LICENSE.txt") + "*/\n" + code
}

// policy forbids the page everything but its own style and scripts. The texts
// in the page are other people's: even if one got out of its place, it could
// not run or fetch anything.
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
