package diagram

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// Index returns a list of sheets in Markdown, with links to them.
func Index(b *bundle.Bundle, sheets []Sheet) string {
	w, _ := wordsOf(b.Manifest.Language)
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\n", w.with("The numbers of %s", EscapeMarkdown(terminal.OneLine(b.Manifest.Project))))
	for _, s := range sheets {
		fmt.Fprintf(&out, "- [%s](%s.md) ([%s](%s.csv))\n", EscapeMarkdown(s.Title), s.Name, w.of("table"), s.Name)
	}
	return out.String()
}

// markdown returns a sheet in Markdown: the keys as a table, then everything that
// callers hear, in the order in which they come to it.
func (w *sheetWriter) markdown(title string, stops []stop) string {
	var out strings.Builder
	about := w.words.with("What callers of %s hear at this number, and where each key leads.", EscapeMarkdown(w.project))
	fmt.Fprintf(&out, "# %s\n\n%s\n", EscapeMarkdown(title), about)
	if rows := w.rows(stops); len(rows) > 0 {
		fmt.Fprintf(&out, "\n## %s\n\n| %s | %s | %s | %s |\n|---|---|---|---|\n", w.words.of("Keys"), w.words.of("keys|column"),
			w.words.of("option|column"), w.words.of("leads to|column"), w.words.of("who is rung|column"))
		for _, r := range rows {
			fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", EscapeMarkdown(r.keys), EscapeMarkdown(r.option), EscapeMarkdown(r.to), EscapeMarkdown(w.rung(r.stop)))
		}
	}
	fmt.Fprintf(&out, "\n## %s\n", w.words.of("Script"))
	for _, s := range stops {
		lines := w.script(s)
		if len(lines) == 0 {
			continue
		}
		fmt.Fprintf(&out, "\n### %s\n\n", EscapeMarkdown(s.heading()))
		for _, line := range lines {
			fmt.Fprintf(&out, "- %s\n", EscapeMarkdown(line))
		}
	}
	return out.String()
}

// heading returns the way to a stop and the name of its block.
func (s stop) heading() string {
	name := s.name()
	switch {
	case s.Kind() == bundle.KindNumber:
		return s.words.of("The number")
	case s.way == "":
		return s.words.with("At once: %s", name)
	case s.label != "":
		return s.words.with("%s (%s): %s", s.way, s.label, name)
	}
	return s.words.with("%s: %s", s.way, name)
}

// script returns what callers hear and what happens at a block, line by line.
func (w *sheetWriter) script(s stop) []string {
	var lines []string
	add := func(english, text string) {
		if text != "" {
			lines = append(lines, w.words.with(english, text))
		}
	}
	switch s.Kind() {
	case bundle.KindNumber:
		add("The number is switched off. Callers hear %s", s.said("offline"))
		if take := s.setting("take"); take != "" {
			add("Connects whoever calls to the caller who has waited longest in %s.", w.words.name(take))
			add("If nobody waits: %s", s.said("idle"))
		}
		add("If the number is withheld: %s", s.exit("anonymous", ""))
		add("If something fails: %s", cmp.Or(s.exit("fallback", "fallback"), s.said("fallback")))
	case bundle.KindMenu:
		add("Once: %s", s.said("welcome"))
		add("%s", s.said("prompt"))
		add("%s", s.said("options"))
		add("After a digit with which an extension can begin, waits %s for the next.", w.words.span(s.setting("extension_timeout")))
		add("If nothing is pressed: %s", s.silent())
		add("If the key is not an option: %s", s.said("invalid"))
		add("If the last key is not an option, either: %s", s.exit("invalid", ""))
	case bundle.KindEntry:
		lines = w.entry(s)
	case bundle.KindRingGroup, bundle.KindUser:
		add("Rings %s", w.rung(s))
		add("At most %s", w.atMost(s))
		lines = append(lines, w.recording(s)...)
		add("If all are busy: %s", s.exit("busy", "busy"))
		add("If nobody answers: %s", s.exit("unavailable", "unavailable"))
		lines = append(lines, w.conversation(s)...)
	case bundle.KindQueue:
		lines = w.waiting(s)
	case bundle.KindVoicemail:
		add("%s", s.said("greeting"))
		add("After the tone, records at most %s", w.words.span(s.setting("max_length")))
		add("Then: %s", s.exit("recorded", "recorded"))
		add("If nobody speaks: %s", s.unspoken())
	case bundle.KindHours:
		lines = w.opening(s)
	case bundle.KindSplit, bundle.KindCallers, bundle.KindApplication:
		lines = w.branches(s)
	default:
		add("%s", s.said("message"))
		add("%s", s.exit("end", ""))
	}
	return lines
}

