package diagram

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// The words for the blocks, exits, settings and messages of a bundle. Drawings show
// what these tables do not know by its name in the bundle.
var (
	knownOutcomes = map[string]string{
		"agents": "agents", "answer": "answer", "answered": "answered", "anonymous": "number withheld", "busy": "busy", "withheld": "number withheld", "otherwise": "all others",
		"closed": "closed", "open": "open", "completed": "after the conversation",
		"end": "end", "failure": "no valid key", "invalid": "wrong key", "silence": "no key", "full": "queue full", "recorded": "recorded", "empty": "nothing said", "fallback": "something fails", "take": "takes callers of",
		"timeout": "waited too long", "unavailable": "unavailable", "digits": "digits",
		"application failure": "it fails", "entry failure": "no valid digits", "entry invalid": "wrong digits", "entry silence": "no digits",
	}
	knownSettings = map[string]string{
		"agents": "agents|setting", "announcement": "announcement|setting", "attempts": "attempts|setting", "back": "back|setting",
		"digits": "digits|setting", "secret": "secret|setting", "extension_timeout": "time for the next digit|setting", "url": "address|setting",
		"callback": "callback|setting", "caller_id": "caller ID|setting", "cycles": "cycles|setting", "interval": "interval|setting",
		"max_callers": "max callers|setting", "max_length": "max length|setting", "max_wait": "max wait|setting", "silence": "silence|setting", "finish": "finish|setting", "music": "music|setting",
		"record": "recorded|setting", "repeat": "repeat|setting", "question_time": "question time|setting", "retry_every": "retry every|setting", "status": "status|setting",
		"strategy": "strategy|setting", "time_limit": "time limit|setting", "take": "take|setting", "time_zone": "time zone|setting", "timeout": "timeout|setting", "transcribe": "transcribed|setting",
		"users": "users|setting",
	}
	knownRoles = map[string]string{
		"announcement": "announcement|message", "busy": "busy|message", "fallback": "if something fails|message", "full": "queue full|message",
		"goodbye": "goodbye|message", "greeting": "greeting|message", "idle": "nobody waits|message", "invalid": "invalid key|message",
		"message": "message|message", "no_input": "no input|message", "options": "options|message", "offline": "offline|message", "prompt": "prompt|message",
		"nothing_recorded": "if nobody spoke|message", "recorded": "after the recording|message", "timeout": "waited too long|message", "unavailable": "unavailable|message",
		"again": "asked again|message", "welcome": "welcome|message", "whisper": "whisper|message",
	}
)

// kind returns the usual word for a kind of block: "ring group".
func (w vocabulary) kind(kind string) string {
	if word := lookOf(kind).word; word != "" {
		return w.of(word)
	}
	return strings.ReplaceAll(kind, "_", " ")
}

// outcome returns the words for a key or an outcome of a block of some kind.
func (w vocabulary) outcome(kind, on string) string {
	if of := kind + " " + on; knownOutcomes[of] != "" {
		return w.known(knownOutcomes, of)
	}
	return w.known(knownOutcomes, on)
}

// setting returns the words for a setting of a block: "max wait".
func (w vocabulary) setting(name string) string { return w.known(knownSettings, name) }

// role returns the words for the role of a message: "invalid key", and for what is
// heard after the second attempt "invalid key 2".
func (w vocabulary) role(role string) string {
	of, attempt, _ := strings.Cut(role, " ")
	return strings.TrimSpace(w.known(knownRoles, of) + " " + attempt)
}

func (w vocabulary) known(table map[string]string, name string) string {
	if word, ok := table[name]; ok {
		return w.of(word)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// name returns the words for a block: "ring group sales".
func (w vocabulary) name(address string) string {
	kind := w.kind(bundle.KindOf(address))
	if bundle.Ends(address) {
		return kind
	}
	return strings.TrimSpace(terminal.OneLine(kind) + " " + terminal.OneLine(bundle.NameOf(address)))
}

// A highlight is a setting that is shown beside the name of its block.
type highlight struct {
	setting string
	noun    string // what the value counts: "cycle"
	usual   string // a value that is not worth showing
	word    string // what is shown instead of the value
	except  string // a kind that has the setting for another block's sake
}

// highlights are in the order in which they are shown.
var highlights = []highlight{
	{setting: "status", usual: "online"},
	{setting: "strategy", except: "queue"},
	{setting: "interval", except: "queue"},
	{setting: "cycles", noun: "cycle", usual: "1", except: "queue"},
	{setting: "max_callers", noun: "caller"},
	{setting: "max_wait"},
	{setting: "attempts", noun: "attempt", usual: "3"},
	{setting: "max_length"},
	{setting: "transcribe", word: "transcribed|messages"},
	{setting: "record", word: "recorded|calls"},
}

// detail sums up the settings of a block: "sequential, 20 s, 2 cycles".
func (w vocabulary) detail(kind string, settings []bundle.Setting) string {
	var parts []string
	for _, h := range highlights {
		for _, s := range settings {
			if s.Name != h.setting || s.Value == h.usual || kind == h.except {
				continue
			}
			switch {
			case h.word != "":
				parts = append(parts, w.of(h.word))
			case h.noun != "":
				parts = append(parts, w.counted(s.Value, h.noun))
			default:
				parts = append(parts, w.value(s))
			}
		}
	}
	return strings.Join(parts, ", ")
}

// value returns the words for the value of a setting: of a duration, as
// [vocabulary.span] writes it; of an address, the name of its block; of a keyword, its
// translation. Any other text stays as it is.
func (w vocabulary) value(s bundle.Setting) string {
	switch s.Name {
	case "agents", "take":
		return w.name(s.Value)
	case "announcement":
		if every, ok := strings.CutPrefix(s.Value, "every "); ok {
			return w.with("every %s", w.span(every))
		}
	}
	switch s.Value {
	case "default", "offline", "online", "sequential", "simultaneous", "yes":
		return w.of(s.Value)
	}
	return w.span(s.Value)
}

// label returns the label of an option of a menu. The label "back" of the key that
// leads back is the compiler's, so it is translated.
func (w vocabulary) label(block bundle.Block, e bundle.Exit) string {
	back := bundle.Setting{Name: "back", Value: e.On}
	if e.Label == "back" && block.Kind() == bundle.KindMenu && slices.Contains(block.Settings, back) {
		return w.of("back")
	}
	return terminal.OneLine(e.Label)
}

// span writes a duration as people do: "1 min 30 s" for "1m30s". Any other text stays
// as it is.
func (w vocabulary) span(value string) string {
	d, err := time.ParseDuration(value)
	if err != nil || d <= 0 || d%time.Second != 0 {
		return value
	}
	var parts []string
	for _, unit := range []struct {
		length time.Duration
		text   string
	}{{time.Hour, "%s h"}, {time.Minute, "%s min"}, {time.Second, "%s s"}} {
		if n := d / unit.length; n > 0 {
			parts = append(parts, w.with(unit.text, strconv.FormatInt(int64(n), 10)))
		}
		d %= unit.length
	}
	return strings.Join(parts, " ")
}
