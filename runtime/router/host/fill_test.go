package host

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
)

func TestFill(t *testing.T) {
	s := &scope{facts: map[string]string{"prefix": "/calls", "none": "", "key": "*", "a b": "two words"}, lists: map[string][]*scope{"nothing": nil}}
	for _, name := range []string{"x", "y"} {
		row := s.add("row", map[string]string{"name": name, "key": name + "."})
		row.add("inner", map[string]string{"value": "1"})
		row.add("inner", map[string]string{"value": "2"})
	}
	for _, test := range []struct {
		name, text, want string
		problem          string // what the error holds, if there is one
	}{
		{name: "no tag", text: "a\n", want: "a\n"},
		{name: "fact", text: "«prefix»/«prefix»", want: "/calls//calls"},
		{name: "fact of two words", text: "«a b»", want: "two words"},
		{name: "function", text: "«regexp key»", want: `\*`},
		{name: "two functions", text: "«quoted regexp key»", want: `\*`},
		{name: "rows", text: "a\n«each row»\n«name» «prefix»\n«end»\nb", want: "a\nx /calls\ny /calls\nb"},
		{name: "rows in a line", text: "a«each row» *.«name»«end»\nb", want: "a *.x *.y\nb"},
		{name: "rows in rows", text: "«each row»«each inner»«name»«value» «end»«end»", want: "x1 x2 y1 y2 "},
		{name: "nearest fact", text: "«key»«each row»«key»«end»", want: "*x.y."},
		{name: "no rows", text: "a\n«each nothing»\n«each row»«unknown»«end»\n«end»\nb", want: "a\nb"},
		{name: "if", text: "«if prefix»\na\n«end»\nb", want: "a\nb"},
		{name: "if not", text: "«if none»\n«unknown»\n«file unknown»\n«end»\nb", want: "b"},
		{name: "else", text: "«if none»a«else»b«end» «if prefix»a«else»«unknown»«end»", want: "b a"},
		{name: "if in if", text: "«if prefix»«if none»a«else»b«end»c«else»d«end»", want: "bc"},
		{name: "blank lines stay", text: "«if prefix»\n\na\n«end»\n\nb", want: "\na\n\nb"},
		{name: "empty fact keeps its line", text: "a\n«none»\nb", want: "a\n\nb"},

		{name: "unknown fact", text: "a «z» b", problem: "there is no fact for «z»"},
		{name: "fact of a row", text: "«name»", problem: "there is no fact for «name»"},
		{name: "function of nothing", text: "«lower z»", problem: "there is no fact for «z»"},
		{name: "unknown condition", text: "«if z»a«end»", problem: "there is no fact for «z»"},
		{name: "unknown list", text: "«each z»a«end»", problem: "there is no list for «each z»"},
		{name: "unknown file", text: "«file z.js»", problem: "z.js"},
		{name: "open tag", text: "«prefix", problem: "a tag is not closed"},
		{name: "open list", text: "«each row»a", problem: "«each row» has no end"},
		{name: "open condition", text: "«if prefix»a", problem: "«if prefix» has no end"},
		{name: "else of a list", text: "«each row»a«else»b«end»", problem: "«each row» has no end"},
		{name: "end of nothing", text: "a«end»", problem: "«end» closes nothing"},
		{name: "else of nothing", text: "a«else»", problem: "«else» closes nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := fill(test.text, s)
			switch {
			case test.problem == "" && (err != nil || text != test.want):
				t.Errorf("%q and the error %v, want %q", text, err, test.want)
			case test.problem != "" && (err == nil || !strings.Contains(err.Error(), test.problem)):
				t.Errorf("the error %v, want %q", err, test.problem)
			}
		})
	}
}

// A host with a mistake in a file has no configuration.
func TestFilesWithMistakes(t *testing.T) {
	h := Host{Name: "nginx", files: []string{"ivrc-maps.conf", "missing.conf"}}
	if files, err := h.Files(Location{}); err == nil || !strings.HasPrefix(err.Error(), "writing missing.conf: ") || files != nil {
		t.Errorf("%d files and the error %v", len(files), err)
	}
}

// Every embedded file is used, with and without a path in the base URL, and every
// fact, list and function occurs in one of them.
func TestTextsAndFactsAreUsed(t *testing.T) {
	var all strings.Builder
	used := map[string]bool{"javascript/answer.js": true, "javascript/query.js": true, "javascript/clock.js": true, "javascript/timed.js": true, "nginx/rule.conf": true, "nginx/location.conf": true} // by «file»
	for _, h := range hosts {
		for _, name := range h.files {
			used[h.Name+"/"+name] = true
		}
		for _, l := range []Location{{}, {BaseURL: "https://calls.example/calls"}} {
			if _, err := h.Files(l); err != nil {
				t.Errorf("%s: %v", h.Name, err)
			}
		}
	}
	err := fs.WalkDir(texts, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if !used[name] {
			t.Errorf("no host has the file %s", name)
		}
		text, err := texts.ReadFile(name)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := newScope(Location{}, bundle.DecisionKinds())
	if err != nil {
		t.Fatal(err)
	}
	for fact := range binFacts(bundle.DecisionKinds()) {
		s.facts[fact] = ""
	}
	occurs(t, s, all.String())
	for name := range functions {
		if !strings.Contains(all.String(), "«"+name+" ") && !strings.Contains(all.String(), " "+name+" ") {
			t.Errorf("no file has a tag with the function %q", name)
		}
	}
}

// occurs looks for the facts and lists of a scope in the texts.
func occurs(t *testing.T, s *scope, texts string) {
	for fact := range s.facts {
		if !strings.Contains(texts, "«"+fact+"»") && !strings.Contains(texts, " "+fact+"»") {
			t.Errorf("no file has a tag for the fact %q", fact)
		}
	}
	for list, rows := range s.lists {
		if !strings.Contains(texts, "«each "+list+"»") {
			t.Errorf("no file has a tag for the list %q", list)
		}
		for _, row := range rows {
			occurs(t, row, texts)
		}
	}
}
