package explorer

import (
	"net/url"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// handsOver reports whether an address is that of an application.
func handsOver(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Query().Has(bundle.ApplicationMark)
}

// handOver adds the moves of an application that a call is handed to: each of the
// results with which it can return, by the list in the address that it is told; other
// results and none; and its failure, after which Twilio asks the fallback.
func (w *walk) handOver(s *state, m move, r *fetch.Request, at position, name string) {
	told := r.URL.Query()
	back, err := url.Parse(told.Get("return"))
	if err != nil {
		w.fail(s, m, &fetch.CallError{Code: 11100, Text: "application." + name + " is not told where to return to", Document: s.document()})
		return
	}
	m.unplayed, at.heard = true, false
	returns := func(text, result string) {
		to, by := *back, m
		by.text = strings.TrimPrefix(m.text+", and ", ", and ") + "application." + name + " answers " + text
		if result != "" {
			to.RawQuery = w.session.Encode(url.Values{"Result": {result}})
		}
		w.move(s, by, &fetch.Request{Method: "GET", URL: &to}, at)
	}
	key, keys := r.Extra.Get("Digits"), told.Get("keys")
	d, _ := bundle.DecisionAt(back.Path)
	switch {
	case len(key) == 1 && strings.Contains(keys, key):
		returns("with the key "+key, key)
	case d.DecisionKind != nil:
		for _, word := range d.Known() {
			if pressed := bundle.AnswerKey(word); pressed == word && !(len(word) == 1 && strings.Contains(keys, word)) {
				returns(word, word)
			}
		}
	}
	returns("without a result", "")
	returns("with a result that is none of its", "surprise")
	marks := told[bundle.ApplicationMark]
	for _, fallback := range w.fallbacks {
		if d, ok := bundle.DecisionAt(fallback.URL.Path); !ok || !d.Knows(marks[len(marks)-1]) {
			continue
		}
		w.failed(s, m, at, fallback, "application."+name+" fails", r.Place())
		w.failed(s, m, at, fallback, "application."+name+" leads to another host, which fails", "https://elsewhere.example/")
	}
}

// failed adds the move of a failure at an address, after which Twilio asks the fallback.
func (w *walk) failed(s *state, m move, at position, fallback *fetch.Request, text, address string) {
	m.text = strings.TrimPrefix(m.text+", and ", ", and ") + text
	m.events = append(m.events[:len(m.events):len(m.events)], simulator.Event{At: s.took + m.took, Leg: simulator.Caller, Kind: simulator.Reports, Text: "ErrorCode=11200"})
	m.unplayed = true
	extra := url.Values{}
	if _, decides := bundle.DecisionAt(fallback.URL.Path); decides {
		extra.Set("ErrorUrl", address)
	}
	w.move(s, m, fallback.With(extra), at)
}
