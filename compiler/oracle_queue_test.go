package compiler

import (
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// What descriptions promise of waiting (docs/bundle.md, "Waiting").

// promiseQueue is what the documents of a queue do.
func (d *blockSpec) promiseQueue(stem string, at int, name, answer string, does []string) []string {
	switch stem {
	case "enter":
		return d.enterQueue(d.comesFrom(does), does)
	case "queue":
		return d.afterHold(ofSeconds(at), answer, does)
	case "digits":
		return d.afterQuestion(ofSeconds(at), answer, does)
	}
	prefix := fmt.Sprintf("dial-%d", at)
	return d.rung(prefix, name, answer, does, func(bool) []string {
		if ended := ofSeconds(at) + d.length("ring_time"); ended < d.length("max_wait") {
			return d.hold(ended)
		}
		return d.finish("timeout", d.says("timeout"), does)
	})
}

// comesFrom is the group of the agents, if a document begins with a hold: all
// callers come from there. Otherwise somebody begins with a ring.
func (d *blockSpec) comesFrom(does []string) string {
	if len(does) > 0 && strings.HasPrefix(does[0], "waits ") {
		return d.setting("agents")
	}
	return ""
}

// enterQueue is how a call begins that comes to a queue from a block.
func (d *blockSpec) enterQueue(from string, does []string) []string {
	agents := d.setting("agents")
	if agents == "" || agents == from {
		return d.hold(0)
	}
	return d.round("dial-0", 0, true, does)
}

// holdLength is how long a hold lasts that begins at a time, and whether the
// agents are rung at its end: if that ring can end by max_wait.
func (d *blockSpec) holdLength(began time.Duration) (length time.Duration, rings bool) {
	pause, longest := d.length("retry_every"), d.length("max_wait")
	if d.setting("agents") != "" && began+pause+d.length("ring_time") <= longest {
		return pause, true
	}
	return longest - began, false
}

// inside is how much of a hold of a length is spent in the queue; a hold that is longer
// than the question by five seconds ends with it.
func (d *blockSpec) inside(length time.Duration) time.Duration {
	if ask := d.length("question_time"); ask > 0 && length >= ask+5*time.Second {
		return length - ask
	}
	return length
}

// hold is a stay in the queue from a time on.
func (d *blockSpec) hold(began time.Duration) []string {
	length, _ := d.holdLength(began)
	end := d.at(fmt.Sprintf("queue-%d", began/time.Second))
	wait := d.at(fmt.Sprintf("wait-%d", d.inside(length)/time.Second)) + ".xml"
	queue := "nothing"
	for _, q := range d.Manifest.Queues {
		if "queue."+q.Name == d.Address {
			queue = q.FriendlyName
		}
	}
	return []string{waitsLine(queue, wait, end), goesLine(end + ".leave.xml")}
}

// afterHold is what follows a hold that began at a time.
func (d *blockSpec) afterHold(began time.Duration, answer string, does []string) []string {
	length, _ := d.holdLength(began)
	switch answer {
	case "talked":
		return []string{hangsUpLine}
	case "full":
		return d.finish("full", d.says("full"), does)
	case "leave":
		if d.inside(length) < length {
			asked := d.at(fmt.Sprintf("digits-%d", began/time.Second))
			return append(d.says("options"), asksLine(oneKey, 5*time.Second, asked+d.keys()), goesLine(asked+"._.xml"))
		}
		return d.afterQuestion(began, "", does)
	}
	return d.finish("timeout", d.says("timeout"), does)
}

// afterQuestion is what follows the question at the end of a hold: an exit, or the next
// ring, or the end of the wait.
func (d *blockSpec) afterQuestion(began time.Duration, answer string, does []string) []string {
	key := strings.NewReplacer("star", "*", "pound", "#").Replace(answer)
	if e := d.exit(key); e != nil && key != "" && strings.Trim(key, "0123456789*#") == "" {
		return d.enter(e, does)
	}
	if length, rings := d.holdLength(began); rings {
		return d.round(fmt.Sprintf("dial-%d", (began+length)/time.Second), 0, true, does)
	}
	return d.finish("timeout", d.says("timeout"), does)
}

// heard is the check of a document that is heard for a time, for as long as that
// and nothing but announcements and music. Ok is false for other documents.
func (d *blockSpec) heard(name, answer string) (text string, ok bool) {
	parts := strings.Split(name, "-")
	if d.kind() != "queue" || len(parts) < 2 {
		return "", false
	}
	n, _ := strconv.Atoi(parts[1])
	switch {
	case (parts[0] == "wait" || parts[0] == "full") && len(parts) > 2:
		return "", true // a later part, which the first leads to
	case parts[0] == "wait":
		return d.checkHeard(d.at(name)+".xml", name, ofSeconds(n), leavesLine), true
	case parts[0] == "queue" && answer == "full" && n > 0 && d.length("ring_time") != ofSeconds(n):
		// who has been admitted before goes on waiting
		length, _ := d.holdLength(ofSeconds(n))
		length = d.inside(length)
		next := goesLine(d.at(name) + ".leave.xml")
		return d.checkHeard(d.at(name)+".full.xml", fmt.Sprintf("full-%d", n), length, next), true
	}
	return "", false
}

// checkHeard holds the documents that are heard for a length of time to the
// description: announcements, on time, and music, and at the end what it should be.
// The later parts have the number behind the name.
func (d *blockSpec) checkHeard(file, name string, length time.Duration, end string) string {
	every := time.Duration(0)
	if text, ok := strings.CutPrefix(d.setting("announcement"), "every "); ok {
		every, _ = time.ParseDuration(text)
	}
	announcement := d.says("announcement")
	var at, next time.Duration
	for part := 2; ; part++ {
		heard, ends, text := d.listen(file)
		if text != "" {
			return text
		}
		for _, h := range heard {
			announced := len(announcement) > 0 && h.line == announcement[0]
			switch off := (at - next).Abs(); {
			case announced && off <= late:
				next += every
			case d.isMusic(h.line):
			case announced:
				return fmt.Sprintf("the announcement comes after %s, and not after %s", script.Clock(at), script.Clock(next))
			default:
				return "it " + h.line + ", which is neither the announcement nor the music"
			}
			at += h.took
		}
		file = d.at(fmt.Sprintf("%s-%d", name, part)) + ".xml"
		if ends == goesLine(file) && part < 100 {
			continue
		}
		if ends != end {
			return "it " + ends + ", and should " + end
		}
		break
	}
	if (at - length).Abs() > late {
		return fmt.Sprintf("it lasts %s, and not %s", script.Clock(at), script.Clock(length))
	}
	return ""
}

// late is how much a hold may be out of step: pieces of music are not cut to the
// millisecond.
const late = time.Second

// A sounding is one thing that is heard in a wait document.
type sounding struct {
	line string
	took time.Duration
}

// listen is what is heard in one wait document, and its last verb.
func (d *blockSpec) listen(file string) (heard []sounding, ends, text string) {
	verbs := d.verbs[file]
	if len(verbs) == 0 {
		return nil, "", file + " has no verbs"
	}
	p := actionWriter{d.base, d.component.Directory}
	for _, v := range verbs[:len(verbs)-1] {
		took := d.soundOf(v, file)
		for _, line := range p.verb(v) {
			heard = append(heard, sounding{line, took})
		}
	}
	return heard, p.verb(verbs[len(verbs)-1])[0], ""
}

// soundOf is how long it takes to hear a verb of a document. What cannot be
// heard is found by the walk.
func (l *specLibrary) soundOf(v twiml.Verb, file string) time.Duration {
	switch v := v.(type) {
	case *twiml.Say:
		return simulator.Spoken(v).Length()
	case *twiml.Pause:
		return simulator.Paused(v).Length()
	case *twiml.Play:
		u := *l.session.Base()
		u.Path = path.Join(u.Path, file)
		document := &fetch.Document{Path: u.Path, URL: &u, Base: &u}
		if r, err := document.Follow(v.URL, "GET", nil); err == nil {
			return simulator.Played(v, l.session.Clip(context.Background(), r, 13420, nil)).Length()
		}
	}
	return 0
}

// isMusic reports whether a line plays the music of a queue, or fills the time
// that it leaves.
func (d *blockSpec) isMusic(line string) bool {
	music := d.setting("music")
	sound, plays := strings.CutPrefix(line, "plays ")
	sound, _, _ = strings.Cut(sound, " with Loop ")
	if strings.Contains(music, "://") {
		return plays && sound == music || strings.HasPrefix(line, "Pause")
	}
	return plays && d.files[sound] != nil && strings.HasPrefix(sound, "audio/")
}
