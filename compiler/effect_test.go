package compiler

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// office is a configuration around the blocks of a test, which are reached from
// the menu "main" or named door.
const office = `
project "office" { limits = "twilio" }
hosting { base_url = "https://calls.quillmark.example" }
user "ann" { phone = "+14155550101" }
ring_group "desk" { users = [user.ann] }
voicemail "desk" {}
number "main" {
  phone_number = "+14155550100"
  to           = %s
}
%s`

// found lists where a code is reported in a configuration of one file, as the text
// of the lines.
func found(t *testing.T, code, text string) []string {
	t.Helper()
	_, diags := Compile(Input{Files: fstest.MapFS{
		"main.ivr.hcl": {Data: []byte(text)},
		"tone.wav":     {Data: tone},
	}})
	var lines []string
	for _, d := range diags {
		if CodeOf(d) == code {
			lines = append(lines, strings.TrimSpace(strings.Split(text, "\n")[diagnostic.SubjectOf(d).Start.Line-1]))
		}
	}
	if diags.HasErrors() {
		t.Fatalf("%s\n%s", listed(diags), text)
	}
	return lines
}

// tone is a second of silence.
var tone = append([]byte("RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x40\x1f\x00\x00"), bytes.Repeat([]byte{0x80}, 8000)...)

// A setting that cannot do what it says is reported, and one like it that can is not.
func TestSettingsWithoutEffect(t *testing.T) {
	queue := func(body string) string { return "queue \"q\" {\n" + body + "\n}" }
	said := func(every string) string {
		return "announcement {\nmessage = stock.please_hold\nevery = " + every + "\n}"
	}
	long := `"` + strings.Repeat("Thank you for holding the line. ", 8) + `"` // some twenty seconds
	line := "number \"line\" {\nphone_number = \"+14155550102\"\ntake = queue.q # ivrc:ignore IVR606 unlisted\n}\n"
	menu := func(body string) string {
		return "menu \"m\" {\n" + body + "\noption \"1\" {\nlabel = \"sales\"\nto = ring_group.desk\n}\n}"
	}
	for _, c := range []struct{ name, to, blocks, want string }{
		{"announced more rarely than rung", "queue.q", queue("agents = user.ann\nretry_every = \"1m\"\n" + said(`"2m"`)), `every = "2m"`},
		{"announced as often as rung", "queue.q", queue("agents = user.ann\nretry_every = \"30s\"\n" + said(`"30s"`)), `every = "30s"`},
		{"announced between two rings", "queue.q", queue("agents = user.ann\nretry_every = \"1m\"\n" + said(`"30s"`)), ""},
		{"announced again, with no time to say it", "queue.q", queue("agents = user.ann\nretry_every = \"31s\"\n" + said(`"30s"`)), `every = "30s"`},
		{"the default is not written", "queue.q", queue("agents = user.ann\nretry_every = \"15s\"\nannouncement { message = stock.please_hold }"), ""},
		{"announced after the longest wait", "queue.q", line + queue("max_wait = \"5m\"\n"+said(`"10m"`)), `every = "10m"`},
		{"announced within the longest wait", "queue.q", line + queue("max_wait = \"5m\"\n"+said(`"4m"`)), ""},
		{"an announcement longer than a hold", "queue.q", queue("agents = user.ann\nretry_every = \"10s\"\nannouncement {\nmessage = " + long + "\n}"), "message = " + long},
		{"the same in longer holds", "queue.q", queue("agents = user.ann\nretry_every = \"1m\"\nannouncement {\nmessage = " + long + "\n}"), ""},
		{"retried without agents", "queue.q", line + queue("retry_every = \"30s\""), `retry_every = "30s"`},
		{"retried with agents", "queue.q", queue("agents = user.ann\nretry_every = \"10s\""), ""},
		{"retried with agents in another state", "queue.q", line + "variable \"night\" { default = true }\n" + queue("agents = var.night ? null : user.ann\nretry_every = \"10s\""), ""},
		{"retried after the longest wait", "queue.q", queue("agents = user.ann\nmax_wait = \"1m\"\nretry_every = \"50s\""), `retry_every = "50s"`},
		{"a group that is rung for a queue only", "queue.q", "ring_group \"g\" {\nusers = [user.ann]\non_unavailable = voicemail.desk\n}\n" + queue("agents = ring_group.g"), "on_unavailable = voicemail.desk"},
		{"by way of a local value", "queue.q", "locals { staff = ring_group.g }\nring_group \"g\" {\nusers = [user.ann]\nbusy = \"They are busy.\"\n}\n" + queue("agents = local.staff"), `busy = "They are busy."`},
		{"one to which callers are led, too", "ring_group.g", "ring_group \"g\" {\nusers = [user.ann]\non_unavailable = queue.q\n}\n" + queue("agents = ring_group.g"), ""},
		{"one to which they are led in another state", "queue.q", "variable \"full\" { default = false }\nring_group \"g\" {\nusers = [user.ann]\nunavailable = \"Nobody is there.\"\n}\n" + queue("agents = ring_group.g\non_full = var.full ? ring_group.g : null"), ""},
		{"one that is rung for a queue of another state", "queue.q", "variable \"day\" { default = true }\nring_group \"g\" {\nusers = [user.ann]\non_busy = voicemail.desk\n}\n" + queue("agents = var.day ? ring_group.g : user.ann"), "on_busy = voicemail.desk"},
		{"a group whose outcomes are null", "queue.q", "ring_group \"g\" {\nusers = [user.ann]\non_busy = null\n}\n" + queue("agents = ring_group.g"), ""},
		{"a ring shorter than the shortest", "ring_group.g", "ring_group \"g\" {\nusers = [user.ann]\ninterval = \"7s\"\n}", `interval = "7s"`},
		{"the shortest ring", "ring_group.g", "ring_group \"g\" {\nusers = [user.ann]\ninterval = \"10s\"\n}", ""},
		{"a voicemail shorter than a silence", "voicemail.v", "voicemail \"v\" {\nmax_length = \"5s\"\n}", `max_length = "5s"`},
		{"a short voicemail", "voicemail.v", "voicemail \"v\" {\nmax_length = \"6s\"\n}", ""},
		{"transcribed for too long", "voicemail.v", "voicemail \"v\" {\nmax_length = \"3m\"\ntranscribe = true\n}", "transcribe = true"},
		{"transcribed", "voicemail.v", "voicemail \"v\" {\nmax_length = \"2m\"\ntranscribe = true\n}", ""},
		{"not transcribed", "voicemail.v", "voicemail \"v\" {\nmax_length = \"3m\"\ntranscribe = false\n}", ""},
		{"a prompt that a recording replaces", "menu.m", menu("audio_prompt = \"For sales, press 1.\"\nprompt = \"Press ${key} for ${menu}.\""), `prompt = "Press ${key} for ${menu}."`},
		{"a reproach that nobody hears", "menu.m", menu("attempts = 1\ninvalid = \"That is no option.\""), `invalid = "That is no option."`},
		{"silence that is never spoken of", "menu.m", menu("attempts = 1\nno_input = \"Are you there?\""), `no_input = "Are you there?"`},
		{"a reproach before the end", "menu.m", menu("attempts = 1\ninvalid = \"That is no option.\"\nno_input = \"Goodbye.\"\non_failure = hangup"), ""},
		{"a reproach before the second attempt", "menu.m", menu("attempts = 2\ninvalid = \"That is no option.\""), ""},
		{"more words than attempts in vain", "menu.m", menu("attempts = 2\nno_input = [\"Are you there?\", \"Hello?\"]"), `no_input = ["Are you there?", "Hello?"]`},
		{"nothing after the last of them", "menu.m", menu("attempts = 2\nno_input = [\"Are you there?\", null, null]"), ""},
		{"words for each attempt", "menu.m", menu("attempts = 3\nno_input = [\"Are you there?\", \"Hello?\"]"), ""},
		{"words for each attempt, and before the end", "menu.m", menu("attempts = 2\non_silence = hangup\nno_input = [\"Are you there?\", \"Goodbye.\"]"), ""},
		{"no words for callers who are asked once", "menu.m", menu("attempts = 1\nno_input = \"\""), ""},
		{"words before the end of silent callers alone", "menu.m", menu("attempts = 1\non_silence = hangup\nno_input = \"Goodbye.\"\ninvalid = \"Goodbye.\""), `invalid = "Goodbye."`},
		{"failure after both outcomes", "menu.m", menu("on_silence = ring_group.desk\non_invalid = ring_group.desk\non_failure = ring_group.desk"), "on_failure = ring_group.desk"},
		{"failure after one of them", "menu.m", menu("on_silence = ring_group.desk\non_failure = ring_group.desk"), ""},
		{"failure beside an outcome that is null", "menu.m", menu("on_silence = ring_group.desk\non_invalid = null\non_failure = ring_group.desk"), ""},
		{"the voice of a recording", "message.m", "message \"m\" {\naudio = \"tone.wav\"\nvoice = \"Polly.Joanna\"\n}", `voice = "Polly.Joanna"`},
		{"the language of a URL, which can be known", "message.m", "message \"m\" {\nurl = \"https://audio.quillmark.example/a.mp3\"\nlanguage = \"de-DE\"\n}", ""},
		{"the duration of a file", "message.m", "message \"m\" {\naudio = \"tone.wav\"\nduration = \"1s\"\n}", `duration = "1s"`},
		{"the duration of a text", "message.m", "message \"m\" {\ntext = \"Hello.\"\nduration = \"1s\"\n}", `duration = "1s"`},
		{"the duration of a URL", "message.m", "message \"m\" {\nurl = \"https://audio.quillmark.example/a.mp3\"\nduration = \"1s\"\n}", ""},
		{"what nobody hears while the number is online", "voicemail.desk\noffline = \"We have moved.\"", "", `offline = "We have moved."`},
		{"what is heard when the number is switched off", "voicemail.desk\nstatus = \"online\"\noffline = \"We have moved.\"", "", ""},
		{"recorded calls of somebody who places none", "user.ben", "user \"ben\" {\nphone = \"+14155550103\"\noutbound {\nrecord = true\n}\n}", "record = true"},
		{"a region", "voicemail.desk", "twilio {\nregion = \"ie1\"\n}", `region = "ie1"`},
		{"null is nothing", "queue.q", line + queue("retry_every = null"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(found(t, "IVR625", fmt.Sprintf(office, c.to, c.blocks)), "\n"); got != c.want {
				t.Errorf("reported is %q, want %q", got, c.want)
			}
		})
	}
}

