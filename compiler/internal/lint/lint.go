package lint

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

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/proof"
	"github.com/ivrc/ivrc/compiler/phone"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A linter looks for what callers would find hard.
type linter struct {
	diags *diagnostic.Collector
	graph *proof.CallGraph
}

// Check looks for everything in the table, and for blocks that no call reaches in
// any state of the variables. Those that are reached in another state are returned.
// Names is what each block names in the text, by address.
func Check(r *diagnostic.Collector, g *proof.CallGraph, names func() map[string][]string) (elsewhere []string) {
	l := &linter{r, g}
	l.lines()
	elsewhere = l.unreachable(names)
	l.agents(names)
	for _, n := range l.graph.Nodes {
		if n, ok := n.(*model.MenuNode); ok {
			l.diags.Within = n.Address()
			l.alike(n)
			l.late(n)
			l.options(n)
			l.keyFirst(n)
			l.extensions(n)
		}
	}
	for _, n := range l.graph.Nodes {
		if a, ok := n.(*model.ApplicationNode); ok {
			l.diags.Within = a.Address()
			l.askedAgain(a)
		}
	}
	l.keys()
	l.siblings()
	l.nobody()
	l.promises()
	l.long()
	l.mobiles()
	l.calendars()
	l.withheld()
	for _, n := range l.graph.Model.Numbers {
		if f := n.Fallback; f != nil && !f.IsText() {
			l.diags.Within = bundle.KindNumber + "." + n.Name
			l.diags.Report(diagnostic.FindFallback.Code, f.At, "When something fails, callers of %s hear audio, which Twilio has to fetch and which can fail like the rest. Use text.", bundle.KindNumber+"."+n.Name)
		}
	}
	l.diags.Within = ""
	l.recordings()
	return elsewhere
}

// alike finds options that sound alike. What a recording says instead of the
// labels is not known.
func (l *linter) alike(m *model.MenuNode) {
	if m.AudioPrompt != nil {
		return
	}
	first := map[string]model.Key{}
	for _, o := range m.Options {
		label := strings.ToLower(o.Label)
		if o.Untold {
			continue
		}
		if other, taken := first[label]; taken && label != "" {
			l.diags.Report(diagnostic.FindAlike.Code, placeIn(m, o), "The keys %s and %s of this menu have the same label, so callers cannot know which of them they need.", other, o.Key)
			continue
		}
		first[label] = o.Key
	}
}

// placeIn is where to look for an option of a menu: a key of every menu is written
// elsewhere, and the menu can have another one.
func placeIn(m *model.MenuNode, o *model.MenuOption) hcl.Range {
	if o.Common {
		return m.At
	}
	return o.Position
}

// isLate reports whether a welcome keeps callers waiting for the first option.
func isLate(m *model.MenuNode) bool { return diagnostic.FindLate.Over(m.Welcome.Length()) }

// late finds menus whose welcome keeps callers waiting.
func (l *linter) late(m *model.MenuNode) {
	if isLate(m) {
		l.diags.Report(diagnostic.FindLate.Code, m.At, "Callers hear the welcome for about %s before the first option, and many hang up before. Shorten it to %d seconds; what is left out can be an option of its own.", about(m.Welcome.Length()), diagnostic.FindLate.Threshold)
	}
}

// options finds menus of many options.
func (l *linter) options(m *model.MenuNode) {
	told := len(m.Options)
	for _, o := range m.Options {
		if o.Untold || o.Common {
			told--
		}
	}
	if m.AudioPrompt == nil && told > diagnostic.FindOptions.Threshold {
		heard := m.PromptTime(l.graph.Model.Speaking(m))
		l.diags.Report(diagnostic.FindOptions.Code, m.At, manyOptions, told, about(heard), diagnostic.FindOptions.Code)
	}
}

