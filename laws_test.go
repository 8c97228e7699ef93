package main

// The laws of the architecture, enforced on the sources: who may import whom and
// why, and what every package owes to its readers.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/ivrc/ivrc"

// An importLaw restricts what the packages of some folders import. Packages of
// this module are written from its root, "./compiler"; "std" is the whole
// standard library; "/..." stands for what is below, and the folder itself.
type importLaw struct {
	in     string
	only   []string // nothing but these
	never  []string // none of these,
	except []string // but these
	why    string
}

// importLaws is the table of design: the bundle is the only thing that the two
// halves share.
var importLaws = []importLaw{
	{in: "./compiler/...", never: []string{"./runtime/..."},
		why: "compile time is pure: a file system in, a bundle out; it neither serves nor dials what it makes"},
	{in: "./compiler/...", never: []string{
		"os/...", "net", "net/http/...", "net/rpc/...", "net/smtp", "syscall", "log/...", "path/filepath", "plugin",
		"math/rand/...", "crypto/rand", "testing/...", "github.com/spf13/...", "golang.org/x/sys/...", "golang.org/x/term",
	}, why: "compile time is pure: no files but those of the fs.FS, no network, no chance, so that the same input gives the same bytes"},
	{in: "./compiler/bundle", only: []string{"std", "./compiler/schedule"},
		why: "the bundle is the contract between the halves, and runs wherever one of them does"},
	{in: "./compiler/schedule", only: []string{"std"},
		why: "hours are read by whoever answers, wherever that is"},
	{in: "./compiler/internal/timezone", only: []string{"std"},
		why: "the time zones are the same on every machine"},
	{in: "./compiler/twiml", only: []string{"std"},
		why: "TwiML is a contract: the compiler writes with it, the simulator reads with it"},
	{in: "./compiler/internal/diagnostic", never: []string{"./compiler/internal/..."}, why: stages},
	{in: "./compiler/internal/source", never: []string{"./compiler/internal/..."}, except: []string{"./compiler/internal/diagnostic"}, why: stages},
	{in: "./compiler/internal/config", never: []string{"./compiler/internal/..."}, except: []string{"./compiler/internal/diagnostic", "./compiler/internal/source"}, why: stages},
	{in: "./compiler/internal/model", never: []string{"./compiler/internal/..."}, why: stages},
	{in: "./compiler/internal/resolve", never: []string{"./compiler/internal/..."}, except: []string{"./compiler/internal/diagnostic", "./compiler/internal/source", "./compiler/internal/config", "./compiler/internal/model", "./compiler/internal/timezone"}, why: stages},
	{in: "./compiler/internal/component", never: []string{"./compiler/internal/..."}, why: stages},
	{in: "./compiler/internal/proof", never: []string{"./compiler/internal/..."}, except: []string{"./compiler/internal/diagnostic", "./compiler/internal/model", "./compiler/internal/component"}, why: stages},
	{in: "./compiler/internal/lint", never: []string{"./compiler/internal/..."}, except: []string{"./compiler/internal/diagnostic", "./compiler/internal/model", "./compiler/internal/proof"}, why: stages},
	{in: "./compiler/internal/lower", never: []string{"./compiler/internal/..."}, except: []string{"./compiler/internal/diagnostic", "./compiler/internal/model", "./compiler/internal/component"}, why: stages},
	{in: "./compiler/internal/calltest", never: []string{"./compiler/internal/..."}, except: []string{"./compiler/internal/diagnostic", "./compiler/internal/source", "./compiler/internal/config", "./compiler/internal/model", "./compiler/internal/resolve"}, why: stages},
	{in: "./compiler/script", only: []string{"std"},
		why: "what people do in a call is one family of types, for whoever proves, tests or plays a call"},
	{in: "./compiler/calltest", only: []string{"std", "./compiler/script"},
		why: "a call test is plain data: the compiler writes it, the tester plays it"},
	{in: "./compiler/audio", only: []string{"std"},
		why: "audio is measured alike by who writes a bundle and who plays it"},
	{in: "./compiler/phone", only: []string{"std"},
		why: "a number is looked up in a table, and the program begins before the table is read"},
	{in: "./...", never: []string{"github.com/nyaruka/..."},
		why: "the library of telephone numbers unpacks its metadata at every start, and weighs 4 MB; tests compare with it"},
	{in: "./compiler/terminal", only: []string{"std", "github.com/rivo/uniseg"},
		why: "text is made fit for a terminal alike by all who print; how wide it is, the tables of Unicode say"},
	{in: "./compiler/diagram", only: []string{"std", "./compiler/bundle", "./compiler/terminal"},
		why: "a drawing shows what is in a bundle, so that one that was built elsewhere can be drawn, too"},
	{in: "./runtime/...", never: []string{"./compiler"},
		why: "a bundle is enough: what runs must work for bundles that another version compiled"},
	{in: "./runtime/...", never: []string{"./compiler/diagram", "github.com/hashicorp/...", "github.com/zclconf/...", "github.com/spf13/..."},
		why: "configurations and the command line are no concern of what runs"},
	{in: "./runtime/router", only: []string{"std", "./compiler/bundle"},
		why: "it runs where the calls are"},
	{in: "./runtime/router/host", only: []string{"std", "./compiler/bundle", "./runtime/router"},
		why: "a configuration of another host repeats the rule, the headers and the refusals of the router, and nothing else"},
	{in: "./runtime/simulator/fetch", only: []string{"std", "./compiler/twiml", "./compiler/audio"},
		why: "it requests documents as Twilio does, and knows neither calls nor bundles"},
	{in: "./runtime/simulator", only: []string{"std", "./compiler/script", "./compiler/twiml", "./compiler/bundle", "./compiler/terminal", "./runtime/simulator/fetch"},
		why: "it plays Twilio for any phone application, and must not test the compiler against itself"},
	{in: "./runtime/explorer", only: []string{"std", "./compiler/script", "./compiler/twiml", "./compiler/bundle", "./runtime/simulator", "./runtime/simulator/fetch"},
		why: "it walks any phone application with what the simulator knows of Twilio, and must not test the compiler against itself"},
	{in: "./runtime/tester", only: []string{"std", "golang.org/x/sync/errgroup", "./compiler/bundle", "./compiler/calltest", "./compiler/script", "./compiler/terminal", "./compiler/twiml", "./runtime/simulator"},
		why: "it plays call tests with the simulator against whatever answers, and knows their words and the bundle, not the configuration"},
	{in: "./runtime/router", never: []string{"./runtime/..."}, why: siblings},
	{in: "./runtime/server", only: []string{"std", "./compiler/bundle", "./runtime/disk", "./runtime/router"},
		why: "it serves what it is given: whoever starts it opens directories and stores, and says how they are read"},
	{in: "./runtime/simulator", never: []string{"./runtime/..."}, except: []string{"./runtime/simulator/fetch"}, why: siblings},
	{in: "./runtime/sandbox", never: []string{"./runtime/..."}, except: []string{"./runtime/disk", "./runtime/retry"}, why: siblings},
	{in: "./runtime/quote", only: []string{"std", "./compiler/terminal"},
		why: "it makes text from outside fit to be shown, wherever that comes from"},
	{in: "./runtime/disk", only: []string{"std", "github.com/rogpeppe/go-internal/lockedfile"},
		why: "files are read and written in the same way everywhere, whatever they hold"},
	{in: "./runtime/retry", only: []string{"std"},
		why: "what may pass by itself is tried again in the same way everywhere"},
	{in: "./runtime/twilio", never: []string{"./runtime/..."}, except: []string{"./runtime/quote", "./runtime/retry"},
		why: "an account is written without knowing what for; it lies below deploying"},
	{in: "./runtime/store", only: []string{"std", "./compiler/bundle", "./runtime/quote", "./runtime/retry", "github.com/minio/minio-go/v7/...", "github.com/rogpeppe/go-internal/lockedfile"},
		why: "objects and a lock are kept without knowing what they are; the store lies below deploying"},
	{in: "./runtime/deploy", never: []string{"./runtime/..."}, except: []string{"./runtime/twilio", "./runtime/store", "./runtime/quote", "./runtime/retry"},
		why: "a bundle, an account and a store are all that deploying knows"},
	{in: "./runtime/deploy", never: []string{"github.com/twilio/...", "github.com/minio/..."},
		why: "one package speaks to Twilio, and one to object storage"},
	{in: "./compiler/...", never: []string{"./command/..."}, why: below},
	{in: "./runtime/...", never: []string{"./command/..."}, why: below},
	{in: "./command/report", never: []string{"os/...", "net/...", "github.com/spf13/...", "./command", "./runtime/router/...", "./runtime/server", "./runtime/twilio", "./runtime/store"},
		why: "how things look is decided without opening, serving or asking anything"},
	{in: "./...", never: []string{"./command/commandtest"}, why: "it is made for tests, which this law does not hold"},
	{in: "./...", never: []string{"github.com/twilio/twilio-go/..."},
		except: []string{"github.com/twilio/twilio-go/client", "github.com/twilio/twilio-go/rest/api/v2010"},
		why:    "the root of twilio-go costs minutes of build time, and its TwiML has attributes in random order"},
	{in: "./compiler/...", never: []string{"github.com/twilio/..."}, why: "only runtime/twilio talks to Twilio"},
	{in: "./...", never: []string{"./internal/deep"}, why: "it says how much the tests try, and the program is not a test"},
	{in: "./...", never: []string{"text/template", "html/template"},
		why: "a template calls methods by name, so that the linker keeps every method of every library: 4 MB of program"},
}

