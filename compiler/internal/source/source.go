package source

// Reading the source. Files are checked before they are parsed, because HCL's
// parser is recursive: 100,000 nested parentheses, 200 kB of text, exhaust the
// stack of the process, which nothing can recover from; see scan.go.

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// The file names that the compiler reads.
const (
	ConfigurationSuffix = ".ivr.hcl"
	VariablesFile       = "ivrc.ivrvars"
	AutoVariablesSuffix = ".auto.ivrvars"
)

// A File is one file of the configuration.
type File struct {
	Name    string
	Text    []byte
	Plain   bool            // see plain
	Body    *hclsyntax.Body // nil if the file could not be parsed
	Ignores []*diagnostic.IgnoreComment
}

// FileNames lists the configuration files of a directory. Names that begin
// with a dot are left out: editors lock and save files under such names.
func FileNames(r *diagnostic.Collector, files fs.FS) []string {
	names, err := fs.Glob(files, "*"+ConfigurationSuffix)
	if err == nil && len(names) == 0 {
		_, err = fs.Stat(files, ".")
	}
	if err != nil {
		r.Report("IVR112", hcl.Range{}, "The directory cannot be read: %s.", cause(err))
		return nil
	}
	names = slices.DeleteFunc(names, Hidden)
	if len(names) == 0 {
		r.Report("IVR106", hcl.Range{}, "No file here ends in %s. Start one with \"ivrc init\", or name the directory that holds the configuration.", ConfigurationSuffix)
	}
	slices.Sort(names)
	return names
}

// Hidden reports whether editors and systems hide the file with a name.
func Hidden(name string) bool { return strings.HasPrefix(name, ".") }

// ReadTexts reads files, and gives up when together they are larger than what
// can be compiled in bounded memory.
func ReadTexts(r *diagnostic.Collector, files fs.FS, names []string) ([]*File, bool) {
	if len(names) > maxFiles {
		r.Report("IVR315", StartOf(names[maxFiles]), "The directory holds %d configuration files; at most %d are read. Join those that belong together.", len(names), maxFiles)
		return nil, false
	}
	var sources []*File
	size, words, kept := 0, 0, 0
	for _, name := range names {
		text, ok := ReadFile(r, files, name, MaxFileBytes)
		if !ok {
			continue
		}
		if !light(r, name, text) {
			return sources, false
		}
		s := &File{Name: name, Text: text, Plain: plain(text)}
		sources = append(sources, s)
		size += len(text)
		words += weight(text)
		if !s.Plain {
			kept += weight(text)
		}
		if size > maxSourceBytes || words > maxSourceWeight || kept > maxKeptWeight {
			r.Report("IVR315", rangeAt(name, text, 0), tooLarge, size, words, kept, maxSourceBytes, maxSourceWeight, maxKeptWeight)
			return sources, false
		}
	}
	return sources, true
}

// ParseSource parses one file. It has no body where that failed.
func ParseSource(r *diagnostic.Collector, s *File) {
	if !legible(r, s.Name, s.Text) || !s.Plain && !bounded(r, s.Name, s.Text) {
		return
	}
	s.Ignores = diagnostic.FindIgnores(s.Name, s.Text, s.Plain)
	file, diags := hclsyntax.ParseConfig(s.Text, s.Name, hcl.InitialPos)
	r.Adopt("IVR101", s.Clarify(diags))
	if diags.HasErrors() {
		return
	}
	s.Body = file.Body.(*hclsyntax.Body)
}

// Clarify keeps one of the errors that HCL reports for each line of a string that
// is not closed, and adds what was probably meant.
func (s *File) Clarify(diags hcl.Diagnostics) hcl.Diagnostics {
	open := false
	return slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool {
		switch rest := s.Text[min(diagnostic.SubjectOf(d).Start.Byte, len(s.Text)):]; {
		case d.Summary == "Unterminated template string", d.Summary == "Invalid multi-line string":
			if open {
				return true
			}
			open = true
			if d.Summary == "Invalid multi-line string" {
				d.Detail += " Most often a closing quote is missing."
			} else if bytes.Contains(s.Text, []byte("<<")) {
				d.Detail += " A text of several lines ends at its marker, on a line of its own."
			}
		case signedNumber.Match(rest):
			d.Detail += " A phone number stands in quotes, such as \"+14155550100\"."
		case barredKey.Match(rest):
			d.Detail += " A key stands in quotes: option \"1\"."
		}
		return false
	})
}

var (
	signedNumber = regexp.MustCompile(`^\+[0-9]`)
	barredKey    = regexp.MustCompile(`^(option[ \t]+)?[0-9*#][ \t]*\{`)
)

// ReadFile reads a text from a regular file of at most limit bytes.
func ReadFile(r *diagnostic.Collector, files fs.FS, name string, limit int) ([]byte, bool) {
	at := StartOf(name)
	text, err := readRegular(files, name, limit)
	if errors.Is(err, errTooLarge) {
		r.Report("IVR314", at, "This file is larger than %d bytes. Split it: every %s file of the directory belongs to the configuration.", limit, ConfigurationSuffix)
		return nil, false
	}
	if err != nil {
		r.Report("IVR112", at, "This file cannot be read: %s.", cause(err))
		return nil, false
	}
	return Plain(text), true
}

// ByteOrderMark is what some editors put at the head of a file.
const ByteOrderMark = "\uFEFF"

// Plain is a text without what editors and systems put into it: a byte order mark at
// its head, and carriage returns at the ends of its lines, which a heredoc would keep
// and callers' documents would hold.
func Plain(text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte(ByteOrderMark))
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	return carriageReturns.ReplaceAll(text, []byte("$1"))
}

var carriageReturns = regexp.MustCompile(`\r+(\n|$)`)

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
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	// What was opened may be another file by now.
	if info, err = file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	if info.Size() > int64(limit) {
		return nil, errTooLarge
	}
	text, err := io.ReadAll(io.LimitReader(file, int64(limit)+1))
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

// StartOf is the first position of a file.
func StartOf(name string) hcl.Range {
	return hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
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

// tooLarge says how large a configuration is, and how large it may be.
const tooLarge = "With this file, the configuration holds %d bytes and about %d words and signs, %d of them " +
	"in files with loops, templates or long lists; at most %d, %d and %d are read. Remove what " +
	"is generated and unused, or keep data in files that csvdecode or jsondecode read."
