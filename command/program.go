// Package command is the command line of ivrc: one file for each group of
// commands. It alone reads the environment, opens files, and decides how things
// look. What the commands do is in the packages compiler and runtime/..., which
// share nothing but the bundle.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/term"
)

// Main runs ivrc with the arguments, the streams and the environment of this
// process, and returns its exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends what does not listen to the first
	p := &program{
		args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		environment: os.Environ(),
		terminal:    term.IsTerminal(int(os.Stdout.Fd())),
		keyboard:    term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd())),
		width:       terminalWidth(),
	}
	return p.run(ctx)
}

func terminalWidth() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil || width < 40 {
		return 80
	}
	return min(width, 120)
}

// A program is one run of ivrc and everything that it depends on.
type program struct {
	args           []string
	stdin          io.Reader
	stdout, stderr io.Writer
	environment    []string          // NAME=VALUE
	network        http.RoundTripper // for Twilio, the store and the public host; nil is the network
	directory      string            // that relative paths start from, "" is the process's own
	chdir          string            // how -chdir named it
	terminal       bool              // stdout is a terminal
	keyboard       bool              // somebody can answer questions
	width          int               // of the terminal, in columns
	color          bool              // set by the flags and the environment
}

// The exit codes, which mean the same for every command.
const (
	exitFine     = 0
	exitError    = 1
	exitFindings = 2 // differences or findings exist
)

// findings is the error of a command that did its work and found something. What
// it found has been written already.
var errFindings = errors.New("findings")

// errReported is the error of a command that has said what is wrong.
var errReported = errors.New("reported")

// run runs the program and returns its exit code.
func (p *program) run(ctx context.Context) int {
	command := p.command()
	command.SetArgs(longFlags(p.args))
	err := command.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errReported):
		return exitError
	}
	fmt.Fprintf(p.stderr, "%s %s\n", p.paint(red, "Error:"), printable(err.Error()))
	return exitError
}

// longFlags gives long flags two dashes, so that -out=FILE works like
// --out=FILE, as Terraform's users write it.
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

// path resolves a path that the user gave.
func (p *program) path(name string) string {
	if filepath.IsAbs(name) || p.directory == "" {
		return name
	}
	return filepath.Join(p.directory, name)
}

// env returns an environment variable.
func (p *program) env(name string) string {
	for _, entry := range p.environment {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}