// documents are the documents of a configuration, with symbolic addresses.
func documents(t *rapid.T, files fstest.MapFS, d *draft) string {
	_, flow, diags := compile(d.input(files))
	if diags.HasErrors() {
		t.Fatalf("%s\n%s", listed(diags), d)
	}
	return flow.String()
}

// A setting of which it is said that it has no effect has none: without it the
// documents are the same.
func TestSettingsWithoutEffectHaveNone(t *testing.T) {
	checked := 0
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration").clone()
		d.each(func(_ string, b *draftBlock) { // more settings that can be idle
			switch b.kind {
			case "queue":
				b.set("retry_every", `"45s"`)
			case "menu":
				b.set("attempts", fmt.Sprint(rapid.IntRange(1, 2).Draw(t, "attempts")))
				b.set("invalid", `"That is no option."`)
			case "number":
				b.set("offline", `"This number is out of service."`)
			}
		})
		_, diags := Compile(d.input(d.files()))
		before := documents(t, d.files(), d)
		for _, diag := range diags {
			files := d.files()
			lines := strings.Split(string(files["main.ivr.hcl"].Data), "\n")
			at := diagnostic.SubjectOf(diag).Start
			line := &lines[at.Line-1]
			name := strings.Fields(*line)[0]
			if !strings.HasSuffix((*line)[:at.Byte-len(strings.Join(lines[:at.Line-1], "\n"))-1], "= ") {
				continue // one element of a list
			}
			if CodeOf(diag) != "IVR625" || !slices.Contains([]string{"retry_every", "prompt", "invalid", "no_input", "on_failure", "on_invalid", "voice", "language", "duration", "offline"}, name) {
				continue
			}
			*line = ""
			files["main.ivr.hcl"].Data = []byte(strings.Join(lines, "\n"))
			if checked++; before != documents(t, files, d) {
				t.Fatalf("without %s other documents are made:\n%s", name, d)
			}
		}
	})
	if checked == 0 {
		t.Error("nothing was tried")
	}
}

