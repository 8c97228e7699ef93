package router

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// allowed is the methods by which documents are read.
const allowed = "GET, HEAD"

// HealthPath is answered with 200 and the digest of the bundle that is served,
// to anybody. No bundle holds a file of this name: its files have a type.
const HealthPath = "/healthz"

// Refusals. Twilio shows the first lines of them in its debugger.
const (
	notFound         = "404: the bundle has no document at this address.\n"
	methodNotAllowed = "405: the documents of a bundle are read with GET or HEAD only. " +
		"If Twilio asked: a link lacks method=\"GET\", or the VoiceMethod of the phone number is still POST.\n"
)

// Header values that are the same in every response. Nothing writes to them.
var (
	forEver   = []string{"public, max-age=31536000, immutable"}
	neverKept = []string{"no-store"}
	noSniff   = []string{"nosniff"}
	plainText = []string{"text/plain; charset=utf-8"}
)

// A Handler serves the files of a bundle below public/, and nothing else. It
// redirects on no path, because Twilio drops the parameters of a request when it
// follows a redirect: https://www.twilio.com/docs/voice/twiml/gather#troubleshooting.
// It is safe for concurrent use.
type Handler struct {
	switching sync.Mutex // held by Swap
	site      atomic.Pointer[site]
}

// New returns a handler that serves a bundle as [bundle.Read] returns it. It
// keeps the contents of the files, but not the bundle.
func New(b *bundle.Bundle) *Handler {
	h := &Handler{}
	h.site.Store(new(site).next(b))
	return h
}

// Swap serves another bundle from now on. Requests that are being answered are
// not disturbed, and calls in progress go on with the documents they began with:
// documents that the new bundle lacks stay for the next 16 swaps. To swap to the
// bundle that is served already changes nothing.
func (h *Handler) Swap(b *bundle.Bundle) {
	h.switching.Lock()
	defer h.switching.Unlock()
	s := h.site.Load()
	if b.Manifest.Digest != "" && b.Manifest.Digest == s.digest {
		return
	}
	h.site.Store(s.next(b))
}

// ServeHTTP answers a request by [Route].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", allowed)
		plain(w, r, http.StatusMethodNotAllowed, methodNotAllowed)
		return
	}
	s := h.site.Load()
	if r.URL.Path == HealthPath {
		plain(w, r, http.StatusOK, "ok "+s.digest+"\n")
		return
	}
	var space [256]byte // a longer path allocates
	path := appendRoute(space[:0], r.URL.Path, r.URL.RawQuery)
	found, ok := s.documents[string(path)]
	if !ok {
		plain(w, r, http.StatusNotFound, notFound)
		return
	}
	if l, ok := w.(*logged); ok {
		l.document = string(path)
	}
	found.serve(w, r)
}

// serve sends a document, or 304 to who has it already.
func (d *document) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Content-Type"] = d.contentType[:]
	h["Cache-Control"] = forEver
	h["Etag"] = d.etag[:]
	h["X-Content-Type-Options"] = noSniff
	if strings.HasPrefix(d.contentType[0], "audio/") {
		// Players ask for parts of a recording, and resume.
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.content))
		return
	}
	if has := r.Header["If-None-Match"]; has != nil && matches(has, d.etag[0]) {
		delete(h, "Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Length"] = d.length[:]
	if r.Method != http.MethodHead {
		_, _ = w.Write(d.content) // an error means that the client is gone
	}
}

// matches compares the entity tags of If-None-Match, weakly as RFC 9110 section
// 13.1.2 wants, with a document's.
func matches(header []string, etag string) bool {
	for _, line := range header {
		for tag := range strings.SplitSeq(line, ",") {
			tag = strings.TrimSpace(tag)
			if tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
				return true
			}
		}
	}
	return false
}

// plain answers with a line of text that nobody may keep: what is missing now
// may be there after the next release.
func plain(w http.ResponseWriter, r *http.Request, status int, text string) {
	h := w.Header()
	h["Content-Type"] = plainText
	h["Cache-Control"] = neverKept
	h["X-Content-Type-Options"] = noSniff
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, text) // an error means that the client is gone
	}
}
