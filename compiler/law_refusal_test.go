package compiler

// Laws of refusing: whatever is wrong with a configuration, the compiler says
// what and where, and makes no bundle.

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// wrong are expressions that are wrong in most places.
var wrong = []string{
	"null", "true", "0", "-1", "1.5", "1e300", "[]", "{}", "[null]", `""`, `" "`, `"x"`, `"20"`, `"-5s"`, `"1.5s"`, `"9999h"`,
	`"#"`, `"12"`, `"\u202e"`, `"\u0007"`, `"+1"`, `"+999999999999"`, `"sip:@"`, `"https://"`, `"http://a.example"`,
	"hangup", "menu", "menu.nowhere", "user.main", "menu.main", "queue.main", "message.main", "stock.nothing", "stock.busy", "number.n0",
	"local.nothing", "var.nothing", "main", "[user.main, user.main]", "[menu.main]", "[for x in range(9999) : range(9999)]",
	"[for a in range(200) : [for b in range(200) : a]]", "pow(10, 1000000)", `format("%999999d", 1)`, `file("../secret")`,
	`file("main.ivr.hcl")`, "nothing(1)", "menu.main.options", `menu["main"]`, "user.*.phone", "1 / 0", `"a" + 1`, "((((((1))))))",
	"<<TEXT\nhello\nTEXT", `"${key} ${menu}"`, `"${`, "}", "\x00", "\xff", "$", "jsondecode(\"{\")",
}

// damage spoils one thing in a draft.
func damage(t *rapid.T, d *draft) {
	list := flat(d)
	b := rapid.SampledFrom(list).Draw(t, "block")
	other := rapid.SampledFrom(list).Draw(t, "another block")
	names := []string{"to", "take", "label", "text", "audio", "url", "users", "agents", "music", "back", "repeat", "on_busy", "colour", "timeout"}
	for _, a := range b.attributes {
		names = append(names, a.name, a.name)
	}
	name := rapid.SampledFrom(names).Draw(t, "attribute")
	switch rapid.IntRange(0, 7).Draw(t, "damage") {
	case 0, 1, 2:
		b.set(name, rapid.SampledFrom(wrong).Draw(t, "expression"))
	case 3:
		b.attributes = slices.DeleteFunc(b.attributes, func(a draftAttribute) bool { return a.name == name })
	case 4:
		b.blocks = append(b.blocks, cloneBlocks([]*draftBlock{other})...)
	case 5:
		d.blocks = append(d.blocks, cloneBlocks([]*draftBlock{other})...)
	case 6:
		d.blocks = slices.DeleteFunc(d.blocks, func(x *draftBlock) bool { return x == b })
	case 7:
		b.labels = rapid.SliceOfN(rapid.SampledFrom([]string{"main", "Ä", "", "../x", "a.b", "1", "*"}), 0, 2).Draw(t, "labels")
	}
}

// Law: a damaged configuration is refused or accepted, and nothing else happens.
// There is a bundle exactly if there is no error, and Twilio would take all of it.
// What is reported has a code of the table, a place in a file that was given, and
// words; nothing is reported twice, and the same is reported again the next time.
func TestLawDamageIsReported(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration").clone()
		for range rapid.IntRange(1, 4).Draw(t, "damages") {
			damage(t, d)
		}
		files := d.files()
		if rapid.Bool().Draw(t, "damaged bytes") {
			main := files["main.ivr.hcl"]
			at := rapid.IntRange(0, len(main.Data)).Draw(t, "at")
			junk := rapid.SampledFrom([]string{"{", "}", "\"", "=", "\n", "/*", "#", "${", "\xef\xbb\xbf", "\x00", "é", "[[[["}).Draw(t, "bytes")
			main.Data = slices.Concat(main.Data[:at], []byte(junk), main.Data[at:])
		}
		result, diags := Compile(d.input(files))
		if (result.Bundle == nil) != diags.HasErrors() {
			t.Fatalf("the bundle is %v, and reported was\n%s", result.Bundle, listed(diags))
		}
		if result.Bundle != nil {
			if err := result.Bundle.Check(); err != nil {
				t.Fatal(err)
			}
			for path, data := range result.Bundle.Data {
				if _, faults := twiml.Decode(data); strings.HasSuffix(path, ".xml") && len(faults) > 0 {
					t.Fatalf("%s: %v\n%s", path, faults, data)
				}
			}
		}
		if _, again := Compile(d.input(files)); listed(again) != listed(diags) {
			t.Fatalf("reported was\n%s\nand the next time\n%s", listed(diags), listed(again))
		}
		seen := map[string]bool{}
		for _, diag := range diags {
			checkDiagnostic(t, files, diag)
			if line := listed(hcl.Diagnostics{diag}); seen[line] {
				t.Fatalf("reported twice: %s", line)
			} else {
				seen[line] = true
			}
		}
	})
}

// checkDiagnostic fails the test unless a diagnostic can be shown and looked up.
func checkDiagnostic(t *rapid.T, files fstest.MapFS, d *hcl.Diagnostic) {
	text := fmt.Sprintf("%s %s\n%s", diagnostic.CodeOf(d), d.Error(), d.Detail)
	i := slices.IndexFunc(Rules(), func(r diagnostic.Rule) bool { return r.Code == diagnostic.CodeOf(d) })
	if i < 0 || Rules()[i].Warning != (d.Severity == hcl.DiagWarning) || d.Summary == "" || d.Detail == "" {
		t.Fatalf("a diagnostic without a code, a severity or words: %s", text)
	}
	if d.Subject == nil {
		t.Fatalf("a diagnostic without a place: %s", text)
	}
	file, ok := files[d.Subject.Filename]
	if !ok {
		if d.Subject.Filename != "" && d.Subject.Filename != "more.ivrvars" {
			t.Fatalf("a diagnostic in a file that does not exist: %s", text)
		}
		return
	}
	lines := 1 + bytes.Count(file.Data, []byte("\n"))
	if d.Subject.Start.Line < 1 || d.Subject.End.Line > lines || d.Subject.End.Byte > len(file.Data) || d.Subject.Start.Byte > d.Subject.End.Byte {
		t.Fatalf("a diagnostic at a place that does not exist: %s", text)
	}
}
