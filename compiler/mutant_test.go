package compiler

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// Mutants: bundles that somebody has altered by hand, as they would with a text
// editor, and whose manifest was made anew so that no digest tells.

// A mutation alters one document, or tells that it does not apply.
type mutation struct {
	name  string
	alter func(m *mutator, file, text string) (string, bool)
}

// A mutator alters bundles by chance.
type mutator struct {
	*rand.Rand
	b    *bundle.Bundle
	pair string // the other document that was altered, if there is one
}

var (
	verbLine  = regexp.MustCompile(`(?m)^  <(\w+)[^\n]*(?:/>|</\w+>)\n|(?ms)^  <(?:Gather|Dial)[^>]*>\n.*?^  </(?:Gather|Dial)>\n`)
	sayText   = regexp.MustCompile(`(<Say[^>]*>)([^<]+)(</Say>)`)
	digit     = regexp.MustCompile(`[0-9]`)
	letter    = regexp.MustCompile(`[a-z]`)
	linkText  = regexp.MustCompile(`(action="|waitUrl="|<Redirect[^>]*>|<Play>| url=")([^"<]+)`)
	attribute = regexp.MustCompile(` (?:numDigits|finishOnKey|timeout|record|callerId|maxLength|url|waitUrl|transcribe|recordingStatusCallback|loop)="[^"]*"`)
	queueText = regexp.MustCompile(`(<Enqueue[^>]*>|<Queue>)([^<]+)`)
	phone     = regexp.MustCompile(`(<(?:Number|Client|Sip)[^>]*>)([^<]+)`)
	method    = regexp.MustCompile(` (?:method|waitUrlMethod)="GET"`)
	action    = regexp.MustCompile(` action="[^"]*"`)
	timeout   = regexp.MustCompile(`timeout="\d+"`)
)

