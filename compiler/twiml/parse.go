package twiml

// The parser turns a document into a tree of elements. The tokenizer of encoding/xml
// accepts a few things that XML and Twilio do not. So the parser checks the bytes
// of each token for the following rules:
//
//   - nothing may precede the XML declaration, not even a line break, and it must
//     say version 1.0 and, if it gives an encoding, UTF-8;
//   - there is one root element, and nothing but comments around it;
//   - no attribute occurs twice, and there is white space between any two;
//   - line breaks in the value of an attribute become spaces;
//   - there is no document type, hence no entities but the five of XML;
//   - all characters are those that XML allows, also in comments and after "&#".
//
// For example, `<Say voice="man"loop="2"/>` is refused for a missing space.

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
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

// A piece of an element's content is an element if child is set, and otherwise text.
type piece struct {
	text  string
	child *element
}

// blank is what XML calls white space.
const blank = " \t\r\n"

// parse reads a document into its root element.
func parse(doc []byte) (*element, *Fault) {
	switch {
	case len(doc) > maxDocument:
		return nil, fatal(codeTooLarge, 1, "the document has %d bytes; Twilio accepts at most %d", len(doc), maxDocument)
	case len(doc) == 0:
		return nil, fatal(codeEmpty, 1, "the document is empty; it needs at least <Response/>")
	case bytes.HasPrefix(doc, []byte("\ufeff")):
		return nil, fatal(codeMalformed, 1, "the document begins with a byte-order mark; save it without one")
	}
	rest, fault := prologue(doc)
	if fault != nil {
		return nil, fault
	}
	if fault := checkCharacters(doc); fault != nil {
		return nil, fault
	}
	b := builder{
		tokens: xml.NewDecoder(bytes.NewReader(rest)),
		doc:    rest,
		before: bytes.Count(doc[:len(doc)-len(rest)], []byte{'\n'}),
	}
	for more := true; more; {
		if more, fault = b.next(); fault != nil {
			return nil, fault
		}
	}
	return b.end()
}

// checkCharacters reports bytes that are not UTF-8, and characters that XML does not
// allow.
func checkCharacters(doc []byte) *Fault {
	for i := 0; i < len(doc); {
		c, size := utf8.DecodeRune(doc[i:])
		if c == utf8.RuneError && size == 1 || !inXML(c) {
			line := 1 + bytes.Count(doc[:i], []byte{'\n'})
			return fatal(codeMalformed, line, "byte %d of the document is not part of a character that XML allows; write UTF-8 without control characters", i)
		}
		i += size
	}
	return nil
}

// inXML reports whether XML 1.0 allows the character.
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
		return nil, fatal(codeMalformed, 1, "white space precedes the XML declaration; nothing may")
	}
	if !isDeclaration(doc) {
		return doc, nil
	}
	inside, rest, ended := bytes.Cut(doc[len("<?xml"):], []byte("?>"))
	if !ended {
		return nil, malformedDeclaration()
	}
	// The declaration is written like the attributes of a tag.
	tag := slices.Concat([]byte("<xml"), inside, []byte("/>"))
	tokens := xml.NewDecoder(bytes.NewReader(tag))
	token, err := tokens.RawToken()
	start, ok := token.(xml.StartElement)
	if _, spaced := tidyTag(tag); err != nil || !ok || !spaced || tokens.InputOffset() != int64(len(tag)) {
		return nil, malformedDeclaration()
	}
	return rest, checkDeclaration(start.Attr, rest)
}

// isDeclaration reports whether b begins with an XML declaration.
func isDeclaration(b []byte) bool {
	after, ok := bytes.CutPrefix(b, []byte("<?xml"))
	return ok && (len(after) == 0 || strings.IndexByte(blank+"?", after[0]) >= 0)
}

