// Package report writes what commands find, for people and for programs:
//
//	text        for people, in colour where there is a terminal
//	JSON        for programs: each report has a form of its own
//	TAP, JUnit  call tests and laws, for continuous integration
//	GitHub      annotations of a pull request
//	SARIF       diagnostics, for code scanners
//	Markdown    a plan, as a comment on a pull request
//
// Whatever is checked is a [Check], and whatever is wrong a [Finding]. The formats
// of other programs are written from these two alone, each by one function.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strconv"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// An Output is where reports are written, and how they look there.
type Output struct {
	Stdout, Stderr io.Writer
	Annotations    io.Writer // standard output, for lines that are commands of a pipeline
	Color          bool
	Width          int    // of a line, in columns
	Workspace      string // the root of the repository on a runner of GitHub; "" elsewhere
}

// The colours that reports use.
const (
	Red    = "31"
	Green  = "32"
	Yellow = "33"
	Bold   = "1"
)

// Paint colours a text where colours are wanted.
func (o Output) Paint(color, text string) string {
	if !o.Color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// JSON writes a value for programs.
func (o Output) JSON(value any) error { return writeJSON(o.Stdout, value) }

func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// A Check is something that was checked: a call test, or a law that calls keep.
type Check struct {
	Suite    string // that it is part of: the file of a call test
	Name     string
	Class    string // by which readers of JUnit group checks
	At       Position
	Length   string    // of the call in seconds, "" if it is no call
	Findings []Finding // none if all is well
}

// A Finding is something that is wrong, or that a reader must know.
type Finding struct {
	Level      string // "error", "warning" or "notice"
	Kind       string // what was found: "departure", "law"
	Code       string // of a diagnostic
	Title      string
	Text       string
	At         Position
	Origin     string   // the line of the configuration that it comes from, if At is another
	Command    string   // that shows it again
	Transcript []string // of the call that shows it
}

// A Position is where something stands in a file. All but the file may be 0, and
// the file "".
type Position struct {
	File               string
	Line, Column       int // from 1
	EndLine, EndColumn int
}

func (p Position) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// failures counts the checks with findings.
func failures(checks []Check) int {
	n := 0
	for _, c := range checks {
		if len(c.Findings) > 0 {
			n++
		}
	}
	return n
}

// Names says what reports call the documents and telephones of a transcript.
type Names struct {
	Directory  string                   // of the configuration, as it is reached from where the program runs
	Origin     func(path string) string // the line of the configuration that a document comes from, or ""
	Telephones map[string]string        // of telephones, by address
	Hidden     []string                 // what is not shown; see [terminal.Hide]
}

// configured returns the line of the configuration that a document comes from, with
// the path from where the program runs.
func (n Names) configured(document string) string {
	if place := n.Origin(document); place != "" {
		return path.Join(n.Directory, place)
	}
	return ""
}

// lines returns the lines of a part of a transcript, to be indented by six columns.
func (n Names) lines(width int, t simulator.Transcript, from, to int) []string {
	return t.Lines(simulator.TextOptions{Width: width - 6, Names: n.Telephones, Origin: n.Origin, Hidden: n.Hidden}, from, to)
}

// fromWorkspace names a file as GitHub wants it in annotations: from the root of
// the repository, wherever in it the program was started
// (https://docs.github.com/en/actions/reference/workflows-and-actions/variables).
// Elsewhere, and for files outside of it, the name stays as it is.
func (o Output) fromWorkspace(name string) string {
	if o.Workspace == "" || name == "" {
		return name
	}
	file, err := filepath.Abs(filepath.FromSlash(name))
	if err != nil {
		return name
	}
	inside, err := filepath.Rel(o.Workspace, file)
	if err != nil || !filepath.IsLocal(inside) {
		return name
	}
	return filepath.ToSlash(inside)
}

// Count writes a number of things: "1 warning", "2 warnings".
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Grouped writes a number with commas: 10,000.
func Grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Size writes a number of bytes: 1.5 MB.
func Size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1000_000:
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
