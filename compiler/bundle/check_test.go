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
	"no version":       {func(b *bundle.Bundle) { b.Manifest.FormatVersion = "" }, `format_version "": is not of the form 2.0`},
	"no minor version": {func(b *bundle.Bundle) { b.Manifest.FormatVersion = "2" }, `format_version "2": is not of the form`},
	"major version":    {func(b *bundle.Bundle) { b.Manifest.FormatVersion = "3.0" }, `this program reads versions 2.x`},
	"earlier version":  {func(b *bundle.Bundle) { b.Manifest.FormatVersion = "1.0" }, `format_version "1.0": this program reads versions 2.x; use the version of ivrc that wrote the bundle, or build it again`},
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
	}, `numbers: "sales": "menu.main-b/menu-2.xml" is not among the files`},
	"answer outside": {func(b *bundle.Bundle) { b.Manifest.Numbers[1].Answer = "../private/bundle.json" }, "is not among the files"},
	"undecided answer": {func(b *bundle.Bundle) {
		b.Manifest.Numbers[1].Answer = "menu.main-b/queue"
	}, `the decision "menu.main-b/queue" has no document "menu.main-b/queue.full.xml"`},
	"number twice": {func(b *bundle.Bundle) { b.Manifest.Numbers[1].Name = "main" }, `numbers: "main" (+14155550101) occurs twice`},
	"phone twice":  {func(b *bundle.Bundle) { b.Manifest.Numbers[1].PhoneNumber = "+14155550100" }, "occurs twice"},
	"answer that never is": {func(b *bundle.Bundle) {
		add(b, "menu.main-b/digits-1.x.xml", "")
	}, `answers "menu.main-b/digits-1" with "x", which Digits never is`},
	"answer without a list": {func(b *bundle.Bundle) {
		add(b, "menu.main-b/dial-1.failed.xml", "")
	}, `answers "menu.main-b/dial-1" with "failed", which DialCallStatus never is`},
	"answer that is too long": {func(b *bundle.Bundle) {
		add(b, "menu.main-b/digits-1."+strings.Repeat("1", 33)+".xml", "")
	}, `which Digits never is`},
	"no listed answer": {func(b *bundle.Bundle) {
		add(b, "menu.main-b/digits-2.other.xml", "")
		add(b, "menu.main-b/digits-2._.xml", "")
	}, `the decision "menu.main-b/digits-2" has no document "menu.main-b/digits-2.0.xml"`},
	"link": {func(b *bundle.Bundle) {
		add(b, "menu.main-b/menu-2.xml", `<Gather action="digits-1~1.2"/><Gather action="digits-1~1.3" method="GET"/>`)
	}, `menu.main-b/menu-2.xml: files: the decision "menu.main-b/digits-1~1.3" has no document "menu.main-b/digits-1.3.xml"`},
	"link elsewhere": {func(b *bundle.Bundle) {
		add(b, "menu.main-b/menu-2.xml", `<Dial action="../menu.main-c/dial-1">`)
	}, `the decision "menu.main-c/dial-1" has no document "menu.main-c/dial-1.answered.xml"`},
	"remote link": {func(b *bundle.Bundle) {
		add(b, "menu.main-b/menu-2.xml", `<Gather action="https://calls.twil.io/decide?ask=digits&amp;at=menu.main-b/digits-1~1.3">`)
	}, `the decision "menu.main-b/digits-1~1.3" has no document`},
	"document at a decision": {func(b *bundle.Bundle) { add(b, "menu.main-b/digits-1", "") }, "is the address of a decision"},
	"document at a list":     {func(b *bundle.Bundle) { add(b, "menu.main-b/digits-1~1.xml", "") }, "is the address of a decision"},
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
	for _, kind := range bundle.DecisionKinds() {
		list := ""
		if kind.Clock {
			list = "~open.closed-0-12345_09001700"
		}
		d, _ := bundle.DecisionAt("menu.main-b/" + kind.Name + "-9" + list)
		for _, answer := range d.Answers() {
			b := menuBundle()
			at := d.Path
			for _, other := range d.Answers() {
				add(b, at+"."+other+".xml", "<Response/>")
			}
			add(b, "menu.main-b/menu-3.xml", `<Gather action="`+kind.Name+`-9`+list+`"/>`)
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
	for _, d := range bundle.DecisionKinds() {
		answers, spellings := map[string]bool{}, map[string]bool{}
		if d.Clock {
			continue // its answers stand in the list
		}
		of, _ := bundle.DecisionAt("x/" + d.Name)
		for _, answer := range of.Answers() {
			if answers[answer] {
				t.Errorf("%s: the answer %q is listed twice", d.Name, answer)
			}
			answers[answer] = true
		}
		if !answers[d.Missing] || !answers[d.Unlisted] || d.Unless != nil && (!answers[d.Unless.Is] || !answers[d.Unless.Then]) || !slices.IsSorted(d.Words) {
			t.Errorf("%s: %+v", d.Name, d)
		}
		for _, word := range d.Words {
			if len(d.Spellings(word)) == 0 {
				t.Errorf("%s: no value means %q", d.Name, word)
			}
		}
		for _, v := range d.Values {
			for _, s := range v.Spellings {
				if spellings[s] || s == "" {
					t.Errorf("%s: the spelling %q is listed twice or empty", d.Name, s)
				}
				spellings[s] = true
			}
		}
		if !answers[bundle.Otherwise] {
			t.Errorf("%s: %v lacks %q", d.Name, slices.Sorted(maps.Keys(answers)), bundle.Otherwise)
		}
	}
}

func TestDecisionAt(t *testing.T) {
	tests := map[string]string{
		"menu.main-x/digits-1":       "Digits",
		"menu.main-x/digits":         "Digits",
		"menu.main-x/digits-1~1.2":   "Digits",
		"digits~4711.star":           "Digits",
		"menu.main-x/digits-1~":      "",
		"menu.main-x/digits-1~.2":    "",
		"menu.main-x/digits-1~2.":    "",
		"menu.main-x/digits-1~1..2":  "",
		"menu.main-x/digits-1~1~2":   "",
		"menu.main-x/digits-1~A":     "",
		"menu.main-x/digits-1~1-2":   "",
		"menu.main-x/digits-1.2~1":   "",
		"menu.main-x/dial-1~busy":    "",
		"menu.main~1/menu-1":         "",
		"/ring_group.x-y/dial-1-2":   "DialCallStatus",
		"queue.sales-x/queue-1":      "QueueResult",
		"number.main-x/from":         "From",
		"callers.x-y/from-1~1415.33": "From",
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
		if d, ok := bundle.DecisionAt(path); ok {
			got = d.Parameter
			if d.Address() != path {
				t.Errorf("DecisionAt(%q) has the address %q", path, d.Address())
			}
		}
		if got != want {
			t.Errorf("DecisionAt(%q) asks for %q, want %q", path, got, want)
		}
	}
}

// The list of an address is what its kind would compare anyway, or it is written.
func TestDecisionName(t *testing.T) {
	keys := strings.Fields("9 8 7 6 5 4 3 2 1 0 star pound")
	for _, test := range []struct {
		name  string
		words []string
		want  string
	}{
		{"digits-1", []string{"2", "star", "1"}, "digits-1~1.2.star"},
		{"digits-1", []string{"101", "2"}, "digits-1~101.2"},
		{"digits-1", keys, "digits-1"},
		{"from", []string{"withheld"}, "from"},
		{"from-1", []string{"withheld", "33", "1415"}, "from-1~1415.33.withheld"},
	} {
		before := slices.Clone(test.words)
		if got := bundle.DecisionName(test.name, test.words); got != test.want || !slices.Equal(test.words, before) {
			t.Errorf("DecisionName(%q, %q) = %q, want %q", test.name, test.words, got, test.want)
		}
	}
}

// A manifest knows the address of each decision: the list is the documents.
func TestManifestDecision(t *testing.T) {
	b := menuBundle()
	for _, answer := range []string{"1", "101", "star", "other", "_"} {
		add(b, "menu.main-b/digits-2."+answer+".xml", "")
		add(b, "menu.main-b/digits-2-x."+answer+".xml", "")
	}
	for path, want := range map[string]string{
		"menu.main-b/digits-2": "menu.main-b/digits-2~1.101.star", "menu.main-b/digits-1": "menu.main-b/digits-1~1.2",
		"menu.main-b/dial-1": "menu.main-b/dial-1", "number.main-a/from": "number.main-a/from",
	} {
		if got := b.Manifest.Decision(path).Address(); got != want {
			t.Errorf("the decision at %s has the address %s, want %s", path, got, want)
		}
	}
}

// What looks like a link in a text is none.
func TestTextsAreNoLinks(t *testing.T) {
	b := menuBundle()
	add(b, "menu.main-b/menu-2.xml", `<Say> action=&quot;digits-7~1&quot;</Say><Gather action="https://ivr.example/x"/><Gather action="digits-1~1.2"/>`)
	if err := b.Check(); err != nil {
		t.Error(err)
	}
}
