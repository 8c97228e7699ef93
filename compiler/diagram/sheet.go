package diagram

// Cheat sheets: for each number what is said, which keys lead where, who is rung
// and for how long, and what callers meet when nobody takes the call. Reception
// learns from them, testers tick them off, and who checks for accessibility
// reads every word that is spoken.
//
// A sheet is the graph walked breadth first from a number, so that every block
// stands under the shortest way that leads there, and every key of every menu in
// one row:
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
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A Sheet is what there is to know of one number.
type Sheet struct {
	Name     string // of its files, without an ending; "index" is the list of all
	Title    string // "+14155550100 main"
	Markdown string // the caller script and the keys
	CSV      string // the keys alone, for a spreadsheet
}

// Sheets writes the sheets of a bundle's numbers, in the order of the manifest.
func Sheets(b *bundle.Bundle) []Sheet {
	w := sheetWriter{project: clean(b.Manifest.Project), blocks: blocks(b), people: map[string]string{}}
	for _, u := range b.Manifest.Users {
		w.people[u.Name] = clean(cmp.Or(u.Label, u.Name))
	}
	var sheets []Sheet
	used := map[string]bool{"index": true}
	for _, n := range b.Manifest.Numbers {
		name := n.Name
		for used[strings.ToLower(name)] { // many disks do not tell a from A
			name += "_"
		}
		used[strings.ToLower(name)] = true
		title := clean(n.PhoneNumber + " " + n.Name)
		stops := w.walk("number." + n.Name)
		sheets = append(sheets, Sheet{name, title, w.markdown(title, stops), w.csv(clean(n.Name+" ("+n.PhoneNumber+")"), stops)})
	}
	return sheets
}

// A sheetWriter writes the sheets of one bundle.
type sheetWriter struct {
	project string
	blocks  map[string]bundle.Block
	people  map[string]string // how people are called, by the names of users
}

// A stop is a block on the way of a call.
type stop struct {
	bundle.Block
	way   string // "2, 1", "1, busy"
	label string // of the option that leads there, or ""
}

// walk lists the blocks that a call to a number can come to, each once, with the
// shortest way.
func (w *sheetWriter) walk(number string) []stop {
	stops := []stop{{Block: w.blocks[number]}}
	stops[0].Address = number
	seen := map[string]bool{number: true}
	for i := 0; i < len(stops); i++ {
		for _, e := range stops[i].Exits {
			if seen[e.To] || e.To == hangup {
				continue
			}
			seen[e.To] = true
			next := stop{w.blocks[e.To], stops[i].then(e.On), clean(e.Label)}
			next.Address = e.To
			stops = append(stops, next)
		}
	}
	return stops
}

// then is the way on from a stop.
func (s stop) then(on string) string {
	if on == "answer" {
		return s.way
	}
	return strings.TrimPrefix(s.way+", "+outcomeWord(clean(on)), ", ")
}

// name is how a block is called: "ring group sales".
func name(address string) string {
	kind, rest, _ := strings.Cut(address, ".")
	return strings.TrimSpace(clean(kindWord(kind)) + " " + clean(rest))
}

// setting is a setting of a block, "" if it has none of the name.
func (s stop) setting(name string) string {
	for _, each := range s.Settings {
		if each.Name == name {
			return clean(each.Value)
		}
	}
	return ""
}

// said is what a block says in a role: a text in quotation marks, or where the
// sound is. It is "" if the block says nothing.
func (s stop) said(role string) string {
	for _, m := range s.Messages {
		switch {
		case m.Role != role:
		case m.Text != "":
			return "“" + clean(m.Text) + "”"
		case m.Audio != "" || m.URL != "":
			return "(sound: " + clean(cmp.Or(m.Audio, m.URL)) + ")"
		}
	}
	return ""
}

// leads is the block to which an outcome leads, "" if the block has no such
// outcome.
func (s stop) leads(on string) string {
	i := slices.IndexFunc(s.Exits, func(e bundle.Exit) bool { return e.On == on })
	if i < 0 {
		return ""
	}
	return s.Exits[i].To
}

// exit says what happens at an outcome: what is said, and where the call goes on.
func (s stop) exit(on, role string) string {
	switch to := s.leads(on); to {
	case "":
		return ""
	case hangup:
		return strings.TrimSpace(strings.TrimSpace(s.said(role)+" "+s.said("goodbye")) + " The call ends.")
	default:
		return strings.TrimSpace(s.said(role) + " Then " + name(to) + ".")
	}
}

// rung says who is rung, and how; "" if the block rings nobody.
func (w *sheetWriter) rung(s stop) string {
	var people []string
	for user := range strings.SplitSeq(s.setting("users"), ", ") {
		if user != "" {
			people = append(people, cmp.Or(w.people[user], user))
		}
	}
	if len(people) == 0 {
		return ""
	}
	text, each := people[0], ""
	if len(people) > 1 && s.setting("strategy") == "sequential" {
		text, each = strings.Join(people, ", then "), " each"
	} else if last := len(people) - 1; last > 0 {
		text = strings.Join(people[:last], ", ") + " and " + people[last] + " at once"
	}
	text += ", " + span(s.setting("interval")) + each
	if cycles := s.setting("cycles"); cycles != "" && cycles != "1" {
		text += ", " + cycles + " times over"
	}
	return text
}

// atMost is how long a caller waits at most for somebody to answer.
func (w *sheetWriter) atMost(s stop) string {
	if wait := s.setting("max_wait"); wait != "" {
		return span(wait)
	}
	interval, err := time.ParseDuration(s.setting("interval"))
	if err != nil {
		return ""
	}
	rounds := 1
	if n, err := strconv.Atoi(s.setting("cycles")); err == nil && n < 1000 {
		rounds = n
	}
	if s.setting("strategy") == "sequential" {
		rounds *= strings.Count(s.setting("users"), ", ") + 1
	}
	return span((time.Duration(rounds) * interval).String())
}

// silent says what happens to a caller of a menu who presses nothing.
func (s stop) silent() string {
	text := fmt.Sprintf("after %s: %s", span(s.setting("timeout")), s.said("no_input"))
	if attempts := s.setting("attempts"); attempts != "1" {
		text += fmt.Sprintf(" The options again, %s times in all, and in the end:", attempts)
	}
	return text + " " + s.exit("failure", "")
}
