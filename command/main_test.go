package command

// The testscripts are the manual of the command line, executed. Each is a txtar
// archive: a story in comments, the commands that a user would type, the files
// that they work on, and what they print, word for word.
//
//	testscripts/COMMAND_what.txtar         what a command does
//	testscripts/diagnostics/IVR203.txtar   a mistake, and how it is reported
//
// They run the program itself, at width 80 and without a terminal.
// go test -run TestScripts ./command -update rewrites what the commands print; read the
// difference before it is committed.

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite what the testscripts expect")

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) != "ivrc" { // the tests, not the program that they run
		if err := os.Chdir(".."); err != nil { // where examples, docs and testscripts are
			panic(err)
		}
	}
	testscript.Main(m, map[string]func(){"ivrc": runProgram})
}

// runProgram is main with a terminal that does not depend on where the tests
// run: none, of 80 columns.
func runProgram() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	p := &program{
		args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		environment: os.Environ(), width: 80,
	}
	os.Exit(p.run(ctx))
}

func TestScripts(t *testing.T) {
	runScripts(t, "testscripts")
}

func TestDiagnosticScripts(t *testing.T) {
	runScripts(t, "testscripts/diagnostics")
}

func runScripts(t *testing.T, dir string) {
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUpScript,
		Cmds:                scriptCommands,
	})
}

// setUpScript keeps processes under the race detector from waiting a second
// each before they end.
func setUpScript(env *testscript.Env) error {
	if env.Getenv("GORACE") == "" {
		env.Setenv("GORACE", "atexit_sleep_ms=10")
	}
	env.Values[servers{}] = &servers{}
	return nil
}
