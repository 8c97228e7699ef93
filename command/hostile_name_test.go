package command_test

// Hostile names. Whoever can name a file, a block, a call test, a number at Twilio, or
// what a host answers, writes into terminals and into the logs of pipelines. Names of
// files, of blocks and in texts are put together from what these obey, and every
// command is run with them.

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/internal/deep"
)

// obeyed is what terminals and pipelines obey, and what hides in a text.
var obeyed = []string{
	"\x1b[2J", "\x1b]0;title\a", "\x1b]8;;https://x.example\x1b\\", "\a", "\b\b\b", "\r", "\x00", "\x7f", "\u0085", "\u009b2J", "\xff", "\xc0\xaf",
	"\u202e", "\u2066", "\u061c", "\u200b", "\u200f", "\ufff9", "\U000E0041", "\ufeff", "\u2028", "\u2029",
	"\n::add-mask::x\n", "\n::stop-commands::x\n", "::set-output name=a::b", "\r\n::save-state::x", "%0A::add-mask::x", "\v::add-mask::x",
	"##[group]x", "\n##vso[task.setvariable]x", "##teamcity[blockOpened]", "\n##[endgroup]", "section_start:1:x\r\x1b[0K",
	"%s%n", "${x}", "\"", "'", "`", "\\", "$(x)", "é", "‮", " ", "\t", "👩‍👩‍👧", "menu", "}",
}

// harmlessly is obeyed without what no text of a configuration may hold, so that what
// it is part of is valid.
var harmlessly = []string{
	"\n::add-mask::x\n", "\n::stop-commands::x\n", "::set-output name=a::b", "%0A::add-mask::x", "##[group]x", "\n##vso[task.setvariable]x", "##teamcity[blockOpened]",
	"\n##[endgroup]", "%n", "'", "`", "é", "\u200d", "👩‍👩‍👧", "menu", "|", "<b>", "&amp;", "\t",
}

// A namer makes hostile names, and counts them.
type namer struct {
	*rand.Rand
	made int
}

func (n *namer) name(pieces []string) string {
	n.made++
	var b strings.Builder
	for range 1 + n.IntN(4) {
		b.WriteString(pieces[n.IntN(len(pieces))])
		if n.IntN(2) == 0 {
			b.WriteString("word")
		}
	}
	return b.String()
}

// file is a name of a file.
func (n *namer) file() string {
	return "n" + strings.NewReplacer("/", "", "\x00", "").Replace(n.name(obeyed))
}

// quoted is a name as a string of HCL.
func (n *namer) quoted(pieces []string) string {
	var b strings.Builder
	for _, c := range n.name(pieces) {
		switch {
		case c == '"' || c == '\\':
			b.WriteString("\\" + string(c))
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, "\\u%04x", c)
		case c == '$' || c == '%':
			b.WriteString(string(c) + " ")
		default:
			b.WriteRune(c)
		}
	}
	return `"` + b.String() + `"`
}

// configuration is a call flow with hostile names: a valid one, or one in which names
// also stand where they are mistakes.
func (n *namer) configuration(valid bool) string {
	text, mistakes := func() string { return n.quoted(harmlessly) }, ""
	if !valid {
		raw := func() string { return strings.ReplaceAll(n.name(obeyed), "\n", "") }
		if n.IntN(2) == 0 {
			text = func() string { return n.quoted(obeyed) }
		}
		mistakes = []string{
			"message " + n.quoted(obeyed) + " { text = \"a\" }\n", "locals {\n  a = " + raw() + "\n}\n", "variable " + n.quoted(obeyed) + " {}\n",
			"message \"x\" { audio = " + n.quoted(obeyed) + " }\n", "locals {\n  a = file(" + n.quoted(obeyed) + ")\n}\n", raw() + "\n", "menu \"x\" {\n  option " + n.quoted(obeyed) + " {}\n}\n",
			"message \"x\" { text = upper(message." + raw() + ") }\n", "voicemail \"x\" { max_length = " + n.quoted(obeyed) + " }\n", "user \"x\" { phone = " + n.quoted(obeyed) + " }\n",
			"locals {\n  a = jsondecode(" + n.quoted(obeyed) + ")\n  b = regex(" + n.quoted(obeyed) + ", \"a\")\n}\n", "message \"x\" { url = " + n.quoted(obeyed) + " }\n",
			"# ivrc:ignore " + raw() + "\n", "variable \"x\" {\n  type = " + raw() + "\n}\n",
		}[n.IntN(14)]
	}
	flow := strings.Replace(canaryConfiguration, `"Greeting number %d."`, text(), 1)
	flow = strings.Replace(flow, `"Sales"`, text(), 1)
	return strings.Replace(flow, `"The code is ${var.code}."`, text(), 1) + mistakes
}

