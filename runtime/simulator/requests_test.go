package simulator_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// A journal remembers the requests that an application gets.
type journal struct {
	app
	requests []*http.Request
}

func (l *journal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	l.requests = append(l.requests, r)
	l.app.ServeHTTP(w, r)
}

// TestParameters is about what comes with a request
// (https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application).
func TestParameters(t *testing.T) {
	l := &journal{app: app{
		"/":     `<Redirect>/post</Redirect>`,
		"/post": `<Say>Hello.</Say>`,
	}}
	s := dial(t, l, "")
	s.AccountSID = "AC00000000000000000000000000000000"
	s.Seed = 7
	tr := run(t, s)[0]
	if len(l.requests) != 2 {
		t.Fatalf("%d requests", len(l.requests))
	}
	want := url.Values{
		"AccountSid": {s.AccountSID}, "ApiVersion": {"2010-04-01"}, "CallSid": {tr.CallSID}, "Direction": {"inbound"},
		"From": {caller}, "Caller": {caller}, "To": {number}, "Called": {number}, "CallStatus": {"ringing"},
	}
	for _, side := range []string{"From", "To", "Caller", "Called"} {
		for _, part := range []string{"City", "State", "Zip", "Country"} {
			want[side+part] = []string{""}
		}
	}
	first := l.requests[0]
	if first.Method != "GET" || first.Host != "simulated.example" || first.URL.Host != "" {
		t.Errorf("the first request is a %s to %s, %s", first.Method, first.Host, first.URL)
	}
	if diff := gocmp.Diff(want, first.URL.Query()); diff != "" {
		t.Errorf("the query, -want +got:\n%s", diff)
	}
	second := l.requests[1]
	if second.Method != "POST" || second.URL.RawQuery != "" {
		t.Errorf("the second request is %s %s", second.Method, second.URL)
	}
	if diff := gocmp.Diff(want, second.PostForm); diff != "" {
		t.Errorf("the form, -want +got:\n%s", diff)
	}
}

// TestQueryIsKept checks that parameters are added behind those that an address
// has already, and that a child call tells whose child it is.
func TestQueryIsKept(t *testing.T) {
	l := &journal{app: app{
		"/":        `<Gather numDigits="1" action="/get?menu=1&amp;x=%41#rc=2" method="GET"/>`,
		"/get":     `<Dial callerId="+14155550110"><Number url="/whisper" method="GET">` + alice + `</Number></Dial>`,
		"/whisper": ``,
	}}
	s := dial(t, l, "4")
	s.People = map[string]simulator.Person{alice: person(t, "answer")}
	tr := run(t, s)[0]
	if len(l.requests) != 3 {
		t.Fatalf("%d requests", len(l.requests))
	}
	if q := l.requests[1].URL.RawQuery; !strings.HasPrefix(q, "menu=1&x=%41&AccountSid=") || !strings.Contains(q, "&Digits=4&") {
		t.Errorf("the query is %s", q)
	}
	got := map[string]string{}
	for _, name := range []string{"ParentCallSid", "Direction", "From", "To", "CallStatus"} {
		got[name] = l.requests[2].Form.Get(name)
	}
	want := map[string]string{
		"ParentCallSid": tr.CallSID, "Direction": "outbound-dial", "From": "+14155550110", "To": alice, "CallStatus": "in-progress",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("the whisper's parameters, -want +got:\n%s", diff)
	}
}

// TestWithheldCallers calls as carriers write who withholds their number, and as
// others do, where carriers refuse a caller ID that is withheld.
func TestWithheldCallers(t *testing.T) {
	tests := map[bool]string{
		true: "anonymous,Anonymous,ANONYMOUS,anonymous@anonymous.invalid,sip:anonymous@192.0.2.1,client:Anonymous,Private Number," +
			"No Caller ID,unknown,Unavailable 1,restricted,BLOCKED,(withheld),Número privado,,+266696687,266696687,+7378742833,+464",
		false: "+14155550199,+17378742833,1001,sip:carol@zillum.example,carol@anonymous.example,client:bob,sip:private@zillum.example," +
			"client:unknowns,+2666966870",
	}
	for refused, list := range tests {
		for _, from := range strings.Split(list, ",") {
			s := dial(t, app{"/": `<Dial timeout="5"><Number>` + alice + `</Number></Dial>`}, "")
			s.Calls[0].From, s.Ambiguities = from, []simulator.Ambiguity{simulator.WithheldCaller}
			text := run(t, s)[0].Text(simulator.TextOptions{})
			if strings.Contains(text, "cannot be reached") != refused {
				t.Errorf("from %q, want refused %t:\n%s", from, refused, text)
			}
		}
	}
}

