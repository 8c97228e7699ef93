package compiler

// A walk over the documents of a bundle: every answer of every decision, from
// every number. It shares nothing with the prover but the laws, and finds
//
//   - a circle of documents that a caller meets again and again who stays silent
//     or presses a key that the question does not know;
//   - an end before which nothing was said since the caller's last act.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A stage is where a call is: at a document, having heard something since the
// caller's last act or not.
type stage struct {
	path  string
	heard bool
}

// A walker walks over a site.
type walker struct {
	*site
	caller *string // whose calls they are: digits, "" for one who withholds them; nil for everybody's
	lists  map[string]bool
	next   map[stage][]stage // without an act of the caller's, or after a wrong key
	all    []stage
	known  map[stage]bool
	faults []string
}

// walked walks over every call to a site. What is wrong must be wrong for one caller.
func walked(s *site) *walker {
	w := walkedBy(s, nil)
	if len(w.faults) == 0 || len(w.lists) == 0 {
		return w
	}
	w.faults = nil
	callers := []string{"", "999"}
	for list := range w.lists {
		for _, word := range strings.Split(list, ".") {
			callers = append(callers, word, word+"5550199", word+"0")
		}
	}
	slices.Sort(callers)
	for _, caller := range slices.Compact(callers) {
		if strings.Trim(caller, "0123456789") == "" {
			w.faults = append(w.faults, walkedBy(s, &caller).faults...)
		}
	}
	return w
}

// by leaves of the answers to an address that asks who is calling the one to the
// caller.
func (w *walker) by(url string, answers []string) []string {
	name, list, _ := strings.Cut(url[strings.LastIndexByte(url, '/')+1:], "~")
	if !strings.HasPrefix(name, "from") || strings.Contains(name, ".") {
		return answers
	}
	w.lists[list] = true
	if w.caller == nil {
		return answers
	}
	longest := "_"
	if *w.caller == "" && slices.Contains(answers, "withheld") {
		return []string{"withheld"}
	}
	for _, word := range strings.Split(list, ".") {
		if word != "" && strings.HasPrefix(*w.caller, word) && (longest == "_" || len(word) > len(longest)) {
			longest = word
		}
	}
	return []string{longest}
}

// walkedBy walks over the calls of one caller, or of everybody.
func walkedBy(s *site, caller *string) *walker {
	w := &walker{site: s, caller: caller, lists: map[string]bool{}, next: map[stage][]stage{}, known: map[stage]bool{}}
	for _, n := range s.Manifest.Numbers {
		stem, _, _ := strings.Cut(n.Answer, "~")
		for _, answer := range w.by(n.Answer, callersOf(n.Answer)) {
			path := n.Answer
			if answer != "" {
				path = stem + "." + answer + ".xml"
			}
			w.reach(stage{path, false})
		}
		for _, path := range fallbackOf(s.Manifest, n) {
			w.reach(stage{path, false})
		}
	}
	for i := 0; i < len(w.all); i++ {
		w.obey(w.all[i])
	}
	w.circles()
	return w
}

// fallbackOf lists the documents with which a call to a number goes on when one of the
// bundle cannot be had, or one of which nothing is known.
func fallbackOf(m bundle.Manifest, n bundle.NumberRow) []string {
	path := cmp.Or(n.Fallback, m.Fallback)
	d, asks := bundle.DecisionAt(path)
	if !asks {
		return []string{path}
	}
	list := []string{d.Document(bundle.Otherwise)}
	if d.Knows(bundle.DocumentAnswer) {
		list = append(list, d.Document(bundle.DocumentAnswer))
	}
	return list
}

func (w *walker) reach(s stage) {
	if !w.known[s] {
		w.known[s] = true
		w.all = append(w.all, s)
	}
}

// returns visits every answer with which a call returns from an application.
func (w *walker) returns(back string, visit func(answer string)) {
	_, list, _ := strings.Cut(back, "~")
	for _, word := range strings.Split(cmp.Or(list, "done"), ".") {
		visit(word)
	}
	visit("_")
}

