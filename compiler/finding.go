package compiler

// What callers would find hard: warnings, each with its threshold and its reason
// in one table. A finding is worth nothing if it is raised where nobody suffers,
// so each looks for the harm itself, and stays silent where it cannot know: what
// a recording says, or whether a number is a mobile telephone's.

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A Finding is one row of the table of findings.
type Finding struct {
	Rule
	When      string // what is found; %s stands for the threshold
	Threshold int    // 0 for none
	Duration  bool   // the threshold is seconds
}

// Findings is the table of what callers would find hard, by code.
var Findings = []Finding{
	findAlike, findRecording, findLate, findOptions, findKeyFirst, findNobody, findPromise, findLong, findFallback, findMobile,
}

var (
	findAlike = Finding{Rule{"IVR602", "Label used twice in a menu", true, "Callers hear the same option twice and cannot know which key they need."},
		"two options of a menu have the same label", 0, false}
	findRecording = Finding{Rule{"IVR603", "Recording that is not announced", true, "In many countries a call may be recorded only if the caller is told before. Say so in a message on the way, such as stock.recording."},
		"a caller can be connected and recorded without having heard of it", 0, false}
	findLate = Finding{Rule{"IVR604", "Menu that comes late", true, "Callers who wait longer than 20 seconds for the first option hang up or press keys at random."},
		"the welcome of a menu takes more than %s", 20, true}
	findOptions = Finding{Rule{"IVR612", "More options than callers remember", true, "Who does not know which option is theirs must hear them all and keep the likely ones in mind; most people keep no more than this."},
		"a spoken menu has more than %s options; the keys to repeat and to go back are not counted", 5, false}
	findKeyFirst = Finding{Rule{"IVR613", "Key that is said long before its option", true, "Callers learn that a key is theirs when its option has been said, and by then many have forgotten the key."},
		"a prompt says the key before the option, and more than %s pass until the option has been said", 5, true}
	findNobody = Finding{Rule{"IVR614", "Number without a way to a person", true, "A caller whose matter is not among the options can neither talk to anybody nor leave a message."},
		"a number leads to a menu, and from it neither to people nor to a voicemail", 0, false}
	findPromise = Finding{Rule{"IVR615", "Wait longer than announced", true, "Callers rely on what they are told, and hang up, or complain, when it is not kept."},
		"an announcement names a time, or a message on the way to the queue does, and `max_wait` is longer", 0, false}
	findLong = Finding{Rule{"IVR616", "Text that takes long to hear", true, "Nobody remembers so long a message, and it cannot be stopped or wound back. Split it into options, or shorten it."},
		"a text takes more than %s to be spoken", 30, true}
	findFallback = Finding{Rule{"IVR617", "Fallback that can fail itself", true, "The fallback is what callers hear when something cannot be had. A sound has to be had, too; a text does not."},
		"the fallback of a number is a sound rather than a text. (A number without a fallback has the built-in text of its language)", 0, false}
	findMobile = Finding{Rule{"IVR618", "Mobile whose voicemail can take the call", true, "A mobile that is off or out of reach is answered by its own voicemail, which ends the ringing for everybody: the caller talks to a machine, and no one else is rung."},
		"a user's phone is a mobile by its numbering plan or its name, `confirm` is not set, and there is somebody or somewhere else to turn to", 0, false}
)

// over reports whether a length of time is over the threshold.
func (f *Finding) over(d time.Duration) bool { return d > time.Duration(f.Threshold)*time.Second }

// withFindings adds the rules of the findings to others, by code.
func withFindings(list []Rule) []Rule {
	for _, f := range Findings {
		list = append(list, f.Rule)
	}
	slices.SortFunc(list, func(a, b Rule) int { return strings.Compare(a.Code, b.Code) })
	return list
}

// A linter looks for what callers would find hard.
type linter struct {
	diags *reporter
	graph *callGraph
}

// lint looks for everything in the table, and for blocks that no call reaches.
func lint(r *reporter, g *callGraph) {
	l := &linter{r, g}
	l.openLines()
	l.unreachable()
	for _, n := range l.graph.nodes {
		if n, ok := n.(*menu); ok {
			l.alike(n)
			l.late(n)
			l.options(n)
			l.keyFirst(n)
		}
	}
	l.nobody()
	l.promises()
	l.long()
	l.mobiles()
	for _, n := range l.graph.model.numbers {
		if f := n.fallback; f != nil && f.text == "" {
			l.diags.report(findFallback.Code, f.at, "When something fails, callers of %s are to hear a sound, which has to be fetched and can fail like the rest. Use a text.", kindNumber+"."+n.name)
		}
	}
	l.recordings()
}

// alike finds options that sound alike.
func (l *linter) alike(m *menu) {
	first := map[string]key{}
	for _, o := range m.options {
		label := strings.ToLower(o.label)
		if other, taken := first[label]; taken && label != "" {
			l.diags.report(findAlike.Code, o.position, "The keys %s and %s of this menu have the same label, so callers cannot know which of them they need.", other, o.key)
			continue
		}
		first[label] = o.key
	}
}

// isLate reports whether a welcome keeps callers waiting for the first option.
func isLate(m *menu) bool { return findLate.over(m.welcome.length()) }

// late finds menus whose welcome keeps callers waiting.
func (l *linter) late(m *menu) {
	if isLate(m) {
		l.diags.report(findLate.Code, m.at, "Callers hear the welcome for about %s before the first option, and many hang up before. Shorten it to %d seconds; what is left out can be an option of its own.", about(m.welcome.length()), findLate.Threshold)
	}
}

