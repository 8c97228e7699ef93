package router

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Requests for two paths are answered whether they are signed or not. No bundle
// holds files with these names: its files have an extension.
const (
	// HealthPath is answered with 200 and the digest of the current bundle, as
	// long as the program lives.
	HealthPath = "/healthz"
	// ReadyPath is answered likewise from the first bundle until [Handler.Leave],
	// and otherwise with 503, so that load balancers send requests to other servers.
	ReadyPath = "/readyz"
)

// isProbe reports whether a path is one of those.
func isProbe(path string) bool { return path == HealthPath || path == ReadyPath }

// What the other refusals say. Twilio shows the first lines of a body in its
// debugger.
const (
	notFound = "404: the bundle has no document at this address.\n"
	leaving  = "503: the server is about to stop.\n"
	nothing  = "503: there is nothing to serve yet.\n"
	lacking  = "503: what the server reads its documents from is empty or damaged; the log of the server says more.\n"
)

// A Handler serves the files below public/ of bundles, and nothing else. It never
// redirects, because Twilio drops the parameters of a request when it follows a
// redirect: https://www.twilio.com/docs/voice/twiml/gather#troubleshooting.
// It is safe for concurrent use.
type Handler struct {
	// Missing, if not nil, is called when a request asks for a document that is
	// not there but may belong to a release that the handler was not yet given.
	// When it returns, the handler looks once more. Set it before the first
	// request.
	Missing func(context.Context)
	// Prefix is the path of a public URL, such as "/calls", that a proxy may or
	// may not have removed: documents are found with it and without it. Set it
	// before the first request.
	Prefix string
	// Clock, if not nil, is the time at which a request is answered, which decides
	// where hours lead; otherwise it is now. Set it before the first request.
	Clock func(*http.Request) time.Time

	switching sync.Mutex // held by Swap
	releases  atomic.Pointer[ReleaseSet]
	left      atomic.Bool
	lacks     atomic.Bool
}

// New returns a handler that serves bundles as [Handler.Swap] takes them, if there
// are any yet. It keeps the contents of the files, but not the bundles.
func New(bundles ...*bundle.Bundle) *Handler {
	h := &Handler{}
	h.releases.Store(new(ReleaseSet).next(bundles))
	return h
}

// Swap makes another bundle the current one, and serves the documents of some
// others beside it. All are as [bundle.Read] returns them, or lack data. It does not disturb
// requests that are being answered, and calls in progress go on with the documents
// that they began with: documents that the new bundles lack stay for the next 16
// swaps. Swap returns false, and changes nothing, if it is given what is served
// already.
func (h *Handler) Swap(current *bundle.Bundle, others ...*bundle.Bundle) bool {
	h.switching.Lock()
	defer h.switching.Unlock()
	bundles := append([]*bundle.Bundle{current}, others...)
	s := h.releases.Load()
	if len(s.digests) > 0 && s.is(bundles) {
		return false
	}
	h.releases.Store(s.next(bundles))
	return true
}

// Releases returns what is served now.
func (h *Handler) Releases() *ReleaseSet { return h.releases.Load() }

// Lack says whether documents may be missing that belong to what is served. Requests
// for documents that are not there are answered with 503 then, and not with 404: the
// caller is not to blame, and the next reading may have them.
func (h *Handler) Lack(lacks bool) { h.lacks.Store(lacks) }

// Leave makes [ReadyPath] answer 503. Everything else is answered as before.
func (h *Handler) Leave() { h.left.Store(true) }

// ServeHTTP answers a request by [Route].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reply := h.Reply(r)
	reply.Send(w, r)
}

// Reply finds the document that answers a request by [Route].
func (h *Handler) Reply(r *http.Request) Reply {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return Reply{Status: http.StatusMethodNotAllowed, Text: MethodRefusal}
	}
	if isProbe(r.URL.Path) {
		return h.probe(r.URL.Path)
	}
	asked := r.URL.Path
	if h.Prefix != "" && strings.HasPrefix(asked, h.Prefix+"/") {
		asked = asked[len(h.Prefix):]
	}
	var space [256]byte // a longer path allocates
	path, decision := appendRoute(space[:0], asked, r.URL.RawQuery, h.now(r))
	found, ok := h.releases.Load().documents[string(path)]
	if !ok && h.Missing != nil && mayBeNamed(string(path)) {
		h.Missing(r.Context())
		found, ok = h.releases.Load().documents[string(path)]
	}
	switch {
	case !ok && h.lacks.Load() && mayBeNamed(string(path)):
		return Reply{Status: http.StatusServiceUnavailable, Text: lacking}
	case !ok:
		return Reply{Status: http.StatusNotFound, Text: notFound}
	}
	return Reply{Status: http.StatusOK, Document: found.path, Decision: decision, document: found.document}
}

// now is the time at which a request is answered.
func (h *Handler) now(r *http.Request) time.Time {
	if h.Clock != nil {
		return h.Clock(r)
	}
	return time.Now()
}

// probe says how the server is.
func (h *Handler) probe(path string) Reply {
	if path == ReadyPath && h.left.Load() {
		return Reply{Status: http.StatusServiceUnavailable, Probe: true, Text: leaving}
	}
	if path == ReadyPath && h.releases.Load().Bundles() == 0 {
		return Reply{Status: http.StatusServiceUnavailable, Probe: true, Text: nothing}
	}
	return Reply{Status: http.StatusOK, Probe: true, Text: "ok " + h.releases.Load().Current() + "\n"}
}

// mayBeNamed reports whether a path has the form of a document's: in the folder
// audio, or in one that is named for a component and its hash, which has 26
// characters. The paths that strangers try do not.
func mayBeNamed(path string) bool {
	folder, _, nested := strings.Cut(path, "/")
	return nested && (folder == "audio" || len(folder)-strings.LastIndexByte(folder, '-') > 26)
}
