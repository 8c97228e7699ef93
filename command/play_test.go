package command_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command"
)

// TestPlay makes calls from a keyboard, on which somebody types for the caller
// and for those who are rung. What must appear is listed in its order.
func TestPlay(t *testing.T) {
	tests := []struct {
		name, typed string
		appears     []string
	}{
		{"keys, and a user who answers", "2\n1\na\n\n", []string{
			"Calling +14155550100.", "Press 1 for Sales.", "keys> ", "caller  presses 2", "keys> ", "caller  presses 1",
			"dave rings: [a]nswer, [b]usy, [f]ail, Enter lets it ring> ", "carol rings: ",
			"dave  answers", "dave  presses 1", "caller  talks to dave", "dave  hangs up", "the call is over",
		}},
		{"silence", "\n\n\n", []string{
			"keys> ", "did not receive a selection", "keys> ", "did not receive a selection", "keys> ", "Goodbye", "the call is over",
		}},
		{"hanging up", "h\n", []string{"keys> ", "caller  hangs up", "the call is over: the caller hung up"}},
		{"the end of what is typed", "", []string{"keys> ", "caller  hangs up", "the call is over"}},
		{"a user who cannot be reached, one who is busy, and a message", "1\nf\nb\nf\nb\n12\n", []string{
			"alice rings: ", "alice  cannot be reached", "bob rings: ", "bob  is busy", "Nobody in our sales department",
			"seconds to speak> ", "caller  speaks for 0:12.0", "Your message has been recorded", "the call is over",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout strings.Builder
			if code := play(context.Background(), strings.NewReader(test.typed), &stdout); code != command.ExitSuccess {
				t.Errorf("exit code %d", code)
			}
			rest := stdout.String()
			for _, want := range test.appears {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Fatalf("%q is missing, or not at its place, in\n%s", want, stdout.String())
				}
				rest = after
			}
		})
	}
}

// TestPlayListens interrupts a call in which nobody types anything.
func TestPlayListens(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	typed, never := io.Pipe()
	defer never.Close()
	var stdout strings.Builder
	play(ctx, typed, writerFunc(func(p []byte) (int, error) {
		if strings.Contains(string(p), "keys> ") {
			interrupt()
		}
		return stdout.Write(p)
	}))
	if !strings.Contains(stdout.String(), "keys> ") {
		t.Errorf("nothing was asked in\n%s", stdout.String())
	}
}

// play calls the small company from a keyboard, and returns the exit code.
func play(ctx context.Context, typed io.Reader, stdout io.Writer) int {
	p := &command.Program{
		Args: []string{"simulate", "examples/zillum"}, Stdin: typed, Stdout: stdout, Stderr: io.Discard,
		Keyboard: true, Width: 80,
	}
	return p.Run(ctx)
}

// A writerFunc is a function that is written to.
type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
