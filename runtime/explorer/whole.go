package explorer

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"iter"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A bundle describes itself: its manifest lists every file with its digest, the
// names of its folders are digests of what is in them, its decisions have one rule,
// and it lists its numbers and queues. Before the walk, what is served is compared
// with that.

// A library is a bundle, and where things are in it.
type library struct {
	*bundle.Bundle
	index  *bundle.Index
	files  map[string]*bundle.FileRow
	queues map[string]bool // by friendly name

	callers []string // one of each kind; see kindsOfCallers
}

func newLibrary(b *bundle.Bundle) *library {
	l := &library{Bundle: b, index: bundle.NewIndex(b), files: map[string]*bundle.FileRow{}, queues: map[string]bool{}}
	for i := range b.Manifest.Files {
		l.files[b.Manifest.Files[i].Path] = &b.Manifest.Files[i]
	}
	for _, q := range b.Manifest.Queues {
		l.queues[q.FriendlyName] = true
	}
	l.callers = l.kindsOfCallers()
	return l
}

// below is the path of an address below the folder that the bundle is served in.
func (w *walk) below(address string) (string, bool) {
	address, _, _ = strings.Cut(address, "?")
	return strings.CutPrefix(address, w.base.String())
}

// served is the path of the document that answers a request: of a decision, the
// document of its answer.
func (w *walk) served(p string, extra url.Values, at time.Time) string {
	d, ok := bundle.DecisionAt(p)
	if w.bundle == nil || !ok {
		return p
	}
	return d.Document(d.Answer(func(parameter string) string {
		switch parameter {
		case "From":
			return url.QueryEscape(w.caller.From)
		case "CallSid":
			return w.caller.CallSID
		}
		return url.QueryEscape(extra.Get(parameter))
	}, at))
}

// checkWhole compares what is served with the manifest.
func (w *walk) checkWhole() {
	if w.bundle == nil {
		return
	}
	amiss := func(document, text string) { w.note(Violation{Law: Whole, Document: document, Text: text}, nil, -1) }
	if err := w.Bundle.Check(); err != nil {
		amiss("", err.Error())
	}
	for _, f := range w.Bundle.Manifest.Files {
		if text := w.differs(f.Path, "", &f, time.Time{}); text != "" {
			amiss("/"+f.Path, text)
		}
	}
	for _, d := range w.bundle.decisions() {
		for _, q := range w.bundle.queries(d) {
			if text := w.differs(d.Address(), q.text, q.answer, time.Time{}); text != "" {
				amiss("/"+d.Address(), text)
			}
		}
	}
	for _, text := range w.bundle.misnamed() {
		amiss("", text)
	}
}

// checkNumbers checks that every number is answered by the block that describes it.
func (w *walk) checkNumbers() {
	if w.bundle == nil {
		return
	}
	for _, n := range w.Bundle.Manifest.Numbers {
		at, ok := w.bundle.index.Locate(n.Answer)
		if !ok || at.Block.Address != bundle.KindNumber+"."+n.Name || at.Block.Setting("phone_number") != n.PhoneNumber {
			w.note(Violation{Law: Described, Document: "/" + n.Answer,
				Text: fmt.Sprintf("it answers the number %s, and is not described as number.%s", n.PhoneNumber, n.Name)}, nil, -1)
		}
	}
}

// checkQueue checks that the bundle lists a queue of a name.
func (w *walk) checkQueue(s *state, name string) {
	name = strings.TrimSpace(name)
	if w.bundle == nil || w.bundle.queues[name] {
		return
	}
	w.note(Violation{Law: Described, Document: s.page.Path,
		Text: fmt.Sprintf("the queue is called %q, and the manifest knows none of that name: it has no size, and nobody takes its callers", name)}, s, -1)
}

// keysAt returns the keys that a menu or a queue knows, and whether the bundle describes it.
// The address is that of the decision about the keys.
func (w *walk) keysAt(address string) ([]string, bool) {
	if w.bundle == nil {
		return nil, false
	}
	p, ok := w.below(address)
	if !ok {
		return nil, false
	}
	at, ok := w.bundle.index.Locate(p)
	if !ok || at.Block.Kind() != bundle.KindMenu && at.Block.Kind() != bundle.KindEntry && at.Block.Kind() != bundle.KindQueue {
		return nil, false
	}
	keys := []string{at.Block.Setting("back"), at.Block.Setting("repeat")}
	for _, e := range at.Block.Exits {
		if bundle.IsKey(e.On) {
			keys = append(keys, e.On)
		}
	}
	return keys, true
}

