package router_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/runtime/router"
)

const token = "00000000000000000000000000012345"

// sign is Twilio's side: the signature of a text.
func sign(token, text string) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// passed answers 200 and the body of the request.
var passed echo

type echo struct{}

func (echo) Reply(r *http.Request) router.Reply {
	body, _ := io.ReadAll(r.Body)
	return router.Reply{Status: http.StatusOK, Text: string(body)}
}

// require returns a handler that passes signed requests to passed.
func require(t testing.TB, s router.Signature) http.Handler {
	if s.Tokens == nil {
		s.Tokens = []string{token}
	}
	h, err := s.Require(passed)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Vectors of another implementation:
//
//	printf %s "$TEXT" | openssl dgst -sha1 -hmac 00000000000000000000000000012345 -binary | base64
func TestSignatureVectors(t *testing.T) {
	get := "https://ivr.example/menu.main-x/digits-1?CallSid=CA1&Digits=%2A&From=%2B14155550199"
	post := "https://ivr.example/status?foo=1&bar=2"
	form := "To=%2B14155550100&CallSid=CA1&Caller=%2B14155550199&Digits=1+2%203"
	h := require(t, router.Signature{PublicURL: "https://ivr.example"})
	if got := ask(h, "GET", get, "X-Twilio-Signature", "2cK5JMelqXIJaFRJS0KFvJ3sjLo=").Code; got != 200 {
		t.Errorf("GET: status %d", got)
	}
	r := httptest.NewRequest("POST", post, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	r.Header.Set("X-Twilio-Signature", "OnaT97fC0tGvz9QwdVa84zSdNjY=")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 200 || w.Body.String() != form {
		t.Errorf("POST: status %d, the next handler reads %q", w.Code, w.Body)
	}
}

func TestSignedURLs(t *testing.T) {
	const path = "/menu.main-x/digits-1?CallSid=CA1&Digits=*&x=a%2fb%2Fc"
	tests := map[string]struct {
		signature router.Signature
		signed    string // the origin, and a prefix, that Twilio was given
		host      string
		tls       bool
		headers   []string
		status    int
	}{
		"plain":                       {signed: "http://ivr.example", host: "ivr.example", status: 200},
		"plain with port":             {signed: "http://ivr.example:80", host: "ivr.example", status: 200},
		"plain, port sent":            {signed: "http://ivr.example", host: "ivr.example:80", status: 200},
		"another port":                {signed: "http://ivr.example:8080", host: "ivr.example:8080", status: 200},
		"another port left out":       {signed: "http://ivr.example", host: "ivr.example:8080", status: 200},
		"wrong port":                  {signed: "http://ivr.example:8081", host: "ivr.example:8080", status: 403},
		"IPv6":                        {signed: "http://[::1]", host: "[::1]:80", status: 200},
		"IPv6 without port":           {signed: "http://[::1]:80", host: "[::1]", status: 200},
		"wrong host":                  {signed: "http://ivr.example", host: "evil.example", status: 403},
		"wrong scheme":                {signed: "https://ivr.example", host: "ivr.example", status: 403},
		"TLS":                         {signed: "https://ivr.example", host: "ivr.example", tls: true, status: 200},
		"TLS with port":               {signed: "https://ivr.example:443", host: "ivr.example", tls: true, status: 200},
		"TLS, plain signed":           {signed: "http://ivr.example", host: "ivr.example", tls: true, status: 403},
		"public URL":                  {router.Signature{PublicURL: "https://ivr.example"}, "https://ivr.example", "10.0.0.1:8080", false, nil, 200},
		"public URL, slash":           {router.Signature{PublicURL: "https://ivr.example/"}, "https://ivr.example", "10.0.0.1:8080", false, nil, 200},
		"public URL, upper-case":      {router.Signature{PublicURL: "HTTPS://ivr.example"}, "https://ivr.example:443", "10.0.0.1:8080", false, nil, 200},
		"public URL, port":            {router.Signature{PublicURL: "https://ivr.example:443"}, "https://ivr.example", "10.0.0.1:8080", false, nil, 200},
		"public URL, port added":      {router.Signature{PublicURL: "https://ivr.example"}, "https://ivr.example:443", "10.0.0.1:8080", false, nil, 200},
		"public URL, password":        {router.Signature{PublicURL: "https://u:p@ivr.example"}, "https://u:p@ivr.example", "10.0.0.1:8080", false, nil, 200},
		"public URL, path":            {router.Signature{PublicURL: "https://ivr.example/ivr/"}, "https://ivr.example/ivr", "10.0.0.1:8080", false, nil, 200},
		"public URL, path not signed": {router.Signature{PublicURL: "https://ivr.example/ivr"}, "https://ivr.example", "10.0.0.1:8080", false, nil, 403},
		"public URL, not signed":      {router.Signature{PublicURL: "https://ivr.example"}, "http://10.0.0.1:8080", "10.0.0.1:8080", false, nil, 403},
		"public URL, headers ignored": {router.Signature{PublicURL: "https://ivr.example", TrustProxy: true}, "https://evil.example", "10.0.0.1:8080", false,
			[]string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example"}, 403},
		"proxy": {router.Signature{TrustProxy: true}, "https://ivr.example", "10.0.0.1:8080", false,
			[]string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "ivr.example"}, 200},
		"two proxies": {router.Signature{TrustProxy: true}, "https://ivr.example", "10.0.0.1:8080", false,
			[]string{"X-Forwarded-Proto", "HTTPS, http", "X-Forwarded-Host", "ivr.example , inner.example"}, 200},
		"proxy keeps host": {router.Signature{TrustProxy: true}, "https://ivr.example", "ivr.example", false, []string{"X-Forwarded-Proto", "https"}, 200},
		"proxy, other scheme": {router.Signature{TrustProxy: true}, "ftp://ivr.example", "ivr.example", false,
			[]string{"X-Forwarded-Proto", "ftp"}, 403},
		"proxy not trusted": {router.Signature{}, "https://ivr.example", "10.0.0.1:8080", false,
			[]string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "ivr.example"}, 403},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, target := range []string{path, "http://" + test.host + path} {
				r := httptest.NewRequest("GET", target, nil)
				r.Host = test.host
				r.Header.Set("X-Twilio-Signature", sign(token, test.signed+path))
				if test.tls {
					r.TLS = &tls.ConnectionState{}
				}
				for i := 0; i < len(test.headers); i += 2 {
					r.Header.Set(test.headers[i], test.headers[i+1])
				}
				w := httptest.NewRecorder()
				require(t, test.signature).ServeHTTP(w, r)
				if w.Code != test.status {
					t.Errorf("GET %s: status %d, want %d", target, w.Code, test.status)
				}
			}
		})
	}
}

