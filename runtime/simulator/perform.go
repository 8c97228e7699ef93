package simulator

import (
	"fmt"
	"net/url"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// perform obeys documents, each leading to the next, until one runs out of
// verbs, which is no error, or something ends them. Where extra is not nil, its
// parameters come with every request.
func (l *leg) perform(r *fetch.Request, kind DocumentKind, extra func() url.Values) error {
	for r != nil {
		if extra != nil {
			r = r.With(extra())
		}
		d, err := l.fetch(r)
		if err != nil {
			return err
		}
		if r, err = l.obey(d, kind); err != nil {
			if f, ok := err.(*fetch.CallError); ok && f.Address == "" && d.URL != nil {
				f.Document, f.Address = d.Path, (&fetch.Request{URL: d.URL}).Place()
			}
			return err
		}
	}
	return nil
}

// obey runs the verbs of a document. It returns the request for the document
// that takes over, or nil after the last verb.
func (l *leg) obey(d *fetch.Document, kind DocumentKind) (*fetch.Request, error) {
	for _, v := range d.Verbs {
		name := twiml.Name(v)
		here := where{d.Path, name}
		l.where = here
		if f, ok := v.(*twiml.Foreign); ok && kind == CallDocument && f.Action != "" && Outcomes(name) != nil {
			return l.reachOut(f, d)
		}
		obeys, err := l.judge(name, kind)
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

// judge decides whether a verb is obeyed in a document of some kind.
func (l *leg) judge(name string, kind DocumentKind) (bool, error) {
	switch kind.Treats(name) {
	case Obeyed:
		return true, nil
	case Unclear:
		return !l.otherwise(WhisperVerbs), nil
	case Refused:
		code := 12200
		if name == "Dial" {
			code = 13201
		}
		return false, &fetch.CallError{Code: code, Text: fmt.Sprintf("%s is not allowed in %s", name, kind)}
	}
	if Simulated(name) {
		l.call.warn(l, 12200, fmt.Sprintf("%s is not allowed in %s and is passed over", name, kind))
	} else {
		note := "not simulated; the call is taken to go on with the next verb"
		if name == "Sms" || name == "Message" {
			note = "a text message is no part of the call"
		}
		l.note(Event{Kind: Skips, Text: name, Note: note})
	}
	return false, nil
}

// do runs one verb.
func (l *leg) do(v twiml.Verb, d *fetch.Document) (*fetch.Request, error) {
	switch v := v.(type) {
	case *twiml.Say:
		l.answer()
		return nil, l.hear(Spoken(v))
	case *twiml.Play:
		l.answer()
		seg, err := l.played(v, d, 13420)
		if err != nil {
			return nil, err
		}
		return nil, l.hear(seg)
	case *twiml.Pause:
		return nil, l.hear(Paused(v)) // before the call is answered, it delays the answer
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
		return d.Follow(v.URL, v.Method, nil)
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

// answer makes Twilio answer the call: the first verb that callers hear does so.
func (l *leg) answer() {
	if l != l.call.line || l.call.answered {
		return
	}
	l.call.answered = true
	l.status = "in-progress"
	l.note(Event{Kind: Answers})
}

// reject refuses a call that is not answered yet, and hangs up one that is.
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
