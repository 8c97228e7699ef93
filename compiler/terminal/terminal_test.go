package terminal_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ivrc/ivrc/compiler/terminal"
)

func TestWidth(t *testing.T) {
	for text, want := range map[string]int{
		"":            0,
		"sales":       5,
		"日本語":         6,
		"ｆｕｌｌ":        8,
		"cafe\u0301":  4,
		"café":        4,
		"한국어":         6,
		"🙂":           2,
		"👩‍💻":         2, // a woman, a joiner and a computer
		"├── → “x” …": 11,
	} {
		if got := terminal.Width(text); got != want {
			t.Errorf("Width(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestPad(t *testing.T) {
	for text, want := range map[string]string{"日本": "日本  |", "sales": "sales |", "branch": "branch|", "branches": "branches|"} {
		if got := terminal.Pad(text, 6) + "|"; got != want {
			t.Errorf("Pad(%q, 6) = %q, want %q", text, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		want    string
	}{
		{"short", 5, "short"},
		{"branch office north, desk 7", 17, "branch o…, desk 7"},
		{"one two three", 9, "one…hree"},
		{"日本語の長い名前", 9, "日本…名前"},
		{"cafe\u0301 au lait", 7, "caf…ait"},
		{"crème bru\u0302le\u0301e", 6, "crè…e\u0301e"},
		{"cafe\u0301s", 4, "ca…s"},
		{"x", 0, "…"},
		{"long", 1, "…"},
	} {
		got := terminal.Shorten(test.text, test.columns)
		if got != test.want {
			t.Errorf("Shorten(%q, %d) = %q, want %q", test.text, test.columns, got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		want    []string
	}{
		{"", 10, []string{""}},
		{"says that nobody is here", 10, []string{"says that", "nobody is", "here"}},
		{"  two\n words ", 10, []string{"two words"}},
		{"see https://calls.example/a-b/c here", 12, []string{"see", "https://calls.example/a-b/c", "here"}},
		{"says お電話ありがとうございます。", 12, []string{"says お電話", "ありがとうご", "ざいます。"}},
		{"お電話 menu", 12, []string{"お電話 menu"}},
		{"café au lait", 7, []string{"café au", "lait"}},
	} {
		got := terminal.Wrap(test.text, test.columns)
		if !slices.Equal(got, test.want) {
			t.Errorf("Wrap(%q, %d) = %q, want %q", test.text, test.columns, got, test.want)
		}
	}
}

func TestHarmless(t *testing.T) {
	for _, test := range []struct{ text, oneLine, lines string }{
		{"", "", ""},
		{"a  b\n\tc", "a b c", "a  b\n\tc"},
		{" two \t\r\n lines\u2028", "two lines", " two \t\\u000d\n lines\\u2028"},
		{"\x1b[31mred", `\u001b[31mred`, `\u001b[31mred`},
		{"bad \xff\xfe utf-8", `bad \xff\xfe utf-8`, `bad \xff\xfe utf-8`},
		{"\U000e0041", `\udb40\udc41`, `\udb40\udc41`},
		{"e\u0301", "e\u0301", "e\u0301"},
		{"\x1b[2J", `\u001b[2J`, `\u001b[2J`},
		{"a\u202eb", `a\u202eb`, `a\u202eb`},
		{"\xff\u0085\u00a0", `\xff`, `\xff\u0085\u00a0`},
		{"نمی\u200cخواهم 👩‍💻", "نمی\u200cخواهم 👩‍💻", "نمی\u200cخواهم 👩‍💻"},
		{"日本語", "日本語", "日本語"},
	} {
		if got := terminal.OneLine(test.text); got != test.oneLine {
			t.Errorf("OneLine(%q) = %q, want %q", test.text, got, test.oneLine)
		}
		if got := terminal.Lines(test.text); got != test.lines {
			t.Errorf("Lines(%q) = %q, want %q", test.text, got, test.lines)
		}
	}
}

// FuzzHarmless holds every text to its width, and to what may be printed.
func FuzzHarmless(f *testing.F) {
	f.Add("日本語の長い名前 \x1b[0m", 7)
	f.Add("a\xff\u0301\u200d👩‍💻", 0)
	f.Fuzz(func(t *testing.T, text string, columns int) {
		line := terminal.OneLine(text)
		if i := strings.IndexFunc(line, func(r rune) bool { return !terminal.Printable(r) }); i >= 0 {
			t.Errorf("OneLine(%q) = %q", text, line)
		}
		if again := terminal.OneLine(line); again != line || !utf8.ValidString(line) {
			t.Errorf("OneLine(%q) = %q, and of that %q", text, line, again)
		}
		if short := terminal.Shorten(line, columns); terminal.Width(short) > max(columns, 1) {
			t.Errorf("Shorten(%q, %d) = %q takes %d columns", line, columns, short, terminal.Width(short))
		}
		if got := strings.Join(terminal.Wrap(line, columns), ""); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(line, " ", "") {
			t.Errorf("Wrap(%q, %d) has lost something: %q", line, columns, got)
		}
	})
}

func TestSource(t *testing.T) {
	if got, want := string(terminal.Source([]byte("a\x1b[0m \xff é\u202e\r\n"))), "a?[0m ? é????\n"; got != want {
		t.Errorf("Source is %q, want %q", got, want)
	}
}