// TestSignature computes signatures as Twilio describes them
// (https://www.twilio.com/docs/usage/security#validating-requests).
func TestSignature(t *testing.T) {
	l := &journal{app: app{"/": `<Redirect>/post?x=1</Redirect>`, "/post": `<Say>Hello.</Say>`}}
	s := dial(t, l, "")
	s.AuthToken = "secret"
	run(t, s)
	for _, r := range l.requests {
		text := "https://simulated.example" + r.URL.RequestURI()
		var names []string
		for name := range r.PostForm {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			text += name + r.PostForm.Get(name)
		}
		mac := hmac.New(sha1.New, []byte("secret"))
		mac.Write([]byte(text))
		want := base64.StdEncoding.EncodeToString(mac.Sum(nil))
		if got := r.Header.Get("X-Twilio-Signature"); got != want {
			t.Errorf("%s %s is signed %q, want %q", r.Method, r.URL.Path, got, want)
		}
	}
	if len(l.requests) != 2 {
		t.Errorf("%d requests, want 2", len(l.requests))
	}
}

// TestHTTPRedirect checks that parameters are not sent again after an HTTP redirect
// (https://www.twilio.com/docs/voice/twiml/gather#troubleshooting) unless the other
// reading is chosen (https://www.twilio.com/docs/voice/twiml/changelog, 2024-07-09),
// and what relative links refer to.
func TestHTTPRedirect(t *testing.T) {
	for _, test := range []struct {
		ambiguities []simulator.Ambiguity
		want        string
		kept        bool
	}{
		{nil, "/moved/next", false},
		{[]simulator.Ambiguity{simulator.RedirectBase}, "/next", false},
		{[]simulator.Ambiguity{simulator.RedirectDigits}, "/moved/next", true},
	} {
		l := &journal{app: app{"/moved/here": `<Redirect method="GET">next</Redirect>`}}
		s := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, "/moved/here?kept=1", http.StatusTemporaryRedirect)
				return
			}
			l.ServeHTTP(w, r)
		}), "")
		s.Ambiguities = test.ambiguities
		run(t, s)
		if len(l.requests) != 2 {
			t.Fatalf("%d requests", len(l.requests))
		}
		if q := l.requests[0].URL.Query(); q.Get("kept") != "1" || q.Has("CallSid") != test.kept || len(q["CallSid"]) > 1 {
			t.Errorf("with %v the redirect's target was asked with %q", test.ambiguities, q)
		}
		if p := l.requests[1].URL.Path; p != test.want {
			t.Errorf("with %v the link leads to %s, want %s", test.ambiguities, p, test.want)
		}
	}
}

// TestHTTPRedirectMethod checks what becomes of a POST: its method changes as a
// browser's does, and its form is not sent again.
func TestHTTPRedirectMethod(t *testing.T) {
	for status, want := range map[int]string{301: "GET", 302: "GET", 303: "GET", 307: "POST", 308: "POST"} {
		l := &journal{app: app{"/there": `<Say>Hello.</Say>`}}
		s := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				redirect(status, "/there")(w, r)
				return
			}
			l.ServeHTTP(w, r)
		}), "")
		s.Numbers[number] = simulator.Webhooks{VoiceURL: "/"}
		run(t, s)
		if r := l.requests[0]; r.Method != want || len(r.Form) > 0 {
			t.Errorf("after %d: %s with %v, want %s with nothing", status, r.Method, r.Form, want)
		}
	}
}

// TestBrowser checks that a call behaves like one browser: it keeps cookies,
// and gives a password only when it is asked for one.
func TestBrowser(t *testing.T) {
	var seen []string
	s := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		cookie, _ := r.Cookie("call")
		value := ""
		if cookie != nil {
			value = cookie.Value
		}
		seen = append(seen, strings.Join([]string{r.URL.Path, user, password, value}, " "))
		if r.URL.Path == "/safe" && user == "" {
			w.Header().Set("WWW-Authenticate", `Basic realm="office"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "call", Value: "7", Path: "/"})
		w.Header().Set("Content-Type", "text/xml")
		app{
			"/":     `<Redirect method="GET">https://me:word@simulated.example/safe</Redirect>`,
			"/safe": `<Say>Hello.</Say>`,
		}.ServeHTTP(w, r)
	}), "")
	run(t, s)
	if diff := gocmp.Diff([]string{"/   ", "/safe   7", "/safe me word 7"}, seen); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
