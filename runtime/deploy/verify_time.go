package deploy

import (
	"bytes"
	"errors"
	"net/http"
	"path"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A decision on the time is answered by the clock of the host, which may be a little
// ahead. So any of its documents will do, and some hosts answer with a redirect to it.

// timed is the decision on the time at a path, to which a document is an answer.
func (v *verification) timed(document, at string) (bundle.Decision, bool) {
	index := bundle.NewIndex(v.bundle)
	location, ok := index.Locate(document)
	if !ok {
		return bundle.Decision{}, false
	}
	d, ok := index.Hours(location.Block.Address)
	d.Path = at
	return d, ok
}

// checkTimed checks the answer to a decision on the time.
func (v *verification) checkTimed(c check, header http.Header, body []byte) error {
	for _, answer := range c.decision.Answers() {
		document := c.decision.Document(answer)
		if digest(body) != v.file(document).SHA256 && !bytes.Contains(body, []byte(">"+path.Base(document)+"</Redirect>")) {
			continue
		}
		if !strings.Contains(header.Get("Cache-Control"), "no-store") {
			return errors.New("the host lets the answer be kept that depends on the time (Cache-Control); make its configuration again: ivrc router")
		}
		return nil
	}
	return errors.New("the decision on the time is answered with another document: the router is not installed, or older than opening hours; see ivrc router")
}
