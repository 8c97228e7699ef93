package twilio

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	openapi "github.com/twilio/twilio-go/rest/api/v2010"
)

// asks are the only functions of Twilio's API that this package calls.
var asks = []string{"CreateCall", "CreateQueue", "DeleteQueue", "FetchIncomingPhoneNumber", "UpdateIncomingPhoneNumber", "UpdateQueue"}

// imports are the only parts of twilio-go that it imports.
var imports = []string{"github.com/twilio/twilio-go/client", "github.com/twilio/twilio-go/rest/api/v2010"}

// The program contains no call that buys, releases or moves a phone number: its
// code names no other function of the API, sets no account of a number, and
// asks for nothing in any other way but to read.
func TestHarmless(t *testing.T) {
	files := parse(t)
	service := reflect.TypeFor[*openapi.ApiService]()
	called := map[string]bool{}
	for name, file := range files {
		for _, i := range file.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil || strings.Contains(path, "twilio") && !slices.Contains(imports, path) {
				t.Errorf("%s imports %s", name, path)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if _, exists := service.MethodByName(n.Sel.Name); exists {
					called[n.Sel.Name] = true
				}
				if n.Sel.Name == "SetAccountSid" || n.Sel.Name == "AccountSid" {
					t.Errorf("%s names %s, which could move a number", name, n.Sel.Name)
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "AccountSid" {
					t.Errorf("%s sets AccountSid, which could move a number", name)
				}
			case *ast.CallExpr:
				if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "SendRequest" && !isMethodGet(n.Args[0]) {
					t.Errorf("%s sends a request of its own that does not read", name)
				}
			}
			return true
		})
	}
	for name := range called {
		if !slices.Contains(asks, name) {
			t.Errorf("the package calls %s", name)
		}
	}
	if len(called) != len(asks) {
		t.Errorf("of %v the package calls %v: this test looks past the code", asks, called)
	}
}

// isMethodGet reports whether an expression is http.MethodGet.
func isMethodGet(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "MethodGet"
}

// parse reads the package's code without its tests.
func parse(t *testing.T) map[string]*ast.File {
	t.Helper()
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = file
	}
	return files
}

// A reader has no method that writes.
func TestReaderReads(t *testing.T) {
	var methods []string
	reader := reflect.TypeFor[*Reader]()
	for i := range reader.NumMethod() {
		methods = append(methods, reader.Method(i).Name)
	}
	if want := []string{"CallerIDs", "Close", "Confirm", "Read", "SID"}; !slices.Equal(methods, want) {
		t.Errorf("a Reader has the methods %v, want %v", methods, want)
	}
}