const below = "the command line is above everything: what it calls must work for another program, too"

const stages = "a stage of the compiler knows only those before it"

const siblings = "what runs is independent of what else runs: a bundle is all that they share"

// breaks reports whether a package that imports another breaks the law.
func (l importLaw) breaks(importer, imported string) bool {
	if !within(importer, l.in) || importer == imported {
		return false
	}
	is := func(pattern string) bool { return within(imported, pattern) }
	return slices.ContainsFunc(l.never, is) && !slices.ContainsFunc(l.except, is) || l.only != nil && !slices.ContainsFunc(l.only, is)
}

// within reports whether a package is among those that a pattern names.
func within(name, pattern string) bool {
	if pattern == "std" {
		first, _, _ := strings.Cut(name, "/")
		return !strings.Contains(first, ".")
	}
	if folder, below := strings.CutSuffix(pattern, "/..."); below {
		return name == folder || strings.HasPrefix(name, folder+"/")
	}
	return name == pattern
}

func TestImportLaws(t *testing.T) {
	checked := map[string]bool{}
	for _, f := range goFiles(t) {
		if f.isTest() {
			continue
		}
		for _, spec := range f.tree.Imports {
			imported := fromRoot(spec)
			for _, law := range importLaws {
				if law.breaks(f.importPath(), imported) {
					t.Errorf("%s imports %s, but %s", f.at(spec.Pos()), imported, law.why)
				}
			}
		}
		checked[f.importPath()] = true
	}
	for _, need := range []string{"./compiler", "./compiler/bundle", "./compiler/twiml", "./runtime/router", "./runtime/simulator"} {
		if !checked[need] {
			t.Errorf("the package %s was not checked", need)
		}
	}
}

