package explorer

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"path"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A page is a document as a walk knows it. Documents with the same bytes in the
// same folder do the same and are one page, unless they link to themselves. So the
// nine keys that a menu does not know lead to one page, not nine.
type page struct {
	*fetch.Document
	ran   []bool // which verbs a call has come to
	first *state // that came to it
}

// read requests a document. The fault, if there is one, is fatal.
func (w *walk) read(r *fetch.Request) (*page, *fetch.CallError) {
	key := r.Method + " " + r.Place() + " " + r.Extra.Encode() + " " + w.caller.From + w.caller.CallSID
	if !r.At.IsZero() {
		key += r.At.String()
	}
	if p, known := w.pages[key]; known {
		return p, nil
	}
	parameters := w.caller.Values()
	maps.Copy(parameters, r.Extra)
	d, answer, err := w.session.Document(w.ctx, r, parameters, nil)
	if d.Path == r.URL.Path {
		d.Path = w.served(d.Path, r.Extra, r.At)
	}
	if err != nil {
		return nil, faulty(err, r)
	}
	if d.Final != nil {
		w.redirected = true
		if !w.otherwise {
			d.Base = d.Final
		}
	}
	w.reached[d.Path] = true
	w.report.Documents++
	for _, warning := range d.Warnings {
		w.note(Violation{Law: Clean, Document: d.Path, Text: fmt.Sprintf("Twilio warns with %d: %s", warning.Code, warning.Text)}, nil, -1)
	}
	id := identity(d, answer)
	p := w.same[id]
	if p == nil {
		p = &page{Document: d, ran: make([]bool, len(d.Verbs))}
		w.same[id] = p
	}
	w.pages[key] = p
	return p, nil
}

// faulty turns an error of a request into Twilio's.
func faulty(err error, r *fetch.Request) *fetch.CallError {
	f, ok := err.(*fetch.CallError)
	if !ok { // another host, of which nothing is known
		f = &fetch.CallError{Text: err.Error()}
	}
	f.Address = r.Place()
	return f
}

// identity is what makes two documents the same page.
func identity(d *fetch.Document, answer *fetch.Answer) string {
	folder := *d.Base
	folder.Path, folder.RawQuery, folder.RawPath = path.Dir(folder.Path), "", ""
	if namesItself(d.Verbs) {
		folder = *d.URL
	}
	return fmt.Sprintf("%s %s %x", folder.String(), answer.Header.Get("Content-Type"), sha256.Sum256(answer.Body))
}

// namesItself reports whether a document has a link to itself: one that is
// empty, or a query.
func namesItself(verbs []twiml.Verb) bool {
	for _, v := range verbs {
		link := "elsewhere"
		switch v := v.(type) {
		case *twiml.Gather:
			link = v.Action
		case *twiml.Record:
			link = v.Action
		case *twiml.Redirect:
			link = v.URL
		}
		if link == "" || link[0] == '?' {
			return true
		}
	}
	return false
}

// play is what a Play plays, and the fault if it cannot be played.
func (w *walk) play(v *twiml.Play, d *fetch.Document, code int) (simulator.Segment, *fetch.CallError) {
	if v.Digits != "" {
		return simulator.Played(v, fetch.MeasuredAudio{}), nil
	}
	r, err := d.Follow(v.URL, "GET", nil)
	if err != nil {
		return simulator.Segment{}, faulty(err, &fetch.Request{URL: d.URL})
	}
	clip := w.session.Clip(w.ctx, r, code, nil)
	if clip.Fault != nil {
		return simulator.Segment{}, clip.Fault
	}
	if w.bundle != nil {
		if own, ok := w.below(r.Place()); ok {
			w.reached["/"+own] = true
		}
	}
	return simulator.Played(v, clip), nil
}
