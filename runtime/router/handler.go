package router

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Two paths are answered to anybody, signed or not. No bundle holds files of these
// names: its files have a type.
const (
	// HealthPath is answered with 200 and the digest of the bundle that is
	// served, as long as the program lives.
	HealthPath = "/healthz"
	// ReadyPath is answered likewise until [Handler.Leave], and then with 503: a
	// load balancer shall send its requests elsewhere.
	ReadyPath = "/readyz"
)

// isProbe reports whether a path is one of those.
func isProbe(path string) bool { return path == HealthPath || path == ReadyPath }

// What every host answers alike, in headers and in words.
const (
	// AllowedMethods is the value of Allow when a request has another method.
	AllowedMethods = "GET, HEAD"
	// KeepForever is the value of Cache-Control of documents, which never change.
	KeepForever = "public, max-age=31536000, immutable"
	// KeepNever is the value of Cache-Control of everything else: what is missing
	// now may be there after the next release.
	KeepNever = "no-store"
	// MethodRefusal is the body of the answer to a request that has another method.
	MethodRefusal = "405: the documents of a bundle are read with GET or HEAD only. " +
		"If Twilio asked: a link lacks method=\"GET\", or the VoiceMethod of the phone number is still POST.\n"
)

// The other refusals. Twilio shows the first lines of a body in its debugger.
const (
	notFound = "404: the bundle has no document at this address.\n"
	leaving  = "503: the server is about to stop.\n"
)

// Header values that are the same in every response. Nothing writes to them.
var (
	forEver   = []string{KeepForever}
	neverKept = []string{KeepNever}
	noSniff   = []string{"nosniff"}
	plainText = []string{"text/plain; charset=utf-8"}
)

// A Handler serves the files of a bundle below public/, and nothing else. It
// redirects on no path, because Twilio drops the parameters of a request when it
// follows a redirect: https://www.twilio.com/docs/voice/twiml/gather#troubleshooting.
// It is safe for concurrent use.
type Handler struct {
	// Missing, if not nil, is called when a document is asked for that is not
	// there, but may be one of a release that nobody has told the handler about.
	// When it returns, the handler looks once more. It is set before the first
	// request.
	Missing func(context.Context)
	// Prefix is a path, such as "/calls", below which documents are found as well
	// as without it: that of a public URL that no proxy has taken away. It is set
	// before the first request.
	Prefix string

	switching sync.Mutex // held by Swap
	site      atomic.Pointer[site]
	left      atomic.Bool
}

// New returns a handler that serves bundles as [Handler.Swap] takes them. It
// keeps the contents of the files, but not the bundles.
func New(current *bundle.Bundle, others ...*bundle.Bundle) *Handler {
	h := &Handler{}
	h.site.Store(new(site).next(append([]*bundle.Bundle{current}, others...)))
	return h
}

// Swap serves another bundle from now on, and beside it the documents of some
// others. All are as [bundle.Read] returns them. Requests that are being answered
// are not disturbed, and calls in progress go on with the documents they began
// with: documents that the new bundles lack stay for the next 16 swaps. To swap
// to what is served already changes nothing, and is reported as false.
func (h *Handler) Swap(current *bundle.Bundle, others ...*bundle.Bundle) bool {
	h.switching.Lock()
	defer h.switching.Unlock()
	bundles := append([]*bundle.Bundle{current}, others...)
	s := h.site.Load()
	if s.is(bundles) {
		return false
	}
	h.site.Store(s.next(bundles))
	return true
}

// Content returns the content of a file if it is served, and nil otherwise.
func (h *Handler) Content(f *bundle.File) []byte {
	if d, ok := h.site.Load().documents[f.Path]; ok && d.identity() == (identity{f.SHA256, f.Type}) {
		return d.content
	}
	return nil
}

// Leave lets [ReadyPath] be answered with 503. Everything else is answered as
// before.
func (h *Handler) Leave() { h.left.Store(true) }

// ServeHTTP answers a request by [Route].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", AllowedMethods)
		plain(w, r, http.StatusMethodNotAllowed, MethodRefusal)
		return
	}
	s := h.site.Load()
	if isProbe(r.URL.Path) {
		h.probe(w, r, s)
		return
	}
	var space [256]byte // a longer path allocates
	asked := r.URL.Path
	if h.Prefix != "" && strings.HasPrefix(asked, h.Prefix+"/") {
		asked = asked[len(h.Prefix):]
	}
	path := appendRoute(space[:0], asked, r.URL.RawQuery)
	found, ok := s.documents[string(path)]
	if !ok && h.Missing != nil && mayBeNamed(string(path)) {
		h.Missing(r.Context())
		found, ok = h.site.Load().documents[string(path)]
	}
	if !ok {
		plain(w, r, http.StatusNotFound, notFound)
		return
	}
	if o, ok := w.(*observed); ok {
		o.document, o.decision = string(path), bundle.DecisionAt(r.URL.Path)
	}
	found.serve(w, r)
}

// probe says how the server is.
func (h *Handler) probe(w http.ResponseWriter, r *http.Request, s *site) {
	if o, ok := w.(*observed); ok {
		o.probe = true
	}
	if r.URL.Path == ReadyPath && h.left.Load() {
		plain(w, r, http.StatusServiceUnavailable, leaving)
		return
	}
	plain(w, r, http.StatusOK, "ok "+s.digests[0]+"\n")
}

// mayBeNamed reports whether a path has the form of a document's: in a folder
// that is named for a component and its hash, 26 characters at least, or audio.
// What strangers ask for has not.
func mayBeNamed(path string) bool {
	folder, _, nested := strings.Cut(path, "/")
	return nested && (folder == "audio" || len(folder)-strings.LastIndexByte(folder, '-') > 26)
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
