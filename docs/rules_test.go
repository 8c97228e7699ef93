package docs

// The rules that the simulator is held to, from the tables of its tests.

import (
	"go/ast"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// makeRules lists the rules and who says so, verb by verb.
func makeRules(t *testing.T, _ string) string {
	files, err := filepath.Glob("runtime/simulator/conformance_*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no rules: %v", err)
	}
	var verbs []string
	rows := map[string][][]string{}
	count := 0
	for _, file := range []string{"document", "dial"} {
		ast.Inspect(parsed(t, "runtime/simulator/conformance_"+file+"_test.go"), func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok || literal.Type != nil {
				return true
			}
			of, rule, source := field(literal, "of"), field(literal, "rule"), field(literal, "source")
			if of == "" || rule == "" {
				return true
			}
			if rows[of] == nil {
				verbs = append(verbs, of)
			}
			rows[of] = append(rows[of], []string{rule, linked(source)})
			count++
			return true
		})
	}
	var b strings.Builder
	b.WriteString("There are " + strconv.Itoa(count) + " rules.\n")
	for _, of := range verbs {
		name := "`" + of + "`"
		if of == "documents" {
			name = "Requests and documents"
		}
		b.WriteString("\n**" + name + "**\n\n" + markdown("rule|who says so", rows[of]...))
	}
	return b.String()
}

// field is a text in a composite literal, by the name of its field.
func field(literal *ast.CompositeLit, name string) string {
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := pair.Key.(*ast.Ident)
		text, isText := pair.Value.(*ast.BasicLit)
		if ok && isText && key.Name == name {
			s, _ := strconv.Unquote(text.Value)
			return s
		}
	}
	return ""
}

var pageForm = regexp.MustCompile(`\b(?:voice|usage|api|twilio\.com/changelog)/[a-z0-9/#-]+`)

// linked makes links of the pages of Twilio's documentation in a text.
func linked(source string) string {
	return pageForm.ReplaceAllStringFunc(source, func(page string) string {
		if entry, ok := strings.CutPrefix(page, "twilio.com/"); ok {
			return "[" + entry + "](https://www.twilio.com/" + entry + ")"
		}
		return "[" + page + "](https://www.twilio.com/docs/" + page + ")"
	})
}
