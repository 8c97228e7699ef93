package docs

// The documents are tested. A page that shows a command and its output, a table
// of what the code holds, or a link, is wrong as soon as it is not what the
// program does; so each of these has a form that a test can read:
//
//	```console                               the commands behind "$ " are run, and
//	$ ivrc validate office                   print what is shown; see console_test.go
//	Success! …
//	```
//
//	<!-- generated: decisions -->            made from code; see tables_test.go
//	<!-- end -->
//
//	<!-- file: office/main.ivr.hcl -->       the block behind it becomes this file
//	<!-- edit: office/main.ivr.hcl -->       the diff behind it is made in this file
//	<!-- excerpt: examples/zillum/main.ivr.hcl -->   the block behind it stands in this file
//
// In all of them … stands for what is left out: on a line of its own for any
// lines, inside a line for any text. Files live in a directory that each page
// has to itself and that begins with a copy of examples/.
//
// go test ./docs -update, which is make docs, rewrites what is made
// from code and what commands print, unless something is left out of it.

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/ivrc/ivrc/command/commandtest"
)

var update = flag.Bool("update", false, "rewrite what is made from code and what commands print")

func TestMain(m *testing.M) { commandtest.Main(m) }

// A page is one Markdown file.
type page struct {
	name  string // slash-separated, from the root of the module
	lines []string
}

// A fence is a fenced block of a page.
type fence struct {
	info      string // "console", "hcl"
	directive string // of the comment above it: "file", "edit", "excerpt"
	argument  string
	first     int // index of its first line behind the fence
	lines     []string
}

func (f fence) text() string { return strings.Join(f.lines, "\n") + "\n" }

// at is where a line of the page is, for messages.
func (p *page) at(line int) string { return fmt.Sprintf("%s:%d", p.name, line+1) }