// TestImportLawsRefuse holds the table to what it says, so that a slip in a
// pattern does not pass for obedience.
func TestImportLawsRefuse(t *testing.T) {
	tests := []struct {
		importer, imported string
		refused            bool
	}{
		{"./compiler", "os", true},
		{"./compiler", "os/exec", true},
		{"./compiler", "net/http", true},
		{"./compiler", "net/url", false},
		{"./compiler", "math/rand/v2", true},
		{"./compiler", "math/big", false},
		{"./compiler", "io/fs", false},
		{"./compiler", "./runtime/router", true},
		{"./compiler", "./compiler/bundle", false},
		{"./compiler", "github.com/hashicorp/hcl/v2", false},
		{"./compiler/bundle", "github.com/hashicorp/hcl/v2", true},
		{"./compiler/bundle", "./compiler/twiml", true},
		{"./compiler/twiml", "encoding/xml", false},
		{"./compiler/diagram", "./compiler/bundle", false},
		{"./compiler/diagram", "./compiler/terminal", false},
		{"./compiler/diagram", "github.com/rivo/uniseg", true},
		{"./compiler/terminal", "github.com/rivo/uniseg", false},
		{"./compiler/terminal", "./compiler/bundle", true},
		{"./compiler/diagram", "./compiler", true},
		{"./runtime/router", "./compiler/bundle", false},
		{"./runtime/router", "./compiler/twiml", true},
		{"./runtime/router", "./compiler", true},
		{"./runtime/router", "net/http", false},
		{"./runtime/router", "./runtime/router/host", true},
		{"./runtime/router/host", "./runtime/router", false},
		{"./runtime/router", "./runtime/server", true},
		{"./runtime/server", "./runtime/router", false},
		{"./runtime/server", "./runtime/deploy", true},
		{"./runtime/router/host", "./runtime/deploy", true},
		{"./runtime/simulator", "./compiler/twiml", false},
		{"./runtime/simulator", "./compiler", true},
		{"./runtime/simulator", "./runtime/router", true},
		{"./compiler/internal/resolve", "./compiler/internal/config", false},
		{"./compiler/internal/model", "./compiler/internal/resolve", true},
		{"./compiler/internal/config", "./compiler/internal/model", true},
		{"./compiler/internal/proof", "./compiler/internal/lower", true},
		{"./compiler/calltest", "./compiler/bundle", true},
		{"./runtime/tester", "./runtime/simulator", false},
		{"./runtime/tester", "./compiler/calltest", false},
		{"./runtime/tester", "./runtime/router", true},
		{"./runtime/tester", "./compiler", true},
		{"./runtime/simulator", "./runtime/tester", true},
		{"./runtime/simulator", "./runtime/simulator/fetch", false},
		{"./runtime/simulator", "./runtime/explorer", true},
		{"./runtime/simulator/fetch", "./runtime/simulator", true},
		{"./runtime/explorer", "./runtime/simulator", false},
		{"./runtime/explorer", "./compiler", true},
		{"./runtime/deploy", "./compiler", true},
		{"./runtime/deploy", "./compiler/bundle", false},
		{"./runtime/deploy", "./runtime/twilio", false},
		{"./runtime/deploy", "./runtime/store", false},
		{"./runtime/deploy", "./runtime/router", true},
		{"./runtime/deploy", "github.com/twilio/twilio-go/client", true},
		{"./runtime/twilio", "github.com/twilio/twilio-go", true},
		{"./runtime/twilio", "github.com/twilio/twilio-go/twiml", true},
		{"./runtime/twilio", "github.com/twilio/twilio-go/client", false},
		{"./runtime/twilio", "github.com/twilio/twilio-go/rest/api/v2010", false},
		{"./runtime/twilio", "./runtime/deploy", true},
		{"./runtime/twilio", "./runtime/store", true},
		{"./runtime/store", "./runtime/deploy", true},
		{"./runtime/store", "./runtime/twilio", true},
		{"./runtime/store", "github.com/minio/minio-go/v7/pkg/credentials", false},
		{"./runtime/sandbox", "./runtime/deploy", true},
		{"./runtime/sandbox", "./runtime/twilio", true},
		{".", "./command", false},
		{".", "./compiler", false},
		{"./command", "./compiler", false},
		{"./command", "./command/report", false},
		{"./command", "./command/commandtest", true},
		{"./command/report", "os", true},
		{"./command/report", "./runtime/deploy", false},
		{"./command/report", "./command", true},
		{"./runtime/tester", "./command/report", true},
		{"./compiler/internal/proof", "./compiler/internal/model", false},
		{".", "./runtime/simulator", false},
	}
	for _, test := range tests {
		refused := slices.ContainsFunc(importLaws, func(l importLaw) bool { return l.breaks(test.importer, test.imported) })
		if refused != test.refused {
			t.Errorf("%s imports %s: refused is %t, want %t", test.importer, test.imported, refused, test.refused)
		}
	}
}