// checkDeclaration checks the parts of the declaration. Each part may occur once, in
// this order, and the first is required.
func checkDeclaration(says []xml.Attr, rest []byte) *Fault {
	parts := []string{"version", "encoding", "standalone"}
	if len(says) == 0 || name(says[0].Name) != parts[0] {
		return malformedDeclaration()
	}
	for _, a := range says {
		i := slices.Index(parts, name(a.Name))
		if i < 0 {
			return malformedDeclaration()
		}
		if parts[i] == "version" && a.Value != "1.0" {
			return fatal(codeVersion, 1, "the XML version is %q; Twilio reads 1.0", a.Value)
		}
		if parts[i] == "encoding" && !isReadable(a.Value, rest) {
			return fatal(codeMalformed, 1, "the document says that its encoding is %q; Twilio does not document that it reads that, so write UTF-8", a.Value)
		}
		if parts[i] == "standalone" && a.Value != "yes" && a.Value != "no" {
			return malformedDeclaration()
		}
		parts = parts[i+1:]
	}
	return nil
}

func malformedDeclaration() *Fault {
	return fatal(codeMalformed, 1, "the XML declaration is malformed; write %s", strings.TrimSpace(declaration))
}

// isReadable reports whether a document in the encoding can be read as UTF-8. If all
// its characters are ASCII, it has the same bytes in many encodings.
func isReadable(encoding string, doc []byte) bool {
	if strings.EqualFold(encoding, "UTF-8") {
		return true
	}
	if slices.ContainsFunc(doc, func(c byte) bool { return c >= utf8.RuneSelf }) {
		return false
	}
	lower := strings.ToLower(encoding)
	return lower == "us-ascii" || strings.HasPrefix(lower, "iso-8859-") || strings.HasPrefix(lower, "windows-125")
}

// A builder makes the tree from the tokens of doc, which is the document without its
// first lines; before is how many are missing.
type builder struct {
	tokens *xml.Decoder
	doc    []byte
	before int
	root   *element
	open   []*element
}

// next reads one token. It reports whether there may be more.
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
			return false, fatal(codeMalformed, line, "the XML declaration is not at the start of the document; nothing may precede it")
		}
		if after := raw[len("<?")+len(t.Target):]; strings.IndexByte(blank, after[0]) < 0 && string(after) != "?>" {
			return false, fatal(codeMalformed, line, "no space follows the name of the processing instruction <?%s", t.Target)
		}
	case xml.Directive:
		return false, fatal(codeMalformed, line, "the document has a document type; Twilio does not accept one")
	}
	return true, nil
}

// advice says what to do about the most common mistake.
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
		return fatal(codeMalformed, line, "<%s> has no space between two attributes", e.name)
	}
	if hasSurrogate(raw) {
		return fatal(codeMalformed, line, "an attribute of <%s> refers to a number that is not a character", e.name)
	}
	if tidy != nil {
		if again, err := xml.NewDecoder(bytes.NewReader(tidy)).RawToken(); err == nil {
			t, _ = again.(xml.StartElement)
		}
	}
	for _, a := range t.Attr {
		p := pair{name(a.Name), a.Value}
		if slices.ContainsFunc(e.attributes, func(other pair) bool { return other.name == p.name }) {
			return fatal(codeMalformed, line, "<%s> has the attribute %s twice", e.name, p.name)
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
		return fatal(codeMalformed, line, "</%s> ends an element that was never started", name)
	}
	last := b.open[len(b.open)-1]
	if last.name != name {
		return fatal(codeMalformed, line, "</%s> ends <%s> of line %d; names must match, also in case", name, last.name, last.line)
	}
	b.open = b.open[:len(b.open)-1]
	return nil
}

// text reads character data, which may only be blank outside the root.
func (b *builder) text(raw []byte, text string, line int) *Fault {
	cdata := bytes.HasPrefix(raw, []byte("<![CDATA["))
	if !cdata && hasSurrogate(raw) {
		return fatal(codeMalformed, line, "the text refers to a number that is not a character")
	}
	if len(b.open) == 0 {
		if cdata || len(bytes.Trim(raw, blank)) > 0 {
			return fatal(codeMalformed, line, "there is text outside the root element")
		}
		return nil
	}
	parent := b.open[len(b.open)-1]
	parent.content = append(parent.content, piece{text: text})
	return nil
}

// end returns the root after the last token.
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

// name returns a name as it is written, with its prefix.
func name(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// tidyTag reports whether white space precedes every attribute of a tag. If a value
// holds line breaks or tabs, it returns the tag with spaces in their place, otherwise
// nil.
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

// hasSurrogate finds a character reference to half of a UTF-16 pair, which
// encoding/xml reads as U+FFFD.
func hasSurrogate(raw []byte) bool {
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