// hostileFault is a host that answers with hostile names.
func (n *namer) fault() stageFault {
	host := []string{"", twilioHost, bucketHost, publicHost}[n.IntN(4)]
	status := []int{400, 403, 404, 409, 500, 200}[n.IntN(6)]
	message, kind := n.name(obeyed), strings.Map(func(r rune) rune { return max(r, ' ') }, n.name(obeyed))
	return stageFault{host, func(r *http.Request, _ func() *http.Response) *http.Response {
		quoted, _ := json.Marshal(message)
		text := map[string]string{
			twilioHost: fmt.Sprintf(`{"code": 20001, "message": %s, "more_info": %s, "status": %d}`, quoted, quoted, status),
			bucketHost: "<Error><Code>" + message + "</Code><Message>" + message + "</Message></Error>",
		}[r.URL.Host]
		response := says(r, status, text+message)
		response.Header.Set("Content-Type", kind)
		return response
	}}
}

// commands that pipelines and terminals know.
var runnerCommand = regexp.MustCompile(`##[A-Za-z]*\[`)

// harmless fails if a text holds what a terminal or a pipeline obeys.
func harmless(t *testing.T, what, text string, annotations bool) {
	t.Helper()
	fail := func(why, at string) {
		t.Errorf("%q prints %s: …%q…", what, why, at)
	}
	if !utf8.ValidString(text) {
		fail("what is no UTF-8", text[:min(len(text), 400)])
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		for at, c := range line {
			if c != '\t' && !terminal.Printable(c) {
				fail(fmt.Sprintf("U+%04X", c), line[max(0, at-60):min(len(line), at+20)])
				break
			}
		}
		begin := strings.TrimSpace(line)
		if strings.HasPrefix(begin, "::") && (!annotations || !strings.HasPrefix(begin, "::error ") && !strings.HasPrefix(begin, "::warning ") && !strings.HasPrefix(begin, "::notice ") && !strings.HasPrefix(begin, "::error::")) {
			fail("a command", line)
		}
		if runnerCommand.MatchString(line) {
			fail("a command", line)
		}
	}
}

// named runs the program in the directory of a canary, which is named to it.
func (c *canary) named(args ...string) {
	c.t.Helper()
	out := commandtest.NewLog()
	p := &command.Program{
		Executable: "ivrc", Args: slices.Concat([]string{"-chdir=" + filepath.Base(c.directory)}, args), Stdin: strings.NewReader(""), Stdout: out, Stderr: out,
		Environment: c.environment, Directory: filepath.Dir(c.directory), Width: 80, Network: c.stage,
	}
	ctx, stop := context.WithCancel(c.t.Context())
	defer stop()
	if len(args) > 0 && args[0] == "serve" {
		go func() {
			out.Await(servingForm)
			stop()
		}()
	}
	p.Run(ctx)
	out.Close()
	c.spelled = c.spelled || strings.Contains(out.String(), `\u001b`) || strings.Contains(out.String(), `\u003a:`)
	harmless(c.t, strings.Join(args, " "), out.String(), strings.Contains(strings.Join(args, " "), "github"))
}

// put writes files into the directory.
func (c *canary) put(name string, data []byte) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.directory, name), data, 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// newNamed is a directory in which everything that can be is hostile.
func newNamed(t *testing.T, n *namer, valid bool) *canary {
	c := newCanary(t)
	c.directory = filepath.Join(c.directory, n.file())
	if err := os.Mkdir(c.directory, 0o755); err != nil {
		t.Skip(err)
	}
	c.put(n.file()+".ivr.hcl", []byte(n.configuration(valid)))
	c.put(n.file()+".ivrtest.hcl", []byte("call "+n.quoted(harmlessly)+" {\n  to    = number.main\n  steps = [presses(\"1\"), hears("+n.quoted(harmlessly)+")]\n}\n"))
	if !valid {
		c.put("ivrc.ivrvars", []byte(n.name(obeyed)+" = "+n.quoted(obeyed)+"\n"))
	}
	return c
}

