package compiler

// Reading the source. Files are checked before they are parsed, because HCL's
// parser is recursive: 100,000 nested parentheses, 200 kB of text, exhaust the
// stack of the process, which nothing can recover from. Its lexer is not, so
// depth and length are counted on the tokens first:
//
//	x = ((((1))))     depth 4
//	y = -1 + 2        5 tokens in one expression

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// The file names that the compiler reads.
const (
	configurationSuffix = ".ivr.hcl"
	variablesFile       = "ivrc.ivrvars"
	autoVariablesSuffix = ".auto.ivrvars"
)

// A source is one file of the configuration.
type source struct {
	name    string
	text    []byte
	body    *hclsyntax.Body // nil if the file could not be parsed
	ignores []*ignore
}

// readSources reads and parses every configuration file of a directory, in the
// order of their names and in parallel.
func (r *reporter) readSources(files fs.FS) []*source {
	names, err := fs.Glob(files, "*"+configurationSuffix)
	if err == nil && len(names) == 0 {
		_, err = fs.Stat(files, ".")
	}
	if err != nil {
		r.report("IVR112", hcl.Range{}, "The directory cannot be read: %s.", cause(err))
		return nil
	}
	if len(names) == 0 {
		r.report("IVR106", hcl.Range{}, "No file here ends in %s. Start one with \"ivrc init\", or name the directory that holds the configuration.", configurationSuffix)
		return nil
	}
	slices.Sort(names)
	sources := make([]*source, len(names))
	reports := make([]reporter, len(names))
	inParallel(len(names), func(i int) {
		sources[i] = reports[i].readSource(files, names[i])
	})
	total := 0
	for i, s := range sources {
		r.diags = append(r.diags, reports[i].diags...)
		total += len(s.text)
	}
	if total > maxSourceBytes {
		r.report("IVR315", hcl.Range{Filename: names[0], Start: hcl.InitialPos, End: hcl.InitialPos},
			"The configuration files hold %d bytes together; at most %d are read. Remove what is generated and unused.", total, maxSourceBytes)
	}
	return slices.DeleteFunc(sources, func(s *source) bool { return s.body == nil })
}