// keyFirst finds options that are said long after their keys.
func (l *linter) keyFirst(m *model.MenuNode) {
	if m.AudioPrompt != nil {
		return
	}
	for _, o := range m.Options {
		if o.Untold {
			continue
		}
		spoken := l.graph.Model.Speaking(m).Texts.SpokenKey(o.Key)
		if wait := twiml.SpeakingTime(o.Prompt.Language, keyToOption(o.Prompt.Text, spoken, o.Label)); diagnostic.FindKeyFirst.Over(wait) {
			l.diags.Report(diagnostic.FindKeyFirst.Code, placeIn(m, o), "Callers hear the key %s, and what it is for only about %s later. Say ${key} behind ${menu} in the prompt, or shorten the label.", o.Key, about(wait))
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

// about is a duration in whole seconds.
func about(d time.Duration) string { return script.Duration(d.Round(time.Second)) }

// nobody finds numbers whose callers choose from menus, and reach nobody.
func (l *linter) nobody() {
	toPerson := l.graph.Leads(model.Node.Attended)
	toMenu := l.graph.Leads(func(n model.Node) bool { _, is := n.(*model.MenuNode); return is })
	for _, s := range l.graph.Starts {
		if s.Index != proof.End && !s.Anonymous && !s.Fallback && toMenu[s.Index] && !toPerson[s.Index] {
			l.diags.Within = bundle.KindNumber + "." + s.Number.Name
			l.diags.Report(diagnostic.FindNobody.Code, s.At, "Callers of %s choose from menus, and no way leads to people or to a voicemail. Add an option, or on_failure, that does.", bundle.KindNumber+"."+s.Number.Name)
		}
	}
}

// long finds texts that take long to be spoken, but for welcomes that are late
// already.
func (l *linter) long() {
	for _, m := range l.heard() {
		l.diags.Within = m.by
		if wait := m.Length(); m.Text != "" && diagnostic.FindLong.Over(wait) {
			l.diags.Report(diagnostic.FindLong.Code, m.At, "This text takes about %s to be spoken; a caller cannot stop it, and forgets its beginning. Split it into options of a menu, or shorten it to %d seconds.", about(wait), diagnostic.FindLong.Threshold)
		}
	}
}

// heard lists what callers can be told outside of prompts, each message once.
func (l *linter) heard() []heardMessage {
	var list []heardMessage
	seen := map[*model.MessageNode]bool{nil: true}
	add := func(by string, messages ...*model.MessageNode) {
		for _, whole := range messages {
			for _, m := range whole.Each() {
				if !seen[m] {
					seen[m] = true
					list = append(list, heardMessage{m, saidBy(m, by)})
				}
			}
		}
	}
	for _, n := range l.graph.Nodes {
		heard := n.Heard()
		if m, ok := n.(*model.MenuNode); ok && isLate(m) {
			heard = heard[1:] // the welcome, which is reported already
		}
		add(n.Address(), heard...)
	}
	for _, n := range l.graph.Model.Numbers {
		add(bundle.KindNumber+"."+n.Name, n.Offline, n.Fallback)
	}
	add("", l.graph.Model.Project.Goodbye)
	return list
}

// saidBy is the block that a message stands in: its own, or that of its user.
func saidBy(m *model.MessageNode, user string) string {
	if m.Name == "" {
		return user
	}
	return m.Address()
}

// A heardMessage is a message and the block that says it.
type heardMessage struct {
	*model.MessageNode
	by string
}

// mobileWords are how people call mobile telephones in the names of users.
var mobileWords = []string{"mobile", "mobil", "cell", "cellphone", "handy", "celular", "movil", "móvil", "portable", "cellulare", "mobiel", "携帯"}

// mobiles finds users whose own voicemail could take a call for which there is
// somebody else, or somewhere else to go.
func (l *linter) mobiles() {
	reported := map[*model.PhoneUser]bool{}
	for _, n := range l.graph.Nodes {
		g := n.Rings()
		if g == nil || len(g.Users) == 1 && g == n && g.OnBusy == nil && g.OnUnavailable == nil {
			continue
		}
		for _, u := range g.Users {
			if u.Kind != "phone" || u.Confirm || reported[u] {
				continue
			}
			if why := mobile(u); why != "" {
				reported[u] = true
				l.diags.Within = bundle.KindUser + "." + u.Name
				l.diags.Report(diagnostic.FindMobile.Code, u.At, "%s, and %s rings it. If it is off, its voicemail answers, and the caller talks to a machine though others could help. Add confirm = true: who answers must then press 1.", why, g.Address())
			}
		}
	}
}

// mobile says why a user's telephone is a mobile, "" if it need not be one.
func mobile(u *model.PhoneUser) string {
	if isMobile(u.Address) {
		return "This is the number of a mobile telephone"
	}
	words := strings.FieldsFunc(strings.ToLower(u.Name+" "+u.Label), func(c rune) bool { return !unicode.IsLetter(c) })
	if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(mobileWords, w) }) {
		return "By its name this is a mobile telephone"
	}
	return ""
}

// isMobile reports a number that only a mobile telephone has. In some countries,
// such as those of North America, numbers do not tell.
func isMobile(text string) bool {
	number, ok := phone.Parse(text)
	return ok && number.Kind() == phone.Mobile
}

// manyOptions says what is hard about a menu of many options.
const manyOptions = "This menu has %d options, and a caller who needs the last one listens for about %s. Put " +
	"those first that most callers need, and the rest into a submenu; or say on the line above " +
	"why they belong together: # ivrc:ignore %s REASON."