// TestCompilerHasNoClock looks for the functions by which a program learns what
// time it is, or waits. Lengths of time are no clock.
func TestCompilerHasNoClock(t *testing.T) {
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation"}
	for _, f := range goFiles(t) {
		if f.isTest() || !within(f.importPath(), "./compiler/...") {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if name, ok := selector.X.(*ast.Ident); ok && name.Name == "time" && slices.Contains(clock, selector.Sel.Name) {
				t.Errorf("%s uses time.%s, but compile time is pure: the same input gives the same bytes at any time", f.at(n.Pos()), selector.Sel.Name)
			}
			return true
		})
	}
}

// A goFile is one Go file of the module.
type goFile struct {
	name string // slash-separated, from the module's root
	text []byte
	tree *ast.File
	set  *token.FileSet
}

func (f *goFile) isTest() bool { return strings.HasSuffix(f.name, "_test.go") }

// importPath is the file's package, as the laws write it.
func (f *goFile) importPath() string {
	if directory := path.Dir(f.name); directory != "." {
		return "./" + directory
	}
	return "."
}

// at is a position as people write it.
func (f *goFile) at(pos token.Pos) string {
	return f.name + ":" + strconv.Itoa(f.set.Position(pos).Line)
}

// fromRoot is what a file imports, as the laws write it.
func fromRoot(spec *ast.ImportSpec) string {
	name, _ := strconv.Unquote(spec.Path.Value) // the parser has seen to it
	if name == module {
		return "."
	}
	if rest, ok := strings.CutPrefix(name, module+"/"); ok {
		return "./" + rest
	}
	return name
}

// goFiles parses every Go file of the module.
func goFiles(t *testing.T) []*goFile {
	t.Helper()
	var files []*goFile
	for _, name := range sourceFiles(t, ".go") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f := &goFile{name: name, text: text, set: token.NewFileSet()}
		if f.tree, err = parser.ParseFile(f.set, name, text, parser.ParseComments); err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// sourceFiles lists the files of the module whose names end in one of the given
// ways, but not those in hidden folders and in modules within this one.
func sourceFiles(t *testing.T, ends ...string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			_, inner := os.Stat(path.Join(name, "go.mod"))
			if name != "." && (strings.HasPrefix(entry.Name(), ".") || inner == nil) {
				return fs.SkipDir
			}
			return nil
		}
		if slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(name, end) }) {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