// A handler that takes the path away itself, behind the check, needs no other public URL.
func TestSignedPathWithoutProxy(t *testing.T) {
	h := require(t, router.Signature{PublicURL: "https://ivr.example/ivr"})
	w := ask(h, "GET", "/ivr/menu?Digits=1", "X-Twilio-Signature", sign(token, "https://ivr.example/ivr/menu?Digits=1"))
	if w.Code != 200 {
		t.Errorf("status %d", w.Code)
	}
}

func TestUnsignedRequestsAreRefusedAlike(t *testing.T) {
	h := require(t, router.Signature{Tokens: []string{token, "second"}, PublicURL: "https://ivr.example"})
	const target = "/menu.main-x/digits-1?CallSid=CA1&Digits=2"
	good := sign(token, "https://ivr.example"+target)
	tests := map[string]struct {
		target  string
		headers []string
		status  int
	}{
		"signed":           {target, []string{"X-Twilio-Signature", good}, 200},
		"second token":     {target, []string{"X-Twilio-Signature", sign("second", "https://ivr.example"+target)}, 200},
		"old token":        {target, []string{"X-Twilio-Signature", sign("old", "https://ivr.example"+target)}, 403},
		"empty token":      {target, []string{"X-Twilio-Signature", sign("", "https://ivr.example"+target)}, 403},
		"none":             {target, nil, 403},
		"empty":            {target, []string{"X-Twilio-Signature", ""}, 403},
		"twice":            {target, []string{"X-Twilio-Signature", good, "X-Twilio-Signature", good}, 403},
		"two in one":       {target, []string{"X-Twilio-Signature", good + ", " + good}, 403},
		"half":             {target, []string{"X-Twilio-Signature", good[:14]}, 403},
		"longer":           {target, []string{"X-Twilio-Signature", good + "="}, 403},
		"other case":       {target, []string{"X-Twilio-Signature", strings.ToLower(good)}, 403},
		"other value":      {strings.Replace(target, "Digits=2", "Digits=1", 1), []string{"X-Twilio-Signature", good}, 403},
		"added parameter":  {target + "&Digits=1", []string{"X-Twilio-Signature", good}, 403},
		"same again":       {target + "&Digits=2", []string{"X-Twilio-Signature", good}, 403},
		"in front":         {strings.Replace(target, "?", "?Digits=1&", 1), []string{"X-Twilio-Signature", good}, 403},
		"other order":      {"/menu.main-x/digits-1?Digits=2&CallSid=CA1", []string{"X-Twilio-Signature", good}, 403},
		"other encoding":   {strings.Replace(target, "CA1", "C%411", 1), []string{"X-Twilio-Signature", good}, 403},
		"empty query":      {"/menu.main-x/digits-1?", []string{"X-Twilio-Signature", sign(token, "https://ivr.example/menu.main-x/digits-1")}, 403},
		"health":           {router.HealthPath, nil, 200},
		"beside health":    {router.HealthPath + "/x", nil, 403},
		"health in a path": {"/x" + router.HealthPath, nil, 403},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, method := range []string{"GET", "HEAD"} {
				w := ask(h, method, test.target, test.headers...)
				if w.Code != test.status {
					t.Errorf("%s: status %d, want %d", method, w.Code, test.status)
				}
				if want := "403: the request does not carry a valid signature of the account.\n"; w.Code == 403 && method == "GET" && w.Body.String() != want {
					t.Errorf("the refusal says %q", w.Body)
				}
			}
		})
	}
}