// altered puts a hostile name in the place of one text of a JSON file.
func (n *namer) altered(data []byte) []byte {
	texts := regexp.MustCompile(`"[^"\\]+"`).FindAllIndex(data, -1)
	if len(texts) == 0 {
		return data
	}
	at := texts[n.IntN(len(texts))]
	quoted, _ := json.Marshal(n.name(obeyed))
	return slices.Concat(data[:at[0]], quoted, data[at[1]:])
}

// TestHostileNames runs every command with some fifty names for each number; in
// make soak these are more than ten thousand.
func TestHostileNames(t *testing.T) {
	made, spelled := 0, false
	for seed := range deep.Or(3, 12, 200) {
		n := &namer{Rand: rand.New(rand.NewPCG(uint64(seed), 6))}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			valid := seed%3 > 0
			c := newNamed(t, n, valid)
			for name, runs := range canaryRuns {
				for _, run := range runs {
					if !slices.Contains(canaryOrder, name) && name != "init" {
						c.named(strings.Fields(run)...)
					}
				}
			}
			for _, args := range [][]string{{n.file()}, {"validate", n.file()}, {"-" + n.file()}, {"validate", "-format=" + n.file()}, {"graph", "-var=" + n.file()}, {"simulate", "-press", n.file()},
				{"simulate", "-callee", n.file()}, {"test", "-reading", n.file()}, {"show", n.file()}, {"router", n.file()}, {"fmt", n.file()}, {"rollback", n.file()}, {"build", "-o", n.file()}} {
				c.named(args...)
			}
			c.damagedBundle(n)
			spelled = spelled || c.spelled
			synctest.Test(t, func(t *testing.T) { n.online(newNamed(t, n, valid)) })
		})
		made += n.made
	}
	if !spelled {
		t.Error("no name was spelled out, so none has arrived")
	}
	t.Logf("%d names", made)
}

// damagedBundle alters what other commands read of a bundle.
func (c *canary) damagedBundle(n *namer) {
	c.named("build", "-o", "built")
	found, _ := filepath.Glob(filepath.Join(globbed(c.directory), "built/private/bundle.json"))
	more, _ := filepath.Glob(filepath.Join(globbed(c.directory), "built/private/components/*.json"))
	for _, name := range slices.Concat(found, more[:min(2, len(more))]) {
		data, err := os.ReadFile(name)
		if err != nil {
			c.t.Fatal(err)
		}
		if err := os.WriteFile(name, n.altered(data), 0o644); err != nil {
			c.t.Fatal(err)
		}
		for _, args := range [][]string{{"simulate", "built"}, {"simulate", "-json", "built"}, {"docs", "built"}, {"graph", "built"}, {"router", "nginx", "built"}} {
			c.named(args...)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
}

// globbed is a path in which nothing is a pattern.
func globbed(path string) string {
	return regexp.MustCompile(`[\\*?\[]`).ReplaceAllString(path, `\$0`)
}

// online runs the commands that reach somebody, whose numbers, objects and answers
// have hostile names.
func (n *namer) online(c *canary) {
	c.named("apply", "-auto-approve")
	_ = c.stage.account.Edit("+14155550100", map[string][]string{"FriendlyName": {n.name(obeyed)}, "VoiceUrl": {"https://x.example/" + n.name(obeyed)}})
	for i := range 3 {
		key := "main/" + []string{"private/applied/", "private/releases/", "public/"}[i] + n.file()
		c.stage.objects[key] = stored{data: []byte(n.name(obeyed)), etag: "x", modified: time.Now()}
	}
	for _, spoiled := range []bool{false, true} {
		if spoiled {
			c.stage.fault = n.fault()
		}
		for _, command := range canaryOrder {
			for _, run := range canaryRuns[command] {
				if plan, err := os.ReadFile(filepath.Join(c.directory, "saved.plan")); err == nil && strings.HasSuffix(run, "saved.plan") && !bytes.Contains(plan, []byte("word")) {
					c.put("saved.plan", n.altered(plan))
				}
				c.named(strings.Fields(run)...)
				time.Sleep(2 * time.Minute) // until the lock is free
			}
		}
	}
}
