package diagram

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fixedTexts lists every fixed text of the page and the sheets: what the sources
// hand to a vocabulary, and what the tables of words hold.
func fixedTexts(t *testing.T) []string {
	t.Helper()
	texts := map[string]bool{"%s h": true, "%s min": true, "%s s": true, "1 number": true, "%s numbers": true}
	for _, name := range sourceFiles(t) {
		source := readSource(t, name)
		for _, match := range regexp.MustCompile(`(?:\.of|\.with|\bword|\tadd)\("([^"]+)"`).FindAllStringSubmatch(source, -1) {
			texts[match[1]] = true
		}
	}
	for _, match := range pageWord.FindAllStringSubmatch(part("page/page.html"), -1) {
		texts[match[1]] = true
	}
	for _, table := range []map[string]string{knownOutcomes, knownSettings, knownRoles} {
		for _, text := range table {
			texts[text] = true
		}
	}
	for _, l := range looks {
		if l.word != "" {
			texts[l.word] = true
		}
	}
	for _, h := range highlights {
		if h.noun != "" {
			texts["1 "+h.noun], texts["%s "+h.noun+"s"] = true, true
		}
		if h.word != "" {
			texts[h.word] = true
		}
	}
	for _, value := range []string{"default", "offline", "online", "sequential", "simultaneous", "yes"} {
		texts[value] = true
	}
	for _, column := range csvHeader {
		texts[column+"|column"] = true
	}
	delete(texts, "%s") // is the same in every language
	return slices.Sorted(maps.Keys(texts))
}

// Every fixed text has its translation in every language, with the same values
// in it, and no file has any other.
func TestTranslationsAreWhole(t *testing.T) {
	want := fixedTexts(t)
	if len(want) < 150 {
		t.Fatalf("the sources have only %d fixed texts", len(want))
	}
	files, err := translations.ReadDir("words")
	if err != nil || len(files) != 10 {
		t.Fatalf("%d files of translations (%v)", len(files), err)
	}
	for _, file := range files {
		raw, err := translations.ReadFile("words/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		var translated map[string]string
		if err := json.Unmarshal(raw, &translated); err != nil {
			t.Fatalf("%s: %v", file.Name(), err)
		}
		got := slices.Sorted(maps.Keys(translated))
		if !strings.Contains(file.Name(), "-") {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: -in the sources +translated:\n%s", file.Name(), diff)
			}
		}
		for _, english := range got {
			if !slices.Contains(want, english) {
				t.Errorf("%s: nothing says %q", file.Name(), english)
			}
			text := translated[english]
			if strings.Count(text, "%s") != strings.Count(english, "%s") || strings.Count(text, "%") != strings.Count(english, "%") {
				t.Errorf("%s: %q has other values than %q", file.Name(), text, english)
			}
			if text == "" || strings.ContainsAny(text, "|\n") {
				t.Errorf("%s: %q is %q", file.Name(), english, text)
			}
		}
	}
}

func TestWordsOf(t *testing.T) {
	for tag, want := range map[string][3]string{
		"de-DE":      {"de-DE", "auflegen", "Einstellungen"},
		"DE-de":      {"de-DE", "auflegen", "Einstellungen"},
		"es-ES":      {"es-ES", "colgar", "Ajustes"},
		"es-MX":      {"es-MX", "colgar", "Configuración"},
		"en-US":      {"en-US", "hang up", "Settings"},
		"en-GB":      {"en-GB", "hang up", "Settings"},
		"":           {"en", "hang up", "Settings"},
		"sv-SE":      {"en", "hang up", "Settings"},
		"../words":   {"en", "hang up", "Settings"},
		`"><script>`: {"en", "hang up", "Settings"},
	} {
		words, lang := wordsOf(tag)
		if got := [3]string{lang, words.of("hang up"), words.of("Settings")}; got != want {
			t.Errorf("%q: got %q, want %q", tag, got, want)
		}
	}
}

// A page and a sheet in a language have none of the English texts.
func TestPageAndSheetsSpeakTheLanguage(t *testing.T) {
	_, b := load(t, "testdata/small.txtar")
	b.Manifest.Language = "de-DE"
	text := page(t, b)
	sheets := Sheets(b)
	said := Index(b, sheets) + sheets[0].Markdown + sheets[0].CSV
	for _, word := range []string{
		`<html lang="de-DE"`, ">Probeanruf<", "Rufgruppe sales", "besetzt", "Warteschleife voll", "20 s, 2 Durchgänge", "„Please leave a message after the tone.“",
	} {
		if !strings.Contains(text, word) {
			t.Errorf("the page does not have %q", word)
		}
	}
	for _, word := range []string{"## Tasten", "Die Rufnummern von", "Wenn sich niemand meldet: „", "Der Anruf endet.", ",führt zu,", "Rufnummer unterdrückt"} {
		if !strings.Contains(said, word) {
			t.Errorf("the sheets do not have %q:\n%s", word, said)
		}
	}
	body := without(without(text, "<script", "</script>"), "<style>", "</style>")
	for _, word := range []string{"Walk a call", "ring group", "queue full", "hang up", "Zoom", "The call ends", "## Keys", "leads to", "Callers"} {
		if strings.Contains(body+said, word) {
			t.Errorf("%q is English", word)
		}
	}
}

// sourceFiles lists the sources of the package and of the page.
func sourceFiles(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, name := range glob(t, "*.go") {
		if !strings.HasSuffix(name, "_test.go") && name != "translate.go" {
			names = append(names, name)
		}
	}
	return append(names, glob(t, path.Join("page", "*.js"))...)
}
