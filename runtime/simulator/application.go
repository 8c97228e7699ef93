package simulator

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// Applications of the team's own. A call is handed to one at an address that names it
// and says where to return. Unless it is really asked, it is played: it answers at
// once with a redirect to that address, or fails as applications do.
//
//	POST https://crm.example/account?ivrc_application=account&return=…   the caller's digits
//	     <Redirect method="GET">…/result-1~known.unknown?Result=known</Redirect>

// applicationAt is the application that an address names, "" for none.
func applicationAt(u *url.URL) string { return u.Query().Get(bundle.ApplicationMark) }

// isSecret reports whether nobody but the application may see the keys that a request
// sends.
func isSecret(u *url.URL) bool { return applicationAt(u) != "" && u.Query().Get("secret") != "" }

// concealed stands for each key that nobody may see.
const concealed = "•"

// fails reports whether an application is to fail at some time, so that it is no
// surprise if it does where it is really asked.
func (x *exchange) fails(name string) bool {
	return slices.ContainsFunc(x.Applications[name], func(turn script.ApplicationTurn) bool { return turn.Fails != "" })
}

// play plays an application that a call is handed to.
func (l *leg) play(name string, r *fetch.Request) (*fetch.Document, error) {
	turn := l.x.Applications[name].Turn(l.x.handed[name])
	e := Event{Kind: HandsOver, Text: name, Note: turn.Result}
	if key := r.Extra.Get("Digits"); len(key) == 1 && strings.Contains(r.URL.Query().Get("keys"), key) && turn.Fails == "" {
		turn.Result, e.Note = key, "the key "+key
	} else {
		l.x.handed[name]++
	}
	wait := turn.After
	switch turn.Fails {
	case "":
	case script.Late:
		e.Note, wait = "fails: "+string(turn.Fails), 15*time.Second
	default:
		e.Note = "fails: " + string(turn.Fails)
	}
	l.note(e)
	d := &fetch.Document{Path: r.URL.Path, URL: r.Address(""), Base: r.Address("")}
	if err := l.pass(wait); err != nil {
		return d, err
	}
	back, err := url.Parse(r.URL.Query().Get("return"))
	if err != nil {
		return d, &fetch.CallError{Code: 11100, Text: "the address to return to is no URL"}
	}
	failed := func(code int, text string) (*fetch.Document, error) {
		return d, &fetch.CallError{Code: code, Text: "application." + name + " " + text, Played: true}
	}
	switch turn.Fails {
	case script.Refused:
		return failed(11205, "cannot be reached")
	case script.Late:
		return failed(11205, "does not answer in time")
	case script.Broken:
		return failed(11200, "answers 500 Internal Server Error")
	case script.HTML:
		return failed(12100, "answers with a page that is no TwiML")
	case script.Empty:
		return failed(11770, "answers with nothing")
	case script.Elsewhere: // which does not say whose call it is
		d, err := failed(11210, "sends the call to a host that does not exist")
		err.(*fetch.CallError).Address = "https://elsewhere.example/"
		return d, err
	case script.EndsCall:
		d.Verbs = []twiml.Verb{&twiml.Say{Text: "Goodbye."}, &twiml.Hangup{}}
		return d, nil
	case script.Surprise:
		back.RawQuery = "Result=surprise"
	case script.NoResult:
	default:
		back.RawQuery = l.x.client.Encode(url.Values{"Result": {turn.Result}})
	}
	d.Verbs = []twiml.Verb{&twiml.Redirect{Method: "GET", URL: back.String()}}
	return d, nil
}
