package docs

// Running the commands of a page. They are those of a shell as far as pages need
// one:
//
//	$ ivrc build -o dist office        the program itself, in this process
//	$ IVRC_VAR_phone=+1… ivrc …        with something in the environment
//	$ ivrc serve office &              served until the end of the page
//	$ curl http://127.0.0.1:8080/…     asks that server; -X METHOD and -I as usual
//	$ cat dist/public/menu.main-…/menu-1.xml
//	$ ls dist    $ cd office    $ rm -r dist    $ echo $?
//
// In paths and addresses … stands for a hash. Standard output and standard error
// are shown together, as on a terminal of 80 columns.

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
)

// Every command that a page shows prints what the page shows.
func TestDocsConsole(t *testing.T) {
	for _, p := range pages(t) {
		if slices.ContainsFunc(p.fences(), func(f fence) bool { return f.info == "console" }) {
			t.Run(p.name, func(t *testing.T) { runPage(t, p) })
		}
	}
}

// runPage goes through a page as a reader does, from top to bottom.
func runPage(t *testing.T, p *page) {
	s := newShell(t)
	changed := false
	shift := 0 // lines that blocks above have grown by
	for _, f := range p.fences() {
		f.first += shift
		switch {
		case f.directive == "file":
			s.write(f.argument, f.text())
		case f.directive == "edit":
			if err := s.edit(f.argument, f.lines); err != nil {
				t.Fatalf("%s: %v", p.at(f.first), err)
			}
		case f.info == "console":
			lines := s.console(p, f)
			if *update && !slices.Equal(lines, f.lines) {
				p.lines = slices.Replace(p.lines, f.first, f.first+len(f.lines), lines...)
				shift += len(lines) - len(f.lines)
				changed = true
			}
		}
	}
	if changed {
		p.save(t)
	}
}