// mutations is what can happen to a document.
var mutations = []mutation{
	{"digit swapped in a text", inText(func(m *mutator, s string) string { return m.replace(digit, s, m.otherDigit) })},
	{"letter changed in a text", inText(func(m *mutator, s string) string {
		return m.replace(letter, s, func(string) string { return "q" })
	})},
	{"text emptied", inText(func(*mutator, string) string { return "" })},
	{"ampersand not escaped", inText(func(_ *mutator, s string) string { return s + " & more" })},
	{"angle not escaped", inText(func(_ *mutator, s string) string { return s + " <3" })},
	{"digit swapped in a link", sub(linkText, 2, func(m *mutator, s string) string { return m.replace(digit, s, m.otherDigit) })},
	{"link to another document", sub(linkText, 2, (*mutator).otherLink)},
	{"exit removed", func(_ *mutator, _, text string) (string, bool) { return withoutVerb(text, -1) }},
	{"verb removed", func(m *mutator, _, text string) (string, bool) { return withoutVerb(text, m.IntN(8)) }},
	{"verb twice", func(m *mutator, _, text string) (string, bool) {
		return m.replaced(verbLine, text, func(s string) string { return s + s })
	}},
	{"verb misspelt", func(m *mutator, _, text string) (string, bool) {
		return m.replaced(regexp.MustCompile(`<(Say|Play|Gather|Hangup|Redirect|Dial|Leave|Record|Enqueue)\b`), text, strings.ToLower)
	}},
	{"POST left in", func(m *mutator, _, text string) (string, bool) {
		return m.replaced(method, text, func(s string) string { return strings.Replace(s, "GET", "POST", 1) })
	}},
	{"method dropped", func(m *mutator, _, text string) (string, bool) { return m.replaced(method, text, nothing) }},
	{"action missing", func(m *mutator, _, text string) (string, bool) { return m.replaced(action, text, nothing) }},
	{"attribute dropped", func(m *mutator, _, text string) (string, bool) { return m.replaced(attribute, text, nothing) }},
	{"timeout 0", func(m *mutator, _, text string) (string, bool) {
		return m.replaced(timeout, text, func(string) string { return `timeout="0"` })
	}},
	{"timeout changed", func(m *mutator, _, text string) (string, bool) {
		return m.replaced(timeout, text, func(string) string { return `timeout="7"` })
	}},
	{"Hangup inserted", before("  <Hangup/>\n")},
	{"Leave inserted", before("  <Leave/>\n")},
	{"long silence inserted", before("  <Pause length=\"60\"/>\n")},
	{"Redirect to itself", func(m *mutator, file, text string) (string, bool) {
		return before(`  <Redirect method="GET">`+path.Base(file)+"</Redirect>\n")(m, file, text)
	}},
	{"ends with a Redirect to itself", func(m *mutator, file, text string) (string, bool) {
		rest, _ := withoutVerb(text, -1)
		return strings.Replace(rest, "</Response>", `  <Redirect method="GET">`+path.Base(file)+"</Redirect>\n</Response>", 1), true
	}},
	{"truncated", func(m *mutator, _, text string) (string, bool) { return text[:m.IntN(len(text)-1)], true }},
	{"blank before the declaration", func(_ *mutator, _, text string) (string, bool) { return "\n" + text, true }},
	{"empty document", func(_ *mutator, _, text string) (string, bool) {
		return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n</Response>\n", true
	}},
	{"queue name altered", sub(queueText, 2, func(m *mutator, s string) string { return s + "s" })},
	{"number altered", sub(phone, 2, func(m *mutator, s string) string {
		if digit.MatchString(s) {
			return m.replace(digit, s, m.otherDigit)
		}
		return s + "x"
	})},
	{"Leave removed", func(_ *mutator, _, text string) (string, bool) {
		return strings.Replace(text, "  <Leave/>\n", "", 1), strings.Contains(text, "<Leave/>")
	}},
	{"prompt removed", func(m *mutator, _, text string) (string, bool) {
		return m.replaced(regexp.MustCompile(`(?m)^    <(?:Say|Play).*\n`), text, nothing)
	}},
	{"another document's text", func(m *mutator, file, _ string) (string, bool) {
		return string(m.b.Data[m.document()]), true
	}},
	{"the text of the answer beside it", func(m *mutator, file, _ string) (string, bool) {
		other := m.sibling(file)
		return string(m.b.Data[other]), other != ""
	}},
	{"names of two answers exchanged", func(m *mutator, file, _ string) (string, bool) {
		m.pair = m.sibling(file)
		return string(m.b.Data[m.pair]), m.pair != ""
	}},
	{"noun removed", func(m *mutator, _, text string) (string, bool) {
		return m.replaced(regexp.MustCompile(`(?m)^    <(?:Number|Client|Sip|Queue).*\n`), text, nothing)
	}},
	{"attribute inserted", func(m *mutator, _, text string) (string, bool) {
		return m.replaced(regexp.MustCompile(`<(Say|Play|Dial|Gather|Record)\b`), text, func(s string) string {
			return s + map[string]string{"<Say": ` loop="2"`, "<Play": ` loop="2"`, "<Dial": ` timeLimit="30"`, "<Gather": ` actionOnEmptyResult="true"`, "<Record": ` playBeep="false"`}[s]
		})
	}},
	{"word removed", inText(func(m *mutator, s string) string {
		words := strings.Fields(s)
		i := m.IntN(len(words))
		return strings.Join(slices.Delete(words, i, i+1), " ")
	})},
	{"deleted", func(*mutator, string, string) (string, bool) { return "", true }},
}

func nothing(string) string { return "" }

// inText alters the text of a Say.
func inText(change func(*mutator, string) string) func(*mutator, string, string) (string, bool) {
	return sub(sayText, 2, change)
}

// sub alters one part of what an expression finds.
func sub(form *regexp.Regexp, part int, change func(*mutator, string) string) func(*mutator, string, string) (string, bool) {
	return func(m *mutator, _, text string) (string, bool) {
		all := form.FindAllStringSubmatchIndex(text, -1)
		if len(all) == 0 {
			return "", false
		}
		at := all[m.IntN(len(all))]
		from, to := at[2*part], at[2*part+1]
		return text[:from] + change(m, text[from:to]) + text[to:], true
	}
}

// before inserts a verb before another.
func before(verb string) func(*mutator, string, string) (string, bool) {
	return func(m *mutator, _, text string) (string, bool) {
		return m.replaced(verbLine, text, func(s string) string { return verb + s })
	}
}

// replace changes one of what an expression finds.
func (m *mutator) replace(form *regexp.Regexp, text string, change func(string) string) string {
	text, _ = m.replaced(form, text, change)
	return text
}