// Of a queue that agents are rung for and that a line takes from, it is said at the
// line that the order is not kept, and not of a queue that is served in one way. Who
// has heard the agents ring is refused if they cannot be rung again in time.
func TestOrderAndRings(t *testing.T) {
	const line = "number \"line\" {\nphone_number = \"+14155550102\"\n# ivrc:ignore IVR606 unlisted\ntake = queue.q\n}\n"
	for _, c := range []struct{ name, blocks, want string }{
		{"both ways", line + "queue \"q\" { agents = ring_group.desk }", "take = queue.q"},
		{"a line", line + "queue \"q\" {}", ""},
		{"agents", "queue \"q\" { agents = ring_group.desk }", ""},
		{"a line that is offline", strings.Replace(line, "take", "status = \"offline\"\ntake", 1) + "queue \"q\" { agents = ring_group.desk }", ""},
	} {
		if got := strings.Join(found(t, "IVR626", fmt.Sprintf(office, "queue.q", c.blocks)), "\n"); got != c.want {
			t.Errorf("%s: reported is %q, want %q", c.name, got, c.want)
		}
	}
	for _, c := range []struct {
		wait, retry string
		line, want  bool
	}{
		{"79s", "1m", false, true}, // a ring of 20 s
		{"80s", "1m", false, false},
		{"79s", "1m", true, false},
		{"79s", "59s", false, false},
		{"25s", "1m", false, true},
	} {
		blocks := fmt.Sprintf("queue \"q\" {\nagents = ring_group.front\nmax_wait = %q\nretry_every = %q\n}\nring_group \"front\" {\nusers = [user.ann]\non_busy = queue.q\n}\n", c.wait, c.retry)
		if c.line {
			blocks += line
		}
		_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: fmt.Appendf(nil, office, "ring_group.front", blocks)}}})
		if got := strings.Contains(listed(diags), "IVR417"); got != c.want {
			t.Errorf("%+v: refused: %t\n%s", c, got, listed(diags))
		}
	}
}
