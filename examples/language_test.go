package examples_test

import (
	"bytes"
	"cmp"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
)

// TestEveryLanguageIsItsOwn listens to every document of the examples whose calls have
// several languages.
func TestEveryLanguageIsItsOwn(t *testing.T) {
	var several []string
	for _, example := range exampleNames() {
		b := compileExample(t, example)
		if !speaksSeveral(b) {
			continue
		}
		several = append(several, example)
		said, faults := listen(t, b)
		for _, fault := range faults {
			t.Errorf("%s: %s", example, fault)
		}
		for text := range said[b.Manifest.Language] {
			for language := range said {
				if language != b.Manifest.Language && said[language][text] {
					t.Errorf("%s: %q is said in %s, too", example, text, language)
				}
			}
		}
	}
	if !slices.Contains(several, "clinic") || !slices.Contains(several, "helpline") {
		t.Errorf("only %v have several languages", several)
	}
}

// speaksSeveral reports whether there are calls in another language than the project's.
func speaksSeveral(b *bundle.Bundle) bool {
	return slices.ContainsFunc(b.Blocks(), func(b bundle.Block) bool { return b.Language != "" })
}

// TestNothingIsInTheWrongLanguage listens to every document of the helpline, which
// speaks two languages, as it is and closed for an emergency: what is said in a
// document is in the language of the block to which it belongs, or of the block to
// which its answer leads.
func TestNothingIsInTheWrongLanguage(t *testing.T) {
	result, diags := compiler.Compile(compiler.Input{Files: os.DirFS("examples/helpline"), CallTests: true})
	if len(diags) > 0 || len(result.States) != 1 {
		t.Fatalf("there are %d other states: %v", len(result.States), diags)
	}
	said, faults := listen(t, result.Bundle)
	closed, more := listen(t, result.States[0].Bundle)
	faults = append(faults, more...)
	for language := range closed {
		maps.Copy(said[language], closed[language])
	}
	for _, fault := range faults {
		t.Error(fault)
	}
	for _, language := range []string{"en-US", "es-MX"} {
		if len(said[language]) < 15 {
			t.Errorf("only %d texts are said in %s", len(said[language]), language)
		}
	}
	if !said["es-MX"]["Harbor Helpline no atiende hoy debido a una emergencia. Si alguien está en peligro, cuelgue y llame al 9 1 1."] {
		t.Error("nothing is said of an emergency")
	}
	for text := range said["en-US"] {
		if said["es-MX"][text] {
			t.Errorf("%q is said in both languages", text)
		}
	}
}

// TestWrongLanguageIsHeard turns the language of all that is said in a document. In
// every document in which something is said, but for questions in two languages,
// that is heard.
func TestWrongLanguageIsHeard(t *testing.T) {
	turned := 0
	for _, example := range []string{"clinic", "helpline"} {
		turned += turnEach(t, compileExample(t, example))
	}
	if turned < 500 {
		t.Errorf("there are only %d documents", turned)
	}
}

// turnEach turns the documents of a bundle one by one, and counts them.
func turnEach(t *testing.T, b *bundle.Bundle) (turned int) {
	t.Helper()
	for name, text := range b.Data {
		if strings.Contains(name+string(text), "menu.language") || !bytes.Contains(text, []byte("<Say")) {
			continue
		}
		other := *b
		other.Data = map[string][]byte{name: turnLanguage(text)}
		if _, faults := listen(t, &other); len(faults) == 0 && at(t, b, name).Block.Kind() != bundle.KindFallback {
			t.Errorf("%s: nothing is heard of\n%s", name, other.Data[name])
		}
		turned++
	}
	return turned
}

// turnLanguage exchanges the two languages of a document.
func turnLanguage(text []byte) []byte {
	return []byte(strings.NewReplacer(`"en-US"`, `"es-MX"`, `"es-MX"`, `"en-US"`).Replace(string(text)))
}

// listen collects what the documents of a bundle say, by language, and what of it is
// in the wrong language.
func listen(t *testing.T, b *bundle.Bundle) (said map[string]map[string]bool, faults []string) {
	t.Helper()
	said = map[string]map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(b.Data)) {
		if !strings.HasSuffix(name, ".xml") {
			continue
		}
		location := at(t, b, name)
		for _, e := range elements(t, b.Data[name]) {
			if e.name != "Say" {
				continue
			}
			language := e.attributes["language"]
			if said[language] == nil {
				said[language] = map[string]bool{}
			}
			said[language][e.text] = true
			if !slices.Contains(expected(b, location, e.text), language) {
				faults = append(faults, name+": in "+language+" is said "+e.text)
			}
		}
	}
	return said, faults
}

// at is where a document belongs.
func at(t *testing.T, b *bundle.Bundle, name string) bundle.DocumentLocation {
	t.Helper()
	location, ok := bundle.NewIndex(b).Locate(name)
	if !ok {
		t.Fatalf("%s belongs to no block", name)
	}
	return location
}

// expected lists the languages in which a text may be said in a document: that of the
// block, and where the call goes on in another one, that one.
func expected(b *bundle.Bundle, at bundle.DocumentLocation, text string) []string {
	whole := func(language string) string { return cmp.Or(language, b.Manifest.Language) }
	if at.Block.Kind() == bundle.KindFallback {
		return fallbackLanguages(b, at.Component.Directory)
	}
	languages := []string{whole(at.Block.Language)}
	for _, e := range at.Block.Exits {
		language := whole(e.Language)
		announced := slices.Contains(at.Block.Messages, bundle.Message{Role: "prompt", Text: text}) && bundle.IsKey(e.On)
		switch {
		case at.Block.Kind() == bundle.KindMenu && e.On == bundle.AnswerKey(at.Answer):
			return []string{language} // nothing of the menu is heard any more
		case at.Block.Kind() == bundle.KindNumber:
			return []string{language} // which answers the call
		case at.Block.Kind() == bundle.KindCallers, announced:
			languages = append(languages, language)
		}
	}
	return languages
}

// fallbackLanguages are those of the numbers whose calls come to a fallback.
func fallbackLanguages(b *bundle.Bundle, directory string) []string {
	var languages []string
	for _, n := range b.Manifest.Numbers {
		if !strings.HasPrefix(cmp.Or(n.Fallback, b.Manifest.Fallback), directory+"/") {
			continue
		}
		for _, block := range b.Blocks() {
			if block.Address == bundle.KindNumber+"."+n.Name {
				languages = append(languages, cmp.Or(block.Setting("language"), b.Manifest.Language))
			}
		}
	}
	return languages
}
