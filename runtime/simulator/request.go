package simulator

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"strings"

	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// fetch requests a document and reads it as Twilio does.
func (l *leg) fetch(r *fetch.Request) (*fetch.Document, error) {
	if r.Inline != "" {
		d, err := l.x.client.Inline(r.Inline)
		l.warnOf(d)
		return d, err
	}
	l.where = where{document: r.URL.Path}
	if err := l.call.visit(r.URL.Path); err != nil {
		return nil, err
	}
	shown := r.Extra
	if isSecret(r.URL) && shown.Has("Digits") {
		shown = url.Values{"Digits": {strings.Repeat(concealed, len(r.Extra.Get("Digits")))}}
	}
	l.note(Event{Kind: Requests, Text: r.Method + " " + r.Address("").RequestURI(), Query: l.x.client.Encode(shown)})
	name := applicationAt(r.URL)
	if l.application = cmp.Or(name, l.application); name == "" && l.x.client.Owns(r.URL) {
		l.application = ""
	}
	if name != "" && (l.x.Elsewhere == nil || l.x.Elsewhere(r.URL) == nil) {
		d, err := l.play(name, r)
		if f, ok := err.(*fetch.CallError); ok {
			f.Document, f.Address = r.URL.Path, cmp.Or(f.Address, r.Place())
		}
		return d, err
	}
	timed := *r
	timed.At = l.x.time()
	d, _, err := l.call.session.Document(l.x.ctx, &timed, l.parameters(r), l.redirected)
	l.where.document = d.Path
	if d.Final != nil && !l.otherwise(RedirectBase) {
		d.Base = d.Final
	}
	l.warnOf(d)
	if f, ok := err.(*fetch.CallError); ok {
		f.Document, f.Address, f.Played = r.URL.Path, r.Place(), l.x.fails(l.application)
		if err := l.pass(f.Waited); err != nil {
			return d, err
		}
	}
	return d, err
}

// warnOf writes what Twilio ignores in a document to the transcript.
func (l *leg) warnOf(d *fetch.Document) {
	for _, w := range d.Warnings {
		l.call.warn(l, w.Code, w.Text)
	}
}

// redirected writes an HTTP redirect to the transcript.
func (l *leg) redirected(status int, to *url.URL) {
	again := "not "
	if l.otherwise(RedirectDigits) {
		again = ""
	}
	l.note(Event{Kind: Requests, Text: fmt.Sprintf("HTTP %d to %s; parameters are %ssent again", status, to.Path, again)})
}

// parameters are the standard parameters of a leg, and those of a request.
func (l *leg) parameters(r *fetch.Request) url.Values {
	all := fetch.Parameters{
		AccountSID: l.x.AccountSID, CallSID: l.sid, Status: l.status, Direction: l.direction(),
		From: l.from, To: l.to, ParentSID: l.parent,
	}.Values()
	maps.Copy(all, r.Extra)
	return all
}

func (l *leg) direction() string {
	switch {
	case l.parent != "":
		return "outbound-dial"
	case l.call.TwiML != "":
		return "outbound-api"
	}
	return "inbound"
}

// inform makes a request whose answer nobody hears, because the person is gone.
func (l *leg) inform(r *fetch.Request) {
	here := l.where
	defer func() { l.where = here }()
	if _, err := l.fetch(r); err != nil {
		if f, ok := err.(*fetch.CallError); ok {
			l.call.warn(l, f.Code, f.Text+" (nobody is there to hear the answer)")
		}
	}
}
