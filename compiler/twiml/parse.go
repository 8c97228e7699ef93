package twiml

// How a document becomes a tree of elements. The tokenizer of encoding/xml is
// laxer than XML in a few places, and Twilio is not. Between its tokens this
// file adds what it lacks, working on the bytes that each token came from:
//
//   - nothing may stand before the XML declaration, not even a line break, and
//     the declaration is of version 1.0 and says nothing but UTF-8;
//   - one root element, and nothing but comments around it;
//   - no attribute twice, and white space between any two;
//   - line breaks in the value of an attribute are spaces;
//   - no document type, hence no entities but XML's five;
//   - only characters that XML knows, also in comments and behind "&#".
//
// For example `<Say voice="man"loop="2"/>` is refused for a missing space.

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An element is one XML element as it is written, before it means anything.
type element struct {
	name       string
	line       int
	attributes []pair
	content    []piece
}

// A pair is one attribute.
type pair struct{ name, value string }

// A piece of an element's content is a text or, where child is set, an element.
type piece struct {
	text  string
	child *element
}

// blank is what XML calls white space.
const blank = " \t\r\n"

// parse reads a document into its root element.
func parse(doc []byte) (*element, *Fault) {
	if len(doc) > maxDocument {
		return nil, fatal(codeTooLarge, 1, "the document has %d bytes; Twilio reads at most %d", len(doc), maxDocument)
	}
	if len(bytes.Trim(doc, blank)) == 0 {
		return nil, fatal(codeEmpty, 1, "the document is empty; it needs at least <Response/>")
	}
	if fault := checkCharacters(doc); fault != nil {
		return nil, fault
	}
	rest, fault := prologue(doc)
	if fault != nil {
		return nil, fault
	}
	b := builder{doc: rest, before: bytes.Count(doc[:len(doc)-len(rest)], []byte{'\n'})}
	b.tokens = xml.NewDecoder(bytes.NewReader(rest))
	for {
		more, fault := b.next()
		if fault != nil {
			return nil, fault
		}
		if !more {
			return b.end()
		}
	}
}

// checkCharacters finds bytes that are not UTF-8 or not characters of XML.
func checkCharacters(doc []byte) *Fault {
	if bytes.HasPrefix(doc, []byte("\ufeff")) {
		return fatal(codeMalformed, 1, "a byte-order mark stands before the XML declaration; save the document without it")
	}
	for i := 0; i < len(doc); {
		c, size := utf8.DecodeRune(doc[i:])
		if c == utf8.RuneError && size == 1 || !inXML(c) {
			line := 1 + bytes.Count(doc[:i], []byte{'\n'})
			return fatal(codeMalformed, line, "byte %d is not a character that XML knows; write UTF-8 without control characters", i)
		}
		i += size
	}
	return nil
}

// inXML tells whether XML 1.0 knows the character.
func inXML(c rune) bool {
	switch {
	case c < ' ':
		return c == '\t' || c == '\n' || c == '\r'
	case c < 0xE000:
		return c < 0xD800
	}
	return c <= utf8.MaxRune && c != 0xFFFE && c != 0xFFFF
}

// prologue checks the XML declaration, if there is one, and returns what
// follows it.
func prologue(doc []byte) ([]byte, *Fault) {
	if first := bytes.TrimLeft(doc, blank); len(first) < len(doc) && isDeclaration(first) {
		return nil, fatal(codeMalformed, 1, "white space stands before the XML declaration; nothing may")
	}
	if !isDeclaration(doc) {
		return doc, nil
	}
	end := bytes.Index(doc, []byte("?>"))
	if end < 0 {
		return nil, fatal(codeMalformed, 1, "the XML declaration has no end; it ends with ?>")
	}
	// The declaration is written like a tag, so it is read as one.
	tag := "<xml" + string(doc[len("<?xml"):end]) + "/>"
	token, err := xml.NewDecoder(strings.NewReader(tag)).RawToken()
	start, ok := token.(xml.StartElement)
	if err != nil || !ok {
		return nil, fatal(codeMalformed, 1, "the XML declaration is malformed; write %s", strings.TrimSpace(declaration))
	}
	return doc[end+len("?>"):], checkDeclaration(tag, start.Attr)
}

