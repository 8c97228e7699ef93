package simulator

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// A bundle says of itself what it is: its manifest lists every file with its
// digest, the names of its folders are digests of what is in them, and its
// decisions have one rule. Before anything is walked, what is served is held to
// that.

// A library is a bundle, and where things are in it.
type library struct {
	*bundle.Bundle
	files      map[string]*bundle.FileRow
	components map[string]*bundle.Component
	queues     map[string]bool              // by friendly name
	verbs      map[string][]twiml.Verb      // of documents, by path
	askedIn    map[string]map[string]bool   // see described.asked
	ends       map[string]map[string]string // see library.suffixes
}

func newLibrary(b *bundle.Bundle, read func([]byte) (twiml.Response, []twiml.Fault)) *library {
	l := &library{Bundle: b, files: map[string]*bundle.FileRow{}, components: map[string]*bundle.Component{}, queues: map[string]bool{},
		verbs: map[string][]twiml.Verb{}, askedIn: map[string]map[string]bool{}, ends: map[string]map[string]string{}}
	for i := range b.Manifest.Files {
		f := &b.Manifest.Files[i]
		l.files[f.Path] = f
		if strings.HasSuffix(f.Path, ".xml") {
			response, _ := read(b.Data[f.Path])
			l.verbs[f.Path] = response.Verbs
		}
	}
	for i := range b.Components {
		l.components[b.Components[i].Directory] = &b.Components[i]
	}
	for _, q := range b.Manifest.Queues {
		l.queues[q.FriendlyName] = true
	}
	return l
}

// below is the path of an address below the folder that the bundle is served in.
func (l *library) below(base, address string) (string, bool) {
	address, _, _ = strings.Cut(address, "?")
	return strings.CutPrefix(address, base)
}

// served is the path of the document that answers a request: of a decision, the
// document of its answer.
func (w *walk) served(p string, extra url.Values, from string) string {
	if w.files == nil {
		return p
	}
	d := bundle.DecisionAt(p)
	if d == nil {
		return p
	}
	value := extra.Get(d.Parameter)
	if d.Parameter == "From" {
		value = from
	}
	answer := bundle.Otherwise
	for _, v := range d.Values {
		if value != "" && (slices.Contains(v.Spellings, value) || slices.Contains(v.Spellings, url.QueryEscape(value))) {
			answer = v.Name
		}
	}
	if u := d.Unless; u != nil && value == u.Is && extra.Get(u.Parameter) == u.Equals {
		answer = u.Then
	}
	return p + "." + answer + ".xml"
}

// checkWhole holds what is served to the manifest.
func (w *walk) checkWhole() {
	if w.files == nil {
		return
	}
	amiss := func(document, text string) { w.note(Finding{Law: Whole, Document: document, Text: text}, nil, -1) }
	if err := w.Bundle.Check(); err != nil {
		amiss("", err.Error())
	}
	for _, f := range w.Bundle.Manifest.Files {
		if text := w.differs(f.Path, "", &f); text != "" {
			amiss("/"+f.Path, text)
		}
	}
	for _, at := range w.files.decisions() {
		for _, a := range w.files.answers(at) {
			if text := w.differs(at, a.query, a.file); text != "" {
				amiss("/"+at, text)
			}
		}
	}
	for _, text := range w.files.misnamed() {
		amiss("", text)
	}
}

// differs requests an address below the base and compares the answer with a file.
func (w *walk) differs(p, query string, f *bundle.FileRow) string {
	u := *w.x.base
	u.Path, u.RawQuery = path.Join(u.Path, p), query
	asked := p
	if query != "" {
		asked += "?" + query
	}
	rep, err := w.probe.get(&request{method: "GET", url: &u}, nil)
	switch {
	case err != nil:
		return fmt.Sprintf("the request for %s is not answered: %v", asked, err)
	case rep.status != 200:
		return fmt.Sprintf("the request for %s is answered with %d", asked, rep.status)
	case rep.header.Get("Content-Type") != f.Type:
		return fmt.Sprintf("%s has the content type %q; the manifest says %q", asked, rep.header.Get("Content-Type"), f.Type)
	case !bytes.Equal(rep.body, w.Bundle.Data[f.Path]):
		return fmt.Sprintf("the answer to %s is not the document %s of the bundle", asked, f.Path)
	}
	return ""
}

