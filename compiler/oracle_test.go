package compiler

// A second reading of docs/bundle.md, which knows nothing of how documents are
// made: what the description of a block promises, and what its documents do, are
// written as the same actions and compared. The laws of a call find that somebody
// is cut off; they cannot find that key 1 leads to the wrong department, which is
// as well-formed as the right one.

import (
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A specLibrary is a bundle, and where things are in it.
type specLibrary struct {
	*bundle.Bundle
	base       string         // what the bundle is served in
	session    *fetch.Session // measures what is played
	files      map[string]*bundle.FileRow
	components map[string]*bundle.Component
	verbs      map[string][]twiml.Verb      // of documents, by path
	askedIn    map[string]map[string]bool   // see blockSpec.asked
	ends       map[string]map[string]string // see specLibrary.suffixes
}

func newSpecLibrary(b *bundle.Bundle, session *fetch.Session) *specLibrary {
	l := &specLibrary{Bundle: b, session: session, base: session.Base().String(),
		files: map[string]*bundle.FileRow{}, components: map[string]*bundle.Component{},
		verbs: map[string][]twiml.Verb{}, askedIn: map[string]map[string]bool{}, ends: map[string]map[string]string{}}
	for i := range b.Manifest.Files {
		f := &b.Manifest.Files[i]
		l.files[f.Path] = f
		if strings.HasSuffix(f.Path, ".xml") {
			response, _ := twiml.Decode(b.Data[f.Path])
			l.verbs[f.Path] = response.Verbs
		}
	}
	for i := range b.Components {
		l.components[b.Components[i].Directory] = &b.Components[i]
	}
	return l
}

// undescribed lists every document of a bundle that does not do what the
// description of its block promises, and says in what it differs. Audio is
// measured where it is served.
func undescribed(b *bundle.Bundle, served fetch.Access) ([]string, error) {
	client, err := fetch.New(served)
	if err != nil {
		return nil, err
	}
	l := newSpecLibrary(b, client.Session())
	var all []string
	for _, f := range b.Manifest.Files {
		if !strings.HasSuffix(f.Path, ".xml") {
			continue
		}
		if text := l.unlike(f.Path); text != "" {
			all = append(all, fmt.Sprintf("/%s: %s", f.Path, text))
		}
	}
	return all, nil
}

// spokenAddress is the address of a block and the language of its calls.
func spokenAddress(b *bundle.Block) string {
	return b.Address + " " + b.Language
}

// below is the path of an address below the folder that the bundle is served in.
func (l *specLibrary) below(base, address string) (string, bool) {
	address, _, _ = strings.Cut(address, "?")
	return strings.CutPrefix(address, base)
}

// cutDecision takes the path of a document apart that answers a decision.
func cutDecision(p string) (at, answer string, isAnswer bool) {
	stem, ok := strings.CutSuffix(p, ".xml")
	i := strings.LastIndexByte(stem, '.')
	if !ok || i <= strings.LastIndexByte(stem, '/') {
		return "", "", false
	}
	_, isAnswer = bundle.DecisionAt(stem[:i])
	return stem[:i], stem[i+1:], isAnswer
}

// dialledBy is what a noun dials.
func dialledBy(n twiml.Noun) string {
	if t, phone := simulator.TargetOf(n); phone {
		return t.Address
	}
	return twiml.Name(n)
}

// ofSeconds is a duration as attributes have it.
func ofSeconds(n int) time.Duration { return time.Duration(n) * time.Second }

// halfDigest is the first half of a digest as bundles write it.
func halfDigest(sum []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}
