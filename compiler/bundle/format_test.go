package bundle_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// ownLines are those that the documentation of Seal takes out with grep.
var ownLines = regexp.MustCompile(`(?m)^  "(compiler|digest)":.*\n`)

// sealed puts the digest that the documentation of Seal describes into a manifest.
func sealed(raw []byte) []byte {
	sum := sha256.Sum256(ownLines.ReplaceAll(raw, nil))
	return regexp.MustCompile(`(?m)^  "digest": ".*"`).
		ReplaceAll(raw, []byte(`  "digest": "`+hex.EncodeToString(sum[:])+`"`))
}

func TestSealIsWhatItsDocumentationSays(t *testing.T) {
	b := menuBundle()
	b.Manifest.Digest = "to be replaced"
	want := sealed(b.Private()["bundle.json"])
	b.Seal()
	if diff := cmp.Diff(string(want), string(b.Private()["bundle.json"])); diff != "" {
		t.Errorf("(-documented +written)\n%s", diff)
	}
}

func TestSealIgnoresTheCompilerAlone(t *testing.T) {
	digest := func(change func(*bundle.Manifest)) string {
		b := menuBundle()
		change(&b.Manifest)
		b.Seal()
		return b.Manifest.Digest
	}
	plain := digest(func(*bundle.Manifest) {})
	for name, change := range map[string]func(*bundle.Manifest){
		"compiler": func(m *bundle.Manifest) { m.Compiler = "9.9.9\n  \"project\": \"x\"" },
		"digest":   func(m *bundle.Manifest) { m.Digest = "x" },
		"no queues": func(m *bundle.Manifest) {
			m.Queues = append([]bundle.QueueRow{}, m.Queues...)
		},
	} {
		if digest(change) != plain {
			t.Errorf("%s: changes the digest", name)
		}
	}
	for name, change := range map[string]func(*bundle.Manifest){
		"project":        func(m *bundle.Manifest) { m.Project = "other" },
		"size":           func(m *bundle.Manifest) { m.Queues[0].MaxSize++ },
		"file":           func(m *bundle.Manifest) { m.Files[0].SHA256 = strings.Repeat("0", 64) },
		"origin":         func(m *bundle.Manifest) { m.Files[0].Origin = &bundle.Origin{Block: "menu.main", Line: 2} },
		"key in a value": func(m *bundle.Manifest) { m.Project = "\n  \"digest\": \"x\"" },
	} {
		if digest(change) == plain {
			t.Errorf("%s: does not change the digest", name)
		}
	}
}

