package compiler

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// What the descriptions of a bundle's components promise of each document, by
// the specification in docs/bundle.md ("Names", "Documents", "Waiting"). A key
// leads to a block: so the answer to it must begin as that block does, and not
// as another. Nothing here knows how documents are written; it is a second
// reading of the same page.

// A blockSpec is one block, and where its documents are.
type blockSpec struct {
	*specLibrary
	base      string
	component *bundle.Component
	*bundle.Block
	suffix string                     // of the names of its documents
	days   map[[2]string]bundle.Hours // by branch and day, when hours are first asked for
}

// block finds the block that a document belongs to, by its folder and the end
// of its name, and the name without that end.
func (l *specLibrary) block(base, p string) (d *blockSpec, name string) {
	folder, file, ok := strings.Cut(p, "/")
	c := l.components[folder]
	if !ok || c == nil {
		return nil, ""
	}
	file, _, _ = strings.Cut(file, ".")
	for i := range c.Blocks {
		own := l.spec(base, c, &c.Blocks[i])
		if rest, ok := strings.CutSuffix(file, own.suffix); ok && (d == nil || len(own.suffix) > len(d.suffix)) {
			d, name = own, rest
		}
	}
	return d, name
}

// unlike says in what a document differs from the description of its block.
func (l *specLibrary) unlike(file string) string {
	d, name := l.block(l.base, file)
	if d == nil {
		return "no component describes it"
	}
	_, answer, _ := cutDecision(file)
	if text, ok := d.heard(name, answer); ok {
		return text
	}
	does := actionWriter{l.base, d.component.Directory}.lines(l.verbs[file])
	promised := d.promise(name, answer, does)
	for i := range max(len(does), len(promised)) {
		switch {
		case i >= len(does):
			return fmt.Sprintf("it ends; as %s is described, it %s", d.Address, promised[i])
		case i >= len(promised):
			return fmt.Sprintf("it %s, of which the description of %s says nothing", does[i], d.Address)
		case does[i] != promised[i]:
			return fmt.Sprintf("it %s; as %s is described, it %s", does[i], d.Address, promised[i])
		}
	}
	return ""
}

// described is a block with the end of its documents' names: nothing where it is
// alone in its folder.
func (l *specLibrary) spec(base string, c *bundle.Component, b *bundle.Block) *blockSpec {
	d := &blockSpec{specLibrary: l, base: base, component: c, Block: b}
	if len(c.Blocks) > 1 {
		d.suffix = l.suffixes(c)[spokenAddress(b)]
	}
	return d
}

// suffixes tells the blocks of a folder apart: by their addresses, of which no
// two may differ in upper and lower case alone. In a copy for calls that are
// recorded, each ends in _record.
func (l *specLibrary) suffixes(c *bundle.Component) map[string]string {
	if known := l.ends[c.Directory]; known != nil {
		return known
	}
	all := map[string]string{}
	for _, record := range []string{"", "_record"} {
		used := map[string]bool{}
		for i := range c.Blocks {
			address := c.Blocks[i].Address
			end := "-" + strings.NewReplacer(".", "_", "*", "star", "#", "pound").Replace(address) + record
			for used[strings.ToLower(end)] {
				end += "_"
			}
			used[strings.ToLower(end)], all[spokenAddress(&c.Blocks[i])] = true, end
		}
		kind, _, _ := strings.Cut(c.Blocks[0].Address, ".")
		if l.files[c.Directory+"/"+firstDocument[kind]+all[spokenAddress(&c.Blocks[0])]+firstAnswer[kind]+".xml"] != nil {
			break
		}
	}
	l.ends[c.Directory] = all
	return all
}

func (d *blockSpec) kind() string {
	kind, _, _ := strings.Cut(d.Address, ".")
	return kind
}

// at is the path of a document of the block, or of a decision.
func (d *blockSpec) at(name string) string { return d.component.Directory + "/" + name + d.suffix }

