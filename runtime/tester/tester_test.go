package tester_test

import (
	"encoding/json"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/tester"
)

// compile compiles a configuration of one file with its tests.
func compile(t *testing.T, configuration, tests string) compiler.Result {
	t.Helper()
	result, diags := compiler.Compile(compiler.Input{CallTests: true, Files: fstest.MapFS{
		"main.ivr.hcl":     {Data: []byte(configuration)},
		"main.ivrtest.hcl": {Data: []byte(tests)},
	}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return result
}

// run plays the tests of a result where its bundle is answered in this process.
func run(t *testing.T, result compiler.Result) []tester.TestResult {
	t.Helper()
	handler := router.New(result.Bundle)
	located := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Location", "/"+router.Route(r.URL.Path, r.URL.RawQuery))
		handler.ServeHTTP(w, r)
	})
	results, err := tester.Site{Bundle: result.Bundle, Handler: located, BaseURL: result.Bundle.Manifest.BaseURL}.Run(t.Context(), result.CallTests)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// desk is a menu with a menu in it, whose documents share a directory.
const desk = `
project "harbor" {}
hosting { base_url = "https://calls.harbor.example" }
user "ann" { phone = "+14155550101" }
user "ben" {
	phone   = "+14155550102"
	confirm = true
}
ring_group "desk" {
	users          = [user.ann, user.ben]
	strategy       = "sequential"
	interval       = "10s"
	on_busy        = queue.desk
	on_unavailable = voicemail.desk
}
queue "desk" {
	agents   = ring_group.desk
	max_wait = "3m"
	on_full  = voicemail.desk
}
voicemail "desk" {}
message "hours" { text = "We are open from nine to five." }
menu "main" {
	option "1" {
		label = "reception"
		to    = ring_group.desk
	}
	option "2" {
		label = "more"
		menu {
			back   = "9"
			repeat = "8"
			option "1" {
				label = "our opening hours"
				to    = message.hours
			}
		}
	}
}
number "main" {
	phone_number = "+14155550100"
	to           = menu.main
	anonymous    = voicemail.desk
}
number "recorded" {
	phone_number = "+14155550108"
	to           = menu.main
	record       = true
}
`

// walked lists the exits that the tests have taken, as "menu.main 1".
func walked(c tester.Coverage) []string {
	var all []string
	for _, b := range c.Blocks {
		for _, e := range b.Exits {
			if e.Tests > 0 {
				all = append(all, b.Address+" "+e.On)
			}
		}
	}
	return all
}

// Which exits a call took is told from its documents and from nothing else.
func TestCoverFollowsTheCall(t *testing.T) {
	for _, test := range []struct {
		name, attributes string
		want             []string
	}{
		{
			"keys, back and repeat", `to = number.main
			steps = [presses("2"), presses("8"), presses("9"), presses("2"), presses("1"), ends()]`,
			[]string{"number.main answer", "menu.main 2", "menu.main.2 1", "menu.main.2 9", "menu.main.2 8", "message.hours end"},
		},
		{
			"who hangs up during a message has not heard its end", `to = number.main
			steps = [presses("2"), presses("1"), hears("We are open")]`,
			[]string{"number.main answer", "menu.main 2", "menu.main.2 1"},
		},
		{
			"silence and wrong keys", `to = number.main
			steps = [stays_silent(), presses("5"), presses("7"), ends()]`,
			[]string{"number.main answer", "menu.main failure"},
		},
		{
			"one attempt too few", `to = number.main
			steps = [stays_silent(), presses("5"), hears("Press 1")]`,
			[]string{"number.main answer"},
		},
		{
			"a number that records leads through copies of the blocks", `to = number.recorded
			callees = { ann = busy(), ben = accepts() }
			steps = [presses("1"), talks_to(user.ben)]`,
			[]string{"number.recorded answer", "menu.main 1", "ring_group.desk answered"},
		},
		{
			"busy, a wait, and its end", `to = number.main
			callees = { ann = busy(), ben = busy() }
			steps = [presses("1"), enters(queue.desk), hears(stock.queue_timeout), ends()]`,
			[]string{"number.main answer", "menu.main 1", "queue.desk timeout", "ring_group.desk busy"},
		},
		{
			"busy first and unanswered then is not busy", `to = number.main
			callees = { ann = busy() }
			steps = [presses("1"), records(voicemail.desk), ends()]`,
			[]string{"number.main answer", "menu.main 1", "ring_group.desk unavailable", "voicemail.desk recorded"},
		},
		{
			"who declines has not talked", `to = number.main
			callees = { ann = busy(), ben = declines() }
			steps = [presses("1"), reaches(voicemail.desk)]`,
			[]string{"number.main answer", "menu.main 1", "ring_group.desk unavailable"},
		},
		{
			"taken from the queue", `to = number.main
			callees = { ann = [busy(), answers()], ben = busy() }
			steps = [presses("1"), enters(queue.desk), talks_to(user.ann), ends()]`,
			[]string{"number.main answer", "menu.main 1", "queue.desk answered", "ring_group.desk busy"},
		},
		{
			"a full queue", `to = number.main
			waiting = { desk = 25 }
			callees = { ann = busy(), ben = busy() }
			steps = [presses("1"), hears(stock.queue_full)]`,
			[]string{"number.main answer", "menu.main 1", "queue.desk full", "ring_group.desk busy"},
		},
		{
			"a withheld number", `to = number.main
			withheld = true
			steps = [records(voicemail.desk)]`,
			[]string{"number.main anonymous"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := compile(t, desk, `call "x" {
				`+test.attributes+`
			}`)
			results := run(t, result)
			if failed := results[0].Failed(); failed != nil {
				t.Fatalf("%s: %s", failed.Failure.Expected, failed.Failure.Why)
			}
			if difference := cmp.Diff(test.want, walked(tester.Cover(result.Bundle, results))); difference != "" {
				t.Errorf("-want +got:\n%s", difference)
			}
		})
	}
}

// Tests of the examples have the same results however many run at once.
func TestRunDoesNotDependOnCores(t *testing.T) {
	result, diags := compiler.Compile(compiler.Input{Files: os.DirFS("../../examples/clinic"), CallTests: true})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	outcome := func() string {
		results := run(t, result)
		text, err := json.Marshal([]any{results, tester.Cover(result.Bundle, results)})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	several := outcome()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if outcome() != several {
		t.Error("one core has other results than several")
	}
}

// A test that is played against another configuration than its own departs from
// it, wherever something that it speaks of was changed.
func TestChangesAreFound(t *testing.T) {
	const tests = `call "x" {
		to      = number.main
		callees = { ann = busy(), ben = accepts("2s", "1m") }
		steps = [
			hears("Press 1 for reception"),
			presses("1"),
			reaches(ring_group.desk),
			rings(user.ann),
			within("15s", talks_to(user.ben)),
			ends(),
		]
		never         = [hears("busy")]
		lasts_at_most = "90s"
	}`
	original := compile(t, desk, tests)
	if failed := run(t, original)[0].Failed(); failed != nil {
		t.Fatalf("%s: %s", failed.Failure.Expected, failed.Failure.Why)
	}
	for _, change := range [][2]string{
		{`label = "reception"`, `label = "the desk"`},
		{`option "1" {
		label = "reception"`, `option "3" {
		label = "reception"`},
		{`to    = ring_group.desk`, `to    = user.ben`},
		{`users          = [user.ann, user.ben]`, `users          = [user.ben]`},
		{`users          = [user.ann, user.ben]`, `users          = [user.ann]`},
		{`confirm = true`, `confirm = false
	name = "Ben, who is asked nothing"`},
	} {
		changed := strings.Replace(desk, change[0], change[1], 1)
		if changed == desk {
			t.Fatalf("the configuration does not hold %q", change[0])
		}
		other := compile(t, changed, tests)
		other.CallTests = original.CallTests
		failed := run(t, other)[0].Failed()
		switch harmless := strings.Contains(change[1], "asked nothing"); {
		case harmless && failed != nil:
			t.Errorf("%q breaks a test that does not speak of it: %s: %s", change[1], failed.Failure.Expected, failed.Failure.Why)
		case !harmless && failed == nil:
			t.Errorf("%q in place of %q is not noticed", change[1], change[0])
		}
	}
}

// A call test needs no file and no configuration.
func TestPlainData(t *testing.T) {
	result := compile(t, desk, `call "x" {
		to    = number.main
		steps = [hears("Press 1")]
	}`)
	result.CallTests = []calltest.Test{{
		Name: "by hand",
		Caller: calltest.Caller{
			To: "+14155550100", From: "+14155550199",
			Steps: []calltest.Step{
				{Action: script.Action{Do: script.Press, Keys: "2"}},
				{Expects: calltest.Reaches, Block: "menu.main.2"},
				{Expects: calltest.Rings, Phone: "+14155550101", Written: "rings(user.ann)"},
			},
		},
	}}
	failed := run(t, result)[0].Failed()
	if failed == nil || failed.Failure.Expected != "rings(user.ann)" {
		t.Fatalf("got %+v, want a departure at the third step", failed)
	}
}

// Telephones that ring at once have no order, and who talks for longer than a
// recording takes has spoken when it ends.
func TestAtOnce(t *testing.T) {
	configuration := `
project "harbor" {}
hosting { base_url = "https://calls.harbor.example" }
user "ann" { phone = "+14155550101" }
user "ben" { phone = "+14155550102" }
user "eve" { phone = "+14155550103" }
ring_group "all" {
	users          = [user.ann, user.ben]
	strategy       = "simultaneous"
	on_unavailable = voicemail.desk
	on_busy        = voicemail.desk
}
voicemail "desk" { max_length = "10s" }
number "main" {
	phone_number = "+14155550100"
	to           = ring_group.all
}
number "eve" {
	phone_number = "+14155550104"
	to           = user.eve
}`
	for _, c := range []struct {
		steps  string
		passes bool
	}{
		{"rings(user.ann), rings(user.ben), records(voicemail.desk)", true},
		{"rings(user.ben), rings(user.ann), records(voicemail.desk)", true},
		{"rings(user.ben), rings(user.ben)", false},
		{"rings(user.ann), rings(user.ann)", false},
		{"rings(user.ben), rings(user.eve)", false},
		{"records(voicemail.desk), speaks(\"15s\"), hears(stock.recorded), ends()", true},
		{"records(voicemail.desk), speaks(\"10s\"), hears(stock.recorded), ends()", true},
		{"speaks(\"2m\"), ends()", true},
		{"speaks(\"2s\"), hears(stock.recorded), ends()", true},
	} {
		results := run(t, compile(t, configuration, "call \"x\" {\n  to = number.main\n  steps = ["+c.steps+"]\n}"))
		if results[0].Passed() != c.passes {
			t.Errorf("%s: passes is %t: %v", c.steps, !c.passes, results[0].Failed())
		}
	}
}
