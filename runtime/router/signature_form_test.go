package router_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ivrc/ivrc/runtime/router"
)

// post sends a form with a signature to a handler that checks it.
func post(h http.Handler, target, kind string, body io.Reader, signature string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", target, body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("X-Twilio-Signature", signature)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestSignedForms(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	const at = "https://ivr.example/status?x=1"
	tests := map[string]struct {
		kind, body, signed string
		status             int
	}{
		"form":            {form, "b=2&a=1", at + "a1b2", 200},
		"sorted by bytes": {form, "b=2&a=1&B=3&A=4", at + "A4B3a1b2", 200},
		"decoded":         {form, "To=%2B14155550100&Body=a+b%20c", at + "Bodya b cTo+14155550100", 200},
		"empty value":     {form, "a=&b", at + "ab", 200},
		"charset":         {"Application/X-WWW-Form-URLencoded; charset=utf-8", "a=1", at + "a1", 200},
		"no form":         {"", "", at, 200},
		"empty JSON":      {"application/json", "", at, 200},
		"not signed":      {form, "a=1", at, 403},
		"not sorted":      {form, "b=2&a=1", at + "b2a1", 403},
		"not decoded":     {form, "a=%31", at + "a%31", 403},
		"added":           {form, "a=1&b=2", at + "a1", 403},
		"twice":           {form, "a=1&a=1", at + "a1", 403},
		"twice, both":     {form, "a=1&a=2", at + "a1a2", 403},
		"twice, encoded":  {form, "a=1&%61=2", at + "a1a2", 403},
		"broken escape":   {form, "a=%zz", at + "a%zz", 403},
		"semicolon":       {form, "a=1;b=2", at + "a1;b2", 403},
		"JSON":            {"application/json", `{"a":1}`, at, 403},
		"no type":         {"", "a=1", at + "a1", 403},
		"broken type":     {"application/;", "a=1", at + "a1", 403},
		"largest":         {form, "a=" + strings.Repeat("1", 64<<10-2), at + "a" + strings.Repeat("1", 64<<10-2), 200},
		"larger":          {form, "a=" + strings.Repeat("1", 64<<10-1), at + "a" + strings.Repeat("1", 64<<10-1), 403},
	}
	h := require(t, router.Signature{PublicURL: "https://ivr.example"})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := post(h, "/status?x=1", test.kind, strings.NewReader(test.body), sign(token, test.signed))
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			if w.Code == 200 && w.Body.String() != test.body {
				t.Errorf("the next handler reads %.80q", w.Body)
			}
		})
	}
}

func TestAFormThatBreaksOffIsRefused(t *testing.T) {
	h := require(t, router.Signature{PublicURL: "https://ivr.example"})
	body := io.MultiReader(strings.NewReader("a=1"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if w := post(h, "/status", "application/x-www-form-urlencoded", body, sign(token, "https://ivr.example/statusa1")); w.Code != 403 {
		t.Errorf("status %d", w.Code)
	}
}

// A POST that Twilio signed still learns from the router why it is refused.
func TestASignedPostIsToldTheReason(t *testing.T) {
	h, err := router.Signature{Tokens: []string{token}}.Require(router.New(sampleBundle(t)))
	if err != nil {
		t.Fatal(err)
	}
	w := post(h, "http://ivr.example/menu.main-b/digits-1~1.2.3", "application/x-www-form-urlencoded",
		strings.NewReader("Digits=2"), sign(token, "http://ivr.example/menu.main-b/digits-1~1.2.3Digits2"))
	if w.Code != 405 || !strings.Contains(w.Body.String(), "VoiceMethod") {
		t.Errorf("status %d, body %q", w.Code, w.Body)
	}
}

func TestOptionsThatAreRefused(t *testing.T) {
	tests := map[string]router.Signature{
		"no token":        {},
		"empty token":     {Tokens: []string{token, ""}},
		"no scheme":       {Tokens: []string{token}, PublicURL: "ivr.example"},
		"other scheme":    {Tokens: []string{token}, PublicURL: "ftp://ivr.example"},
		"no host":         {Tokens: []string{token}, PublicURL: "https:///ivr"},
		"opaque":          {Tokens: []string{token}, PublicURL: "https:ivr.example"},
		"query":           {Tokens: []string{token}, PublicURL: "https://ivr.example/?"},
		"fragment":        {Tokens: []string{token}, PublicURL: "https://ivr.example/#rc=2"},
		"not a URL":       {Tokens: []string{token}, PublicURL: "https://u:secret@ivr.example:port/"},
		"control char":    {Tokens: []string{token}, PublicURL: "https://u:secret@ivr.example/\n"},
		"secret in query": {Tokens: []string{token}, PublicURL: "https://u:secret@ivr.example/?secret"},
	}
	for name, s := range tests {
		_, err := s.Require(passed)
		if err == nil {
			t.Errorf("%s: is accepted", name)
		} else if strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error tells a secret: %v", name, err)
		}
	}
}

// Law: of all URLs and forms, exactly those pass whose text, put together by the
// recipe in Twilio's documentation, gives the signature.
func FuzzSignature(f *testing.F) {
	f.Add("/menu?Digits=2", "a=1&b=2", "")
	f.Add("/menu", "a=1&a=2", "a1a2")
	f.Add("/a%2fb?x=%2A&y=*", "To=%2B14155550100", "To+14155550100")
	f.Fuzz(func(t *testing.T, target, body, text string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || !strings.HasPrefix(target, "/") || strings.ContainsAny(target, " \t\r\n\x00") || u.Path == router.HealthPath {
			return
		}
		h, err := router.Signature{Tokens: []string{token}, PublicURL: "https://ivr.example"}.Require(passed)
		if err != nil {
			t.Fatal(err)
		}
		recipe, valid := formText(body)
		for _, text := range []string{recipe, text} {
			mac := hmac.New(sha1.New, []byte(token))
			mac.Write([]byte("https://ivr.example" + target + text))
			r := &http.Request{Method: "POST", URL: u, RequestURI: target, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{
				"Content-Type":       {"application/x-www-form-urlencoded"},
				"X-Twilio-Signature": {base64.StdEncoding.EncodeToString(mac.Sum(nil))},
			}}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if want := valid && text == recipe; (w.Code == 200) != want {
				t.Errorf("POST %q with %q, signed with %q: status %d, want valid %t", target, body, text, w.Code, want)
			}
		}
	})
}

// formText is what a form adds to the signed text, and whether the form has each
// of its fields once.
func formText(body string) (string, bool) {
	fields, err := url.ParseQuery(body)
	if err != nil || len(body) > 64<<10 {
		return "", false
	}
	var names []string
	for name, values := range fields {
		if len(values) != 1 {
			return "", false
		}
		names = append(names, name)
	}
	sort.Strings(names)
	text := ""
	for _, name := range names {
		text += name + fields.Get(name)
	}
	return text, true
}
