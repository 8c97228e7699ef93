package compiler

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/calltest"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/script"
)

// aroundCallTests is a small configuration for call tests to speak of.
const aroundCallTests = `
project "harbor" {}
locals { office = "Harbor" }
user "ann" { phone = "+14155550101" }
queue "desk" {
  agents   = user.ann
  max_wait = "1m"
}
voicemail "desk" {}
message "hours" { text = "We are open." }
menu "main" {
  option "1" {
    label = "reception"
    to    = queue.desk
  }
  option "2" {
    label = "more"
    menu {
      option "1" {
        label = "voicemail"
        to    = voicemail.desk
      }
    }
  }
}
hosting { base_url = "https://calls.harbor.example" }
number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
`

// compileCallTests compiles one file of call tests.
func compileCallTests(text string) (Result, hcl.Diagnostics) {
	return Compile(Input{CallTests: true, Files: fstest.MapFS{
		"main.ivr.hcl":     {Data: []byte(aroundCallTests)},
		"main.ivrtest.hcl": {Data: []byte(text)},
	}})
}

// soundCallTests checks what must hold whatever a file of call tests says: it is
// either data for somebody to play, or mistakes with codes and places.
func soundCallTests(t rapid.TB, text string) Result {
	t.Helper()
	result, diags := compileCallTests(text)
	if (result.CallTests != nil) == diags.HasErrors() {
		t.Fatalf("%d tests, errors: %t in\n%s", len(result.CallTests), diags.HasErrors(), text)
	}
	for _, d := range diags {
		at := diagnostic.SubjectOf(d)
		if diagnostic.CodeOf(d) == "" || at.Filename == "main.ivrtest.hcl" && (at.Start.Byte < 0 || at.End.Byte > len(text)) {
			t.Fatalf("%q has the code %q, at bytes %d to %d of %d", d.Summary, diagnostic.CodeOf(d), at.Start.Byte, at.End.Byte, len(text))
		}
	}
	for _, test := range result.CallTests {
		for _, c := range append(test.Others, test.Caller) {
			if c.To == "" || c.From == "" {
				t.Fatalf("a call from %q to %q in\n%s", c.From, c.To, text)
			}
			for _, s := range append(c.Steps, c.Never...) {
				if s.Expects == "" && s.Action.Do == "" || s.Written == "" || s.Place.Line == 0 {
					t.Fatalf("an empty step %+v in\n%s", s, text)
				}
			}
		}
	}
	return result
}

// Whatever stands where, compiling call tests ends.
func TestCallTestsOfAnything(t *testing.T) {
	var words []string
	for _, w := range calltest.Words() {
		words = append(words, w.Name)
	}
	values := []string{
		`"1"`, `"10s"`, `"10"`, `"Press"`, `""`, `12`, `true`, `null`, `tolist(null)`, `tonumber(null)`, `tostring(null)`, `[]`, `{}`,
		`user.ann`, `queue.desk`, `voicemail.desk`, `message.hours`, `menu.main`, `"menu.main.2"`, `"menu.main.3"`, `number.main`, `stock.goodbye`, `stock.nothing`,
		`hangup`, `local.office`, `var.nothing`, `each.value`, `toset(["a"])`, `"+14155550101"`, `"${local.office} é\u0007"`,
	}
	expression := rapid.Custom(func(t *rapid.T) string { return anyStep(t, words, values, 3) })
	rapid.Check(t, func(t *rapid.T) {
		list := func(name string) string {
			return "[" + strings.Join(rapid.SliceOfN(expression, 0, 4).Draw(t, name), ", ") + "]"
		}
		lines := []string{"to = " + rapid.SampledFrom([]string{"number.main", "number.main", "menu.main", "null", "each.value"}).Draw(t, "to")}
		for _, attribute := range []string{"steps", "never", "waiting", "callees", "for_each", "lasts_at_most", "withheld"} {
			switch rapid.IntRange(0, 2).Draw(t, attribute) {
			case 0:
				lines = append(lines, attribute+" = "+list(attribute))
			case 1:
				value := expression.Draw(t, attribute)
				if attribute == "waiting" || attribute == "callees" {
					value = "{ ann = " + value + ", desk = " + expression.Draw(t, attribute) + " }"
				}
				lines = append(lines, attribute+" = "+value)
			}
		}
		soundCallTests(t, "call \"x\" {\n"+strings.Join(lines, "\n")+"\n}\n")
	})
}

