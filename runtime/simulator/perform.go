package simulator

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// A scene is an occasion on which documents are obeyed. Only in the ordinary
// one may all verbs be used.
type scene struct {
	name    string
	verdict map[string]verdict
	extra   func() url.Values // parameters of every request
}

// A verdict is what becomes of a verb on an occasion. The zero value passes it
// over with a warning.
type verdict int

const (
	passedOver verdict = iota
	obeyed
	open    // Twilio's list leaves it out; see WhisperVerbs
	refused // a fatal fault
)

// ordinary is a call that is neither waiting nor whispered to.
var ordinary = scene{name: "a call", verdict: map[string]verdict{
	"Say": obeyed, "Play": obeyed, "Pause": obeyed, "Gather": obeyed, "Dial": obeyed, "Enqueue": obeyed,
	"Record": obeyed, "Redirect": obeyed, "Hangup": obeyed, "Reject": obeyed,
}}

// waiting is a queue's wait document
// (https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waiturl).
var waiting = scene{name: "a wait document", verdict: map[string]verdict{
	"Say": obeyed, "Play": obeyed, "Pause": obeyed, "Gather": obeyed, "Redirect": obeyed, "Hangup": obeyed, "Leave": obeyed,
	"Dial": refused, "Record": refused, "Enqueue": refused,
}}

// whisper is a document for a called person
// (https://www.twilio.com/docs/voice/twiml/number#attributes-url).
var whisper = scene{name: "a whisper", verdict: map[string]verdict{
	"Say": obeyed, "Play": obeyed, "Gather": obeyed, "Hangup": obeyed, "Pause": open, "Redirect": open, "Dial": refused,
}}

// queueWhisper is a document for a caller who is taken from a queue
// (https://www.twilio.com/docs/voice/twiml/queue#attributes-url).
var queueWhisper = scene{name: "a whisper to a queued caller", verdict: map[string]verdict{
	"Say": obeyed, "Play": obeyed, "Pause": obeyed, "Redirect": obeyed,
}}

// perform obeys documents, each leading to the next, until one runs out of
// verbs, which is no error, or something ends them.
func (l *leg) perform(r *request, s scene) error {
	for r != nil {
		if s.extra != nil {
			r = r.with(s.extra())
		}
		d, err := l.fetch(r)
		if err != nil {
			return err
		}
		if r, err = l.obey(d, s); err != nil {
			if f, ok := err.(*fault); ok && f.address == "" && d.url != nil {
				f.document, f.address = d.path, (&request{url: d.url}).place()
			}
			return err
		}
	}
	return nil
}

// obey runs the verbs of a document. It returns the request for the document
// that takes over, or nil after the last verb.
func (l *leg) obey(d *document, s scene) (*request, error) {
	for _, v := range d.verbs {
		name := verbName(v)
		here := where{d.path, name}
		l.where = here
		obeys, err := l.judge(name, s)
		if err != nil {
			return nil, err
		}
		if !obeys {
			continue
		}
		next, err := l.do(v, d)
		l.where = here
		if next != nil || err != nil {
			return next, err
		}
	}
	return nil, nil
}

// judge decides whether a verb is obeyed on this occasion.
func (l *leg) judge(name string, s scene) (bool, error) {
	switch s.verdict[name] {
	case obeyed:
		return true, nil
	case open:
		return !l.reads(WhisperVerbs), nil
	case refused:
		code := 12200
		if name == "Dial" {
			code = 13201
		}
		return false, &fault{code: code, text: fmt.Sprintf("%s is not allowed in %s", name, s.name)}
	}
	if known(name) {
		l.call.warn(l, 12200, fmt.Sprintf("%s is not allowed in %s and is passed over", name, s.name))
	} else {
		note := "not simulated; the call is taken to go on with the next verb"
		if name == "Sms" || name == "Message" {
			note = "a text message is no part of the call"
		}
		l.note(Event{Kind: Skips, Text: name, Note: note})
	}
	return false, nil
}

// known reports whether the simulator knows a verb at all.
func known(name string) bool { return ordinary.verdict[name] == obeyed || name == "Leave" }

func verbName(v twiml.Verb) string {
	if f, ok := v.(*twiml.Foreign); ok {
		return f.Name
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", v), "*twiml.")
}

// do runs one verb.
func (l *leg) do(v twiml.Verb, d *document) (*request, error) {
	switch v := v.(type) {
	case *twiml.Say:
		l.answer()
		return nil, l.hear(spoken(v))
	case *twiml.Play:
		l.answer()
		seg, err := l.played(v, d, 13420)
		if err != nil {
			return nil, err
		}
		return nil, l.hear(seg)
	case *twiml.Pause:
		return nil, l.hear(paused(v)) // before the call is answered, it delays the answer
	case *twiml.Gather:
		l.answer()
		return l.gather(v, d)
	case *twiml.Dial:
		return l.dial(v, d)
	case *twiml.Enqueue:
		l.answer()
		return l.enqueue(v, d)
	case *twiml.Record:
		l.answer()
		return l.record(v, d)
	case *twiml.Redirect:
		l.note(Event{Kind: Redirects, Text: v.URL})
		return d.follow(v.URL, v.Method, nil)
	case *twiml.Reject:
		return nil, l.reject(v)
	case *twiml.Leave:
		return nil, errLeave
	case *twiml.Hangup:
		l.answer()
		return nil, errHangup
	}
	return nil, nil // judge lets no other verb through
}

// answer makes Twilio answer the call, which the first verb does that is heard.
func (l *leg) answer() {
	if l != l.call.line || l.call.answered {
		return
	}
	l.call.answered = true
	l.status = "in-progress"
	l.note(Event{Kind: Answers})
}

// reject refuses a call that was not answered yet; one that was is hung up.
func (l *leg) reject(v *twiml.Reject) error {
	if l.call.answered {
		l.call.warn(l, 12200, "Reject is not the first verb of the call, which is answered already: it only hangs up")
		return errHangup
	}
	reason := v.Reason
	if reason == "" {
		reason = "rejected"
	}
	l.note(Event{Kind: Rejects, Text: reason})
	return errRejected
}

// with adds parameters to a request.
func (r *request) with(extra url.Values) *request {
	all := *r
	all.extra = url.Values{}
	for _, from := range []url.Values{extra, r.extra} {
		for name, values := range from {
			all.extra[name] = values
		}
	}
	return &all
}

// seconds is a length of time as Twilio's parameters and attributes have it.
func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
