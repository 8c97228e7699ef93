package router

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A Replier decides how a request is answered. Each handler of this package is
// one. Whoever sends the reply, and not the handler, knows what to log and count:
//
//	reply := h.Reply(r)
//	reply.Send(w, r)
type Replier interface {
	// Reply returns the answer to a request, without sending it.
	Reply(r *http.Request) Reply
}

// A Reply is the answer to a request before it is sent: a document, or a line of
// text that says why there is none.
type Reply struct {
	// Status is the status of the response. The headers of the request may turn
	// the 200 of a document into 206, 304 or 416 when it is sent.
	Status   int
	Document string               // path below public/ of the document; "" if there is none
	Decision *bundle.DecisionKind // the kind of the decision that the request asked; nil if it asked none
	Probe    bool                 // the request asked how the server is
	Refusal  Refusal              // why the signature did not pass
	Text     string               // the body, where there is no document

	document *document
}

// A Refusal is the reason why the signature of a request did not pass.
type Refusal int

// The refusals. None is that of requests that passed or were not checked.
const (
	None           Refusal = iota
	Unsigned               // there is no signature
	WronglySigned          // there is one that does not match, or more than one
	UnreadableForm         // the body is no form, is too large, or names a field twice
)

// String names a refusal as logs and metrics do.
func (r Refusal) String() string {
	return [...]string{"", "unsigned", "wrongly_signed", "unreadable_form"}[r]
}

// What every host answers alike, in headers and in words.
const (
	// AllowedMethods is the value of Allow when a request has another method.
	AllowedMethods = "GET, HEAD"
	// KeepForever is the value of Cache-Control of documents, which never change.
	KeepForever = "public, max-age=31536000, immutable"
	// KeepNever is the value of Cache-Control of everything else, and of answers that
	// depend on the time: what is missing now may be there after the next release.
	KeepNever = "no-store"
	// MethodRefusal is the body of the answer to a request that has another method.
	MethodRefusal = "405: the documents of a bundle are read with GET or HEAD only. " +
		"If Twilio asked: a link lacks method=\"GET\", or the VoiceMethod of the phone number is still POST.\n"
)

// Header values that are the same in every response. Nothing writes to them.
var (
	forever   = []string{KeepForever}
	never     = []string{KeepNever}
	noSniff   = []string{"nosniff"}
	plainText = []string{"text/plain; charset=utf-8"}
)

// Send writes the reply. Documents may be kept forever, and clients that have one
// already get 304; nobody may keep anything else, nor what the time decides: the same
// address has another answer later.
func (a *Reply) Send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["X-Content-Type-Options"] = noSniff
	if a.document != nil {
		h["Cache-Control"] = forever
		if a.Decision != nil && a.Decision.Clock {
			h["Cache-Control"] = never
		}
		a.document.send(w, r)
		return
	}
	if a.Status == http.StatusMethodNotAllowed {
		h.Set("Allow", AllowedMethods)
	}
	h["Cache-Control"] = never
	h["Content-Type"] = plainText
	h.Set("Content-Length", strconv.Itoa(len(a.Text)))
	w.WriteHeader(a.Status)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, a.Text) // an error means that the client is gone
	}
}

// send writes a document.
func (d *document) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Content-Type"] = d.contentType[:]
	h["Etag"] = d.etag[:]
	if strings.HasPrefix(d.contentType[0], "audio/") {
		// Players ask for parts of a recording, and resume.
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.content))
		return
	}
	if tags := r.Header["If-None-Match"]; tags != nil && matches(tags, d.etag[0]) {
		delete(h, "Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Length"] = d.length[:]
	if r.Method != http.MethodHead {
		_, _ = w.Write(d.content) // an error means that the client is gone
	}
}

// matches compares the entity tags of If-None-Match with that of a document,
// weakly as RFC 9110, section 13.1.2, demands.
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
