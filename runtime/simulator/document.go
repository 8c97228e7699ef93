package simulator

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// A document is TwiML that was fetched, ready to be obeyed.
type document struct {
	path  string   // for transcripts
	url   *url.URL // as it was asked for, without Twilio's parameters; nil if it came with the call
	base  *url.URL // what its links refer to
	verbs []twiml.Verb
}

// fetch requests a document and reads it as Twilio does.
func (l *leg) fetch(r *request) (*document, error) {
	if r.inline != "" {
		return l.decode(&document{path: "(given with the call)"}, []byte(r.inline))
	}
	d := &document{path: r.url.Path, url: r.address(""), base: r.address("")}
	l.where = where{document: d.path}
	if err := l.call.visit(d.path); err != nil {
		return nil, err
	}
	l.note(Event{Kind: Requests, Text: r.method + " " + d.url.RequestURI(), Query: l.x.encode(r.extra)})
	rep, err := l.get(r, r.parameters(l))
	if err == nil {
		d, err = l.open(d, rep)
	}
	if f, ok := err.(*fault); ok {
		f.document, f.address = r.url.Path, r.place()
	}
	return d, err
}

// open reads a reply as a document: TwiML, a text to be spoken, or audio to be
// played (https://www.twilio.com/docs/voice/twiml#twilio-understands-mime-types).
func (l *leg) open(d *document, rep *reply) (*document, error) {
	if own := rep.header.Get("Content-Location"); own != "" {
		if u, err := rep.final.Parse(own); err == nil {
			d.path = u.Path
			l.where.document = d.path
		}
	}
	if rep.final.Host != d.url.Host || rep.final.Path != d.url.Path {
		if !l.reads(RedirectBase) {
			d.base = rep.final
		}
	}
	if err := usable(rep); err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(rep.header.Get("Content-Type"))
	switch {
	case kind == "text/xml" || kind == "application/xml" || kind == "text/html":
		return l.decode(d, rep.body)
	case kind == "text/plain":
		if plain, err := l.decode(&document{}, rep.body); err == nil {
			d.verbs = plain.verbs
		} else {
			d.verbs = []twiml.Verb{&twiml.Say{Text: strings.TrimSpace(string(rep.body))}}
		}
	case isAudio(kind):
		c := gauge(rep)
		c.text = d.url.RequestURI()
		l.x.clips[d.url.String()] = c
		d.verbs = []twiml.Verb{&twiml.Play{URL: d.url.String()}}
	default:
		return nil, &fault{code: 12300, text: fmt.Sprintf("%s answers with the content type %q, which is neither TwiML nor text nor a sound", rep.final.Path, kind)}
	}
	return d, nil
}

// usable refuses what Twilio refuses before it looks inside.
func usable(rep *reply) error {
	path := rep.final.Path
	switch {
	case rep.status == http.StatusMethodNotAllowed:
		return &fault{code: 11200, text: path + " answers 405 Method Not Allowed; a static host answers GET only, so what leads here needs method=\"GET\""}
	case rep.status < 200 || rep.status > 299:
		return &fault{code: 11200, text: fmt.Sprintf("%s answers %d %s", path, rep.status, http.StatusText(rep.status))}
	case len(rep.body) == 0:
		return &fault{code: 11770, text: path + " answers with nothing"}
	case rep.header.Get("Content-Type") == "":
		return &fault{code: 11200, text: path + " answers without a Content-Type, which Twilio reports as 502 Bad Gateway"}
	case len(rep.body) > maxDocument && !strings.HasPrefix(rep.header.Get("Content-Type"), "audio/"):
		return &fault{code: 11750, text: path + " answers with more than 64 kB"}
	}
	return nil
}

// decode reads TwiML. Warnings are told once for each call and document.
func (l *leg) decode(d *document, body []byte) (*document, error) {
	response, faults := l.x.read(body)
	for _, f := range faults {
		text := fmt.Sprintf("line %d: %s", f.Line, f.Message)
		if f.Fatal {
			return nil, &fault{code: f.Code, text: text}
		}
		l.call.warn(l, f.Code, text)
	}
	d.verbs = response.Verbs
	return d, nil
}

// A decoded is what a document says, for all who are answered with it.
type decoded struct {
	response twiml.Response
	faults   []twiml.Fault
}

// mostDecoded is how many documents are kept: callers who wait hear the same few
// again and again.
const mostDecoded = 4096

// read decodes a document, once for all calls: nobody alters what is read.
func (x *exchange) read(body []byte) (twiml.Response, []twiml.Fault) {
	if known, ok := x.decoded[string(body)]; ok {
		return known.response, known.faults
	}
	response, faults := twiml.Decode(body)
	if len(x.decoded) < mostDecoded {
		x.decoded[string(body)] = decoded{response, faults}
	}
	return response, faults
}
