package source

// Scanning: what is checked of a text before it is parsed. HCL's parser is
// recursive and its evaluator goes down the tree that it made, so depth and
// length are counted on the tokens first, which cannot overflow anything:
//
//	x = ((((1))))     depth 4
//	y = -1 + 2        4 tokens in one expression
//
// Tokens cost a hundred bytes each, so before there are any, the words and signs
// of the text are counted on its bytes.

import (
	"bytes"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// Scan checks a text against the limits that keep parsing and evaluating it
// cheap. It reports at most one diagnostic.
func Scan(r *diagnostic.Collector, name string, text []byte) bool {
	return light(r, name, text) && legible(r, name, text) && (plain(text) || bounded(r, name, text))
}

// light checks the weight of a text.
func light(r *diagnostic.Collector, name string, text []byte) bool {
	if weight(text) <= maxFileWeight {
		return true
	}
	r.Report("IVR314", rangeAt(name, text, 0), "This file holds more than %d words and signs. Split it, or keep data in a file of its own, and read it with csvdecode, jsondecode or yamldecode.", maxFileWeight)
	return false
}

// bounded checks the tokens of a text.
func bounded(r *diagnostic.Collector, name string, text []byte) bool {
	tokens, _ := hclsyntax.LexConfig(text, name, hcl.InitialPos)
	s := scanner{}
	for i, token := range tokens {
		if code, detail := s.next(token, tokens[min(i+1, len(tokens)-1)]); code != "" {
			r.Report(code, token.Range, "%s", detail)
			return false
		}
	}
	return true
}

// legible reports the first byte of a text that no editor shows as it is.
func legible(r *diagnostic.Collector, name string, text []byte) bool {
	if at := bytes.IndexByte(text, 0); at >= 0 {
		r.Report("IVR101", rangeAt(name, text, at), "The file holds a NUL byte. It is not text in UTF-8, or it was damaged. Save it as UTF-8.")
		return false
	}
	for at := 0; at < len(text); {
		if text[at] < utf8.RuneSelf {
			at++
			continue
		}
		c, size := utf8.DecodeRune(text[at:])
		switch {
		case c == utf8.RuneError && size == 1:
			r.Report("IVR101", rangeAt(name, text, at), "The file is not UTF-8 from here on; most likely an editor saved it in another encoding, such as Windows-1252. Save it as UTF-8.")
			return false
		case c >= 0x202A && c <= 0x202E, c >= 0x2066 && c <= 0x2069:
			r.Report("IVR105", rangeAt(name, text, at), "The invisible character U+%04X changes the direction of what follows it, so that people read something else than callers get. Remove it.", c)
			return false
		}
		at += size
	}
	return true
}

// plain reports whether a text is so plain that it need not be scanned, which
// would cost as much as half of parsing it: attributes, blocks and short lists
// on short lines, strings without templates or escapes, and # comments. In such
// a text brackets mean what they seem to, and nothing can be long or deep.
func plain(text []byte) bool {
	p := plainText{text: text}
	for i, c := range text {
		switch {
		case c == '\n':
			if p.quoted || p.list || i-p.lineStart > maxPlainLine {
				return false
			}
			p.lineStart, p.comment, p.word, p.last = i, false, false, 0
		case c < ' ' && c != '\t' && c != '\r' || c == 0x7f:
			return false
		case p.comment:
		case p.quoted:
			if c == '$' || c == '%' || c == '\\' {
				return false
			}
			p.quoted = c != '"'
		case !p.code(i, c):
			return false
		}
	}
	return !p.quoted && len(text)-p.lineStart <= maxPlainLine
}

// A plainText is the state of plain outside comments and strings.
type plainText struct {
	text                  []byte
	depth, lineStart      int
	list, quoted, comment bool
	word                  bool // the byte before belongs to a word
	last                  byte // on this line, blanks aside
}

// code takes one byte, and tells whether the text may still be plain.
func (p *plainText) code(i int, c byte) bool {
	begins := !p.word
	p.word = wordByte[c]
	switch {
	case p.word:
		if begins && !plainWord(p.text[i:]) {
			return false
		}
	case c == ' ' || c == '\t' || c == '\r':
		return true
	case c == '"':
		p.quoted = true
	case c == '#':
		p.comment = true
	case c == '{': // of a block; an object would follow an operator
		p.depth++
		if !wordByte[p.last] && p.last != '"' || p.list || p.depth > maxPlainDepth {
			return false
		}
	case c == '}':
		p.depth--
		if p.depth < 0 || p.list {
			return false
		}
	case c == '[':
		if p.list {
			return false
		}
		p.list = true
	case c == ']':
		p.list = false
	case c != '.' && c != ',' && c != '=':
		return false
	}
	p.last = c
	return true
}

// plainWord reports whether a text begins with a word other than a long number
// and the word that makes a list a loop.
func plainWord(text []byte) bool {
	length := 0
	for length < len(text) && length < 7 && (wordByte[text[length]] || text[length] == '.') {
		length++
	}
	if text[0] >= '0' && text[0] <= '9' || text[0] == '-' {
		return length < 7
	}
	return !bytes.HasPrefix(text, []byte("for")) || length > 3 && text[3] != '.'
}

// What plain accepts: lines of this many bytes, braces this deep.
const (
	maxPlainLine  = 400
	maxPlainDepth = 12
)

// wordByte are the bytes of names and numbers.
var wordByte = func() (table [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") {
		table[c] = true
	}
	return table
}()

// weight is a bound on how much memory the tokens and the syntax tree of a text
// take: its words and signs, with more for those that make a block or an
// attribute.
func weight(text []byte) int {
	total, word := 0, false
	for _, c := range text {
		switch {
		case wordByte[c] && c != '-' || c >= utf8.RuneSelf:
			if !word {
				total++
			}
			word = true
			continue
		case c == '{':
			total += 4
		case c == '=':
			total += 3
		case c != ' ' && c != '\t' && c != '\r':
			total++
		}
		word = false
	}
	return total
}

// A scanner holds the brackets that are open and counts what is in them.
type scanner struct {
	open     []bracket
	count    int // tokens of the expression so far
	previous hclsyntax.TokenType
}

// A bracket is one that is open.
type bracket struct {
	block bool // the braces of a block
	loops int  // how many "for" it is nested in
}

// next takes one token and the one behind it, and returns a code and detail if
// a limit is passed.
func (s *scanner) next(token, following hclsyntax.Token) (code, detail string) {
	s.count++
	switch token.Type {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote,
		hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		b := s.enter(token, following)
		if len(s.open) > MaxDepth {
			return "IVR316", "Brackets, templates or blocks are nested too deeply here. Give the inner parts names in a locals block."
		}
		if b.loops > maxLoops {
			return "IVR316", "More than two \"for\" are nested here. Give the inner list a name in a locals block."
		}
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote,
		hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
		if len(s.open) > 0 {
			s.open = s.open[:len(s.open)-1]
		}
	case hclsyntax.TokenNewline, hclsyntax.TokenComment:
		if s.inBody() {
			s.count = 0
		}
	case hclsyntax.TokenNumberLit:
		if len(token.Bytes) > 40 || bytes.ContainsAny(token.Bytes, "eE") && len(token.Bytes) > 6 {
			return "IVR317", "This number is larger than any that a call flow can need."
		}
	}
	s.previous = token.Type
	if s.count > maxTokens {
		return "IVR316", "This expression is longer than 10,000 tokens. Split it with locals, or keep the data in a file and read it with csvdecode or jsondecode."
	}
	return "", ""
}

// inBody reports whether the next token belongs to a body, in which a line ends
// an expression.
func (s *scanner) inBody() bool {
	return len(s.open) == 0 || s.open[len(s.open)-1].block
}

// enter opens a bracket.
func (s *scanner) enter(token, following hclsyntax.Token) bracket {
	var b bracket
	if len(s.open) > 0 {
		b.loops = s.open[len(s.open)-1].loops
	}
	named := s.previous == hclsyntax.TokenIdent || s.previous == hclsyntax.TokenCQuote
	b.block = token.Type == hclsyntax.TokenOBrace && named && s.inBody()
	if following.Type == hclsyntax.TokenIdent && string(following.Bytes) == "for" && token.Type != hclsyntax.TokenOParen && !b.block {
		b.loops++
	}
	s.open = append(s.open, b)
	return b
}
