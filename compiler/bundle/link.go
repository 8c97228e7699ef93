package bundle

import (
	"bytes"
	"fmt"
	"iter"
	"net/url"
	"path"
	"strings"
)

// The documents of a decision do not say which words its address lists, so a lost
// document is not missed among them. The addresses stand in other documents, as
// actions:
//
//	<Gather action="digits-1~1.2.star" …>
//
// In the one form in which documents are written, a quotation mark in a text is
// escaped. So what looks like an action is one, and nothing has to be parsed.

// checkLinks reports a document that leads to a decision of which an answer is
// missing.
func (b *Bundle) checkLinks() error {
	for i := range b.Manifest.Files {
		from := b.Manifest.Files[i].Path
		for d := range decisionsIn(path.Dir(from), b.Data[from]) {
			if err := b.Manifest.checkAnswers(d); err != nil {
				return fmt.Errorf("%s: %w", from, err)
			}
		}
	}
	return nil
}

// decisionsIn are the decisions that a document of a directory leads to.
func decisionsIn(directory string, document []byte) iter.Seq[Decision] {
	return func(yield func(Decision) bool) {
		for _, mark := range []struct{ before, behind string }{{` action="`, `"`}, {`<Redirect method="GET">`, "<"}} {
			for rest := document; ; {
				_, after, found := bytes.Cut(rest, []byte(mark.before))
				link, after, closed := bytes.Cut(after, []byte(mark.behind))
				if !found || !closed {
					break
				}
				rest = after
				if d, ok := decisionOf(directory, strings.ReplaceAll(string(link), "&amp;", "&")); ok && !yield(d) {
					return
				}
			}
		}
	}
}

// decisionOf is the decision that a link in a document of a directory asks: beside
// the documents, or at another address.
func decisionOf(directory, link string) (Decision, bool) {
	if !strings.Contains(link, "://") {
		return DecisionAt(path.Join(directory, link))
	}
	u, err := url.Parse(link)
	if err != nil {
		return Decision{}, false
	}
	if u.Query().Has(ApplicationMark) { // it is told where the call returns
		back, err := url.Parse(u.Query().Get("return"))
		if err != nil {
			return Decision{}, false
		}
		return DecisionAt(path.Join(path.Base(path.Dir(back.Path)), path.Base(back.Path)))
	}
	if u.Query().Get(AskParameter) == "" {
		return Decision{}, false
	}
	return DecisionAt(u.Query().Get(AtParameter))
}

// Hours returns the decision on the time of hours with an address, "hours.door", and
// whether the bundle has any.
func (x *Index) Hours(address string) (Decision, bool) {
	for i := range x.bundle.Manifest.Files {
		file := x.bundle.Manifest.Files[i].Path
		if at, ok := x.Locate(file); !ok || at.Block.Address != address || at.Name != HoursName {
			continue
		}
		for d := range decisionsIn(path.Dir(file), x.bundle.Data[file]) {
			return d, true
		}
	}
	return Decision{}, false
}
