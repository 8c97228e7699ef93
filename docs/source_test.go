package docs

// Reading tables in the source that no other package can see: the
// texts of the languages, the limits of the input, the functions, the grammar, and
// the kinds of the simulator's events.

import (
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/ivrc/ivrc/command/report"
)

// stage parses the files of a stage of the compiler, as if they were one.
func stage(t *testing.T, name string) *ast.File {
	t.Helper()
	names, err := filepath.Glob("compiler/internal/" + name + "/*.go")
	if err != nil || len(names) == 0 {
		t.Fatalf("the compiler has no stage %s: %v", name, err)
	}
	all := &ast.File{}
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			all.Decls = append(all.Decls, parsed(t, name).Decls...)
		}
	}
	return all
}

func parsed(t *testing.T, name string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// declared is the declaration of a name.
func declared(t *testing.T, file *ast.File, name string) ast.Spec {
	t.Helper()
	for _, declaration := range file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				if spec.Names[0].Name == name {
					return spec
				}
			case *ast.TypeSpec:
				if spec.Name.Name == name {
					return spec
				}
			}
		}
	}
	t.Fatalf("the compiler's source does not declare %q", name)
	return nil
}

// variable is the value of a package variable.
func variable(t *testing.T, file *ast.File, name string) *ast.CompositeLit {
	t.Helper()
	return declared(t, file, name).(*ast.ValueSpec).Values[0].(*ast.CompositeLit)
}

// structure is the fields of a struct type.
func structure(t *testing.T, file *ast.File, name string) []*ast.Field {
	t.Helper()
	return declared(t, file, name).(*ast.TypeSpec).Type.(*ast.StructType).Fields.List
}

// entries are the keys and values of a composite literal.
func entries(literal *ast.CompositeLit) (keys []string, values []ast.Expr) {
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := pair.Key.(*ast.Ident)
		if basic, ok := pair.Key.(*ast.BasicLit); ok {
			key = &ast.Ident{Name: unquoted(basic)}
		}
		keys, values = append(keys, key.Name), append(values, pair.Value)
	}
	return keys, values
}

func unquoted(e ast.Expr) string {
	text, _ := strconv.Unquote(e.(*ast.BasicLit).Value)
	return text
}

// languages are the built-in texts, by field, in the order of the files.
func languages(t *testing.T) []map[string]string {
	t.Helper()
	names, err := filepath.Glob("compiler/internal/model/languages/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var written map[string]string
		if err := json.Unmarshal(text, &written); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		texts := map[string]string{}
		for _, field := range structure(t, stage(t, "model"), "Texts") {
			texts[field.Names[0].Name] = written[reflect.StructTag(unquoted(field.Tag)).Get("json")]
		}
		all = append(all, texts)
	}
	return all
}

// spoken lists the fields of texts that callers or agents hear, with the
// comment on each.
func spoken(t *testing.T) (fields, comments []string) {
	for _, field := range structure(t, stage(t, "model"), "Texts") {
		for _, name := range field.Names {
			if slices.Contains([]string{"Language", "Name", "Voice"}, name.Name) {
				continue
			}
			fields = append(fields, name.Name)
			comments = append(comments, strings.TrimSpace(field.Comment.Text()))
		}
	}
	return fields, comments
}

// stockNames are the names behind stock.
func stockNames(t *testing.T) []string {
	var names []string
	for _, declaration := range stage(t, "model").Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Name.Name != "Stock" {
			continue
		}
		result := function.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.CompositeLit)
		names, _ = entries(result)
	}
	if len(names) == 0 {
		t.Fatal("the compiler's source holds no stock messages")
	}
	return names
}

