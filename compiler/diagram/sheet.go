package diagram

// A cheat sheet says of a number what callers hear, where each key leads, who is rung
// and for how long, and what happens if nobody takes the call. Receptionists learn
// from it, testers tick it off, and reviewers of accessibility read every word that is
// spoken.
//
// A sheet walks the graph breadth first from a number. So every block stands under the
// shortest way that leads to it, and every key of every menu has one row:
//
//	number.main ─▶ menu.main ─1─▶ ring_group.sales ─busy─▶ queue.sales
//	                         └─2─▶ menu.main.2 ─1─▶ ring_group.support
//
//	(at once)   menu main
//	1           ring group sales
//	2           menu main.2
//	1, busy     queue sales
//	2, 1        ring group support

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/terminal"
)

// A Sheet is the cheat sheet of one number.
type Sheet struct {
	Name     string // of its files, without the extension; never "index", the list of all sheets
	Title    string // "+14155550100 main"
	Markdown string // the caller script and the keys
	CSV      string // the keys alone, for a spreadsheet
}

// Sheets returns the sheets of a bundle's numbers, in the order of the manifest and in
// the language of the bundle.
func Sheets(b *bundle.Bundle) []Sheet {
	words, _ := wordsOf(b.Manifest.Language)
	w := sheetWriter{words: words, project: terminal.OneLine(b.Manifest.Project), blocks: blocksOf(b), people: map[string]string{}}
	for _, u := range b.Manifest.Users {
		w.people[u.Name] = terminal.OneLine(cmp.Or(u.Label, u.Name))
	}
	var sheets []Sheet
	used := map[string]bool{"index": true}
	for _, n := range b.Manifest.Numbers {
		name := n.Name
		for used[strings.ToLower(name)] { // many disks do not tell a from A
			name += "_"
		}
		used[strings.ToLower(name)] = true
		title := terminal.OneLine(n.PhoneNumber + " " + n.Name)
		stops := w.walk(bundle.KindNumber + "." + n.Name)
		sheets = append(sheets, Sheet{name, title, w.markdown(title, stops), w.csv(terminal.OneLine(n.Name+" ("+n.PhoneNumber+")"), stops)})
	}
	return sheets
}

// A sheetWriter writes the sheets of one bundle.
type sheetWriter struct {
	words   vocabulary
	project string
	blocks  map[blockID]bundle.Block
	people  map[string]string // the names that people use, by the names of users
}

// A stop is a block that a call comes to.
type stop struct {
	bundle.Block
	words vocabulary
	way   string // "2, 1", "1, busy"
	label string // of the option that leads there, or ""
}

// stop returns a block as a stop.
func (w *sheetWriter) stop(id blockID, way, label string) stop {
	s := stop{w.blocks[id], w.words, way, label}
	s.Address = id.address
	return s
}

// name returns what the block is called, with the language of its calls if that is
// not the project's.
func (s stop) name() string {
	name := s.words.name(s.Address)
	if language := s.Language; language != "" {
		name += " (" + terminal.OneLine(language) + ")"
	}
	return name
}

// walk lists the blocks that a call to a number can come to, each once with the
// shortest way there.
func (w *sheetWriter) walk(number string) []stop {
	first := blockID{number, ""}
	stops := []stop{w.stop(first, "", "")}
	seen := map[blockID]bool{first: true}
	for i := 0; i < len(stops); i++ {
		for _, e := range stops[i].Exits {
			to := destination(w.blocks, e)
			if seen[to] || bundle.Ends(e.To) {
				continue
			}
			seen[to] = true
			stops = append(stops, w.stop(to, stops[i].then(e.On), w.words.label(stops[i].Block, e)))
		}
	}
	return stops
}

// then returns the way on from a stop.
func (s stop) then(on string) string {
	if on == "answer" {
		return s.way
	}
	return strings.TrimPrefix(s.way+", "+s.words.outcome(s.Kind(), terminal.OneLine(on)), ", ")
}

