package compiler

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// What descriptions promise of those who are rung (docs/bundle.md, "Names").

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
