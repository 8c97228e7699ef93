package router

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFill(t *testing.T) {
	for _, test := range []struct {
		name, text string
		parts      holes
		want       string
		problem    string // what the error holds, if there is one
	}{
		{name: "no hole", text: "a\n", want: "a\n"},
		{name: "part", text: "a «x» b «x»", parts: holes{"x": "1"}, want: "a 1 b 1"},
		{name: "fact", text: "«prefix»/", want: "/calls/"},
		{name: "part before fact", text: "«prefix»/", parts: holes{"prefix": "/x"}, want: "/x/"},
		{name: "hole in a part", text: "«x»", parts: holes{"x": "«prefix»"}, want: "«prefix»"},
		{name: "first newline", text: "\n\na", want: "\na"},
		{name: "lines", text: "a\n«x»\nb", parts: holes{"x": "1\n2"}, want: "a\n1\n2\nb"},
		{name: "line without anything", text: "a\n«x»\nb", parts: holes{"x": ""}, want: "a\nb"},
		{name: "first line without anything", text: "\n«x»\nb", parts: holes{"x": ""}, want: "b"},
		{name: "nothing at an end", text: "a«x»\nb", parts: holes{"x": ""}, want: "a\nb"},
		{name: "nothing at a beginning", text: "a\n«x»b", parts: holes{"x": ""}, want: "a\nb"},

		{name: "unknown hole", text: "a «y» b", problem: `nothing fills the hole "y" of "a «y» b"`},
		{name: "hole beside another", text: "«x» «y»", parts: holes{"x": "1"}, problem: `the hole "y"`},
		{name: "hole without an end", text: "«x", problem: `the hole "x"`},
		{name: "part without a hole", text: "a «x»", parts: holes{"x": "1", "z": "", "y": "2"}, problem: `no hole is there for ["y" "z"] in "a «x»"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := newHostData(Place{BaseURL: "https://calls.example/calls"})
			if err != nil {
				t.Fatal(err)
			}
			text := d.fill(test.text, test.parts)
			switch {
			case test.problem == "" && (d.err != nil || text != test.want):
				t.Errorf("%q and the error %v, want %q", text, d.err, test.want)
			case test.problem != "" && (d.err == nil || !strings.Contains(d.err.Error(), test.problem)):
				t.Errorf("the error %v, want %q", d.err, test.problem)
			}
		})
	}
}

// A host with such a mistake has no configuration, wherever the mistake is.
func TestFilesWithHoles(t *testing.T) {
	for _, file := range []hostFile{
		{"file.conf", "a «x»", func(*hostData) holes { return nil }},
		{"file.conf", "a", func(*hostData) holes { return holes{"x": "1"} }},
		{"file.conf", "a «x»", func(d *hostData) holes { return holes{"x": d.fill("«y»", nil)} }},
	} {
		good := hostFile{"good.conf", "a", func(*hostData) holes { return nil }}
		files, err := Host{files: []hostFile{good, file}}.Files(Place{})
		if err == nil || !strings.HasPrefix(err.Error(), "writing file.conf: ") || files != nil {
			t.Errorf("%d files and the error %v", len(files), err)
		}
	}
}

// Every fact stands in the configuration of some host.
func TestFactsAreUsed(t *testing.T) {
	d, err := newHostData(Place{})
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("host_*.go")
	if err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources.Write(source)
	}
	for fact := range d.facts {
		if !strings.Contains(sources.String(), "«"+fact+"»") {
			t.Errorf("no text has a hole for the fact %q", fact)
		}
	}
}
