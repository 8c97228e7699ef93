package compiler

// A site is a bundle as Twilio meets it: documents that name each other. It is
// read from the bytes that are served, and knows nothing of how they were made.

import (
	"fmt"
	"net/url"
	"strings"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A site is a bundle whose documents have been decoded.
type site struct {
	*bundle.Bundle
	draft     *draft
	documents map[string]twiml.Response // by path below public/
}

// opened compiles a draft and decodes its documents.
func opened(t *rapid.T, d *draft) *site { return decoded(t, accepted(t, d), d) }

// decoded decodes the documents of a bundle.
func decoded(t *rapid.T, b *bundle.Bundle, d *draft) *site {
	s := &site{b, d, map[string]twiml.Response{}}
	for path, data := range s.Data {
		if !strings.HasSuffix(path, ".xml") {
			continue
		}
		response, faults := twiml.Decode(data)
		if len(faults) > 0 {
			t.Fatalf("%s: %v\n%s", path, faults, data)
		}
		s.documents[path] = response
	}
	return s
}

// A link is an address in a document and what stands beside it.
type link struct {
	url       string
	attribute string
	method    string
	fixed     bool // Twilio has no attribute for the method
	webhook   bool // an address of the team's own
}

// links lists the addresses in verbs, in the order of the document. An application is
// told an address to which the call returns.
func links(verbs []twiml.Verb) []link {
	list := written(verbs)
	for i := range list {
		if back, ok := returnOf(list[i].url); ok {
			list[i].webhook = true
			list = append(list, link{url: back, attribute: "return", method: "GET"})
		}
	}
	return list
}

// returnOf is the address to which a call returns from an application.
func returnOf(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || !u.Query().Has("ivrc_application") {
		return "", false
	}
	return u.Query().Get("return"), true
}

// written lists the addresses that stand in verbs.
func written(verbs []twiml.Verb) []link {
	var list []link
	for _, v := range verbs {
		switch v := v.(type) {
		case *twiml.Say, *twiml.Pause, *twiml.Hangup, *twiml.Leave, *twiml.Reject:
		case *twiml.Play:
			list = append(list, link{url: v.URL, attribute: "Play", fixed: true})
		case *twiml.Redirect:
			list = append(list, link{url: v.URL, attribute: "Redirect", method: v.Method})
		case *twiml.Gather:
			list = append(list, link{url: v.Action, attribute: "Gather action", method: v.Method})
			list = append(list, written(v.Prompt)...)
		case *twiml.Enqueue:
			list = append(list, link{url: v.Action, attribute: "Enqueue action", method: v.Method},
				link{url: *v.WaitURL, attribute: "waitUrl", method: v.WaitURLMethod})
		case *twiml.Record:
			list = append(list, link{url: v.Action, attribute: "Record action", method: v.Method})
			if v.RecordingCallback != "" {
				list = append(list, link{url: v.RecordingCallback, attribute: "recordingStatusCallback", method: v.RecordingCallbackMethod, webhook: true})
			}
			if v.TranscribeCallback != "" {
				list = append(list, link{url: v.TranscribeCallback, attribute: "transcribeCallback", fixed: true, webhook: true})
			}
		case *twiml.Dial:
			list = append(list, link{url: v.Action, attribute: "Dial action", method: v.Method})
			for _, n := range v.Nouns {
				list = append(list, whisper(n)...)
			}
		default:
			panic(fmt.Sprintf("a compiled document holds a %T", v))
		}
	}
	return list
}

// whisper is the address in a noun, if it has one.
func whisper(n twiml.Noun) []link {
	address, method := "", ""
	switch n := n.(type) {
	case *twiml.Number:
		address, method = n.URL, n.Method
	case *twiml.Client:
		address, method = n.URL, n.Method
	case *twiml.Sip:
		address, method = n.URL, n.Method
	case *twiml.Queue:
		address, method = n.URL, n.Method
	default:
		panic(fmt.Sprintf("a compiled document dials a %T", n))
	}
	if address == "" {
		return nil
	}
	return []link{{url: address, attribute: "whisper", method: method}}
}

// target resolves an address in a document. It returns the path below public/,
// or false for an address elsewhere.
func (s *site) target(from, address string) (string, bool) {
	base, err := url.Parse(draftURL + from)
	if err != nil {
		return "", false
	}
	u, err := base.Parse(address)
	if err != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	return strings.CutPrefix(u.String(), draftURL)
}

// answers lists the documents that a path is answered with: itself, or all
// answers of a decision.
func answers(path string) []string {
	d, ok := bundle.DecisionAt(path)
	if !ok {
		return []string{path}
	}
	var list []string
	for _, answer := range d.Answers() {
		list = append(list, d.Document(answer))
	}
	return list
}

// follow lists the files that a document leads to.
func (s *site) follow(from string) []string {
	var list []string
	for _, l := range links(s.documents[from].Verbs) {
		if to, inside := s.target(from, l.url); inside && !l.webhook {
			list = append(list, answers(to)...)
		}
	}
	return list
}

// directory is the component of a path.
func directory(path string) string { return path[:strings.IndexByte(path, '/')] }

// component describes the component of a directory.
func (s *site) component(directory string) *bundle.Component {
	for i := range s.Components {
		if s.Components[i].Directory == directory {
			return &s.Components[i]
		}
	}
	return nil
}

// setting is a setting of a block's description, "" if it is not there.
func setting(b *bundle.Block, name string) string {
	for _, s := range b.Settings {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}
