package lint

import (
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/internal/model"
)

// A text names a time, or it does not.
func TestNamedTimes(t *testing.T) {
	for _, c := range []struct {
		language, text string
		want           time.Duration
	}{
		{"en-US", "We will be with you in 2 minutes.", 2 * time.Minute},
		{"en-US", "In two to five minutes.", 5 * time.Minute},
		{"en-US", "In 2-5 minutes.", 5 * time.Minute},
		{"en-US", "In twenty-five minutes or thirty seconds.", 25 * time.Minute},
		{"en-US", "Within an hour, or in a minute.", 0},
		{"en-US", "Within two hours.", 2 * time.Hour},
		{"en-US", "Ask for room 5, minutes away.", 0},
		{"de-DE", "In höchstens fünf Minuten.", 5 * time.Minute},
		{"de-DE", "In fünfundzwanzig Minuten.", 0}, // not known as a word, so nothing is promised
		{"fr-FR", "Dans trois minutes.", 3 * time.Minute},
		{"ja-JP", "5分ほどお待ちください。", 5 * time.Minute},
		{"nl-NL", "Binnen tien minuten.", 10 * time.Minute},
		{"pt-BR", "Em até 10 minutos.", 10 * time.Minute},
		{"sv-SE", "Om 5 minuter.", 0},
	} {
		if got := (timeNames{}).longest(c.language, c.text); got != c.want {
			t.Errorf("%s: %q names %v, want %v", c.language, c.text, got, c.want)
		}
	}
}

// What is said from a key to the end of its option.
func TestKeyToOption(t *testing.T) {
	for _, c := range []struct{ prompt, key, label, want string }{
		{"Press 1 for Sales.", "1", "Sales", "1 for Sales"},
		{"For Sales, press 1.", "1", "Sales", ""},
		{"Press 1 for Sales: 1!", "1", "Sales", ""},
		{"Press 1 for 1 hour of 24.", "1", "1 hour of 24", "1 for 1 hour of 24"},
		{"Press 12 for Sales.", "1", "Sales", ""},
		{"Press star for Sales.", "star", "Sales", "star for Sales"},
		{"SALES 1", "1", "Sales", ""},
	} {
		if got := keyToOption(c.prompt, c.key, c.label); got != c.want {
			t.Errorf("%q: from the key to %q is %q, want %q", c.prompt, c.label, got, c.want)
		}
	}
}

// A mobile is known by its numbering plan or its name. The first number is one of
// those that Australia keeps free for fiction.
func TestMobile(t *testing.T) {
	for _, c := range []struct {
		u    model.PhoneUser
		want bool
	}{
		{model.PhoneUser{Name: "ann", Address: "+61491570156"}, true},
		{model.PhoneUser{Name: "ann", Address: "+14155550101"}, false},
		{model.PhoneUser{Name: "ann_mobile", Address: "+14155550101"}, true},
		{model.PhoneUser{Name: "ann", Label: "Ann's cell", Address: "+14155550101"}, true},
		{model.PhoneUser{Name: "cellar", Address: "+14155550101"}, false},
	} {
		if got := mobile(&c.u) != ""; got != c.want {
			t.Errorf("%s %s %s is a mobile: %t", c.u.Name, c.u.Label, c.u.Address, got)
		}
	}
}