// obey follows every way on from a document.
func (w *walker) obey(at stage) {
	heard := at.heard
	by := func(url, answer string, heard bool) stage {
		path, _ := w.target(at.path, url)
		if answer != "" {
			stem, _, _ := strings.Cut(path, "~")
			path = stem + "." + answer + ".xml"
		}
		if _, there := w.documents[path]; !there {
			w.faults = append(w.faults, fmt.Sprintf("%s leads to %s, which is not there", at.path, path))
			return at
		}
		w.reach(stage{path, heard})
		return stage{path, heard}
	}
	itself := func(s stage) { w.next[at] = append(w.next[at], s) }
	for _, v := range w.documents[at.path].Verbs {
		switch v := v.(type) {
		case *twiml.Say:
			heard = heard || speaks(v.Text)
		case *twiml.Play:
			heard = true
		case *twiml.Gather:
			if back, ok := returnOf(v.Action); ok {
				w.returns(back, func(answer string) { by(back, answer, false) })
				heard = true
				continue
			}
			_, list, _ := strings.Cut(v.Action, "~")
			for _, key := range strings.Split(cmp.Or(list, allKeys), ".") {
				by(v.Action, key, false)
			}
			itself(by(v.Action, "other", false))
			heard = true
		case *twiml.Redirect:
			if back, ok := returnOf(v.URL); ok {
				w.returns(back, func(answer string) { itself(by(back, answer, false)) })
				return
			}
			for _, answer := range w.by(v.URL, callersOf(v.URL)) {
				itself(by(v.URL, answer, heard))
			}
			return
		case *twiml.Reject: // of a call that nothing has answered
			if heard {
				w.faults = append(w.faults, at.path+" rejects a call after something was said")
			}
			return
		case *twiml.Dial:
			for _, outcome := range []string{"busy", "_"} {
				itself(by(v.Action, outcome, heard))
			}
			by(v.Action, "answered", true)
			return
		case *twiml.Enqueue:
			itself(by(v.Action, "leave", true))
			for _, outcome := range []string{"full", "_"} {
				itself(by(v.Action, outcome, heard))
			}
			by(v.Action, "talked", true)
			return
		case *twiml.Record:
			by(v.Action, "_", false)
			itself(by(v.Action, "empty", heard))
			return
		case *twiml.Hangup:
			w.ends(at, heard)
			return
		}
	}
	w.ends(at, heard)
}

// callersOf lists the answers to an address that asks who is calling, or for the time,
// and "" for any other.
func callersOf(url string) []string {
	name, list, asks := strings.Cut(url[strings.LastIndexByte(url, '/')+1:], "~")
	if strings.HasPrefix(name, "time") && asks {
		names, _, _ := strings.Cut(list, "-")
		return strings.Split(names, ".")
	}
	shares := strings.HasPrefix(name, "share")
	if !strings.HasPrefix(name, "from") && !shares || strings.Contains(name, ".") {
		return []string{""}
	}
	if !asks {
		list = "withheld"
	}
	return append(strings.Split(list, "."), "_")
}

func (w *walker) ends(at stage, heard bool) {
	if !heard {
		w.faults = append(w.faults, at.path+" ends the call without a word")
	}
}

// speaks reports whether a voice can make anything of a text.
func speaks(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool {
		return unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.IsSymbol(c) || strings.ContainsRune("&%@#*/", c)
	})
}

// allKeys is what an address without a list knows.
const allKeys = "0.1.2.3.4.5.6.7.8.9.pound.star"

// circles looks for a document that a call comes back to by itself.
func (w *walker) circles() {
	state := map[stage]int{} // 1 while it is on the way, 2 when it is done
	var visit func(stage)
	visit = func(s stage) {
		state[s] = 1
		for _, to := range w.next[s] {
			switch state[to] {
			case 0:
				visit(to)
			case 1:
				w.faults = append(w.faults, "a call comes back to "+to.path)
			}
		}
		state[s] = 2
	}
	for _, s := range w.all {
		if state[s] == 0 {
			visit(s)
		}
	}
	slices.Sort(w.faults)
	w.faults = slices.Compact(w.faults)
}