// isDeclaration tells whether b begins with an XML declaration.
func isDeclaration(b []byte) bool {
	return len(b) > 5 && bytes.HasPrefix(b, []byte("<?xml")) && strings.IndexByte(blank+"?", b[5]) >= 0
}

// checkDeclaration checks what the declaration, written as a tag, says.
func checkDeclaration(tag string, says []xml.Attr) *Fault {
	malformed := fatal(codeMalformed, 1, "the XML declaration is malformed; write %s", strings.TrimSpace(declaration))
	order := []string{"version", "encoding", "standalone"}
	if _, spaced := tidyTag([]byte(tag)); !spaced || len(says) == 0 || says[0].Name.Local != "version" {
		return malformed
	}
	for _, a := range says {
		for len(order) > 0 && order[0] != a.Name.Local {
			order = order[1:]
		}
		if len(order) == 0 || a.Name.Space != "" {
			return malformed
		}
		order = order[1:]
		switch value := a.Value; a.Name.Local {
		case "version":
			if value != "1.0" {
				return fatal(codeVersion, 1, "the XML version is %q; Twilio reads 1.0", value)
			}
		case "encoding":
			if !strings.EqualFold(value, "UTF-8") && !strings.EqualFold(value, "US-ASCII") {
				return fatal(codeMalformed, 1, "the document says it is encoded in %s; whether Twilio reads that is not documented, so write UTF-8", value)
			}
		case "standalone":
			if value != "yes" && value != "no" {
				return malformed
			}
		}
	}
	return nil
}

// A builder makes the tree from the tokens of doc, which begins after line
// before of the whole document.
type builder struct {
	tokens *xml.Decoder
	doc    []byte
	before int
	root   *element
	open   []*element
}

// next takes one token. It reports whether there can be more.
func (b *builder) next() (bool, *Fault) {
	from := b.tokens.InputOffset()
	row, _ := b.tokens.InputPos()
	line := b.before + row
	token, err := b.tokens.RawToken()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return false, fatal(codeMalformed, b.before+syntax.Line, "the document is not well-formed XML: %s%s", syntax.Msg, advice(syntax.Msg))
	}
	if err != nil {
		return false, fatal(codeMalformed, line, "the document is not well-formed XML: %v", err)
	}
	raw := b.doc[from:b.tokens.InputOffset()]
	switch t := token.(type) {
	case xml.StartElement:
		return true, b.start(raw, t, line)
	case xml.EndElement:
		return true, b.close(name(t.Name), line)
	case xml.CharData:
		return true, b.text(raw, string(t), line)
	case xml.ProcInst:
		if strings.EqualFold(t.Target, "xml") {
			return false, fatal(codeMalformed, line, "an XML declaration stands inside the document; nothing may stand before it")
		}
	case xml.Directive:
		return false, fatal(codeMalformed, line, "a document type stands in the document; Twilio takes none")
	}
	return true, nil
}

// advice adds what to do about the commonest mistake.
func advice(message string) string {
	if strings.Contains(message, "character entity") {
		return "; write & as &amp;"
	}
	return ""
}