// console runs the commands of a block and returns the block as it should be:
// as it is where the outputs fit.
func (s *shell) console(p *page, f fence) []string {
	s.t.Helper()
	var lines []string
	for i := 0; i < len(f.lines); {
		command, ok := strings.CutPrefix(f.lines[i], "$ ")
		if !ok {
			s.t.Fatalf("%s: a command is expected here, behind \"$ \"", p.at(f.first+i))
		}
		start := i
		for strings.HasSuffix(command, `\`) {
			i++
			command = strings.TrimSuffix(command, `\`) + " " + strings.TrimSpace(f.lines[i])
		}
		i++
		shown := i
		for i < len(f.lines) && !strings.HasPrefix(f.lines[i], "$ ") {
			i++
		}
		output := s.run(p.at(f.first+start), command)
		fit := mismatch(f.lines[shown:i], output)
		elided := slices.ContainsFunc(f.lines[shown:i], func(line string) bool { return strings.Contains(line, "…") })
		lines = append(lines, f.lines[start:shown]...)
		switch {
		case fit < 0:
			lines = append(lines, f.lines[shown:i]...)
		case *update && !elided:
			lines = append(lines, output...)
		default:
			s.t.Errorf("%s: %s does not print this; it prints\n%s", p.at(f.first+shown+fit), command, strings.Join(output, "\n"))
			lines = append(lines, f.lines[shown:i]...)
		}
	}
	return lines
}

// A shell runs the commands of one page.
type shell struct {
	t         *testing.T
	directory string // the current one
	coverage  string // where processes write their coverage
	exit      int    // of the last command
	address   string // of the server, "" if none runs
}

// shownAddress is where pages serve. The tests serve at any free port.
const shownAddress = "127.0.0.1:8080"

func newShell(t *testing.T) *shell {
	directory := t.TempDir()
	if err := os.CopyFS(filepath.Join(directory, "examples"), os.DirFS("examples")); err != nil {
		t.Fatal(err)
	}
	return &shell{t: t, directory: directory, coverage: t.TempDir()}
}

func (s *shell) path(name string) string {
	return filepath.Join(s.directory, filepath.FromSlash(name))
}

func (s *shell) write(name, text string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.path(name)), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.path(name), []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// edit makes a change that is shown as a diff: lines that begin with - and those
// without a mark must stand in the file, once and together.
func (s *shell) edit(name string, lines []string) error {
	text, err := os.ReadFile(s.path(name))
	if err != nil {
		return err
	}
	var before, after strings.Builder
	for _, line := range lines {
		mark, rest := " ", ""
		if line != "" {
			mark, rest = line[:1], line[1:]
		}
		if mark != "+" {
			before.WriteString(rest + "\n")
		}
		if mark != "-" {
			after.WriteString(rest + "\n")
		}
	}
	if n := strings.Count("\n"+string(text), "\n"+before.String()); n != 1 {
		return fmt.Errorf("the lines to change stand in %s %d times, want once", name, n)
	}
	s.write(name, strings.TrimPrefix(strings.Replace("\n"+string(text), "\n"+before.String(), "\n"+after.String(), 1), "\n"))
	return nil
}

// run runs one command and returns what it prints.
func (s *shell) run(at, command string) []string {
	s.t.Helper()
	var environment []string
	words := shellWords(command)
	for len(words) > 0 && assignmentForm.MatchString(words[0]) {
		environment, words = append(environment, words[0]), words[1:]
	}
	output, err := "", error(nil)
	switch words[0] {
	case "ivrc":
		if words[len(words)-1] == "&" {
			output, err = s.serve(words[1:len(words)-1], environment)
			break
		}
		output, err = s.ivrc(words[1:], environment)
	case "echo":
		output = fmt.Sprintln(s.exit)
	case "cd":
		s.directory = s.path(words[1])
	case "rm":
		err = os.RemoveAll(s.path(words[len(words)-1]))
	case "cat":
		output, err = s.cat(words[1:])
	case "ls":
		output, err = s.list(words[1])
	case "curl":
		output, err = s.curl(words[1:])
	default:
		err = fmt.Errorf("pages cannot run %q", words[0])
	}
	if err != nil {
		s.t.Fatalf("%s: %s: %v", at, command, err)
	}
	if output == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(output, "\n"), "\n")
}

var assignmentForm = regexp.MustCompile(`^[A-Z][A-Za-z_]*=`)

// shellWords splits a command into words, of which quotes may hold spaces.
func shellWords(command string) []string {
	var words []string
	var word strings.Builder
	quote, inside := rune(0), false
	for _, c := range command + " " {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, inside = c, true
		case quote == 0 && c == ' ':
			if inside {
				words = append(words, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteRune(c)
			inside = true
		}
	}
	return words
}

// ivrc runs the program, in a process that is started where a reader would be.
func (s *shell) ivrc(args, environment []string) (string, error) {
	cmd := exec.CommandContext(s.t.Context(), "ivrc", args...)
	// Under the race detector a process waits before it ends, and under coverage it
	// complains of having no place to write to.
	cmd.Dir, cmd.Env = s.directory, append(environment, "GORACE=atexit_sleep_ms=10", "GOCOVERDIR="+s.coverage)
	output, err := cmd.CombinedOutput()
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		return "", err
	}
	s.exit = cmd.ProcessState.ExitCode()
	return string(output), nil
}

// serve runs the program until the end of the page.
func (s *shell) serve(args, environment []string) (string, error) {
	output := commandtest.NewLog()
	p := &command.Program{
		Executable: "ivrc", Args: append(args, "-listen=127.0.0.1:0"), Stdin: strings.NewReader(""), Stdout: output, Stderr: output,
		Environment: environment, Directory: s.directory, Width: 80,
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan int, 1)
	go func() {
		done <- p.Run(ctx)
		output.Close()
	}()
	s.t.Cleanup(func() {
		stop()
		<-done
	})
	line, ok := output.Await(servingForm)
	for range 2 { // what is served stands between two empty lines
		if ok {
			_, ok = output.Await(emptyForm)
		}
	}
	if !ok {
		return "", fmt.Errorf("it ended: %s", output)
	}
	s.address = line[strings.LastIndex(line, " ")+1:]
	return strings.ReplaceAll(output.String(), s.address, shownAddress), nil
}

var (
	servingForm = regexp.MustCompile(`^Serving \S+ on 127\.0\.0\.1:\d+$`)
	emptyForm   = regexp.MustCompile(`^$`)
)

// named resolves the … that stands for a hash in an address or a path, by the
// directories that exist.
func (s *shell) named(root, path string) (string, error) {
	if !strings.Contains(path, "…") {
		return path, nil
	}
	names, err := filepath.Glob(filepath.Join(s.path(root), strings.ReplaceAll(path, "…", "*")))
	if err != nil || len(names) != 1 {
		return "", fmt.Errorf("%s names %d files, want one", path, len(names))
	}
	found, err := filepath.Rel(s.path(root), names[0])
	return filepath.ToSlash(found), err
}

// curl requests an address of the server.
func (s *shell) curl(args []string) (string, error) {
	method, headers := http.MethodGet, false
	for len(args) > 1 {
		switch args[0] {
		case "-X":
			method, args = args[1], args[1:]
		case "-I":
			method, headers = http.MethodHead, true
		}
		args = args[1:]
	}
	path, query, _ := strings.Cut(strings.TrimPrefix(args[0], "http://"+shownAddress+"/"), "?")
	directory, name, below := strings.Cut(path, "/")
	directory, err := s.named("dist/public", directory)
	if err != nil {
		return "", err
	}
	url := "http://" + s.address + "/" + directory
	if below {
		url += "/" + name + "?" + query
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if headers {
		var output bytes.Buffer
		fmt.Fprintf(&output, "%s %s\n", response.Proto, response.Status)
		_ = response.Header.Write(&output)
		return strings.ReplaceAll(output.String(), "\r", ""), nil
	}
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

// cat prints files.
func (s *shell) cat(names []string) (string, error) {
	var output strings.Builder
	for _, name := range names {
		name, err := s.named(".", name)
		if err != nil {
			return "", err
		}
		data, err := os.ReadFile(s.path(name))
		if err != nil {
			return "", err
		}
		output.Write(data)
	}
	return output.String(), nil
}

// list prints the names in a directory.
func (s *shell) list(name string) (string, error) {
	name, err := s.named(".", name)
	if err != nil {
		return "", err
	}
	entries, err := os.ReadDir(s.path(name))
	var output strings.Builder
	for _, entry := range entries {
		fmt.Fprintln(&output, entry.Name())
	}
	return output.String(), err
}
