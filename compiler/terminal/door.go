package terminal

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"sync"
)

// A Door is the one way out: all that a program prints goes through it, to a
// terminal, to a file, or into the log of a pipeline. What is text passes as it
// is. What a reader would obey, whoever wrote it, is made harmless:
//
//	"\x1b[2J"                    \u001b[2J           a control character is spelled out, as JSON does
//	"menu\u202e"                 menu\u202e          and so is what changes the direction
//	"\n::error::x"               \u003a:error::x     no line begins a command of a pipeline
//	"##[group]x"                 ##\u005bgroup]x
//	"https://me:secret@x.example/?token=abc"   https://***@x.example/?token=***
//
// It works on words, and holds back one that is not complete.
type Door struct {
	To       io.Writer
	Colors   bool // let colours pass, which are no text
	Commands bool // let lines begin a command

	mutex  sync.Mutex
	hidden []string // values that are never shown
	held   []byte   // the beginning of a word
	begun  bool     // something other than space stands on the line
}

// Hide hides values in all that is written from now on; see [Hide].
func (d *Door) Hide(values []string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.hidden = values
}

// longestWord bounds what a Door holds back.
const longestWord = 64 << 10

// Write lets a text out, all but the word at its end.
func (d *Door) Write(text []byte) (int, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.held = append(d.held, text...)
	end := bytes.LastIndexAny(d.held, " \t\n\"") + 1
	if rest := d.held[end:]; len(rest) > longestWord || len(color.ReplaceAll(rest, nil)) == 0 {
		end = len(d.held)
	}
	if err := d.pass(d.held[:end]); err != nil {
		return 0, err
	}
	d.held = append(d.held[:0], d.held[end:]...)
	return len(text), nil
}

// Close lets the last word out. The writer behind the door stays open.
func (d *Door) Close() error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	rest := d.held
	d.held = nil
	return d.pass(rest)
}

// pass writes whole words.
func (d *Door) pass(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	clean := Hide(string(text), d.hidden)
	if strings.ContainsAny(clean, "@%=") {
		clean = WithoutSecrets(clean)
	}
	var out strings.Builder
	for line := range strings.Lines(clean) {
		d.line(&out, line)
	}
	_, err := io.WriteString(d.To, out.String())
	return err
}

// line writes a line, or the next part of one.
func (d *Door) line(out *strings.Builder, line string) {
	end := len(line)
	switch {
	case strings.HasSuffix(line, "\r\n"):
		end -= 2
	case strings.HasSuffix(line, "\n"):
		end--
	}
	text := line[:end]
	if strings.Contains(text, "##") {
		text = command.ReplaceAllString(text, `${1}\u005b`)
	}
	if begin := strings.TrimLeft(text, " \t"); !d.begun && !d.Commands && strings.HasPrefix(begin, "::") {
		text = text[:len(text)-len(begin)] + `\u003a` + begin[1:]
	}
	if d.Colors {
		for at := color.FindStringIndex(text); at != nil; at = color.FindStringIndex(text) {
			out.WriteString(spell(text[:at[0]], "\t") + text[at[0]:at[1]])
			text = text[at[1]:]
		}
	}
	out.WriteString(spell(text, "\t"))
	d.begun = end == len(line) && (d.begun || strings.TrimSpace(line) != "")
	out.WriteString(line[end:])
}

var (
	// command is how runners of GitHub, Azure and TeamCity know a command anywhere
	// on a line (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs).
	command = regexp.MustCompile(`(##[A-Za-z]*)\[`)
	// color is what programs write to paint.
	color = regexp.MustCompile(`\x1b\[(?:[0-9]{1,2}(?:;[0-9]{1,2})?)?m`)

	// Who signs in stands before the host of a URL, also of one that is escaped to be
	// part of a query; and these parts of a query are as good as a password.
	userinfo = regexp.MustCompile(`(:(?:\\?/){2})[^\s/\\"'<>?#]*@`)
	escaped  = regexp.MustCompile(`(?i)(%3A%2F%2F)(?:[^\s%&"]|%(?:[013-9a-f][0-9a-f]|2[0-9a-e]))*%40`)
	token    = regexp.MustCompile(`(?i)([?&][a-z_-]*(?:token|secret|passw(?:or)?d|pwd|signature|sig|credentials?|api_?-?key|access_?-?key|auth)=)[^&#\s"'<>]+`)
)

// WithoutSecrets hides in the URLs of a text who signs in, and with what.
func WithoutSecrets(text string) string {
	text = userinfo.ReplaceAllString(text, "${1}***@")
	text = escaped.ReplaceAllString(text, "${1}***%40")
	return token.ReplaceAllString(text, "${1}***")
}

// HiddenValue stands for what must not be shown.
const HiddenValue = "(sensitive value)"

// Hide replaces values in a text by [HiddenValue]. A short one, or a number, which
// may be there by chance, is replaced where quotes stand around it, or where it is
// all of the text.
func Hide(text string, values []string) string {
	for _, value := range values {
		switch {
		case value == "" || !strings.Contains(text, value):
		case text == value:
			return HiddenValue
		case len(value) < 4 || strings.Trim(value, "0123456789.-") == "":
			text = strings.ReplaceAll(text, `"`+value+`"`, `"`+HiddenValue+`"`)
		default:
			key, mark := `"`+value+`":`, "\"\x00\":" // a name in JSON is nobody's value
			text = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(text, key, mark), value, HiddenValue), mark, key)
		}
	}
	return text
}
