package docs

// The language reference is complete, and what it shows compiles.

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/diagram"
)

const languagePage = "docs/language.md"

// sections returns the tables of a page by heading: the code in the first column
// of every row.
func (p *page) sections() map[string][]string {
	sections := map[string][]string{}
	heading := ""
	p.prose(func(_ int, line string) {
		if text := strings.TrimLeft(line, "#"); text != line {
			heading = strings.ReplaceAll(strings.TrimSpace(text), "`", "")
		}
		if match := rowForm.FindStringSubmatch(line); match != nil {
			sections[heading] = append(sections[heading], match[1])
		}
	})
	return sections
}

var rowForm = regexp.MustCompile("^\\| `([^`]*)` \\|")

// Every block has a section, and a row for every attribute; nothing else has.
func TestDocsGrammar(t *testing.T) {
	sections := readPage(t, languagePage).sections()
	for _, block := range grammar(t) {
		want, got := slices.Sorted(slices.Values(block.attributes)), slices.Sorted(slices.Values(sections[block.name]))
		if difference := cmp.Diff(want, got); difference != "" {
			t.Errorf("%s: the rows of section %q are not the attributes of the block (-block +page):\n%s", languagePage, block.name, difference)
		}
	}
}

// The same of the blocks of call tests, and every word of theirs stands in the
// reference once.
func TestDocsCallTests(t *testing.T) {
	page := readPage(t, "docs/testing.md")
	sections := page.sections()
	g := &grammarReader{t: t, file: stage(t, "calltest")}
	g.visit("call", "callConfig")
	for _, block := range g.blocks {
		want, got := slices.Sorted(slices.Values(block.attributes)), slices.Sorted(slices.Values(sections[block.name]))
		if difference := cmp.Diff(want, got); difference != "" {
			t.Errorf("%s: the rows of section %q are not the attributes of the block (-block +page):\n%s", page.name, block.name, difference)
		}
	}
	var want []string
	for _, w := range compiler.CallWords() {
		want = append(want, w.Name)
	}
	var got []string
	for _, row := range append(sections["Steps"], sections["What callees do"]...) {
		name, _, _ := strings.Cut(row, "(")
		got = append(got, name)
	}
	if difference := cmp.Diff(want, got); difference != "" {
		t.Errorf("%s: the words are not those of the language (-language +page):\n%s", page.name, difference)
	}
}

// Every function has a row with an example, and returns what the row says.
func TestDocsFunctions(t *testing.T) {
	p := readPage(t, languagePage)
	form := regexp.MustCompile("^\\| `(\\w+)(\\(.*?)` \\| `(.*?)` \\|")
	documented := map[string]bool{}
	p.prose(func(i int, line string) {
		match := form.FindStringSubmatch(strings.ReplaceAll(line, `\|`, "|"))
		if match == nil {
			return
		}
		documented[match[1]] = true
		if got := evaluate(t, match[1]+match[2]); got != match[3] {
			t.Errorf("%s: %s%s is %s, not %s", p.at(i), match[1], match[2], got, match[3])
		}
	})
	if difference := cmp.Diff(functionNames(t), slices.Sorted(maps.Keys(documented))); difference != "" {
		t.Errorf("%s: the functions with an example are not those of the language (-language +page):\n%s", languagePage, difference)
	}
}