// start opens an element.
func (b *builder) start(raw []byte, t xml.StartElement, line int) *Fault {
	e := &element{name: name(t.Name), line: line}
	tidy, spaced := tidyTag(raw)
	if !spaced {
		return fatal(codeMalformed, line, "two attributes of <%s> have no space between them", e.name)
	}
	if surrogate(raw) {
		return fatal(codeMalformed, line, "an attribute of <%s> refers to a number that is not a character", e.name)
	}
	if len(tidy) > 0 {
		if again, err := xml.NewDecoder(bytes.NewReader(tidy)).RawToken(); err == nil {
			t, _ = again.(xml.StartElement)
		}
	}
	for _, a := range t.Attr {
		p := pair{name(a.Name), a.Value}
		for _, other := range e.attributes {
			if other.name == p.name {
				return fatal(codeMalformed, line, "<%s> has the attribute %s twice", e.name, p.name)
			}
		}
		e.attributes = append(e.attributes, p)
	}
	switch {
	case len(b.open) > 0:
		parent := b.open[len(b.open)-1]
		parent.content = append(parent.content, piece{child: e})
	case b.root != nil:
		return fatal(codeMalformed, line, "a second root element <%s> follows the first; a document has one", e.name)
	default:
		b.root = e
	}
	b.open = append(b.open, e)
	return nil
}

// close ends the innermost element.
func (b *builder) close(name string, line int) *Fault {
	if len(b.open) == 0 {
		return fatal(codeMalformed, line, "</%s> ends an element that was not begun", name)
	}
	last := b.open[len(b.open)-1]
	if last.name != name {
		return fatal(codeMalformed, line, "</%s> ends <%s> of line %d; names must match, also in case", name, last.name, last.line)
	}
	b.open = b.open[:len(b.open)-1]
	return nil
}

// text takes character data, which outside the root may only be blank.
func (b *builder) text(raw []byte, text string, line int) *Fault {
	cdata := bytes.HasPrefix(raw, []byte("<![CDATA["))
	if !cdata && surrogate(raw) {
		return fatal(codeMalformed, line, "a reference to a number that is not a character")
	}
	if len(b.open) == 0 {
		if cdata || len(bytes.Trim(raw, blank)) > 0 {
			return fatal(codeMalformed, line, "text stands outside the root element")
		}
		return nil
	}
	parent := b.open[len(b.open)-1]
	parent.content = append(parent.content, piece{text: text})
	return nil
}

// end returns the root when the tokens are used up.
func (b *builder) end() (*element, *Fault) {
	if len(b.open) > 0 {
		last := b.open[len(b.open)-1]
		return nil, fatal(codeMalformed, last.line, "<%s> is not ended", last.name)
	}
	if b.root == nil {
		return nil, fatal(codeMalformed, 1, "the document has no element; it needs at least <Response/>")
	}
	return b.root, nil
}

// name is a name as it is written, with its prefix.
func name(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// tidyTag reports whether white space stands before every attribute of a tag.
// Where a value holds line breaks or tabs it returns the tag with spaces
// instead of them, otherwise nil.
func tidyTag(raw []byte) (tidy []byte, spaced bool) {
	var quote byte
	broken := false
	for i, c := range raw {
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
			if i+1 < len(raw) && strings.IndexByte(blank+"/>", raw[i+1]) < 0 {
				return nil, false
			}
		case quote != 0 && (c == '\t' || c == '\n' || c == '\r'):
			broken = true
		}
	}
	if !broken {
		return nil, true
	}
	tidy = bytes.ReplaceAll(raw, []byte("\r\n"), []byte{' '})
	for i, c := range tidy {
		if c == '\t' || c == '\n' || c == '\r' {
			tidy[i] = ' '
		}
	}
	return tidy, true
}

// surrogate finds a character reference to half of a UTF-16 pair, which
// encoding/xml reads as U+FFFD.
func surrogate(raw []byte) bool {
	for {
		_, after, ok := bytes.Cut(raw, []byte("&#"))
		if !ok {
			return false
		}
		digits, _, _ := bytes.Cut(after, []byte{';'})
		base := 10
		if hex, ok := bytes.CutPrefix(digits, []byte{'x'}); ok {
			digits, base = hex, 16
		}
		if n, err := strconv.ParseUint(string(digits), base, 32); err == nil && 0xD800 <= n && n <= 0xDFFF {
			return true
		}
		raw = after
	}
}

func fatal(code, line int, format string, args ...any) *Fault {
	return &Fault{Code: code, Fatal: true, Line: line, Message: fmt.Sprintf(format, args...)}
}