// underscored writes a Go name as the language writes names: please_hold.
func underscored(name string) string {
	var b strings.Builder
	for i, c := range name {
		if unicode.IsUpper(c) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

func makeLanguages(t *testing.T, _ string) string {
	var rows [][]string
	for _, l := range languages(t) {
		rows = append(rows, []string{code(l["Language"]), l["Name"], code(l["Voice"]), code(l["Prompt"])})
	}
	return markdown("`language`||voice|prompt of each option", rows...)
}

func makeStock(t *testing.T, _ string) string {
	var rows [][]string
	fields, comments := spoken(t)
	names := stockNames(t)
	for _, l := range languages(t) {
		if l["Language"] != "en-US" {
			continue
		}
		for i, field := range fields {
			if name := underscored(field); slices.Contains(names, name) {
				rows = append(rows, []string{code("stock." + name), comments[i], l[field]})
			}
		}
	}
	if len(rows) != len(names) {
		t.Errorf("of %d stock messages %d are texts of the languages", len(names), len(rows))
	}
	return markdown("reference|when callers hear it|in American English", rows...)
}

// makeTexts lists all texts of all languages, one behind the other.
func makeTexts(t *testing.T, _ string) string {
	var b strings.Builder
	fields, _ := spoken(t)
	for _, l := range languages(t) {
		var rows [][]string
		for _, field := range fields {
			text := l[field]
			if strings.Contains(text, "$") {
				text = code(text) // or GitHub takes it for mathematics
			}
			rows = append(rows, []string{code(underscored(field)), text})
		}
		b.WriteString("<details><summary>" + l["Name"] + ", <code>" + l["Language"] + "</code></summary>\n\n")
		b.WriteString(markdown("text|"+l["Voice"], rows...))
		b.WriteString("\n</details>\n\n")
	}
	return b.String()
}

// inputLimits says what constants of the compiler's stages limit, in a user's
// words.
var inputLimits = map[string][2]string{
	"MaxFileBytes":     {"one file", "IVR314"},
	"MaxSourceBytes":   {"all configuration files together", "IVR315"},
	"MaxFiles":         {"configuration files", "IVR315"},
	"MaxFileWeight":    {"words and signs in one file", "IVR314"},
	"MaxSourceWeight":  {"words and signs in all configuration files together", "IVR315"},
	"MaxKeptWeight":    {"words and signs in those with loops, templates or long lists", "IVR315"},
	"MaxDepth":         {"brackets, templates and blocks inside each other", "IVR316"},
	"MaxLoops":         {"`for` expressions inside each other", "IVR316"},
	"MaxTokens":        {"words and signs in one expression", "IVR316"},
	"MaxElements":      {"elements that all `for` expressions, splats and `dynamic` blocks go through together", "IVR317"},
	"MaxSteps":         {"steps that all expressions take together", "IVR317"},
	"MaxMadeElements":  {"elements that all `for` expressions and functions make together", "IVR317"},
	"MaxValueElements": {"elements of one value, at all depths", "IVR317"},
	"MaxTextBytes":     {"text that all templates and functions make together", "IVR317"},
	"MaxResultText":    {"text that one function takes or makes", "IVR317"},
	"MaxLocalDepth":    {"local values of which each refers to the next", "IVR316"},
	"MaxAudioBytes":    {"one audio file", "IVR410"},
	"MaxAllAudioBytes": {"all audio files together", "IVR410"},
	"MaxDocuments":     {"documents of a bundle", "IVR323"},
	"MaxDocument":      {"one TwiML document", "IVR312"},
}

func makeInputLimits(t *testing.T, _ string) string {
	var rows [][]string
	var declarations []ast.Decl
	for _, name := range []string{"source", "config", "resolve", "lower"} {
		declarations = append(declarations, stage(t, name).Decls...)
	}
	for _, declaration := range declarations {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			constant := spec.(*ast.ValueSpec)
			name := "M" + constant.Names[0].Name[1:]
			what, known := inputLimits[name]
			if !known {
				continue
			}
			value := evaluated(t, constant.Values[0])
			unit := ""
			if strings.HasSuffix(name, "Bytes") || name == "MaxResultText" || name == "MaxDocument" {
				value, unit = value>>10, " kB"
				if value >= 1<<10 {
					value, unit = value>>10, " MiB"
				}
			}
			if what[1] != "" {
				what[1] = code(what[1])
			}
			rows = append(rows, []string{what[0], report.Grouped(value) + unit, what[1]})
		}
	}
	if len(rows) != len(inputLimits) {
		t.Errorf("of %d limits %d are constants", len(inputLimits), len(rows))
	}
	return markdown("limit|at most|code", rows...)
}

// evaluated is the value of a constant expression.
func evaluated(t *testing.T, e ast.Expr) int64 {
	t.Helper()
	result, err := types.Eval(token.NewFileSet(), nil, token.NoPos, types.ExprString(e))
	if err != nil {
		t.Fatal(err)
	}
	value, _ := constant.Int64Val(result.Value)
	return value
}

// A grammarBlock is a kind of block and what it may contain.
type grammarBlock struct {
	name       string   // "queue", "queue: announcement"
	attributes []string // in the order of the source; blocks end in " {}"
}

// grammar lists the blocks of the language.
func grammar(t *testing.T) []grammarBlock {
	g := &grammarReader{t: t, file: stage(t, "config")}
	g.visit("", "Declarations")
	g.visit("", "Config")
	return g.blocks
}

// A grammarReader goes through the structs that are the grammar.
type grammarReader struct {
	t      *testing.T
	file   *ast.File
	blocks []grammarBlock
}

// visit adds the block that a struct describes, and those inside it.
func (g *grammarReader) visit(name, structName string) {
	b := grammarBlock{name: name}
	inside := map[string]string{} // struct names by kind of block
	g.fields(structName, &b, inside)
	if name != "" {
		g.blocks = append(g.blocks, b)
		name += ": "
	}
	for _, kind := range slices.Sorted(maps.Keys(inside)) {
		if inside[kind] != "InlineMenuBlock" { // what a menu is, whether it has a name or not
			g.visit(name+kind, inside[kind])
		}
	}
}

// fields adds what a struct says that a block may contain.
func (g *grammarReader) fields(structName string, b *grammarBlock, inside map[string]string) {
	for _, field := range structure(g.t, g.file, structName) {
		tag := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("hcl")
		key, kind, _ := strings.Cut(tag, ",")
		inner := types.ExprString(field.Type)
		inner = inner[strings.LastIndexAny(inner, "]*")+1:]
		switch {
		case kind == "block":
			b.attributes = append(b.attributes, key+" {}")
			inside[key] = inner
		case kind == "optional" || kind == "":
			b.attributes = append(b.attributes, key)
		case kind == "remain" && inner == "MenuBody":
			g.fields(inner, b, inside)
		}
	}
}

// functionNames are the names of the functions of the language.
func functionNames(t *testing.T) []string {
	file := stage(t, "config")
	names, _ := entries(variable(t, file, "library"))
	ast.Inspect(file, func(n ast.Node) bool {
		assignment, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		if index, ok := assignment.Lhs[0].(*ast.IndexExpr); ok {
			if name, ok := index.Index.(*ast.BasicLit); ok && types.ExprString(index.X) == "table" {
				names = append(names, unquoted(name))
			}
		}
		return true
	})
	slices.Sort(names)
	return names
}

// makeKinds lists the constants of a type of the transcript, with the comments
// on them.
func makeKinds(t *testing.T, typeName string) string {
	var rows [][]string
	for _, constant := range constants(t, "runtime/simulator/transcript.go", typeName) {
		rows = append(rows, []string{code(unquoted(constant.Values[0])), constant.Comment.Text()})
	}
	return markdown(underscored(typeName)+"|", rows...)
}

// constants are the constants of a type in a file.
func constants(t *testing.T, file, typeName string) []*ast.ValueSpec {
	var all []*ast.ValueSpec
	for _, declaration := range parsed(t, file).Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			constant := spec.(*ast.ValueSpec)
			if constant.Type != nil && types.ExprString(constant.Type) == typeName {
				all = append(all, constant)
			}
		}
	}
	return all
}