// options finds menus of many options.
func (l *linter) options(m *menu) {
	if m.audioPrompt == nil && len(m.options) > findOptions.Threshold {
		heard := l.speaking(m.spokenPrompt(l.graph.model.project.texts))
		l.diags.report(findOptions.Code, m.at, "This menu has %d options, and a caller who needs the last one listens for about %s. Put those first that most callers need, and the rest into a submenu; or say on the line above why they belong together: # ivrc:ignore %s REASON.", len(m.options), about(heard), findOptions.Code)
	}
}

// keyFirst finds options that are said long after their keys.
func (l *linter) keyFirst(m *menu) {
	if m.audioPrompt != nil {
		return
	}
	for _, o := range m.options {
		spoken := l.graph.model.project.texts.spokenKey(o.key)
		if wait := l.speaking(keyToOption(o.prompt, spoken, o.label)); findKeyFirst.over(wait) {
			l.diags.report(findKeyFirst.Code, o.position, "Callers hear the key %s, and what it is for only about %s later. Say ${key} behind ${menu} in the prompt, or shorten the label.", o.key, about(wait))
		}
	}
}

// keyToOption is what is said from a key to the end of its option, nothing if the
// key is said behind the option.
func keyToOption(prompt, key, label string) string {
	at := strings.Index(prompt, label)
	if label == "" || at < 0 {
		return ""
	}
	before, behind := prompt[:at], prompt[at+len(label):]
	from := wordIn(before, key)
	if from < 0 || wordIn(behind, key) >= 0 {
		return ""
	}
	return before[from:] + label
}

// wordIn is where a word stands in a text the last time, -1 if it does not.
func wordIn(text, word string) int {
	for end := len(text); ; {
		at := strings.LastIndex(text[:end], word)
		if at < 0 {
			return -1
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(word):])
		if !isWordPart(before) && !isWordPart(after) {
			return at
		}
		end = at + len(word) - 1
	}
}

func isWordPart(c rune) bool {
	return unicode.IsDigit(c) || unicode.IsLetter(c) && unicode.Is(unicode.Latin, c)
}

// speaking is how long the project's voice takes to speak a text.
func (l *linter) speaking(text string) time.Duration {
	return twiml.SpeakingTime(l.graph.model.project.language, text)
}

// about is a length of time in whole seconds.
func about(d time.Duration) string { return script.Duration(d.Round(time.Second)) }

// nobody finds numbers whose callers choose from menus, and reach nobody.
func (l *linter) nobody() {
	toPerson := l.graph.leads(func(n node) bool {
		_, isVoicemail := n.(*voicemail)
		_, isQueue := n.(*queue)
		return isVoicemail || isQueue || rings(n) != nil
	})
	toMenu := l.graph.leads(func(n node) bool { _, is := n.(*menu); return is })
	for _, s := range l.graph.starts {
		if s.index != end && !s.anonymous && toMenu[s.index] && !toPerson[s.index] {
			l.diags.report(findNobody.Code, s.at, "Callers of %s choose from menus, and no way leads to people or to a voicemail. Add an option, or on_failure, that does.", kindNumber+"."+s.number.name)
		}
	}
}

// long finds texts that take long to be spoken, but for welcomes that are late
// already.
func (l *linter) long() {
	for _, m := range l.heard() {
		if wait := m.length(); m.text != "" && findLong.over(wait) {
			l.diags.report(findLong.Code, m.at, "This text takes about %s to be spoken; a caller cannot stop it, and forgets its beginning. Split it into options of a menu, or shorten it to %d seconds.", about(wait), findLong.Threshold)
		}
	}
}

// heard lists what callers can be told outside of prompts, each message once.
func (l *linter) heard() []*message {
	var list []*message
	seen := map[*message]bool{nil: true}
	add := func(messages ...*message) {
		for _, m := range messages {
			if !seen[m] {
				seen[m] = true
				list = append(list, m)
			}
		}
	}
	for _, n := range l.graph.nodes {
		switch n := n.(type) {
		case *menu:
			if !isLate(n) {
				add(n.welcome)
			}
			add(n.noInput, n.invalid)
		case *ringGroup:
			add(n.busy, n.unavailable)
		case *queue:
			add(n.announce, n.full, n.timeout)
		case *voicemail:
			add(n.greeting)
		case *message:
			add(n)
		}
	}
	for _, n := range l.graph.model.numbers {
		add(n.offline, n.fallback)
	}
	add(l.graph.model.project.goodbye)
	return list
}

// mobileWords are how people call mobile telephones in the names of users.
var mobileWords = []string{"mobile", "mobil", "cell", "cellphone", "handy", "celular", "movil", "móvil", "portable", "cellulare", "mobiel", "携帯"}

// mobiles finds users whose own voicemail could take a call for which there is
// somebody else, or somewhere else to go.
func (l *linter) mobiles() {
	reported := map[*user]bool{}
	for _, n := range l.graph.nodes {
		g := rings(n)
		if g == nil || len(g.users) == 1 && g == n && g.onBusy == nil && g.onUnavailable == nil {
			continue
		}
		for _, u := range g.users {
			if u.kind != "phone" || u.confirm || reported[u] {
				continue
			}
			if why := mobile(u); why != "" {
				reported[u] = true
				l.diags.report(findMobile.Code, u.at, "%s, and %s rings it. If it is off, its voicemail answers, and the caller talks to a machine though others could help. Add confirm = true: who answers must then press 1.", why, g.address())
			}
		}
	}
}

// mobile says why a user's telephone is a mobile, "" if it need not be one.
func mobile(u *user) string {
	if isMobile(u.address) {
		return "This is the number of a mobile telephone"
	}
	words := strings.FieldsFunc(strings.ToLower(u.name+" "+u.label), func(c rune) bool { return !unicode.IsLetter(c) })
	if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(mobileWords, w) }) {
		return "By its name this is a mobile telephone"
	}
	return ""
}