// entry returns what callers of an entry hear and may enter.
func (w *sheetWriter) entry(s stop) []string {
	var lines []string
	add := func(english, text string) {
		if text != "" {
			lines = append(lines, w.words.with(english, text))
		}
	}
	add("%s", s.said("prompt"))
	add("%s", s.said("options"))
	add("Callers enter up to %s digits.", s.setting("digits"))
	if s.setting("secret") != "" {
		lines = append(lines, w.words.of("Nobody else may see what they enter."))
	}
	add("If nothing is pressed: %s", s.silent())
	add("If the digits are wrong: %s", s.said("invalid"))
	add("If the last digits are wrong, too: %s", s.exit("invalid", ""))
	return lines
}

// branches returns where callers are led by what they do not hear: their share, who
// they are, and what an application answers.
func (w *sheetWriter) branches(s stop) []string {
	var lines []string
	add := func(english, text string) {
		if text != "" {
			lines = append(lines, w.words.with(english, text))
		}
	}
	switch s.Kind() {
	case bundle.KindSplit:
		for _, share := range s.Settings {
			lines = append(lines, w.words.with("%s (%s): %s", terminal.OneLine(share.Name), terminal.OneLine(share.Value), s.exit(share.Name, "")))
		}
	case bundle.KindCallers:
		for _, from := range s.Settings {
			lines = append(lines, w.words.with("From %s: %s", terminal.OneLine(from.Value), s.exit(from.Name, "")))
		}
		add("If the number is withheld: %s", s.exit(bundle.WithheldAnswer, ""))
		add("All others: %s", s.exit("otherwise", ""))
	default:
		for _, e := range s.Exits {
			if e.On != "failure" {
				lines = append(lines, w.words.with("If it answers %s: %s", terminal.OneLine(e.On), s.exit(e.On, "")))
			}
		}
		add("If it fails: %s", s.exit("failure", ""))
	}
	return lines
}

// waiting returns what callers hear in a queue, who is rung for them, and what follows.
func (w *sheetWriter) waiting(s stop) []string {
	var lines []string
	add := func(english, text string) {
		if text != "" {
			lines = append(lines, w.words.with(english, text))
		}
	}
	add("Callers who can wait at once: %s", s.setting("max_callers"))
	add("They wait at most %s", w.atMost(s))
	add("While they wait, rings %s", w.rung(s))
	lines = append(lines, w.recording(s)...)
	add("While they wait, from time to time: %s", s.said("announcement"))
	add("After each wait in the queue, they are asked: %s", s.said("options"))
	add("If the queue is full: %s", s.exit("full", "full"))
	add("After the longest wait: %s", s.exit("timeout", "timeout"))
	return append(lines, w.conversation(s)...)
}

// conversation returns what is heard by whoever answers, how long people can talk, and
// where callers go then.
func (w *sheetWriter) conversation(s stop) []string {
	var lines []string
	if text := s.said("whisper"); text != "" {
		lines = append(lines, w.words.with("Who answers hears first: %s", text))
	}
	if limit := s.setting("time_limit"); limit != "" {
		lines = append(lines, w.words.with("A conversation lasts at most %s", w.words.span(limit)))
	}
	if to := s.exit("completed", ""); to != "" {
		lines = append(lines, w.words.with("After the conversation: %s", to))
	}
	return lines
}

// recording returns a line that says that the conversation is recorded, if it is.
func (w *sheetWriter) recording(s stop) []string {
	if s.setting("record") == "" {
		return nil
	}
	return []string{w.words.of("The conversation is recorded.")}
}

// EscapeMarkdown escapes a text of one line, so that Markdown shows it as it is. That
// includes mentions, links and formulas, which code hosts make of plain text.
func EscapeMarkdown(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_{}[]<>#|~$&@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
