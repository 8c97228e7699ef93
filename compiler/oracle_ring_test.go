package compiler

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// What descriptions promise of those who are rung, and of waiting for them
// (docs/bundle.md, "Names" and "Waiting").

// mostCycles keeps a damaged description from being taken at its word.
const mostCycles = 1000

// rounds is how often somebody is rung, and for whom.
func (d *blockSpec) rounds() [][]string {
	var users []string
	if all := d.setting("users"); all != "" {
		users = strings.Split(all, ", ")
	}
	cycles := make([][]string, min(max(d.number("cycles"), 0), mostCycles))
	if d.setting("strategy") != "sequential" {
		for i := range cycles {
			cycles[i] = users
		}
		return cycles
	}
	var rounds [][]string
	for range cycles {
		for _, u := range users {
			rounds = append(rounds, []string{u})
		}
	}
	return rounds
}

// round is the ringing of one round.
func (d *blockSpec) round(prefix string, i int, busy bool, does []string) []string {
	rounds := d.rounds()
	if i >= len(rounds) {
		return nil
	}
	var who []string
	for _, name := range rounds[i] {
		who = append(who, d.rings(name, does))
	}
	then := d.at(roundName(prefix, i, busy || d.kind() == "queue"))
	if d.kind() == "queue" {
		then = d.at(fmt.Sprintf("%s-%d", prefix, i+1))
	}
	line := ringsLine(strings.Join(who, ", "), ringTimeout(d.length("interval")), d.setting("caller_id"), d.setting("record") == "yes", then)
	if limit := d.length("time_limit"); limit > 0 {
		line += fmt.Sprintf(" with TimeLimit %d", limit/time.Second)
	}
	return []string{line}
}

// ringTimeout is the timeout of a Dial whose phones are to ring for a time: Twilio
// adds five seconds, and takes no timeout of less.
func ringTimeout(interval time.Duration) time.Duration {
	return max(interval-5*time.Second, 5*time.Second)
}

// roundName names the decision after a round.
func roundName(prefix string, i int, busy bool) string {
	switch {
	case i == 0:
		return prefix + "-1"
	case busy:
		return fmt.Sprintf("%s-%d-busy", prefix, i+1)
	}
	return fmt.Sprintf("%s-%d-unavailable", prefix, i+1)
}

// rings is a user of the block, and what they hear before they are connected, if there
// is anything: the description has a digest of who is rung, and who of them is asked
// to accept.
func (d *blockSpec) rings(name string, does []string) string {
	user := d.user(name)
	asked, whispers := d.asked(does)[name], d.says("whisper")
	if !asked && len(whispers) == 0 {
		return user.Address
	}
	kind := map[bool]string{true: "confirm", false: "whisper"}[asked]
	found := "nothing"
	for _, strict := range []bool{false, true} { // in two languages they can sound alike
		for _, c := range d.Components {
			b := d.specLibrary.spec(d.base, &c, &c.Blocks[0])
			said := b.says("whisper")
			fits := len(said) == 0 && len(whispers) == 0 || len(said) == 1 && slices.Contains(whispers, said[0])
			if b.kind() != kind || !fits || strict && b.Language != user.Language {
				continue
			}
			line := askedLine(user.Address, c.Directory+"/"+kind+".xml")
			if found == "nothing" || strict && slices.ContainsFunc(does, func(l string) bool { return strings.Contains(l, line) }) {
				found = line
			}
		}
	}
	return found
}

func (d *blockSpec) user(name string) bundle.UserRow {
	for _, u := range d.Manifest.Users {
		if u.Name == name {
			return u
		}
	}
	return bundle.UserRow{Address: "nobody of the name " + name}
}

func (d *blockSpec) address(user string) string { return d.user(user).Address }