// setting returns the value of a setting, "" if the block has none of that name.
func (s stop) setting(name string) string { return terminal.OneLine(s.Setting(name)) }

// said returns what a block says in a role: a text in quotation marks, or the place of
// the audio; of what is said after each attempt in vain, all. It returns "" if the block
// says nothing.
func (s stop) said(role string) string {
	var parts []string
	for _, m := range s.Messages { // a prompt has a part for each language
		of, _, _ := strings.Cut(m.Role, " ")
		switch {
		case of != role:
		case m.Text != "":
			parts = append(parts, s.words.with("“%s”", terminal.OneLine(m.Text)))
		default:
			parts = append(parts, s.words.with("(sound: %s)", terminal.OneLine(cmp.Or(m.Audio, m.URL))))
		}
	}
	return sentences(parts...)
}

// exit says what happens at an outcome: what callers hear, and where they go on.
func (s stop) exit(on, role string) string {
	e, ok := s.Exit(on)
	switch {
	case !ok:
		return ""
	case bundle.Ends(e.To) && e.To != bundle.Hangup:
		return s.words.of("The call is not answered.")
	case e.To == bundle.Hangup:
		said, goodbye := s.said(role), s.said("goodbye")
		if e.Silent || said != "" && s.Kind() == bundle.KindVoicemail {
			goodbye = ""
		}
		return sentences(said, goodbye, s.words.of("The call ends."))
	}
	return sentences(s.said(role), s.words.with("Then %s.", s.words.name(e.To)))
}

// sentences joins the parts that are not empty.
func sentences(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " ")
}

// rung says who is rung and how. It returns "" if the block rings nobody.
func (w *sheetWriter) rung(s stop) string {
	var people []string
	for _, user := range s.Users() {
		people = append(people, cmp.Or(w.people[user], terminal.OneLine(user)))
	}
	if len(people) == 0 {
		return ""
	}
	last, interval := len(people)-1, w.words.span(s.setting("interval"))
	var text string
	switch {
	case last == 0:
		text = w.words.with("%s, %s", people[0], interval)
	case s.setting("strategy") == "sequential":
		text = w.words.with("%s, %s each", strings.Join(people, w.words.of(", then ")), interval)
	default:
		text = w.words.with("%s and %s at once, %s", strings.Join(people[:last], w.words.of(", ")), people[last], interval)
	}
	if cycles := s.setting("cycles"); cycles != "" && cycles != "1" {
		text = w.words.with("%s, %s times over", text, cycles)
	}
	return text
}

// atMost returns the longest time that a caller waits for somebody to answer.
func (w *sheetWriter) atMost(s stop) string {
	if wait := s.setting("max_wait"); wait != "" {
		return w.words.span(wait)
	}
	interval := s.Duration("interval")
	if interval == 0 {
		return ""
	}
	rounds := 1
	if n := s.Count("cycles"); n > 0 && n < 1000 {
		rounds = n
	}
	if s.setting("strategy") == "sequential" {
		rounds *= len(s.Users())
	}
	return w.words.span((time.Duration(rounds) * interval).String())
}

// silent says what happens to a caller of a menu who presses nothing.
func (s stop) silent() string {
	text := s.words.with("after %s:", s.words.span(s.setting("timeout")))
	again := ""
	if attempts := s.setting("attempts"); attempts != "1" {
		again = s.words.with("The options again, %s times in all, and in the end:", attempts)
	}
	return sentences(text, s.said("no_input"), again, s.exit("failure", ""), s.exit("silence", ""))
}

// unspoken says what follows at a voicemail if the caller says nothing, where that is
// more than that nothing was recorded.
func (s stop) unspoken() string {
	again, end := "", s.exit("empty", "nothing_recorded")
	if attempts := s.setting("attempts"); attempts != "" {
		again = sentences(s.said("again"), s.words.with("The tone again, %s times in all, and in the end:", attempts))
		if end == "" {
			end = sentences(cmp.Or(s.said("nothing_recorded"), s.said("goodbye")), s.words.of("The call ends."))
		}
	}
	return sentences(again, end)
}