// anyStep is an expression of some depth that may or may not mean something.
func anyStep(t *rapid.T, words, values []string, depth int) string {
	kind := rapid.IntRange(0, 5).Draw(t, "kind")
	if depth == 0 || kind == 0 {
		return rapid.SampledFrom(values).Draw(t, "value")
	}
	var inner []string
	for range rapid.IntRange(0, 2).Draw(t, "arguments") {
		inner = append(inner, anyStep(t, words, values, depth-1))
	}
	list := strings.Join(inner, ", ")
	switch kind {
	case 1:
		return "[" + list + "]"
	case 2:
		return "[for x in [" + list + "] : x]"
	case 3:
		return "true ? [" + list + "] : []"
	}
	return rapid.SampledFrom(words).Draw(t, "word") + "(" + list + ")"
}

// Whatever bytes a file of call tests holds, compiling it ends.
func FuzzCallTests(f *testing.F) {
	for _, pattern := range []string{"../examples/*/*.ivrtest.hcl", "../testscripts/*.txtar", "../testscripts/*/*.txtar"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			if filepath.Ext(name) == ".hcl" {
				f.Add(string(text))
				continue
			}
			for _, part := range txtar.Parse(text).Files {
				if strings.HasSuffix(part.Name, calltest.CallTestSuffix) {
					f.Add(string(part.Data))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) { soundCallTests(t, text) })
}

// What a step says is data: every name has become what a call shows.
func TestCallTestsAreData(t *testing.T) {
	result, diags := compileCallTests(`
		call "everything" {
			to      = number.main
			callees = { ann = [busy(), answers("3s")] }
			waiting = { desk = 2 }
			steps = [
				hears("Welcome  to\n${local.office}"), presses("1", "2s"), rings(user.ann), enters(queue.desk),
				after("5s", within("10s", talks_to("+14155550108"))), reaches("menu.main.2"), records(voicemail.desk), speaks("4s"),
				hears(message.hours),
			]
		}`)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	test := result.CallTests[0]
	var got []string
	for _, s := range test.Caller.Steps {
		got = append(got, strings.Join([]string{cmp.Or(string(s.Expects), s.Action.String()), s.Text, s.Block, s.Phone}, "|")+" "+s.Written)
	}
	want := []string{
		`hears|Welcome to Harbor|| hears("Welcome to Harbor")`,
		`1@2s||| presses("1", "2s")`,
		`rings|||+14155550101 rings(user.ann)`,
		`enters|harbor/desk|| enters(queue.desk)`,
		`talks_to|||+14155550108 after("5s", within("10s", talks_to("+14155550108")))`,
		`reaches||menu.main.2| reaches("menu.main.2")`,
		`records||voicemail.desk| records(voicemail.desk)`,
		`speak 4s||| speaks("4s")`,
		`hears|We are open.|| hears(message.hours)`,
	}
	if difference := gocmp.Diff(want, got); difference != "" {
		t.Errorf("steps: -want +got:\n%s", difference)
	}
	if got, want := test.Waiting, []script.Waiting{{Queue: "harbor/desk", Callers: 2}}; !slices.Equal(got, want) {
		t.Errorf("waiting: %v, want %v", got, want)
	}
	if c := test.Callees; len(c) != 1 || c["+14155550101"].String() != "busy then answer:3s" {
		t.Errorf("callees: %+v", c)
	}
}

// Call tests cost what configurations cost: their loops are on the same budget.
func TestCallTestsHaveABudget(t *testing.T) {
	for _, text := range []string{
		`call "x" {
			for_each = range(1000)
			to       = number.main
			steps    = [hears("x"), [for i in range(1000) : waits("1s")]]
		}`,
		`locals { many = [for a in range(200) : [for b in range(100) : hears("x")]] }
		call "x" {
			to    = number.main
			steps = local.many
		}`,
		`call "x" {
			to    = number.main
			steps = [for i in range(1020) : hears("x")]
		}`,
		`call "x" {
			for_each = range(1000)
			to       = number.main
			steps    = [` + strings.Repeat(`hears("x"), `, 700) + `]
		}`,
	} {
		_, diags := compileCallTests(text)
		if !slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return diagnostic.CodeOf(d) == "IVR317" }) {
			t.Errorf("got %v, want IVR317 for\n%.300s", diags.Errs(), text)
		}
	}
}

// Reading call tests changes nothing of the bundle.
func TestCallTestsLeaveTheBundleAlone(t *testing.T) {
	files := os.DirFS("../examples/clinic")
	plain, _ := Compile(Input{Files: files})
	tested, diags := Compile(Input{Files: files, CallTests: true})
	if diags.HasErrors() || plain.Bundle.Manifest.Digest != tested.Bundle.Manifest.Digest || plain.CallTests != nil || len(tested.CallTests) == 0 {
		t.Errorf("the bundle is another one with its tests, or there are none: %v", diags)
	}
}
