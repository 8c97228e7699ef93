package router

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Twilio signs each request with the account's auth token. The signature is the
// HMAC-SHA1, in Base64, of the URL as Twilio was given it, without the fragment. In
// a POST, the names and values of the form's fields follow, sorted by name, with
// nothing between them:
//
//	GET   https://ivr.example/menu.main-x/digits-1?CallSid=CA1&Digits=2
//	POST  https://ivr.example/statusCallSidCA1CallStatusbusy
//
// https://www.twilio.com/docs/usage/security#validating-requests. Twilio is not
// consistent about the port, so the URL is accepted with and without it, as in
// Twilio's own libraries.

// forbidden does not say what was expected.
const forbidden = "403: the request does not carry a valid signature of the account.\n"

// maxForm is the size of the largest form that is read before its signature is
// known, in bytes.
const maxForm = 64 << 10

// A Signature says how to recognise a request that Twilio signed.
type Signature struct {
	// Tokens are auth tokens of the account (API keys do not sign). During a
	// rotation there are two, the primary and the secondary.
	Tokens []string
	// Renewed, if not nil, is asked for the tokens at every request instead of
	// Tokens, so that they can be rotated while calls are in progress.
	Renewed func() []string
	// PublicURL is the address at which Twilio reaches the server, if that is not
	// the address of the request itself: "https://ivr.example", or
	// "https://ivr.example/ivr" behind a proxy that removes the path /ivr.
	PublicURL string
	// TrustProxy believes X-Forwarded-Proto and X-Forwarded-Host where there is
	// no PublicURL. A proxy must set both, or clients could.
	TrustProxy bool
	// OpenAudio lets requests for audio pass unsigned. Twilio does not document
	// whether it signs them; audio is named by its content and reveals nothing
	// about a call flow.
	OpenAudio bool
}

// A Verifier answers only requests that Twilio signed. See [Signature.Require].
type Verifier struct {
	next       Replier
	tokens     func() []string
	public     string // scheme and host of the public URL, "" if there is none
	prefix     string // path of the public URL without a slash at the end
	trustProxy bool
	openAudio  bool
}

// Require returns a handler that passes signed requests on to next and answers
// all others with 403. It lets requests for [HealthPath] and [ReadyPath] through.
//
// A request that is sent again exactly as Twilio signed it passes again, and must:
// a caller who presses the same key at the same prompt twice makes Twilio send it.
// The answer is the same document as before, and nothing happens by it.
func (s Signature) Require(next Replier) (*Verifier, error) {
	tokens := s.Renewed
	if tokens == nil {
		tokens = func() []string { return s.Tokens }
	}
	if given := tokens(); len(given) == 0 || slices.Contains(given, "") {
		return nil, errors.New("signature: an auth token is missing or empty; anybody could sign with an empty one")
	}
	v := &Verifier{next: next, tokens: tokens, trustProxy: s.TrustProxy, openAudio: s.OpenAudio}
	if s.PublicURL == "" {
		return v, nil
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(s.PublicURL, "?#") {
		// It may hold a password, so it is not repeated.
		return nil, errors.New("signature: the public URL must be one like https://ivr.example, without query and fragment")
	}
	authority, path, _ := strings.Cut(s.PublicURL[len(u.Scheme+"://"):], "/")
	v.public = u.Scheme + "://" + authority
	v.prefix = strings.TrimRight("/"+path, "/")
	return v, nil
}

// ServeHTTP answers a request.
func (v *Verifier) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reply := v.Reply(r)
	reply.Send(w, r)
}

// Reply returns the answer to a signed request, and otherwise a refusal.
func (v *Verifier) Reply(r *http.Request) Reply {
	if isProbe(r.URL.Path) || v.openAudio && strings.HasPrefix(strings.TrimPrefix(r.URL.Path, v.prefix), "/audio/") {
		return v.next.Reply(r)
	}
	fields, readable := "", true
	if r.Method == http.MethodPost {
		r, fields, readable = signedForm(r)
	}
	if !v.signed(r, fields) || !readable {
		return Reply{Status: http.StatusForbidden, Refusal: refusalOf(r, readable), Text: forbidden}
	}
	return v.next.Reply(r)
}