func (d *blockSpec) setting(name string) string {
	for _, s := range d.Settings {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}

func (d *blockSpec) length(name string) time.Duration {
	t, _ := time.ParseDuration(d.setting(name))
	return t
}

func (d *blockSpec) number(name string) int {
	n, _ := strconv.Atoi(d.setting(name))
	return n
}

// says is a message of the block as lines: none, one, or of a prompt one for each
// language in it.
func (d *blockSpec) says(role string) []string {
	var lines []string
	for i := range d.Messages {
		if d.Messages[i].Role == role {
			lines = append(lines, messageLine(&d.Messages[i]))
		}
	}
	return lines
}

func (d *blockSpec) exit(on string) *bundle.Exit {
	i := slices.IndexFunc(d.Exits, func(e bundle.Exit) bool { return e.On == on })
	if i < 0 {
		return nil
	}
	return &d.Exits[i]
}

// destination is the block that an exit leads to, nil for the end of the call.
func (d *blockSpec) destination(e *bundle.Exit) *blockSpec {
	c := d.component
	if e.Component != "" {
		c = d.components[e.Component]
	}
	if c == nil {
		return nil
	}
	var same *bundle.Block // for calls in several languages
	for i := range c.Blocks {
		if b := &c.Blocks[i]; spokenAddress(b) == e.To+" "+e.Language {
			return d.specLibrary.spec(d.base, c, b)
		} else if b.Address == e.To && same == nil {
			same = b
		}
	}
	if same == nil {
		return nil
	}
	return d.specLibrary.spec(d.base, c, same)
}

// promise is what the description says that a document does, given what it
// does: a hold may end at any of several times, and the document says at which.
// It is nil for what no description speaks of.
func (d *blockSpec) promise(name, answer string, does []string) []string {
	stem, n := cutNumber(name)
	switch d.kind() + " " + stem {
	case "number answer":
		return d.promiseNumber(does)
	case "number from":
		if e := d.exit(map[bool]string{true: "answer", false: "anonymous"}[answer != "withheld"]); e != nil {
			return d.enter(e, does)
		}
	case "number dial":
		if answer == "answered" {
			return []string{hangsUpLine}
		}
		return append(d.says("idle"), hangsUpLine)
	case "application application":
		return []string{goesLine(d.handOver(1, nil) + " (with POST)")}
	case "application result":
		return d.returned(answer, does)
	case "entry result":
		return d.returnedTo(n, answer, does)
	case "fallback failure":
		e := d.exit("application." + answer)
		if answer == "_" { // nothing says what has failed
			e = d.exit("application")
		}
		if e != nil {
			return d.enter(e, does)
		}
		return d.finish("fallback", d.says("fallback"), does)
	case "menu menu", "entry entry":
		if n > d.number("attempts") {
			return d.failed("no_input", does)
		}
		if n == 1 {
			return d.attempt(n, "welcome")
		}
		return d.attempt(n, d.word("no_input", n-1))
	case "menu digits", "entry digits":
		return d.key(n, answer, does)
	case "ring_group ring", "user ring":
		return d.round("dial", 0, true, does)
	case "ring_group dial", "user dial":
		return d.rung("dial", name, answer, does, func(busy bool) []string {
			if busy {
				return d.finish("busy", d.says("busy"), does)
			}
			return d.finish("unavailable", d.says("unavailable"), does)
		})
	case "queue enter", "queue queue", "queue dial", "queue digits":
		return d.promiseQueue(stem, n, name, answer, does)
	case "voicemail voicemail":
		return d.voicemail(1)
	case "voicemail record":
		return d.promiseRecord(n, answer, does)
	case "hours hours", "hours time":
		return d.promiseHours(stem, answer, does)
	case "callers from":
		return d.promiseCallers(answer, does)
	case "split share":
		return d.promiseShare(answer, does)
	case "message message":
		if n == 2 {
			return d.enter(d.exit("end"), does)
		}
		return d.message()
	case "fallback fallback":
		return d.finish("fallback", d.says("fallback"), does)
	case "whisper whisper":
		return d.says("whisper")
	case "confirm confirm", "confirm digits":
		return d.promiseConfirm(stem, n, answer)
	}
	return nil
}

// cutNumber takes a name apart: "digits-2" is "digits" and 2.
func cutNumber(name string) (string, int) {
	stem, rest, _ := strings.Cut(name, "-")
	first, _, _ := strings.Cut(rest, "-")
	n, _ := strconv.Atoi(first)
	return stem, n
}

func (d *blockSpec) promiseNumber(does []string) []string {
	if d.setting("status") == "offline" {
		return append(d.says("offline"), hangsUpLine)
	}
	if taken := d.setting("take"); taken != "" {
		i := slices.IndexFunc(d.Manifest.Queues, func(q bundle.QueueRow) bool { return "queue."+q.Name == taken })
		if i < 0 {
			return []string{"takes callers from " + taken}
		}
		return []string{ringsLine(queueLine(d.Manifest.Queues[i].FriendlyName), agentsWait, "", d.setting("record") == "yes", d.at("dial-1"))}
	}
	if e := d.exit("answer"); e != nil {
		return d.enter(e, does)
	}
	return nil
}

// agentsWait is how long an agents' line waits for a caller.
const agentsWait = 10 * time.Minute

// enter is how a call goes on at an exit.
func (d *blockSpec) enter(e *bundle.Exit, does []string) []string {
	to := d.destination(e)
	if to == nil {
		return []string{endLine(e.To)}
	}
	switch to.kind() {
	case "menu", "entry":
		if e.Label == "back" && e.On == d.setting("back") {
			return to.attempt(1, "")
		}
		return to.attempt(1, "welcome")
	case "ring_group", "user":
		return to.round("dial", 0, true, does)
	case "queue":
		return to.enterQueue(d.Address, does)
	case "voicemail":
		return to.voicemail(1)
	case "message":
		return to.message()
	case "hours":
		return to.asksTime(does)
	case "callers", "split":
		return []string{goesLine(to.asksCaller())}
	case "application":
		return []string{goesLine(to.handOver(1, nil) + " (with POST)")}
	}
	return nil
}

// message is heard, and leads on or ends the call.
func (d *blockSpec) message() []string {
	if e := d.exit("end"); e.To != "hangup" || e.Silent {
		return append(d.says("message"), goesLine(d.at("message-2")+".xml"))
	}
	return append(d.says("message"), hangsUpLine)
}

// finish is what is heard at an outcome, and how the call goes on.
func (d *blockSpec) finish(on string, after []string, does []string) []string {
	e := d.exit(on)
	if e == nil {
		return append(slices.Clip(after), hangsUpLine)
	}
	if e.To == "hangup" && !e.Silent {
		after = slices.Concat(after, d.says("goodbye"))
	}
	return append(slices.Clip(after), d.enter(e, does)...)
}

// attempt is the k-th time that a menu is heard, after something else was said.
func (d *blockSpec) attempt(k int, before string) []string {
	lines := slices.Concat(d.says(before), d.says("prompt"), d.says("options"))
	asked := d.at(fmt.Sprintf("digits-%d", k)) + d.keys()
	if between := d.length("extension_timeout"); between > 0 {
		for waited := time.Duration(0); waited == 0 || waited < d.length("timeout"); waited += between {
			lines = append(lines, asksLine(d.dialled(), between, asked))
		}
	} else if open := d.exit("digits"); open != nil && d.kind() == "entry" {
		lines = append(lines, asksLine(d.dialled(), d.length("timeout"), d.destination(open).handOver(k, d)+" (with POST)"))
		return append(lines, goesLine(d.at(fmt.Sprintf("entry-%d", k+1))+".xml"))
	} else if d.kind() == "entry" {
		lines = append(lines, asksLine(d.dialled(), d.length("timeout"), asked))
	} else {
		lines = append(lines, asksLine(oneKey, d.length("timeout"), asked))
	}
	if k < d.number("attempts") {
		return append(lines, goesLine(d.at(fmt.Sprintf("%s-%d", d.kind(), k+1))+".xml"))
	}
	return append(lines, goesLine(d.at(fmt.Sprintf("digits-%d", k))+"._.xml"))
}

// keys is the list of the keys that a menu knows.
func (d *blockSpec) keys() string {
	keys := []string{d.setting("back"), d.setting("repeat")}
	for _, e := range d.Exits {
		keys = append(keys, e.On)
	}
	keys = slices.DeleteFunc(keys, func(key string) bool { return key == "" || strings.Trim(key, "0123456789*#") != "" })
	for i := range keys {
		keys[i] = strings.NewReplacer("*", "star", "#", "pound").Replace(keys[i])
	}
	slices.Sort(keys)
	if keys = slices.Compact(keys); len(keys) == 12 {
		return ""
	}
	return "~" + strings.Join(keys, ".")
}

// key is what follows a key at the k-th attempt.
func (d *blockSpec) key(k int, answer string, does []string) []string {
	key := strings.NewReplacer("star", "*", "pound", "#").Replace(answer)
	role := "invalid"
	switch e := d.exit(key); {
	case answer == bundle.Otherwise:
		role = "no_input"
	case e != nil && strings.Trim(key, "0123456789*#") == "":
		return d.enter(e, does)
	case key == d.setting("repeat"):
		return d.attempt(k, "")
	}
	if k < d.number("attempts") {
		return d.attempt(k+1, d.word(role, k))
	}
	return d.failed(role, does)
}

// promiseConfirm is the question to a user whether they take the call.
func (d *blockSpec) promiseConfirm(stem string, n int, answer string) []string {
	ask := func(role string, attempt int) []string {
		return append(d.says(role), asksLine(oneKey, 5*time.Second, d.at(fmt.Sprintf("digits-%d", attempt))+"~1"))
	}
	again := append(ask("confirm_again", 2), hangsUpLine)
	switch {
	case stem == "confirm":
		return slices.Concat(d.says("whisper"), ask("confirm", 1), again)
	case answer == "1":
		return d.says("accepted")
	case n == 1:
		return again
	}
	return []string{hangsUpLine}
}