// inParallel calls do for 0 to n-1 on all cores.
func inParallel(n int, do func(i int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}

// readSource reads one file. What it returns has no body where that failed.
func (r *reporter) readSource(files fs.FS, name string) *source {
	s := &source{name: name}
	text, ok := r.readFile(files, name, maxFileBytes)
	if !ok {
		return s
	}
	s.text = text
	if !r.scan(name, text) {
		return s
	}
	s.ignores = findIgnores(name, text)
	file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	r.adopt("IVR101", diags)
	if !diags.HasErrors() {
		s.body = file.Body.(*hclsyntax.Body)
	}
	return s
}

// readFile reads a regular file of at most limit bytes.
func (r *reporter) readFile(files fs.FS, name string, limit int) ([]byte, bool) {
	at := hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
	text, err := readRegular(files, name, limit)
	if errors.Is(err, errTooLarge) {
		r.report("IVR314", at, "This file is larger than %d bytes. Split it: every %s file of the directory belongs to the configuration.", limit, configurationSuffix)
		return nil, false
	}
	if err != nil {
		r.report("IVR112", at, "This file cannot be read: %s.", cause(err))
		return nil, false
	}
	return text, true
}

var (
	errTooLarge   = errors.New("it is too large")
	errNotRegular = errors.New("it is not a regular file (links, devices and directories are not followed)")
)

// readRegular reads a file that is neither a link nor a device and no larger
// than limit bytes.
func readRegular(files fs.FS, name string, limit int) ([]byte, error) {
	info, err := fs.Lstat(files, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	if info.Size() > int64(limit) {
		return nil, errTooLarge
	}
	text, err := fs.ReadFile(files, name)
	if err == nil && len(text) > limit {
		return nil, errTooLarge
	}
	return text, err
}

// cause is the reason of a file error without the path, which the diagnostic
// already names and which may differ between machines.
func cause(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}

// scan checks the tokens of a file against the limits that keep parsing and
// evaluating it cheap. It reports at most one diagnostic.
func (r *reporter) scan(name string, text []byte) bool {
	if at := bytes.IndexByte(text, 0); at >= 0 {
		r.report("IVR101", rangeAt(name, text, at), "The file holds a NUL byte. It is not text, or it was damaged.")
		return false
	}
	if plain(text) {
		return true
	}
	tokens, _ := hclsyntax.LexConfig(text, name, hcl.InitialPos)
	s := scanner{}
	for i, token := range tokens {
		if code, detail := s.next(token, tokens[min(i+1, len(tokens)-1)]); code != "" {
			r.report(code, token.Range, "%s", detail)
			return false
		}
	}
	return true
}

// plain reports whether a text is so plain that it need not be scanned, which
// would cost as much as half of parsing it: attributes, blocks and short lists
// on short lines, strings without templates or escapes, and # comments. In such
// a text brackets mean what they seem to, and nothing can be long or deep.
func plain(text []byte) bool {
	depth, lineStart, list, quoted, comment := 0, 0, false, false, false
	for i, c := range text {
		switch {
		case c == '\n':
			if quoted || list || i-lineStart > maxPlainLine {
				return false
			}
			lineStart, comment = i, false
		case comment:
		case quoted:
			if c == '$' || c == '%' || c == '\\' {
				return false
			}
			quoted = c != '"'
		case c == '"':
			quoted = true
		case c == '#':
			comment = true
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == '[':
			if list {
				return false
			}
			list = true
		case c == ']':
			list = false
		case !plainCode[c], c == 'f' && bytes.HasPrefix(text[i:], []byte("for ")):
			return false
		}
		if depth > maxPlainDepth {
			return false
		}
	}
	return !quoted && len(text)-lineStart <= maxPlainLine
}

// What plain accepts: lines of this many bytes, braces this deep.
const (
	maxPlainLine  = 400
	maxPlainDepth = 12
)

// plainCode are the bytes that plain accepts outside strings and comments: no
// operators but the equals sign, no parentheses, and nothing but ASCII.
var plainCode = func() (table [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.,= \t\r") {
		table[c] = true
	}
	return table
}()

// A scanner holds the brackets that are open and counts what is in them.
type scanner struct {
	open  []int // for each open bracket, how many "for" it is nested in
	count int   // tokens of the expression so far
}

// next takes one token and the one behind it, and returns a code and detail if
// a limit is passed.
func (s *scanner) next(token, following hclsyntax.Token) (code, detail string) {
	s.count++
	switch token.Type {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote,
		hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		loops := 0
		if len(s.open) > 0 {
			loops = s.open[len(s.open)-1]
		}
		if following.Type == hclsyntax.TokenIdent && string(following.Bytes) == "for" && token.Type != hclsyntax.TokenOParen {
			loops++
		}
		s.open = append(s.open, loops)
		if len(s.open) > maxDepth {
			return "IVR316", "Brackets, templates or blocks are nested too deeply here. Give the inner parts names in a locals block."
		}
		if loops > maxLoops {
			return "IVR316", "More than two \"for\" are nested here. Give the inner list a name in a locals block."
		}
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote,
		hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
		if len(s.open) > 0 {
			s.open = s.open[:len(s.open)-1]
		}
	case hclsyntax.TokenNewline:
		if len(s.open) == 0 || following.Type == hclsyntax.TokenIdent {
			s.count = 0
		}
	case hclsyntax.TokenNumberLit:
		if len(token.Bytes) > 40 || bytes.ContainsAny(token.Bytes, "eE") && len(token.Bytes) > 6 {
			return "IVR317", "This number is larger than any that a call flow can need."
		}
	}
	if s.count > maxTokens {
		return "IVR316", "This expression is longer than 10,000 tokens. Split it with locals, or keep the data in a file and read it with csvdecode or jsondecode."
	}
	return "", ""
}

// rangeAt is the range of one byte of a text.
func rangeAt(name string, text []byte, offset int) hcl.Range {
	before := text[:offset]
	start := hcl.Pos{
		Line:   1 + bytes.Count(before, []byte("\n")),
		Column: offset - bytes.LastIndexByte(before, '\n'),
		Byte:   offset,
	}
	end := start
	end.Column++
	end.Byte++
	return hcl.Range{Filename: name, Start: start, End: end}
}

// An ignore is a comment that silences a warning of the line below it:
//
//	# ivrc:ignore IVR601 the number is not bought yet
type ignore struct {
	code, reason string
	at           hcl.Range
	used         bool
}

// findIgnores finds the ignore comments of a file.
func findIgnores(name string, text []byte) []*ignore {
	const mark = "ivrc:ignore"
	if !bytes.Contains(text, []byte(mark)) {
		return nil
	}
	var found []*ignore
	tokens, _ := hclsyntax.LexConfig(text, name, hcl.InitialPos)
	for _, token := range tokens {
		if token.Type != hclsyntax.TokenComment {
			continue
		}
		_, rest, ok := strings.Cut(string(token.Bytes), mark)
		if !ok {
			continue
		}
		code, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
		found = append(found, &ignore{code: code, reason: strings.TrimSpace(reason), at: token.Range})
	}
	return found
}

// applyIgnores drops the warnings that a comment on the line above silences,
// and warns of comments that silence nothing or give no reason.
func (r *reporter) applyIgnores(sources []*source) {
	type place struct {
		file string
		line int
		code string
	}
	ignores := map[place]*ignore{}
	for _, s := range sources {
		for _, i := range s.ignores {
			ignores[place{s.name, i.at.Start.Line + 1, i.code}] = i
		}
	}
	r.diags = slices.DeleteFunc(r.diags, func(d *hcl.Diagnostic) bool {
		at := subject(d)
		i := ignores[place{at.Filename, at.Start.Line, CodeOf(d)}]
		if i == nil || d.Severity != hcl.DiagWarning {
			return false
		}
		i.used = true
		return true
	})
	for _, s := range sources {
		for _, i := range s.ignores {
			switch {
			case !i.used:
				r.report("IVR608", i.at, "This comment silences nothing: there is no warning %s on the next line. Remove it.", i.code)
			case i.reason == "":
				r.report("IVR608", i.at, "Say why the warning %s does not apply here: # ivrc:ignore %s REASON.", i.code, i.code)
			}
		}
	}
}

// isConfiguration reports whether a file name is one that the compiler reads.
func isConfiguration(name string) bool {
	return strings.HasSuffix(path.Base(name), configurationSuffix)
}