// evaluate returns the value of an expression as JSON, by having a caller hear it.
func evaluate(t *testing.T, expression string) string {
	t.Helper()
	result, diags := compiler.Compile(compiler.Input{Files: fstest.MapFS{
		"main.ivr.hcl": {Data: []byte(fmt.Sprintf(`
			project "example" {}
			message "value" { text = jsonencode({ value = %s }) }
			number "main" {
				phone_number = "+14155550100"
				to           = message.value
			}`, expression))},
		"hours.txt": {Data: []byte("nine to five")},
		"holidays.ics": {Data: []byte(strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
SUMMARY:Thanksgiving Day
DTSTART;VALUE=DATE:20261126
DTEND;VALUE=DATE:20261127
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTAMP:20260101T000000Z
SUMMARY:Christmas
DTSTART;VALUE=DATE:20201225
RRULE:FREQ=YEARLY
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n"))},
	}})
	if diags.HasErrors() {
		return diags.Error()
	}
	for _, component := range result.Bundle.Components {
		if component.Blocks[0].Address == "message.value" {
			text := component.Blocks[0].Messages[0].Text
			return strings.TrimSuffix(strings.TrimPrefix(text, `{"value":`), "}")
		}
	}
	return "nothing"
}

// Every example of the language reference compiles, among the blocks of a small
// configuration that it may refer to and replace.
func TestDocsExamples(t *testing.T) {
	base := []byte(aroundExamples)
	p := readPage(t, languagePage)
	for _, f := range p.fences() {
		if f.info != "hcl" {
			continue
		}
		example := []byte(f.text())
		files := fstest.MapFS{
			"example.ivr.hcl": {Data: example},
			"base.ivr.hcl":    {Data: without(t, base, blocks(t, p.at(f.first), example))},
			"staff.csv":       {Data: []byte("id,name,phone\nerin,Erin,+14155550105\nfrank,Frank,+14155550106\n")},
		}
		for _, name := range []string{"audio/closed.wav", "audio/menu.wav", "audio/music.wav"} {
			files[name] = &fstest.MapFile{Data: tone()}
		}
		_, diags := compiler.Compile(compiler.Input{Files: files})
		for _, d := range diags {
			if d.Severity == hcl.DiagError {
				t.Errorf("%s: this example does not compile: %v", p.at(f.first), d)
			}
		}
		sameAlarms(t, p.at(f.first), files)
	}
}

// sameAlarms checks that the warnings that hold for every value of the variables are
// the same whatever those of type bool are, and that no comment is without effect.
func sameAlarms(t *testing.T, at string, files fstest.MapFS) {
	t.Helper()
	var switches []string
	for _, f := range files {
		for _, m := range boolVariable.FindAllSubmatch(f.Data, -1) {
			switches = append(switches, string(m[1]))
		}
	}
	slices.Sort(switches)
	first := ""
	for state := range 1 << len(switches) {
		var given compiler.Assignments
		for i, name := range switches {
			given.CommandLine = append(given.CommandLine, compiler.Assignment{Name: name, Text: fmt.Sprint(state>>i&1 == 1)})
		}
		_, diags := compiler.Compile(compiler.Input{Files: files, Variables: given})
		found := ""
		for _, d := range diags {
			switch code := compiler.CodeOf(d); code {
			case "IVR601":
				found += d.Error() + "\n"
			case "IVR423", "IVR602", "IVR608":
				t.Errorf("%s: with %v: %v", at, given.CommandLine, d)
			}
		}
		if state == 0 {
			first = found
		} else if found != first {
			t.Errorf("%s: with %v the warnings are others:\n%s\n%s", at, given.CommandLine, first, found)
		}
	}
}

var boolVariable = regexp.MustCompile(`variable "(\w+)" \{\s+type\s+= bool`)

// No example raises a warning, whatever its variables are.
func TestExamplesAlarmNobody(t *testing.T) {
	found, err := filepath.Glob(filepath.FromSlash("examples/*/*.ivr.hcl"))
	if err != nil || len(found) == 0 {
		t.Fatal("there are no examples")
	}
	for i, name := range found {
		found[i] = filepath.Dir(name)
	}
	for _, root := range slices.Compact(found) {
		files := fstest.MapFS{}
		err := filepath.WalkDir(root, func(name string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			within, _ := filepath.Rel(root, name)
			files[filepath.ToSlash(within)] = &fstest.MapFile{Data: data}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		sameAlarms(t, root, files)
		if _, diags := compiler.Compile(compiler.Input{Files: files}); len(diags) > 0 {
			t.Errorf("%s: %v", root, diags)
		}
	}
}

// aroundExamples is what the examples may refer to.
const aroundExamples = `
project "zillum" {}
hosting { base_url = "https://calls.zillum.example" }
user "alice" { phone = "+14155550101" }
user "bob" { client = "bob" }
user "carol" { sip = "sip:carol@zillum.example" }
message "closed" { text = "We are closed today." }
ring_group "sales" { users = [user.alice] }
queue "sales" { agents = ring_group.sales }
voicemail "sales" {}
menu "main" {
  option "1" {
    label = "Sales"
    to    = ring_group.sales
  }
}
number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
`

// blocks parses a file and returns the ranges of its blocks by kind and labels.
func blocks(t *testing.T, at string, text []byte) map[string]hcl.Range {
	t.Helper()
	file, diags := hclsyntax.ParseConfig(text, at, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	found := map[string]hcl.Range{}
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		name := b.Type
		if name != "project" { // of which there is one, whatever its name
			name += " " + strings.Join(b.Labels, " ")
		}
		found[name] = b.Range()
	}
	return found
}

// without is a configuration without the blocks that another one has.
func without(t *testing.T, text []byte, others map[string]hcl.Range) []byte {
	t.Helper()
	rest := slices.Clone(text)
	for name, at := range blocks(t, "base.ivr.hcl", text) {
		if _, replaced := others[name]; replaced {
			for i := at.Start.Byte; i < at.End.Byte; i++ {
				if rest[i] != '\n' {
					rest[i] = ' '
				}
			}
		}
	}
	return rest
}

// tone is one second of silence as a WAV file, 8 kHz, 8 bits.
func tone() []byte {
	const samples = 8000
	header := "RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x40\x1f\x00\x00"
	return append([]byte(header), slices.Repeat([]byte{0x80}, samples)...)
}

// The sheets and the page speak every language that the compiler has texts for.
func TestSheetsAndPageSpeakEveryLanguage(t *testing.T) {
	spoken := languages(t)
	if len(spoken) != 12 {
		t.Fatalf("the compiler has texts in %d languages", len(spoken))
	}
	for _, l := range spoken {
		tag := l["Language"]
		result, diags := compiler.Compile(compiler.Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(fmt.Sprintf(`
project "harbor" { language = %q }
message "hours" { text = "9-17" }
menu "main" {
  option "1" {
    label = "9-17"
    to    = message.hours
  }
}
number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
`, tag))}}})
		if diags.HasErrors() {
			t.Fatalf("%s: %v", tag, diags)
		}
		page, err := diagram.HTML(result.Bundle)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page, `<html lang="`+tag+`"`) {
			t.Errorf("%s: the page has another language", tag)
		}
		page, _, _ = strings.Cut(page, "<noscript>")
		for text, english := range map[string]string{page: ">Walk a call<", diagram.Sheets(result.Bundle)[0].Markdown: "If nothing is pressed:"} {
			if got, want := strings.Contains(text, english), strings.HasPrefix(tag, "en-"); got != want {
				t.Errorf("%s: %q is there: %t", tag, english, got)
			}
		}
	}
}