func (m *mutator) replaced(form *regexp.Regexp, text string, change func(string) string) (string, bool) {
	all := form.FindAllStringIndex(text, -1)
	if len(all) == 0 {
		return text, false
	}
	at := all[m.IntN(len(all))]
	return text[:at[0]] + change(text[at[0]:at[1]]) + text[at[1]:], true
}

func (m *mutator) otherDigit(d string) string {
	return string('0' + (d[0]-'0'+1+byte(m.IntN(9)))%10)
}

// otherLink is a link to another place of the bundle.
func (m *mutator) otherLink(link string) string {
	if strings.Contains(link, "://") {
		return link + "x"
	}
	if m.IntN(2) == 0 {
		return path.Join(path.Dir(link), path.Base(m.document()))
	}
	return "../" + m.document()
}

// withoutVerb takes away the n-th verb of a document, counted from its end if n is
// negative.
func withoutVerb(text string, n int) (string, bool) {
	all := verbLine.FindAllStringIndex(text, -1)
	if n < 0 {
		n += len(all)
	}
	if n < 0 || n >= len(all) {
		return text, false
	}
	return text[:all[n][0]] + text[all[n][1]:], true
}

// document is the path of any document.
func (m *mutator) document() string {
	for {
		if f := m.b.Manifest.Files[m.IntN(len(m.b.Manifest.Files))].Path; strings.HasSuffix(f, ".xml") {
			return f
		}
	}
}

// sibling is another answer to the decision that a document answers.
func (m *mutator) sibling(file string) string {
	at, _, _ := strings.Cut(path.Base(file), ".")
	var others []string
	for _, f := range m.b.Manifest.Files {
		if strings.HasPrefix(f.Path, path.Dir(file)+"/"+at+".") && f.Path != file {
			others = append(others, f.Path)
		}
	}
	if len(others) == 0 {
		return ""
	}
	return others[m.IntN(len(others))]
}

// A mutant is a bundle in which one document was altered.
type mutant struct {
	*bundle.Bundle
	mutation, file string
	text           string
}

func (m *mutant) String() string {
	return fmt.Sprintf("%s in %s", m.mutation, m.file)
}

// mutant alters a bundle in one way: a document to which that can be done, and
// in which it makes a difference.
func (m *mutator) mutant(kind mutation) *mutant {
	for range 10_000 {
		file := m.document()
		m.pair = ""
		text, ok := kind.alter(m, file, string(m.b.Data[file]))
		if ok && !equivalent(m.b.Data[file], text, kind.name) {
			altered := m.with(file, text, kind.name == "deleted")
			if m.pair != "" {
				other := &mutator{b: altered}
				altered = other.with(m.pair, string(m.b.Data[file]), false)
			}
			return &mutant{altered, kind.name, file, text}
		}
	}
	return nil // the bundle has no such document
}

// equivalent reports whether Twilio reads the altered document as it reads the
// original: the same verbs, or the same fatal fault, and no more to warn of. Then
// nobody who calls can notice that anything was altered.
func equivalent(was []byte, text, kind string) bool {
	if kind == "deleted" {
		return false
	}
	verbs, faults := twiml.Decode(was)
	now, more := twiml.Decode([]byte(text))
	return reflect.DeepEqual(verbs, now) && reflect.DeepEqual(faults, more)
}

// with is a bundle with another text for a document, or without it, and with a
// manifest that says so.
func (m *mutator) with(file, text string, deleted bool) *bundle.Bundle {
	altered := *m.b
	altered.Data = maps.Clone(m.b.Data)
	altered.Manifest.Files = slices.Clone(m.b.Manifest.Files)
	i, _ := slices.BinarySearchFunc(altered.Manifest.Files, file, func(f bundle.FileRow, p string) int { return cmp.Compare(f.Path, p) })
	if deleted {
		delete(altered.Data, file)
		altered.Manifest.Files = slices.Delete(altered.Manifest.Files, i, i+1)
	} else {
		origin := altered.Manifest.Files[i].Origin
		altered.Data[file] = bytes.Clone([]byte(text))
		altered.Manifest.Files[i] = bundle.NewFile(file, altered.Data[file])
		altered.Manifest.Files[i].Origin = origin
	}
	altered.Seal()
	return &altered
}
