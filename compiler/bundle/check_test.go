package bundle_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// remove takes a file out of a bundle.
func remove(b *bundle.Bundle, path string) {
	delete(b.Data, path)
	b.Manifest.Files = slices.DeleteFunc(b.Manifest.Files, func(f bundle.FileRow) bool { return f.Path == path })
}

// file returns the row of a file, to be changed.
func file(b *bundle.Bundle, path string) *bundle.FileRow {
	i := slices.IndexFunc(b.Manifest.Files, func(f bundle.FileRow) bool { return f.Path == path })
	return &b.Manifest.Files[i]
}

var faults = map[string]struct {
	spoil func(*bundle.Bundle)
	want  string
}{
	"no version":       {func(b *bundle.Bundle) { b.Manifest.FormatVersion = "" }, `format_version "": is not of the form 1.0`},
	"no minor version": {func(b *bundle.Bundle) { b.Manifest.FormatVersion = "1" }, `format_version "1": is not of the form`},
	"major version":    {func(b *bundle.Bundle) { b.Manifest.FormatVersion = "2.0" }, `this program reads versions 1.x`},
	"order":            {func(b *bundle.Bundle) { slices.Reverse(b.Manifest.Files) }, "not in the order of paths"},
	"twice": {func(b *bundle.Bundle) {
		b.Manifest.Files = slices.Insert(b.Manifest.Files, 0, b.Manifest.Files[0])
	}, "not in the order of paths"},
	"type":      {func(b *bundle.Bundle) { file(b, "audio/d.wav").Type = "audio/ogg" }, `hosts serve it as "audio/wav"`},
	"no type":   {func(b *bundle.Bundle) { add(b, "audio/d.ogg", "") }, `"audio/d.ogg" has the type ""`},
	"negative":  {func(b *bundle.Bundle) { file(b, "audio/d.wav").Size = -1 }, "has -1 bytes"},
	"huge":      {func(b *bundle.Bundle) { file(b, "audio/d.wav").Size = 1 << 40 }, "the largest file is 512 MiB"},
	"no digest": {func(b *bundle.Bundle) { file(b, "audio/d.wav").SHA256 = "" }, "not a SHA-256"},
	"upper-case digest": {func(b *bundle.Bundle) {
		f := file(b, "audio/d.wav")
		f.SHA256 = strings.ToUpper(f.SHA256)
	}, "not a SHA-256"},
	"no fallback":      {func(b *bundle.Bundle) { b.Manifest.Fallback = "" }, "fallback: is missing"},
	"unknown fallback": {func(b *bundle.Bundle) { b.Manifest.Fallback = "x.xml" }, `fallback: "x.xml" is not among the files`},
	"unknown answer": {func(b *bundle.Bundle) {
		b.Manifest.Numbers[1].Answer = "menu.main-b/menu-2.xml"
	}, `numbers: "sales": its answer "menu.main-b/menu-2.xml" is not among the files`},
	"answer outside": {func(b *bundle.Bundle) { b.Manifest.Numbers[1].Answer = "../private/bundle.json" }, "is not among the files"},
	"undecided answer": {func(b *bundle.Bundle) {
		b.Manifest.Numbers[1].Answer = "menu.main-b/queue"
	}, `the decision "menu.main-b/queue" has no document "menu.main-b/queue.bridged.xml"`},
	"number twice": {func(b *bundle.Bundle) { b.Manifest.Numbers[1].Name = "main" }, `numbers: "main" (+14155550101) occurs twice`},
	"phone twice":  {func(b *bundle.Bundle) { b.Manifest.Numbers[1].PhoneNumber = "+14155550100" }, "occurs twice"},
	"answer that never is": {func(b *bundle.Bundle) {
		add(b, "menu.main-b/digits-1.10.xml", "")
	}, `answers "menu.main-b/digits-1" with "10", which Digits never is`},
	"document at a decision": {func(b *bundle.Bundle) { add(b, "menu.main-b/digits-1", "") }, "is the address of a decision"},
	"component order":        {func(b *bundle.Bundle) { slices.Reverse(b.Components) }, "not in the order of directories"},
	"component path":         {func(b *bundle.Bundle) { b.Components[0].Directory = "../x" }, "is not a clean relative path"},
	"exit": {func(b *bundle.Bundle) {
		b.Components[0].Blocks[0].Exits[0].Component = "queue.x-y"
	}, `private/components/menu.main-b.json: menu.main: exit "1" leads to the component "queue.x-y"`},
	"message": {func(b *bundle.Bundle) { b.Components[0].Blocks[0].Messages[0].Audio = "audio/e.wav" }, `message "prompt" plays "audio/e.wav"`},
}

