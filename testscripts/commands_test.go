package testscripts

// Commands for testscripts, where neither the program nor testscript's own
// commands can say what is meant.

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ivrc/ivrc/command/commandtest"
)

var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"edit":    scriptEdit,
	"example": scriptExample,
	"exits":   scriptExits,
	"find":    scriptFind,
	"repeat":  scriptRepeat,
	"same":    scriptSame,

	"addresses": scriptAddresses,
	"age":       scriptAge,
	"console":   scriptConsole,
	"mask":      scriptMask,

	"await":    scriptAwait,
	"http":     scriptHTTP,
	"serve":    scriptServe,
	"shutdown": scriptShutdown,
	"sign":     scriptSign,
}

// scriptUsage fails a script that uses a command wrongly. None of the commands
// has a negated form unless it says so.
func scriptUsage(ts *testscript.TestScript, wrong bool, usage string) {
	if wrong {
		ts.Fatalf("usage: %s", usage)
	}
}

// scriptEdit replaces a text in a file, which must occur exactly once, as a user
// does who changes a prompt. The file is replaced in one step, so that a server
// that watches it never meets half of it:
//
//	edit FILE OLD NEW
func scriptEdit(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) != 3, "edit FILE OLD NEW")
	text := ts.ReadFile(args[0])
	if n := strings.Count(text, args[1]); n != 1 {
		ts.Fatalf("%s holds the text %d times, want once", args[0], n)
	}
	ts.Check(commandtest.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1))))
}

// scriptExample copies examples/NAME into the work directory, so that scripts
// work on the examples that users see and may change them:
//
//	example NAME
func scriptExample(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) != 1, "example NAME")
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(filepath.Join("examples", args[0]))))
}

// scriptExits runs a program that must end with an exit code, because exec can
// only tell 0 from the others:
//
//	exits CODE PROGRAM [ARGUMENT ...]
func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) < 2, "exits CODE PROGRAM [ARGUMENT ...]")
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if ended, ok := err.(*exec.ExitError); ok {
		code, err = ended.ExitCode(), nil
	}
	ts.Check(err)
	if want := args[0]; strconv.Itoa(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

// scriptFind sets a variable to the one path that matches a pattern, relative to
// the pattern's directory DIR, because the names of documents hold hashes:
//
//	find NAME DIR PATTERN
func scriptFind(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) != 3, "find NAME DIR PATTERN")
	found, err := fs.Glob(os.DirFS(ts.MkAbs(args[1])), args[2])
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%s matches %d files in %s, want one: %q", args[2], len(found), args[1], found)
	}
	ts.Setenv(args[0], found[0])
}

// scriptRepeat adds a text to a file again and again, for files that are too
// large to be shown:
//
//	repeat FILE COUNT TEXT
//
// In the text, %d is the number of the repetition, from 1, and \n a line break.
func scriptRepeat(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, neg || len(args) != 3, "repeat FILE COUNT TEXT")
	count, err := strconv.Atoi(args[1])
	ts.Check(err)
	var text strings.Builder
	for i := range count {
		text.WriteString(strings.NewReplacer("%d", strconv.Itoa(i+1), `\n`, "\n").Replace(args[2]))
	}
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[0])), 0o755))
	file, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	ts.Check(err)
	_, err = file.WriteString(text.String())
	ts.Check(err)
	ts.Check(file.Close())
}

// scriptSame compares two directories, names and bytes; negated, they must
// differ:
//
//	[!] same DIR1 DIR2
func scriptSame(ts *testscript.TestScript, neg bool, args []string) {
	scriptUsage(ts, len(args) != 2, "[!] same DIR1 DIR2")
	differences, err := commandtest.CompareTrees(ts.MkAbs(args[0]), ts.MkAbs(args[1]))
	ts.Check(err)
	switch {
	case neg && len(differences) == 0:
		ts.Fatalf("%s and %s are the same", args[0], args[1])
	case !neg && len(differences) > 0:
		ts.Fatalf("%s and %s differ:\n%s", args[0], args[1], strings.Join(differences, "\n"))
	}
}
