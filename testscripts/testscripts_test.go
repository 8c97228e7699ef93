package testscripts

// The testscripts are the manual of the command line, executed. Each is a txtar
// archive: a story in comments, the commands that a user would type, the files
// that they work on, and what they print, word for word.
//
//	testscripts/COMMAND_what.txtar         what a command does
//	testscripts/diagnostics/IVR203.txtar   a mistake, and how it is reported
//
// They run the program itself, at width 80 and without a terminal.
// go test ./testscripts -update rewrites what the commands print; read the difference
// before you commit it.

import (
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ivrc/ivrc/command/commandtest"
)

var update = flag.Bool("update", false, "rewrite what the testscripts expect")

func TestMain(m *testing.M) { commandtest.Main(m) }

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