func TestCheckNamesTheFault(t *testing.T) {
	if err := menuBundle().Check(); err != nil {
		t.Fatal(err)
	}
	for name, test := range faults {
		t.Run(name, func(t *testing.T) {
			b := menuBundle()
			test.spoil(b)
			err := b.Check()
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one that contains %q", err, test.want)
			}
			if name == "component order" {
				return // files in a folder have no order
			}
			b.Seal()
			if _, err := bundle.Read(written(b)); err == nil {
				t.Error("Read accepts what Check refuses")
			}
		})
	}
}

func TestCheckComparesTheData(t *testing.T) {
	tests := map[string]struct {
		spoil func(*bundle.Bundle)
		want  string
	}{
		"missing": {func(b *bundle.Bundle) { delete(b.Data, "audio/d.wav") }, "public/audio/d.wav: is missing"},
		"extra":   {func(b *bundle.Bundle) { b.Data["z.xml"], b.Data["y.xml"] = nil, nil }, "public/y.xml: is not in the manifest"},
		"longer":  {func(b *bundle.Bundle) { b.Data["audio/d.wav"] = []byte("RIFF+") }, "has 5 bytes, the manifest says 4"},
		"altered": {func(b *bundle.Bundle) { b.Data["audio/d.wav"] = []byte("RIFX") }, "public/audio/d.wav: was altered"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := menuBundle()
			test.spoil(b)
			err := b.Check()
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one that contains %q", err, test.want)
			}
		})
	}
}

// Every answer of every decision must be present, whichever is taken away.
func TestCheckMissesNoAnswer(t *testing.T) {
	for _, d := range bundle.Decisions() {
		for _, answer := range d.Answers() {
			b := menuBundle()
			at := "menu.main-b/" + d.Prefix + "-9"
			for _, other := range d.Answers() {
				add(b, at+"."+other+".xml", "<Response/>")
			}
			if err := b.Check(); err != nil {
				t.Fatal(err)
			}
			remove(b, at+"."+answer+".xml")
			err := b.Check()
			if want := `has no document "` + at + "." + answer + `.xml"`; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("without %s of %s: got error %v, want one that contains %q", answer, at, err, want)
			}
		}
	}
}

func TestPathsThatAreRefused(t *testing.T) {
	paths := []string{
		"", ".", "..", "/x.xml", "../x.xml", "a/../x.xml", "a/./x.xml", "a//x.xml", "a/", "a/x.xml/",
		`a\x.xml`, `..\x.xml`, `C:\x.xml`, "C:/x.xml", "a\x00.xml", "a\n.xml", "a b.xml", "a\x7f.xml",
		"a%2fx.xml", "a?x.xml", "a#x.xml", "a*.xml", "ä.xml", "a\u202e.xml", "a\xff.xml", "a\".xml", "a<.xml", "a|.xml",
	}
	for _, p := range paths {
		b := menuBundle()
		add(b, p, "<Response/>")
		if err := b.Check(); err == nil {
			t.Errorf("%q is accepted", p)
		}
	}
}

func TestDecisionsHaveDistinctAnswersAndSpellings(t *testing.T) {
	for _, d := range bundle.Decisions() {
		answers, spellings := map[string]bool{}, map[string]bool{}
		for _, answer := range d.Answers() {
			if answers[answer] {
				t.Errorf("%s: the answer %q is listed twice", d.Prefix, answer)
			}
			answers[answer] = true
		}
		for _, v := range d.Values {
			for _, s := range v.Spellings {
				if spellings[s] || s == "" {
					t.Errorf("%s: the spelling %q is listed twice or empty", d.Prefix, s)
				}
				spellings[s] = true
			}
		}
		if !answers[bundle.Otherwise] {
			t.Errorf("%s: %v lacks %q", d.Prefix, slices.Sorted(maps.Keys(answers)), bundle.Otherwise)
		}
	}
}

func TestDecisionAt(t *testing.T) {
	tests := map[string]string{
		"menu.main-x/digits-1":       "Digits",
		"menu.main-x/digits":         "Digits",
		"/ring_group.x-y/dial-1-2":   "DialCallStatus",
		"queue.sales-x/queue-1":      "QueueResult",
		"number.main-x/from":         "From",
		"from":                       "From",
		"menu.main-x/digits-1.2.xml": "",
		"menu.main-x/digits1":        "",
		"menu.main-x/Digits-1":       "",
		"menu.main-x/menu-1.xml":     "",
		"digits-1/":                  "",
		"digits-1/x":                 "",
		"":                           "",
	}
	for path, want := range tests {
		got := ""
		if d := bundle.DecisionAt(path); d != nil {
			got = d.Parameter
		}
		if got != want {
			t.Errorf("DecisionAt(%q) asks for %q, want %q", path, got, want)
		}
	}
}
