package diagram

import (
	"fmt"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Index writes a list of sheets in Markdown, with links to them.
func Index(b *bundle.Bundle, sheets []Sheet) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# The numbers of %s\n\n", markdown(clean(b.Manifest.Project)))
	for _, s := range sheets {
		fmt.Fprintf(&out, "- [%s](%s.md) ([table](%s.csv))\n", markdown(s.Title), s.Name, s.Name)
	}
	return out.String()
}

// markdown writes a sheet in Markdown: the keys as a table, then everything that
// is said, in the order in which callers come to it.
func (w *sheetWriter) markdown(title string, stops []stop) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\nWhat callers of %s hear at this number, and where each key leads.\n", markdown(title), markdown(w.project))
	if rows := w.rows(stops); len(rows) > 0 {
		out.WriteString("\n## Keys\n\n| keys | option | leads to | who is rung |\n|---|---|---|---|\n")
		for _, r := range rows {
			fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", markdown(r.keys), markdown(r.option), markdown(r.to), markdown(w.rung(r.stop)))
		}
	}
	out.WriteString("\n## Script\n")
	for _, s := range stops {
		lines := w.script(s)
		if len(lines) == 0 {
			continue
		}
		fmt.Fprintf(&out, "\n### %s\n\n", markdown(s.heading()))
		for _, line := range lines {
			fmt.Fprintf(&out, "- %s\n", markdown(line))
		}
	}
	return out.String()
}

// heading is the way to a stop, and what it is.
func (s stop) heading() string {
	switch {
	case kindOf(s.Address) == "number":
		return "The number"
	case s.way == "":
		return "At once: " + name(s.Address)
	case s.label != "":
		return s.way + " (" + s.label + "): " + name(s.Address)
	}
	return s.way + ": " + name(s.Address)
}

// script is what callers hear and meet at a block, line by line.
func (w *sheetWriter) script(s stop) []string {
	var lines []string
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, label+text)
		}
	}
	switch kindOf(s.Address) {
	case "number":
		add("The number is switched off. Callers hear ", s.said("offline"))
		if take := s.setting("take"); take != "" {
			add("Who calls is connected to the caller who waits longest in ", name(take))
			add("If nobody waits: ", s.said("idle"))
		}
		add("Who withholds the number: ", s.exit("anonymous", ""))
		add("If something fails: ", s.said("fallback"))
	case "menu":
		add("Once: ", s.said("welcome"))
		add("", s.said("prompt"))
		add("If nothing is pressed: ", s.silent())
		add("A key that is no option: ", s.said("invalid"))
	case "ring_group", "user":
		add("Rings ", w.rung(s))
		add("At most ", w.atMost(s))
		add("", recording(s))
		add("If all are busy: ", s.exit("busy", "busy"))
		add("If nobody answers: ", s.exit("unavailable", "unavailable"))
	case "queue":
		add("Callers who wait at once: ", s.setting("max_callers"))
		add("They wait at most ", w.atMost(s))
		add("While they wait, rings ", w.rung(s))
		add("", recording(s))
		add("While they wait, from time to time: ", s.said("announcement"))
		add("If the queue is full: ", s.exit("full", "full"))
		add("After the longest wait: ", s.exit("timeout", "timeout"))
	case "voicemail":
		add("", s.said("greeting"))
		add("After the tone, records at most ", span(s.setting("max_length")))
		add("Then: ", s.exit("recorded", "recorded"))
	default:
		add("", s.said("message"))
		add("", s.exit("end", ""))
	}
	return lines
}

func recording(s stop) string {
	if s.setting("record") == "" {
		return ""
	}
	return "The conversation is recorded."
}

// markdown escapes a text, so that it is shown as it is.
func markdown(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_{}[]<>#|~$&@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
