package host

import (
	"embed"
	"fmt"
	"strings"
)

// Each file of a configuration is embedded as it will look, with tags where it
// depends on the bundle's format or on the location:
//
//	map $uri $ivrc_document {
//	    default "";
//	«each decision»
//	    "~^«regexp prefix»(?<ivrc_«decision»_path>/…)$" $ivrc_«decision»_path.$ivrc_«decision».xml;
//	«end»
//	}
//
// The tags are:
//
//	«folder»                   the fact with this name
//	«regexp folder»            the same, put through one of the functions below
//	«each decision» … «end»    the text between them, once for each row of a list
//	«if prefix» … «else» … «end»   one of two texts; the fact is not empty, or it is
//	«file javascript/answer.js»    another embedded file, filled in the same way
//
// A row has facts of its own, and sees those around it. A line that holds one of
// the last three kinds and nothing else leaves no line behind.
//
// This is not text/template because that calls methods by name: the linker would
// have to keep every method of every library, which are 4 MB.

//go:embed apache caddy cloudflare cloudfront javascript netlify nginx nginx-njs twilio-function twiml-bin vercel
var texts embed.FS

// A scope holds the facts that a text may name.
type scope struct {
	facts  map[string]string
	lists  map[string][]*scope
	around *scope // consulted for what this one lacks; nil for the outermost
}

// functions are what can be written before the name of a fact.
var functions = map[string]func(string) string{
	"bare":    func(contentType string) string { bare, _, _ := strings.Cut(contentType, ";"); return bare },
	"lower":   strings.ToLower,
	"once":    once,
	"only":    only,
	"quoted":  func(text string) string { return strings.ReplaceAll(text, `"`, `\"`) },
	"regexp":  quoteRegexp,
	"slashed": func(text string) string { return strings.ReplaceAll(quoteRegexp(text), "/", `\/`) },
}

// fillFile returns an embedded file with its tags replaced.
func fillFile(name string, s *scope) (string, error) {
	text, err := texts.ReadFile(name)
	if err != nil {
		return "", err
	}
	return fill(string(text), s)
}

// fill returns a text with its tags replaced. An error is a mistake in the text.
func fill(text string, s *scope) (string, error) {
	f := filler{text: text}
	if _, closing := f.fill(0, s); closing != "" {
		f.fail("«%s» closes nothing", closing)
	}
	return f.out.String(), f.err
}

// A filler replaces the tags of one text.
type filler struct {
	text string
	out  strings.Builder
	err  error // the first mistake
}

func (f *filler) fail(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf(format, args...)
	}
}

// fill writes the text from a position to the tag that closes it, which is "end",
// "else", or "" at the end of the text, and returns the position behind that tag.
// Without a scope it writes nothing.
func (f *filler) fill(at int, s *scope) (next int, closing string) {
	for {
		start, tag, end := f.tag(at)
		if s != nil {
			f.out.WriteString(f.text[at:start])
		}
		at = end
		word, name, _ := strings.Cut(tag, " ")
		switch word {
		case "", "end", "else":
			return at, word
		case "each":
			at = f.each(at, name, s)
		case "if":
			at = f.choose(at, name, s)
		case "file":
			f.include(name, s)
		default:
			f.out.WriteString(f.value(tag, s))
		}
	}
}

// tag finds the next tag: where it starts, what it says, and where the text goes on.
func (f *filler) tag(at int) (start int, tag string, end int) {
	i := strings.Index(f.text[at:], "«")
	if i < 0 {
		return len(f.text), "", len(f.text)
	}
	start = at + i
	tag, _, closed := strings.Cut(f.text[start+len("«"):], "»")
	if !closed {
		f.fail("a tag is not closed: %.40q", f.text[start:])
		return start, "", len(f.text)
	}
	end = start + len("«") + len(tag) + len("»")
	word, _, _ := strings.Cut(tag, " ")
	alone := (start == 0 || f.text[start-1] == '\n') && strings.HasPrefix(f.text[end:], "\n")
	switch word {
	case "each", "if", "else", "end", "file":
		if alone {
			end++
		}
	}
	return start, tag, end
}

// each writes the text once for each row of a list.
func (f *filler) each(at int, name string, s *scope) int {
	rows := f.rows(name, s)
	if len(rows) == 0 {
		rows = []*scope{nil} // passes over the text
	}
	next, closing := at, ""
	for _, row := range rows {
		if next, closing = f.fill(at, row); closing != "end" {
			f.fail("«each %s» has no end", name)
		}
	}
	return next
}

// choose writes one of two texts.
func (f *filler) choose(at int, name string, s *scope) int {
	then, otherwise := s, (*scope)(nil)
	if f.value(name, s) == "" {
		then, otherwise = nil, s
	}
	at, closing := f.fill(at, then)
	if closing == "else" {
		at, closing = f.fill(at, otherwise)
	}
	if closing != "end" {
		f.fail("«if %s» has no end", name)
	}
	return at
}

// include writes another file.
func (f *filler) include(name string, s *scope) {
	if s == nil {
		return
	}
	text, err := fillFile(name, s)
	if err != nil {
		f.fail("%s: %w", name, err)
	}
	f.out.WriteString(text)
}

// rows returns a list.
func (f *filler) rows(name string, s *scope) []*scope {
	if s == nil {
		return nil
	}
	for around := s; around != nil; around = around.around {
		if rows, ok := around.lists[name]; ok {
			return rows
		}
	}
	f.fail("there is no list for «each %s»", name)
	return nil
}

// value returns a fact, put through the functions before its name.
func (f *filler) value(tag string, s *scope) string {
	if s == nil {
		return ""
	}
	for around := s; around != nil; around = around.around {
		if value, ok := around.facts[tag]; ok {
			return value
		}
	}
	word, rest, _ := strings.Cut(tag, " ")
	if apply, ok := functions[word]; ok {
		return apply(f.value(rest, s))
	}
	f.fail("there is no fact for «%s»", tag)
	return ""
}

// once and only are the two halves of a Perl regular expression for a parameter
// that the query holds exactly once; the expression for its value stands between
// them.
func once(parameter string) string {
	return "^(?>(?!" + parameter + "(?:[=&]|$))[^&]*+&)*+" + parameter + "="
}

func only(parameter string) string { return "(?!.*&" + parameter + "(?:[=&]|$))" }

// quoteRegexp writes a text so that a regular expression takes it literally. Of
// the characters that mean something there, only * + and . occur.
func quoteRegexp(text string) string {
	return strings.NewReplacer(`*`, `\*`, `+`, `\+`, `.`, `\.`).Replace(text)
}