// refusalOf tells the operator, and nobody else, why a request was refused.
func refusalOf(r *http.Request, readable bool) Refusal {
	switch {
	case len(r.Header["X-Twilio-Signature"]) == 0:
		return Unsigned
	case !readable:
		return UnreadableForm
	}
	return WronglySigned
}

// signed reports whether the request's one signature is that of one of its
// possible URLs and one of the tokens. The time it takes does not depend on
// which of them fits, nor on how much of it does, nor on whether there is one.
func (v *Verifier) signed(r *http.Request, fields string) bool {
	given := ""
	if all := r.Header["X-Twilio-Signature"]; len(all) == 1 {
		given = all[0]
	}
	origin, ok := v.origin(r)
	target := v.target(r) + fields
	signed := false
	for _, o := range portVariants(origin) {
		for _, token := range v.tokens() {
			want := sum(token, o, target)
			signed = hmac.Equal([]byte(want), []byte(given)) && token != "" || signed
		}
	}
	return signed && ok
}

// Sign returns what Twilio sends as X-Twilio-Signature when it gets a URL, which
// has no fragment.
func Sign(token, url string) string { return sum(token, url, "") }

// sum signs a text that is given in two parts.
func sum(token, origin, target string) string {
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = io.WriteString(mac, origin)
	_, _ = io.WriteString(mac, target)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// origin returns scheme and host as Twilio saw them.
func (v *Verifier) origin(r *http.Request) (string, bool) {
	if v.public != "" {
		return v.public, true
	}
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if v.trustProxy {
		if proto := first(r.Header, "X-Forwarded-Proto"); proto != "" {
			scheme = strings.ToLower(proto)
		}
		if forwarded := first(r.Header, "X-Forwarded-Host"); forwarded != "" {
			host = forwarded
		}
	}
	return scheme + "://" + host, scheme == "https" || scheme == "http"
}

// target returns path and query as Twilio sent them, undecoded.
func (v *Verifier) target(r *http.Request) string {
	target := r.RequestURI
	if !strings.HasPrefix(target, "/") {
		target = r.URL.RequestURI() // "GET http://ivr.example/menu HTTP/1.1"
	}
	if strings.HasPrefix(target, v.prefix+"/") {
		return target // no proxy removed the prefix
	}
	return v.prefix + target
}

// first returns what the outermost proxy wrote into a header, or "" if none did.
func first(h http.Header, name string) string {
	value, _, _ := strings.Cut(h.Get(name), ",")
	return strings.TrimSpace(value)
}

// portVariants returns an origin as it is, and with its port removed or, if it has
// none, the default port of the scheme added.
func portVariants(origin string) [2]string {
	colon := strings.LastIndexByte(origin, ':')
	// Not the colon of "https://", of "user:password@" or of "[::1]".
	if colon > strings.LastIndexAny(origin, "/@]") {
		return [2]string{origin, origin[:colon]}
	}
	if strings.HasPrefix(origin, "https:") {
		return [2]string{origin, origin + ":443"}
	}
	return [2]string{origin, origin + ":80"}
}

// signedForm reads the form of a POST. It returns the request with its body
// unread, and the form's part of what is signed. A field that occurs twice is
// refused: Twilio never sends one, and the signature would not tell the two apart.
func signedForm(r *http.Request) (*http.Request, string, bool) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxForm+1))
	if err != nil || len(body) > maxForm {
		return r, "", false
	}
	unread := new(http.Request)
	*unread = *r
	unread.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) == 0 {
		return unread, "", true
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return r, "", false
	}
	fields, err := url.ParseQuery(string(body))
	if err != nil {
		return r, "", false
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if len(fields[name]) != 1 {
			return r, "", false
		}
		text.WriteString(name + fields[name][0])
	}
	return unread, text.String(), true
}