// pages reads every Markdown file of the module.
func pages(t *testing.T) []*page {
	t.Helper()
	var all []*page
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(name) != ".md":
			return nil
		}
		all = append(all, readPage(t, filepath.ToSlash(name)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func readPage(t *testing.T, name string) *page {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return &page{name, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")}
}

// save writes a page that has been rewritten.
func (p *page) save(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(filepath.FromSlash(p.name), []byte(strings.Join(p.lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

var directiveForm = regexp.MustCompile(`^\s*<!-- (\w+): (.*?) -->$`)

// fences lists the fenced blocks of a page.
func (p *page) fences() []fence {
	var all []fence
	var directive, argument string
	for i := 0; i < len(p.lines); i++ {
		line := strings.TrimSpace(p.lines[i])
		if match := directiveForm.FindStringSubmatch(line); match != nil {
			directive, argument = match[1], match[2]
			continue
		}
		info, opens := strings.CutPrefix(line, "```")
		if opens {
			f := fence{info: info, directive: directive, argument: argument, first: i + 1}
			for i++; i < len(p.lines) && strings.TrimSpace(p.lines[i]) != "```"; i++ {
				f.lines = append(f.lines, p.lines[i])
			}
			all = append(all, f)
		}
		if line != "" {
			directive, argument = "", ""
		}
	}
	return all
}

// prose calls visit for every line that is not in a fenced block.
func (p *page) prose(visit func(i int, line string)) {
	fenced := false
	for i, line := range p.lines {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
		} else if !fenced {
			visit(i, line)
		}
	}
}

var linkForm = regexp.MustCompile(`\]\(([^()\s]+)\)|(?:src|srcset|href)="([^"]+)"`)

// Every relative link leads to a file of the module, and to a heading that the
// file has.
func TestDocsLinks(t *testing.T) {
	anchors := map[string]map[string]bool{}
	all := pages(t)
	for _, p := range all {
		anchors[p.name] = p.anchors()
	}
	for _, p := range all {
		p.prose(func(i int, line string) {
			for _, match := range linkForm.FindAllStringSubmatch(withoutCode(line), -1) {
				link := match[1] + match[2]
				if strings.Contains(link, ":") {
					continue // another host
				}
				name, anchor, _ := strings.Cut(link, "#")
				target := p.name
				if name != "" {
					target = filepath.ToSlash(filepath.Join(filepath.Dir(p.name), name))
				}
				if _, err := os.Stat(filepath.FromSlash(target)); err != nil {
					t.Errorf("%s: the link %s leads to no file", p.at(i), link)
				} else if anchor != "" && !anchors[target][anchor] {
					t.Errorf("%s: the link %s leads to no heading of %s", p.at(i), link, target)
				}
			}
		})
	}
}

var codeForm = regexp.MustCompile("`[^`]*`")

// withoutCode is a line without what stands between backticks.
func withoutCode(line string) string { return codeForm.ReplaceAllString(line, "``") }

// anchors are the names under which GitHub finds the headings of a page.
func (p *page) anchors() map[string]bool {
	found := map[string]bool{}
	p.prose(func(_ int, line string) {
		text := strings.TrimLeft(line, "#")
		if text == line || !strings.HasPrefix(text, " ") {
			return
		}
		name := strings.Map(func(c rune) rune {
			switch {
			case c == ' ':
				return '-'
			case c == '-' || c == '_' || unicode.IsLetter(c) || unicode.IsNumber(c):
				return unicode.ToLower(c)
			}
			return -1
		}, strings.TrimSpace(text))
		for n, unique := 1, name; ; n++ {
			if !found[unique] {
				found[unique] = true
				return
			}
			unique = fmt.Sprintf("%s-%d", name, n)
		}
	})
	return found
}

// An excerpt stands in its file as it is shown.
func TestDocsExcerpts(t *testing.T) {
	for _, p := range pages(t) {
		for _, f := range p.fences() {
			if f.directive != "excerpt" {
				continue
			}
			text, err := os.ReadFile(filepath.FromSlash(f.argument))
			if err != nil {
				t.Errorf("%s: %v", p.at(f.first), err)
				continue
			}
			want := append(append([]string{"…"}, f.lines...), "…")
			if i := mismatch(want, strings.Split(string(text), "\n")); i >= 0 {
				t.Errorf("%s: %s does not hold this line, or not here: %s", p.at(f.first+i-1), f.argument, want[i])
			}
		}
	}
}

// mismatch compares lines with what is shown of them, in which … on a line of
// its own stands for any lines. It returns the index of the first shown line
// that does not fit, len(shown) where lines are missing at the end, and -1 where
// everything fits.
func mismatch(shown, lines []string) int {
	next := 0 // of lines
	for i := 0; i < len(shown); {
		gap := strings.TrimSpace(shown[i]) == "…"
		if gap {
			i++
		}
		end := i
		for end < len(shown) && strings.TrimSpace(shown[end]) != "…" {
			end++
		}
		at, fits := next, 0
		for ; at <= len(lines); at++ {
			if fits = fitting(shown[i:end], lines[at:]); fits == end-i && (end < len(shown) || at+fits == len(lines)) || !gap {
				break
			}
		}
		if fits < end-i || at > len(lines) {
			return i + min(fits, end-i-1)
		}
		next, i = at+fits, end
	}
	if next < len(lines) && (len(shown) == 0 || strings.TrimSpace(shown[len(shown)-1]) != "…") {
		return len(shown)
	}
	return -1
}

// fitting counts how many shown lines fit the lines from the first on.
func fitting(shown, lines []string) int {
	for i := range shown {
		if i >= len(lines) || !fits(shown[i], lines[i]) {
			return i
		}
	}
	return len(shown)
}

// fits compares one line, in which … stands for any text.
func fits(shown, line string) bool {
	parts := strings.Split(strings.TrimRight(shown, " "), "…")
	line = strings.TrimRight(line, " ")
	if len(parts) == 1 {
		return parts[0] == line
	}
	rest, ok := strings.CutPrefix(line, parts[0])
	last := parts[len(parts)-1]
	if !ok || !strings.HasSuffix(rest, last) {
		return false
	}
	rest = strings.TrimSuffix(rest, last)
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return true
}

func TestMismatch(t *testing.T) {
	for _, c := range []struct {
		shown, lines string
		want         int
	}{
		{"a b", "a b", -1},
		{"a b", "a", 1},
		{"a", "a b", 1},
		{"a x", "a b", 1},
		{"…", "a b", -1},
		{"… b", "a b", -1},
		{"a …", "a b c", -1},
		{"a … c", "a b c", -1},
		{"a … c", "a c", -1},
		{"a … c", "a c d", 2},
		{"a … c", "a c d c", -1},
		{"a … x … c", "a b c", 2},
		{"p…s", "pqrs", -1},
		{"p…s", "pqr", 0},
		{"p…q…s", "pqrs", -1},
		{"p…r…q", "pqrq", -1},
		{"p…r…r", "pr", 0},
	} {
		if got := mismatch(strings.Fields(c.shown), strings.Fields(c.lines)); got != c.want {
			t.Errorf("%q shown of %q: line %d does not fit, want %d", c.shown, c.lines, got, c.want)
		}
	}
}