// differs requests an address below the base at a time and compares the answer with a file.
func (w *walk) differs(p, query string, f *bundle.FileRow, at time.Time) string {
	u := *w.base
	u.Path, u.RawQuery = path.Join(u.Path, p), query
	asked := p
	if query != "" {
		asked += "?" + query
	}
	answer, err := w.session.Get(w.ctx, &fetch.Request{Method: "GET", URL: &u, At: at}, nil, nil)
	switch {
	case err != nil:
		return fmt.Sprintf("the request for %s is not answered: %v", asked, err)
	case answer.Status != 200:
		return fmt.Sprintf("the request for %s is answered with %d", asked, answer.Status)
	case answer.Header.Get("Content-Type") != f.Type:
		return fmt.Sprintf("%s has the content type %q; the manifest says %q", asked, answer.Header.Get("Content-Type"), f.Type)
	case !bytes.Equal(answer.Body, w.Bundle.Data[f.Path]):
		return fmt.Sprintf("the answer to %s is not the document %s of the bundle", asked, f.Path)
	}
	return ""
}

// decisions lists all decisions but those on the time, in the order of paths.
func (l *library) decisions() []bundle.Decision {
	var all []bundle.Decision
	for _, f := range l.Manifest.Files {
		at, _, kind := bundle.CutAnswer(f.Path)
		if kind != nil && !kind.Clock && (len(all) == 0 || all[len(all)-1].Path != at) {
			all = append(all, l.Manifest.Decision(at))
		}
	}
	return all
}

// A query asks a decision, and has one answer.
type query struct {
	text   string
	answer *bundle.FileRow
}

// queries lists every query that a decision tells apart, and the file that
// answers it.
func (l *library) queries(d bundle.Decision) []query {
	var all []query
	add := func(text, answer string) {
		if f := l.files[d.Document(answer)]; f != nil {
			all = append(all, query{text, f})
		}
	}
	for _, word := range d.Known() {
		for _, spelling := range d.Spellings(word) {
			add(d.Parameter+"="+spelling, word)
		}
	}
	if u := d.Unless; u != nil {
		for _, spelling := range d.Spellings(u.Is) {
			add(d.Parameter+"="+spelling+"&"+u.Parameter+"="+u.Equals, u.Then)
		}
	}
	add("", d.Missing)
	add(d.Parameter+"=", d.Missing)
	add(d.Parameter+"=4711-nonsense", d.Unlisted)
	return all
}

// misnamed compares the names of folders and audio files with the digests of
// what is in them (docs/bundle.md, "Components"). Digests
// with a salt cannot be compared; if some names are right without one, there is none.
func (l *library) misnamed() []string {
	right := 0
	var bad []string
	for _, c := range l.Components {
		if strings.HasSuffix(c.Directory, "-"+bundle.ComponentHash("", l.documents(c.Directory))) {
			right++
			continue
		}
		bad = append(bad, fmt.Sprintf("the folder %s has been altered: its name is not the digest of what is in it", c.Directory))
	}
	if right == 0 {
		bad = nil // salted
	}
	for _, f := range l.Manifest.Files {
		name, isAudio := strings.CutPrefix(f.Path, "audio/")
		sum := sha256.Sum256(l.Data[f.Path])
		if isAudio && strings.TrimSuffix(name, path.Ext(name)) != bundle.ShortHash(sum[:]) {
			bad = append(bad, fmt.Sprintf("the audio file %s has been altered: its name is not its digest", f.Path))
		}
	}
	return bad
}

// documents iterates over the files of a directory by their names in it. Where they
// name the directory itself, they have zeros in place of its hash, as the hash was
// made.
func (l *library) documents(directory string) iter.Seq2[string, []byte] {
	hash := directory[strings.LastIndexByte(directory, '-')+1:]
	before := strings.TrimSuffix(directory, hash) + strings.Repeat("0", len(hash))
	return func(yield func(string, []byte) bool) {
		for _, f := range l.Manifest.Files {
			if name, ok := strings.CutPrefix(f.Path, directory+"/"); ok && !yield(name, bytes.ReplaceAll(l.Data[f.Path], []byte(directory), []byte(before))) {
				return
			}
		}
	}
}

// unreached lists the documents of the bundle that no call has come to.
func (w *walk) unreached() []string {
	var all []string
	for _, f := range w.Bundle.Manifest.Files {
		if !w.reached[path.Join(w.base.Path, f.Path)] && !w.reached["/"+f.Path] {
			all = append(all, f.Path)
		}
	}
	return all
}
