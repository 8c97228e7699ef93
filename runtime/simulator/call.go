package simulator

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A call is one call and its caller's line.
type call struct {
	Call
	x          *exchange
	index      int
	line       *leg
	fallback   *fetch.Request
	transcript Transcript
	session    *fetch.Session
	warned     map[string]bool
	answered   bool
	heard      bool // see Ending.Heard

	visits int           // documents fetched
	idle   int           // of these, since time last passed
	moved  time.Duration // when time last passed
}

// spinning is how many documents may be fetched in a row while no time passes.
const spinning = 100

// A loop is the error of a call that never ends by itself.
type loop struct{ text string }

func (l *loop) Error() string { return l.text }

// run is the call's task.
func (c *call) run(first *fetch.Request) {
	l := c.line
	c.x.engaged[c.From]++
	l.note(Event{Kind: Calls, Text: c.To})
	l.pickUp(c.Person, 0)
	c.end(c.proceed(first))
	c.x.engaged[c.From]--
	l.close()
}

// proceed obeys documents until the call ends, and turns to the fallback
// document after a fatal fault, wherever in the call it happens
// (https://www.twilio.com/docs/usage/security/availability-reliability).
func (c *call) proceed(r *fetch.Request) error {
	for fails := c.Fails; ; fails = false {
		err := c.perform(r, fails)
		f, ok := err.(*fetch.CallError)
		if !ok {
			return err
		}
		c.line.fault(f)
		if c.fallback == nil || f.Address == c.fallback.Place() {
			c.line.where = where{}
			if err := c.line.apologise(); err != nil {
				return err
			}
			return f
		}
		r = &fetch.Request{Method: c.fallback.Method, URL: c.fallback.URL, Extra: url.Values{
			"ErrorCode": {strconv.Itoa(f.Code)}, "ErrorUrl": {f.Address},
		}}
	}
}

// perform obeys documents, unless the first cannot be had.
func (c *call) perform(r *fetch.Request, fails bool) error {
	if fails {
		return &fetch.CallError{Code: 11200, Text: "the document cannot be had", Address: r.Place(), Played: true}
	}
	return c.line.perform(r, CallDocument, nil)
}

// apologise plays what Twilio says when a call fails and has no fallback.
func (l *leg) apologise() error {
	l.answer()
	return l.hear(Segment{Event: Event{Kind: Says, Text: "We are sorry, an application error has occurred. Goodbye."},
		Once: 4 * time.Second, Times: 1})
}

// end writes how the call ended.
func (c *call) end(err error) {
	e := Ending{Text: "the document has no more verbs", How: ByDocument, Heard: c.heard}
	switch err := err.(type) {
	case *fetch.CallError:
		e.How, e.Text, e.Code = Failed, err.Error(), err.Code
	case *loop:
		e.How, e.Text = Endless, err.Error()
	case *fetch.ForbiddenHost:
		e.How, e.Text = Elsewhere, err.Error()
	}
	switch err {
	case nil, errHangup:
		if err != nil {
			e.Text = err.Error()
		}
		if e.Application = c.line.application; e.Application != "" {
			e.Text = bundle.KindApplication + "." + e.Application + " ended the call"
		}
		if e.Application != "" && !e.Heard {
			e.Text += " without a word"
		}
	case errGone:
		e.How, e.Text = ByCaller, "the caller hung up"
	case errRejected:
		e.How, e.Text = Rejected, err.Error()
	case errLimit:
		e.How, e.Text = TimeLimit, fmt.Sprintf("the call reached its time limit, %s, in %s of %s", c.x.TimeLimit, c.line.where.verb, c.line.where.document)
	case errStopped:
		e.How, e.Text = Stopped, err.Error()
	}
	c.transcript.Ending = e
	c.line.note(Event{Kind: Ends, Text: e.Text})
}

// note appends an event to the transcript.
func (c *call) note(e Event) {
	e.At = c.x.now - c.At
	c.transcript.Events = append(c.transcript.Events, e)
	if c.x.Watch != nil {
		c.x.Watch(c.index, e)
	}
}

// visit counts documents, to detect a call that never ends.
func (c *call) visit(path string) error {
	c.visits++
	if c.x.now > c.moved {
		c.moved, c.idle = c.x.now, 0
	}
	c.idle++
	switch {
	case c.idle > spinning:
		return &loop{fmt.Sprintf("%d documents were fetched in a row without any time passing, the last one %s", spinning, path)}
	case c.visits > c.x.MaxDocuments:
		return &loop{fmt.Sprintf("the call has fetched %d documents and goes on, the last one %s", c.x.MaxDocuments, path)}
	}
	return nil
}

// fault writes a fatal fault to the transcript.
func (l *leg) fault(f *fetch.CallError) {
	if f.Played { // somebody wants to know what follows
		l.note(Event{Kind: Reports, Text: fmt.Sprintf("%s (%d)", f.Text, f.Code)})
		return
	}
	l.note(Event{Kind: Faults, Code: f.Code, Text: f.Text, Fatal: true})
}

// warn writes a fault that Twilio ignores, once for each call and document.
func (c *call) warn(l *leg, code int, text string) {
	key := fmt.Sprint(l.where.document, "\x00", code, text)
	if !c.warned[key] {
		c.warned[key] = true
		l.note(Event{Kind: Faults, Code: code, Text: text})
	}
}

// acts must be called for everything that a person does, and when a wait is over. For
// Ending.Heard, only what the caller does counts.
func (l *leg) acts() {
	if l == l.call.line {
		l.call.heard = false
	}
}

func (l *leg) heard() {
	if l == l.call.line {
		l.call.heard = true
	}
}
