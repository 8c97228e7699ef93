package simulator

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"path"
	"strconv"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// A page is a document as a walk knows it. Documents that do the same are one
// page: those with the same bytes in the same folder, unless they name
// themselves. So the nine keys that a menu does not know are one place, not
// nine.
type page struct {
	*document
	address string // of the first request that was answered with it
	ran     []bool // which verbs a call has come to
	first   *state // that came to it
}

// read requests a document. The fault, if there is one, is fatal.
func (w *walk) read(r *request) (*page, *fault) {
	key := r.method + " " + r.place() + " " + r.extra.Encode() + " " + w.probe.from
	if p, known := w.pages[key]; known && p != nil {
		return p, nil
	}
	l := w.probe
	l.call.transcript.Events, l.call.warned = nil, map[string]bool{}
	d := &document{path: r.url.Path, url: r.address(""), base: r.address("")}
	l.where = where{document: d.path}
	rep, err := l.get(r, r.parameters(l))
	if err == nil {
		d.path = w.served(d.path, r.extra, l.from)
		l.where.document = d.path
		d, err = l.open(d, rep)
	}
	if err != nil {
		return nil, w.faulty(err, r)
	}
	w.reached[d.path] = true
	w.report.Documents++
	for _, e := range l.call.transcript.Events {
		if e.Kind == Faults {
			w.note(Finding{Law: Clean, Document: d.path, Text: fmt.Sprintf("Twilio warns with %d: %s", e.Code, e.Text)}, nil, -1)
		}
	}
	p := &page{document: d, address: r.place(), ran: make([]bool, len(d.verbs))}
	id := identity(d, rep)
	if same := w.same[id]; same != nil {
		p = same
	} else {
		w.same[id] = p
		if w.at[d.path] == nil {
			w.at[d.path] = p
		}
	}
	w.pages[key] = p
	return p, nil
}

// faulty is Twilio's fault for an error of a request.
func (w *walk) faulty(err error, r *request) *fault {
	f, ok := err.(*fault)
	if !ok { // another host, of which nothing is known
		f = &fault{text: err.Error()}
	}
	f.address = r.place()
	return f
}

// identity is what makes two documents the same page.
func identity(d *document, rep *reply) string {
	folder := *d.base
	folder.Path, folder.RawQuery, folder.RawPath = path.Dir(folder.Path), "", ""
	if namesItself(d.verbs) {
		folder = *d.url
	}
	return fmt.Sprintf("%s %s %x", folder.String(), rep.header.Get("Content-Type"), sha256.Sum256(rep.body))
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

// clip is what a Play takes, and the fault if it cannot be played.
func (w *walk) clip(v *twiml.Play, d *document, code int) (segment, *fault) {
	if v.Digits == "" {
		r, err := d.follow(v.URL, "GET", nil)
		if err != nil {
			return segment{}, w.faulty(err, &request{url: d.url})
		}
		w.probe.where = where{document: d.path, verb: "Play"}
		if c := w.probe.clip(r, code); c.fault != nil {
			return segment{}, c.fault
		}
		if w.files != nil {
			if own, ok := w.files.below(w.base, r.place()); ok {
				w.reached["/"+own] = true
			}
		}
	}
	s, err := w.probe.played(v, d, code)
	if err != nil {
		return segment{}, w.faulty(err, &request{url: d.url})
	}
	return s, nil
}

// dialled is the parameters with which a Dial's action is told how it ended.
func dialled(status string, bridged bool) url.Values {
	v := url.Values{"DialBridged": {strconv.FormatBool(bridged)}}
	if status != "" {
		v.Set("DialCallStatus", status)
	}
	return v
}