func TestPrivateIsCanonical(t *testing.T) {
	b := menuBundle()
	b.Components[1].Blocks[0].Messages = []bundle.Message{{Role: "welcome", Text: "Tom & <Jerry> é\u2028"}}
	got := string(b.Private()["components/number.main-a.json"])
	want := `{
  "directory": "number.main-a",
  "blocks": [
    {
      "address": "number.main",
      "messages": [
        {
          "role": "welcome",
          "text": "Tom & <Jerry> é\u2028"
        }
      ],
      "exits": [
        {
          "on": "answer",
          "to": "menu.main",
          "component": "menu.main-b"
        }
      ]
    }
  ]
}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	empty := bundle.Bundle{}
	if got := string(empty.Private()["bundle.json"]); strings.Contains(got, "null") {
		t.Errorf("an empty manifest holds null:\n%s", got)
	}
}

// The rows of files are written by hand, and must be what encoding/json writes.
func TestManifestIsWhatJSONWrites(t *testing.T) {
	text := rapid.OneOf(rapid.StringMatching(`[a-z0-9./_-]{0,40}`), rapid.String())
	origin := rapid.Ptr(rapid.Custom(func(t *rapid.T) bundle.Origin {
		return bundle.Origin{Block: text.Draw(t, "block"), Line: rapid.Int().Draw(t, "line")}
	}), true)
	file := rapid.Custom(func(t *rapid.T) bundle.FileRow {
		return bundle.FileRow{Path: text.Draw(t, "path"), SHA256: text.Draw(t, "sha256"), Size: rapid.Int().Draw(t, "size"),
			Type: text.Draw(t, "type"), Origin: origin.Draw(t, "origin")}
	})
	rapid.Check(t, func(t *rapid.T) {
		m := bundle.Manifest{Project: text.Draw(t, "project"), Numbers: []bundle.NumberRow{}, Files: rapid.SliceOf(file).Draw(t, "files")}
		var want bytes.Buffer
		encoder := json.NewEncoder(&want)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(m); err != nil {
			t.Fatal(err)
		}
		got := (&bundle.Bundle{Manifest: m}).Private()["bundle.json"]
		if diff := cmp.Diff(want.String(), string(got)); diff != "" {
			t.Errorf("(-JSON +written)\n%s", diff)
		}
	})
}

func TestLaterMinorVersionsAreRead(t *testing.T) {
	want := menuBundle()
	raw := want.Private()["bundle.json"]
	raw = bytes.Replace(raw, []byte(`"format_version": "2.0"`), []byte(`"format_version": "2.7"`), 1)
	raw = bytes.Replace(raw, []byte(`  "project"`), []byte("  \"weather\": {\n    \"digest\": 1\n  },\n  \"project\""), 1)
	got, err := bundle.ParseManifest(sealed(raw))
	if err != nil {
		t.Fatal(err)
	}
	if got.FormatVersion != "2.7" || !cmp.Equal(got.Files, want.Manifest.Files) {
		t.Errorf("got %+v", got)
	}
	altered := bytes.Replace(sealed(raw), []byte(`"digest": 1`), []byte(`"digest": 2`), 1)
	if _, err := bundle.ParseManifest(altered); err == nil || !strings.Contains(err.Error(), "was altered") {
		t.Errorf("a change under an unknown key: got error %v", err)
	}
}

func TestManifestsThatAreRefused(t *testing.T) {
	good := string(menuBundle().Private()["bundle.json"])
	tests := map[string]struct{ raw, want string }{
		"empty":       {"", "is not a manifest"},
		"list":        {"[]", "is not a manifest"},
		"other types": {`{"format_version": "3.0", "files": {"x": 1}}`, "reads versions 2.x"},
		"old types":   {`{"format_version": "2.0", "files": {"x": 1}}`, "is not a manifest"},
		"no digest":   {ownLines.ReplaceAllString(good, ""), "has no digest"},
		"trailing":    {good + "{}", "is not a manifest"},
		"indented":    {strings.ReplaceAll(good, "  ", "    "), "was altered"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := bundle.ParseManifest([]byte(test.raw))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one that contains %q", err, test.want)
			}
		})
	}
}

func TestContentType(t *testing.T) {
	tests := map[string]string{
		"menu.main-b/digits-1._.xml": "text/xml; charset=utf-8",
		"audio/a.wav":                "audio/wav",
		"audio/a.mp3":                "audio/mpeg",
		"audio/a.WAV":                "",
		"audio.wav/a":                "",
		"":                           "",
	}
	for name, want := range tests {
		if got := bundle.ContentType(name); got != want {
			t.Errorf("ContentType(%q) = %q, want %q", name, got, want)
		}
	}
}

// Laws: whatever is accepted names only files inside public/, answers every
// address it names, and is the same after it was written and read again.
func FuzzManifest(f *testing.F) {
	for _, answer := range []string{"f.xml", "a/from", "../f.xml"} {
		b := &bundle.Bundle{Data: map[string][]byte{}}
		b.Manifest = bundle.Manifest{FormatVersion: "2.0", Fallback: "f.xml"}
		b.Manifest.Numbers = []bundle.NumberRow{{Name: "main", PhoneNumber: "+14155550100", Answer: answer}}
		for _, p := range []string{"f.xml", "a/from.withheld.xml", "a/from._.xml"} {
			add(b, p, "")
		}
		f.Add(b.Private()["bundle.json"])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := bundle.ParseManifest(sealed(raw))
		if err != nil {
			return
		}
		b := &bundle.Bundle{Manifest: *m}
		for _, file := range m.Files {
			if strings.HasPrefix(file.Path, "/") || strings.Contains("/"+file.Path+"/", "/../") || strings.ContainsAny(file.Path, "\\\x00") {
				t.Errorf("accepts the path %q", file.Path)
			}
		}
		for _, n := range m.Numbers {
			_, isDecision := bundle.DecisionAt(n.Answer)
			if _, ok := has(m)[n.Answer]; !ok && !isDecision {
				t.Errorf("nothing answers %q", n.Answer)
			}
		}
		b.Seal()
		again, err := bundle.ParseManifest(b.Private()["bundle.json"])
		if err != nil {
			t.Fatalf("what was written is refused: %v", err)
		}
		if diff := cmp.Diff(&b.Manifest, again, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-written +read)\n%s", diff)
		}
	})
}

// has returns the paths of a manifest.
func has(m *bundle.Manifest) map[string]bool {
	paths := map[string]bool{}
	for _, f := range m.Files {
		paths[f.Path] = true
	}
	return paths
}
