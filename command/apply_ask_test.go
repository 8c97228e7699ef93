package command_test

import (
	"io"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
)

// A typedAnswer is what somebody types when apply asks, and what they do before.
type typedAnswer struct {
	text   string
	before func()
	asked  bool
}

func (a *typedAnswer) Read(p []byte) (int, error) {
	if a.asked {
		return 0, io.EOF
	}
	if a.asked = true; a.before != nil {
		a.before()
	}
	return copy(p, a.text), nil
}

// On a terminal, apply shows the plan and asks. Only "yes" will do, and only if
// nothing has changed while somebody thought about it.
func TestApplyAsks(t *testing.T) {
	for name, test := range map[string]struct {
		text    string
		meddle  bool
		applied bool
		want    string
	}{
		"yes":               {"yes\n", false, true, "Apply complete! Release"},
		"y":                 {"y\n", false, false, "Error: cancelled; nothing was changed"},
		"no":                {"no\n", false, false, "Error: cancelled; nothing was changed"},
		"nothing":           {"", false, false, "Error: cancelled; nothing was changed"},
		"yes, but too late": {"yes\n", true, false, "the account was changed since the plan was made"},
		"YES":               {"YES\n", false, false, "Error: cancelled; nothing was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCanary(t)
			in := &typedAnswer{text: test.text}
			if test.meddle {
				in.before = func() {
					if err := c.stage.account.Edit("+14155550100", map[string][]string{"VoiceUrl": {"https://elsewhere.example/"}}); err != nil {
						t.Error(err)
					}
				}
			}
			out := commandtest.NewLog()
			p := &command.Program{
				Args: []string{"apply"}, Stdin: in, Stdout: out, Stderr: out, Environment: c.environment,
				Directory: c.directory, Width: 80, Keyboard: true, Network: c.stage,
			}
			code := p.Run(t.Context())
			text := out.String()
			for _, want := range []string{"What callers will notice:", "Do you want to perform these actions?\n  Only 'yes' will be accepted to approve.\n\n  Enter a value: ", test.want} {
				if !strings.Contains(text, want) {
					t.Errorf("it does not print %q:\n%s", want, text)
				}
			}
			if applied := code == command.ExitSuccess; applied != test.applied {
				t.Errorf("it ends with %d", code)
			}
			for _, n := range c.stage.account.Numbers() {
				if pointed := strings.HasPrefix(n.Settings["VoiceUrl"], "https://"+publicHost+"/"); pointed != test.applied {
					t.Errorf("%s was pointed: %v", n.PhoneNumber, pointed)
				}
			}
		})
	}
}
