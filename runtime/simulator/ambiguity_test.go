package simulator_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// Every reading has two values, each of which can be chosen, and a source.
func TestReadings(t *testing.T) {
	value := regexp.MustCompile(`^[a-z0-9]+(-[a-z]+)*$`)
	// A page says when it was changed, and otherwise it is known when it was read. An
	// entry of a changelog has the date itself.
	source := regexp.MustCompile(`^(voice|api|twilio\.com/changelog)/[a-z0-9#/-]+ \(((changed|read) )?2\d{3}-\d\d(-\d\d)?(: [a-z]+)?\)$`)
	for _, a := range simulator.Ambiguities() {
		if !value.MatchString(a.Usual.Value) || !value.MatchString(a.Other.Value) || a.Usual.Value == a.Other.Value {
			t.Errorf("%s: the values are %q and %q", a.Ambiguity, a.Usual.Value, a.Other.Value)
		}
		for _, page := range strings.Split(a.Source, ", ") {
			if !source.MatchString(page) {
				t.Errorf("%s: no page with its date: %q", a.Ambiguity, page)
			}
		}
		if a.Point == "" || a.Usual.Means == "" || a.Other.Means == "" {
			t.Errorf("%s: no meaning: %+v", a.Ambiguity, a)
		}
		for _, of := range []struct {
			value string
			want  []simulator.Ambiguity
		}{{a.Usual.Value, nil}, {a.Other.Value, []simulator.Ambiguity{a.Ambiguity}}} {
			choice := string(a.Ambiguity) + "=" + of.value
			got, err := simulator.ParseReadings([]string{choice, choice})
			if err != nil || !slices.Equal(got, of.want) {
				t.Errorf("%s: %v, %v", choice, got, err)
			}
		}
	}
	for _, wrong := range []struct{ choices, want string }{
		{"decline-status=no-answer", "there is no reading"}, // documented since 2020-12-09
		{"silent-recording", "silent-recording=next"},
		{"silent-recording=", "silent-recording=action"},
		{"=next", "there is no reading"},
		{"silent-recording=next silent-recording=action", "chosen twice"},
	} {
		if _, err := simulator.ParseReadings(strings.Fields(wrong.choices)); err == nil || !strings.Contains(err.Error(), wrong.want) {
			t.Errorf("%s: %v", wrong.choices, err)
		}
	}
}