// asked says who of the block's users is asked to accept. Who seems to be, in
// the documents of the block, is compared with the digest; if it differs, the
// digest may still tell what one of them should be.
func (d *blockSpec) asked(does []string) map[string]bool {
	if known, ok := d.specLibrary.askedIn[d.Addresses]; ok {
		return known
	}
	users := slices.Compact(slices.Sorted(slices.Values(strings.Split(d.setting("users"), ", "))))
	all := strings.Split(d.setting("users"), ", ")
	seen := map[string]bool{}
	for _, u := range users {
		seen[u] = d.seemsAsked(d.address(u))
	}
	if d.digestOf(all, seen) != d.Addresses {
		for _, u := range users {
			seen[u] = !seen[u]
			if d.digestOf(all, seen) == d.Addresses {
				break
			}
			seen[u] = !seen[u]
		}
	}
	d.specLibrary.askedIn[d.Addresses] = seen
	return seen
}

// digestOf is the digest of addresses as descriptions have it.
func (d *blockSpec) digestOf(users []string, asked map[string]bool) string {
	h := sha256.New()
	for _, u := range users {
		kind, address := "phone", d.address(u)
		if identity, ok := strings.CutPrefix(address, "client:"); ok {
			kind, address = "client", identity
		} else if strings.HasPrefix(address, "sip:") {
			kind = "sip"
		}
		fmt.Fprintf(h, "%q %q %t\n", kind, address, asked[u])
		if language := d.user(u).Language; language != "" {
			fmt.Fprintf(h, "%q\n", language)
		}
	}
	return halfDigest(h.Sum(nil))
}

// rung is what follows a round: they have talked, or it is the next round's
// turn, or nobody could be reached.
func (d *blockSpec) rung(prefix, name, answer string, does []string, nobody func(busy bool) []string) []string {
	i, before, ok := roundOf(prefix, name)
	if ok && answer == "answered" && d.exit("completed") != nil {
		return d.enter(d.exit("completed"), does)
	}
	if !ok || answer == "answered" {
		return []string{hangsUpLine}
	}
	busy := before && answer == "busy"
	if i+1 < len(d.rounds()) {
		return d.round(prefix, i+1, busy, does)
	}
	return nobody(busy)
}

// roundOf reads the name of a decision after a round: which round it was, and
// whether everybody was busy before it.
func roundOf(prefix, name string) (round int, busy, ok bool) {
	rest, ok := strings.CutPrefix(name, prefix+"-")
	number, after, _ := strings.Cut(rest, "-")
	n, err := strconv.Atoi(number)
	return n - 1, after != "unavailable", ok && err == nil && n > 0
}

// promiseQueue is what the documents of a queue do.
func (d *blockSpec) promiseQueue(stem string, at int, name, answer string, does []string) []string {
	switch stem {
	case "enter":
		return d.enterQueue(d.comesFrom(does), does)
	case "queue":
		return d.afterHold(ofSeconds(at), answer, does)
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

// hold is a stay in the queue from a time on.
func (d *blockSpec) hold(began time.Duration) []string {
	length, _ := d.holdLength(began)
	end := d.at(fmt.Sprintf("queue-%d", began/time.Second))
	wait := d.at(fmt.Sprintf("wait-%d", length/time.Second)) + ".xml"
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
	length, rings := d.holdLength(began)
	switch answer {
	case "talked":
		return []string{hangsUpLine}
	case "full":
		return d.finish("full", d.says("full"), does)
	case "leave":
		if rings {
			return d.round(fmt.Sprintf("dial-%d", (began+length)/time.Second), 0, true, does)
		}
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

// seemsAsked reports whether most of the block's documents in which somebody is
// rung ask them to accept.
func (d *blockSpec) seemsAsked(user string) bool {
	balance := 0
	p := actionWriter{d.base, d.component.Directory}
	for _, f := range d.Manifest.Files {
		if !strings.HasPrefix(f.Path, d.component.Directory+"/") {
			continue
		}
		for _, v := range d.verbs[f.Path] {
			dial, ok := v.(*twiml.Dial)
			if !ok {
				continue
			}
			for _, n := range dial.Nouns {
				if dialledBy(n) != user {
					continue
				}
				balance--
				if strings.Contains(p.noun(n), " asked by confirm-") {
					balance += 2
				}
			}
		}
	}
	return balance > 0
}
