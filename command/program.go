// Package command is the command line of ivrc: one file for each group of
// commands. It alone reads the environment and opens files; package report decides
// how things look. What the commands do is in compiler and in runtime/..., which
// share nothing but the bundle.
package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"

	"golang.org/x/term"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// Main runs ivrc with the arguments, the streams and the environment of this
// process, and returns its exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends what gives back something
	executable, err := os.Executable()
	if err != nil {
		executable = os.Args[0]
	}
	p := &Program{
		Executable: executable,
		Args:       os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Environment: os.Environ(),
		Terminal:    term.IsTerminal(int(os.Stdout.Fd())),
		Keyboard:    term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd())),
		Width:       terminalWidth(),
	}
	return p.Run(ctx)
}

// endings are the signals that end a program: Ctrl-C, what kill sends, and the end of
// a terminal, unless nohup keeps that away.
func endings() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

func terminalWidth() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil || width < 40 {
		return 80
	}
	return min(width, 120)
}

// A Program is one run of ivrc and everything that it depends on, so that tests
// run what users run.
type Program struct {
	Args           []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Environment    []string          // NAME=VALUE
	Network        http.RoundTripper // for Twilio, the store and the public host; nil is the network
	Executable     string            // this program, which what runs on starts again to compile
	Directory      string            // that relative paths start from, "" is the process's own
	chdir          string            // how -chdir named it
	started        string            // the directory before -chdir
	readList       string            // where a compilation lists what it has read
	Terminal       bool              // stdout is a terminal
	Keyboard       bool              // somebody can answer questions
	Width          int               // of the terminal, in columns
	color          bool              // set by the flags and the environment
	log            *slog.Logger      // of requests; nil for none
	held           *atomic.Int32     // how much is to be given back before the program ends
	doors          doors             // through which everything is printed
}

// The doors of a program. Annotations go to standard output, too.
type doors struct{ stdout, stderr, annotations *terminal.Door }

// hide hides values in all that is printed from now on, also where they are a part
// of JSON.
func (d doors) hide(values []string) {
	hidden := slices.Clone(values)
	for _, value := range values {
		if quoted, err := json.Marshal(value); err == nil && len(quoted) > len(value)+2 {
			hidden = append(hidden, string(quoted[1:len(quoted)-1]))
		}
	}
	for _, door := range []*terminal.Door{d.stdout, d.stderr, d.annotations} {
		door.Hide(hidden)
	}
}

// The exit codes, which mean the same for every command.
const (
	ExitSuccess  = 0 // done, and nothing was found
	ExitError    = 1 // not done
	ExitFindings = 2 // done, and there are differences or findings
	ExitBraked   = 3 // done, and apply would refuse the changes
)

// execute runs the program to its end, behind doors.
func (p *Program) execute(ctx context.Context) int {
	p.started = p.Directory
	behind := *p
	behind.doors = doors{&terminal.Door{To: p.Stdout}, &terminal.Door{To: p.Stderr}, &terminal.Door{To: p.Stdout, Commands: true}}
	behind.Stdout, behind.Stderr = behind.doors.stdout, behind.doors.stderr
	code := behind.run(ctx)
	if err := cmp.Or(behind.doors.stdout.Close(), behind.doors.stderr.Close()); err != nil && code == ExitSuccess {
		return ExitError
	}
	return code
}

// run runs the program to its end.
func (p *Program) run(ctx context.Context) int {
	command := p.Command()
	command.SetArgs(longFlags(p.Args))
	err := interrupted(ctx, command.ExecuteContext(ctx))
	switch {
	case err == nil:
		return ExitSuccess
	case errors.Is(err, errFindings):
		return ExitFindings
	case errors.Is(err, errBraked):
		return ExitBraked
	}
	p.fail(err)
	return ExitError
}

// longFlags gives long options two dashes, so that -out=FILE means --out=FILE, as
// users of Terraform write it.
func longFlags(args []string) []string {
	result := make([]string, len(args))
	for i, arg := range args {
		if arg == "--" {
			copy(result[i:], args[i:])
			break
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		if strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && len(name) > 1 {
			arg = "-" + arg
		}
		result[i] = arg
	}
	return result
}

// path resolves a path that the user gave, against -chdir.
func (p *Program) path(name string) string {
	if filepath.IsAbs(name) || p.Directory == "" {
		return name
	}
	return filepath.Join(p.Directory, name)
}

// env returns an environment variable.
func (p *Program) env(name string) string {
	for _, entry := range p.Environment {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// paint says whether colours are wanted.
func (p *Program) paint(on bool) {
	p.color, p.doors.stdout.Colors, p.doors.stderr.Colors = on, on, on
}

// wantColor decides on colours: first the option, then the environment, then whether
// there is a terminal.
func (p *Program) wantColor(never bool) bool {
	switch {
	case never, p.env("NO_COLOR") != "":
		return false
	case p.env("IVRC_FORCE_COLOR") != "":
		return true
	}
	return p.Terminal && p.env("TERM") != "dumb"
}

// output says where reports are written, and how they look there.
func (p *Program) output() report.Output {
	return report.Output{
		Stdout: p.Stdout, Stderr: p.Stderr, Annotations: p.doors.annotations,
		Color: p.color, Width: p.Width, Workspace: p.env("GITHUB_WORKSPACE"),
	}
}
