package compiler

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/ivrc/ivrc/compiler/script"
)

// What a duration is written as can be read again.
func TestDurationRoundTrip(t *testing.T) {
	for seconds := range 5000 {
		d := time.Duration(seconds) * time.Second
		r := &reporter{}
		got, ok := parseDuration(r, script.Duration(d), hcl.Range{})
		if !ok || got != d {
			t.Fatalf("%v is written %q and read as %v", d, script.Duration(d), got)
		}
	}
}

func TestPhoneNumbers(t *testing.T) {
	for _, test := range []struct {
		number string
		code   string // "" is fine
	}{
		{"+14155550100", ""},
		{"+14155550199", ""},
		{"+442079460958", ""},
		{"+5511955501234", ""},
		{"14155550100", "IVR405"},
		{"+1 415 555 0100", "IVR405"},
		{"+0123456789", "IVR405"},
		{"+1415555010", "IVR405"},
		{"+141555501000", "IVR405"},
		{"+999123456789", "IVR405"},
		{"+", "IVR405"},
		{"+1555", "IVR405"},
		{"+15555555555", "IVR605"},
	} {
		r := &reporter{}
		ok := checkPhone(r, test.number, hcl.Range{})
		code := ""
		if len(r.found) > 0 {
			code = CodeOf(r.found[0])
		}
		if code != test.code || ok != !r.found.HasErrors() {
			t.Errorf("%s: got %q (%v), want %q", test.number, code, ok, test.code)
		}
	}
}

// Twilio's limit is on the URL-encoded text. Go's encoding writes a space as
// one character, and so is it counted.
func TestEncodedLength(t *testing.T) {
	for _, text := range []string{"", "abc", "Press 1.", "São Paulo", "日本語", "a & b", "~-_.", "100 %"} {
		if got, want := encodedLength(text), len(url.QueryEscape(text)); got != want {
			t.Errorf("encodedLength(%q) = %d, want %d", text, got, want)
		}
	}
}

// Sections that lead to each other are one component, and components come
// after everything that they lead to.
func TestComponents(t *testing.T) {
	names := map[string]*section{}
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		names[id] = &section{id: id}
	}
	for _, edge := range []string{"ab", "bc", "ca", "cd", "de", "ed", "af"} {
		names[edge[:1]].lead(names[edge[1:]])
	}
	var got [][]string
	for _, component := range components([]*section{names["a"], names["b"], names["c"], names["d"], names["e"], names["f"]}) {
		var ids []string
		for _, s := range component {
			ids = append(ids, s.id)
		}
		got = append(got, ids)
	}
	want := [][]string{{"d", "e"}, {"a", "b", "c"}}
	if len(got) != 3 || !cmp.Equal(got[0], want[0]) {
		t.Fatalf("components = %v", got)
	}
	if last := got[len(got)-1]; !cmp.Equal(last, want[1]) {
		t.Errorf("the last component is %v, want %v", last, want[1])
	}
}

// The table of rules is sorted, complete and speaks in full sentences.
func TestRules(t *testing.T) {
	seen := ""
	for _, rule := range Rules() {
		if rule.Code <= seen {
			t.Errorf("%s is not behind %s", rule.Code, seen)
		}
		seen = rule.Code
		if rule.Summary == "" || rule.Reason == "" || rule.Reason[len(rule.Reason)-1] != '.' {
			t.Errorf("%s has no summary, or no reason in a sentence", rule.Code)
		}
		if rule.Warning != strings.HasPrefix(rule.Code, "IVR6") {
			t.Errorf("%s: warnings have codes from IVR600 to IVR699, and errors have not", rule.Code)
		}
	}
	for _, limit := range Limits {
		if got := ruleOf(limit.Code); got.Code != limit.Code {
			t.Errorf("the limit on %s has no rule", limit.Name)
		}
	}
}
