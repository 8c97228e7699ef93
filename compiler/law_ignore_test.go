package compiler

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// unignorable are the warnings that no comment ignores, with the reason.
var unignorable = map[string]string{
	"IVR608": "it is about a comment, which is removed instead",
	"IVR611": "it counts the others, and goes when they are ignored",
}

// withComment is a directory with a comment for a warning: above its line, or at
// the end of it.
func withComment(files fstest.MapFS, d *hcl.Diagnostic, above bool) fstest.MapFS {
	at := diagnostic.SubjectOf(d)
	commented := fstest.MapFS{}
	for name, file := range files {
		commented[name] = file
	}
	lines := strings.Split(string(files[at.Filename].Data), "\n")
	comment := "# ivrc:ignore " + CodeOf(d) + " we know"
	if i := at.Start.Line - 1; above {
		lines = slices.Insert(lines, i, comment)
	} else {
		lines[i] += " " + comment
	}
	commented[at.Filename] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))}
	return commented
}

// ignorable fails the test unless a comment ignores each warning of a configuration,
// and nothing else, and reports the codes that were tried.
func ignorable(t fataler, in Input, files fstest.MapFS, above bool) map[string]bool {
	in.Files = files
	_, before := Compile(in)
	tried := map[string]bool{}
	for _, d := range before {
		code, at := CodeOf(d), diagnostic.SubjectOf(d)
		if d.Severity != hcl.DiagWarning || unignorable[code] != "" {
			continue
		}
		tried[code] = true
		in.Files = withComment(files, d, above)
		_, after := Compile(in)
		var want []string
		for _, other := range before {
			if o := diagnostic.SubjectOf(other); CodeOf(other) != code || o.Filename != at.Filename || o.Start.Line != at.Start.Line {
				want = append(want, CodeOf(other))
			}
		}
		var got []string
		for _, other := range after {
			got = append(got, CodeOf(other))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Fatalf("a comment for %s at %s:%d (above: %t) leaves %v, want %v\n%s\n%s", code, at.Filename, at.Start.Line, above, got, want, listed(after), files[at.Filename].Data)
		}
	}
	return tried
}

// A fataler is a test that can fail.
type fataler interface{ Fatalf(string, ...any) }

// scriptedConfigurations are the configurations of the scripts of diagnostics, by
// the name of the script and of the directory in it.
func scriptedConfigurations(t *testing.T) map[string]fstest.MapFS {
	scripts, err := filepath.Glob("../testscripts/diagnostics/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	configurations := map[string]fstest.MapFS{}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range txtar.Parse(text).Files {
			directory := path.Dir(file.Name)
			name := strings.TrimSuffix(path.Base(script), ".txtar") + "/" + directory
			if configurations[name] == nil {
				configurations[name] = fstest.MapFS{}
			}
			configurations[name][path.Base(file.Name)] = &fstest.MapFile{Data: file.Data}
		}
	}
	return configurations
}

// Every warning can be ignored by a comment above its line, and by one at the end of
// it, and then nothing is left: not the warning, nor one that the comment is useless.
func TestEveryWarningCanBeIgnored(t *testing.T) {
	tried := map[string]bool{}
	configurations := scriptedConfigurations(t)
	for _, name := range paths(configurations) {
		for _, above := range []bool{true, false} {
			for code := range ignorable(namedTest{t, name}, Input{Everywhere: true}, configurations[name], above) {
				tried[code] = true
			}
		}
	}
	for _, rule := range Rules() {
		if rule.Warning && !tried[rule.Code] && unignorable[rule.Code] == "" {
			t.Errorf("no configuration shows that %s can be ignored", rule.Code)
		}
	}
}

// A namedTest is a test that says on what it failed, and goes on.
type namedTest struct {
	*testing.T
	name string
}

func (t namedTest) Fatalf(format string, args ...any) {
	t.Errorf("%s: %s", t.name, fmt.Sprintf(format, args...))
}

// The same of random configurations, and of warnings where a comment is hard to place.
func TestEveryWarningOfADraftCanBeIgnored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration")
		ignorable(t, d.input(nil), d.files(), rapid.Bool().Draw(t, "above"))
	})
}

// Where a value takes several lines, or makes several blocks, a comment above it is
// enough.
func TestWarningsOfSeveralLinesCanBeIgnored(t *testing.T) {
	for _, c := range []struct{ code, blocks string }{
		{"IVR623", "message \"m\" {\n  text = <<-EOT\n    Hello\n    {{name}}\n  EOT\n}"},
		{"IVR623", "locals {\n  hi = <<-EOT\n    {{name}}\n  EOT\n}\nmessage \"m\" {\n  text = local.hi\n}"},
		{"IVR623", "message \"m\" {\n  text = join(\" \", [\"a\",\n    <<-EOT\n      {{name}}\n    EOT\n  ])\n}"},
		{"IVR623", "message \"m\" {\n  text = <<-EOT\n    a ${\n    true ?\n    \"{{name}}\" :\n    \"b\"}\n  EOT\n}"},
		{"IVR623", "message \"m\" {\r\n  text = \"{{name}}\"\r\n}"},
		{"IVR605", "message \"m\" { text = \"Hello\" }\ndynamic \"user\" {\n  for_each = {\n    a = \"+12115550200\"\n    b = \"+12115550201\"\n  }\n  iterator = each\n  labels   = [each.key]\n  content {\n    phone = each.value\n  }\n}"},
		{"IVR602", "message \"m\" {\n  text = \"Hello\"\n  then = menu.m\n}\nmenu \"m\" {\n  dynamic \"option\" {\n    for_each = [\"1\", \"2\"]\n    labels   = [option.value]\n    content {\n      label = \"sales\"\n      to    = stock.goodbye\n    }\n  }\n}"},
	} {
		text := "project \"x\" {}\nnumber \"main\" {\n  phone_number = \"+14155550100\"\n  to           = message.m\n}\n" + c.blocks
		tried := ignorable(t, Input{}, fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}, true)
		if !tried[c.code] {
			t.Errorf("there is no warning %s:\n%s", c.code, text)
		}
	}
}

// A comment that is needed in one state of the variables is not called useless in
// another.
func TestIgnoredInEveryState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSketch(t, false)
		s.ignored = make([]bool, len(s.ignored))
		files := fstest.MapFS{"main.ivr.hcl": {Data: []byte(s.text())}}
		_, found := Compile(Input{Files: files, Variables: s.given()})
		lines := map[int]bool{}
		for _, d := range slices.Backward(found) {
			if at := diagnostic.SubjectOf(d); d.Severity == hcl.DiagWarning && !lines[at.Start.Line] { // a second comment for one line would be one too many
				lines[at.Start.Line] = true
				files = withComment(files, d, true)
			}
		}
		for range 4 {
			s.states[0], s.states[1] = s.states[1], !s.states[0]
			_, diags := Compile(Input{Files: files, Variables: s.given()})
			if text := listed(diags); strings.Contains(text, "IVR608") {
				t.Fatalf("with %v:\n%s\n%s", s.states, text, files["main.ivr.hcl"].Data)
			}
		}
	})
}