// decisions lists the addresses of all decisions, in the order of paths.
func (l *library) decisions() []string {
	var all []string
	for _, f := range l.Manifest.Files {
		if at, _, d := decisionOf(f.Path); d != nil && (len(all) == 0 || all[len(all)-1] != at) {
			all = append(all, at)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// decisionOf takes the path of a document apart that answers a decision.
func decisionOf(p string) (at, answer string, d *bundle.Decision) {
	stem, ok := strings.CutSuffix(p, ".xml")
	i := strings.LastIndexByte(stem, '.')
	if !ok || i <= strings.LastIndexByte(stem, '/') {
		return "", "", nil
	}
	return stem[:i], stem[i+1:], bundle.DecisionAt(stem[:i])
}

// An answering says which file answers a query.
type answering struct {
	query string
	file  *bundle.FileRow
}

// answers lists every query that a decision tells apart, and the file that
// answers it.
func (l *library) answers(at string) []answering {
	d := bundle.DecisionAt(at)
	var all []answering
	add := func(query, answer string) {
		if f := l.files[at+"."+answer+".xml"]; f != nil {
			all = append(all, answering{query, f})
		}
	}
	for _, v := range d.Values {
		for _, spelling := range v.Spellings {
			add(d.Parameter+"="+spelling, v.Name)
		}
	}
	if u := d.Unless; u != nil {
		add(d.Parameter+"="+u.Is+"&"+u.Parameter+"="+u.Equals, u.Then)
	}
	add("", bundle.Otherwise)
	add(d.Parameter+"=", bundle.Otherwise)
	add(d.Parameter+"=nonsense", bundle.Otherwise)
	return all
}

// misnamed compares the names of folders and sounds with the digests of what is
// in them (docs/bundle.md, "Components"). What a salt was added to cannot be
// compared; if some names are right without one, there is none.
func (l *library) misnamed() []string {
	right := 0
	var bad []string
	for _, c := range l.Components {
		digest := c.Directory[strings.LastIndexByte(c.Directory, '-')+1:]
		if l.digest(c.Directory) == digest {
			right++
			continue
		}
		bad = append(bad, fmt.Sprintf("the folder %s has been altered: its name is not the digest of what is in it", c.Directory))
	}
	if right == 0 {
		bad = nil // salted
	}
	for _, f := range l.Manifest.Files {
		name, isSound := strings.CutPrefix(f.Path, "audio/")
		sum := sha256.Sum256(l.Data[f.Path])
		if isSound && strings.TrimSuffix(name, path.Ext(name)) != short(sum[:]) {
			bad = append(bad, fmt.Sprintf("the sound %s has been altered: its name is not its digest", f.Path))
		}
	}
	return bad
}

// digest is what the name of a component's folder ends in, without a salt.
func (l *library) digest(directory string) string {
	h := sha256.New()
	part := func(b []byte) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		h.Write(b)
	}
	part(nil)
	for _, f := range l.Manifest.Files {
		if name, ok := strings.CutPrefix(f.Path, directory+"/"); ok {
			part([]byte(name))
			part(l.Data[f.Path])
		}
	}
	return short(h.Sum(nil))
}

// short is the first half of a digest as bundles write it.
func short(sum []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// unreached lists the documents that no call has come to.
func (l *library) unreached(w *walk) []string {
	var all []string
	for _, f := range l.Manifest.Files {
		if !w.reached[path.Join(w.x.base.Path, f.Path)] && !w.reached["/"+f.Path] {
			all = append(all, f.Path)
		}
	}
	return all
}
