package server

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

func TestObserve(t *testing.T) {
	var lines bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	signed, err := router.Signature{Tokens: []string{"secret"}}.Require(router.New(oneDocument()))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []router.Replier{router.New(oneDocument()), signed} {
		for _, request := range [][2]string{
			{"GET", "/a/x.xml"}, {"HEAD", "/a/x.xml"}, {"POST", "/a/x.xml"}, {"GET", "/" + strings.Repeat("y", 1000)}, {"GET", router.HealthPath},
		} {
			r := httptest.NewRequest(request[0], request[1]+"?From=%2B14155550199&Digits=1", strings.NewReader("From=%2B14155550199"))
			r.Header.Set("X-Twilio-Signature", "+14155550199")
			Observe(logger, nil, h).ServeHTTP(httptest.NewRecorder(), r)
		}
	}
	got := regexp.MustCompile(`duration=\S+`).ReplaceAllString(lines.String(), "duration=0s")
	long := "/" + strings.Repeat("y", 199) + "…"
	want := `level=INFO msg=request method=GET path=/a/x.xml document=a/x.xml status=200 duration=0s bytes=11
level=INFO msg=request method=HEAD path=/a/x.xml document=a/x.xml status=200 duration=0s bytes=0
level=WARN msg=request method=POST path=/a/x.xml document="" status=405 duration=0s bytes=161
level=WARN msg=request method=GET path=` + long + ` document="" status=404 duration=0s bytes=49
level=INFO msg=request method=GET path=/healthz document="" status=200 duration=0s bytes=4
level=WARN msg=request method=GET path=/a/x.xml document="" status=403 duration=0s bytes=66 refusal=wrongly_signed
level=WARN msg=request method=HEAD path=/a/x.xml document="" status=403 duration=0s bytes=0 refusal=wrongly_signed
level=WARN msg=request method=POST path=/a/x.xml document="" status=403 duration=0s bytes=66 refusal=unreadable_form
level=WARN msg=request method=GET path=` + long + ` document="" status=403 duration=0s bytes=66 refusal=wrongly_signed
level=INFO msg=request method=GET path=/healthz document="" status=200 duration=0s bytes=4
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Nothing of a caller gets into a log, wherever a request holds it: here, in every
// place that a request has. Other parts of the log are proven to be written.
func TestNothingOfACallerIsLogged(t *testing.T) {
	const canary = "4155550199"
	var text, json bytes.Buffer
	for _, logger := range []*slog.Logger{slog.New(slog.NewTextHandler(&text, nil)), slog.New(slog.NewJSONHandler(&json, nil))} {
		signed, err := router.Signature{Tokens: []string{canary}}.Require(router.New(oneDocument()))
		if err != nil {
			t.Fatal(err)
		}
		broken := panicking{"called by +1" + canary}
		m := NewMetrics(router.New(oneDocument()))
		for _, h := range []router.Replier{router.New(oneDocument()), signed, broken} {
			for _, path := range []string{"/a/x.xml", "/call/+1" + canary, "/a/digits-1", router.HealthPath} {
				for _, name := range []string{"GET", "POST", "CALL" + canary} {
					r := httptest.NewRequest("GET", path+"?From=%2B1"+canary+"&To=%2B1"+canary+"&Caller="+canary+"&Digits="+canary,
						strings.NewReader("From=%2B1"+canary+"&Digits="+canary))
					r.Method, r.RemoteAddr, r.Host = name, canary+":1", canary+".example"
					for _, header := range []string{"X-Twilio-Signature", "Referer", "User-Agent", "Cookie", "Content-Type", "X-Forwarded-For"} {
						r.Header.Set(header, "+1"+canary)
					}
					w := httptest.NewRecorder()
					Observe(logger, m, h).ServeHTTP(w, r)
					if body := w.Body.String(); strings.Contains(body, canary) {
						t.Errorf("%s %s is answered with the number: %s", name, path, body)
					}
				}
			}
		}
		if strings.Contains(m.text(), canary) {
			t.Errorf("the metrics hold the number:\n%s", m.text())
		}
	}
	for _, log := range []string{text.String(), json.String()} {
		if strings.Contains(log, canary) || strings.Contains(log, "called by") {
			t.Errorf("the log holds the number:\n%s", log)
		}
		for _, want := range []string{"/a/x.xml", "/call/+###########", "observe_test.go:", "other", "refusal"} {
			if !strings.Contains(log, want) {
				t.Errorf("the log lacks %q:\n%s", want, log)
			}
		}
	}
}

// panicking panics with a value.
type panicking struct{ value any }

func (p panicking) Reply(*http.Request) router.Reply { panic(p.value) }

// late panics when the response has begun.
type late struct{ http.ResponseWriter }

func (l late) Write(p []byte) (int, error) {
	_, _ = l.ResponseWriter.Write(p)
	panic("no")
}

// A handler that panics harms only its own request.
func TestAPanicIsAnswered(t *testing.T) {
	w := httptest.NewRecorder()
	Observe(nil, nil, panicking{"no"}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 500 {
		t.Errorf("status %d, want 500", w.Code)
	}
	w = httptest.NewRecorder()
	Observe(nil, nil, constant{Status: 200, Text: "begun"}).ServeHTTP(late{w}, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 || w.Body.String() != "begun" {
		t.Errorf("status %d and %q, want what had begun", w.Code, w.Body)
	}
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("the server's own panic did not reach it")
		}
	}()
	Observe(nil, nil, panicking{http.ErrAbortHandler}).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

func TestProblemsOfConnectionsHaveNoAddresses(t *testing.T) {
	var log bytes.Buffer
	c := connectionLog{slog.New(slog.NewTextHandler(&log, nil))}
	for _, line := range []string{
		"http: TLS handshake error from 203.0.113.7:40000: read tcp 127.0.0.1:443->203.0.113.7:40000: i/o timeout\n",
		"http: TLS handshake error from [2001:db8::7%eth0]:40000: EOF\n",
		"http: Accept error: too many open files; retrying in 5ms\ngoroutine 203.0.113.7",
	} {
		if n, err := c.Write([]byte(line)); n != len(line) || err != nil {
			t.Errorf("wrote %d, %v", n, err)
		}
	}
	if got := log.String(); strings.Contains(got, "203.0.113") || strings.Contains(got, "2001:db8") || strings.Count(got, "msg=connection") != 3 || !strings.Contains(got, "too many open files") {
		t.Errorf("got\n%s", got)
	}
	_, _ = connectionLog{}.Write([]byte("nobody listens")) // and nothing panics
}

// No log shows which key a caller pressed: neither where the key chooses the
// document, nor where the document itself is requested, nor where there is none.
func TestNoKeyIsLogged(t *testing.T) {
	b := oneDocument()
	keys, _ := bundle.DecisionAt("digits")
	for _, answer := range keys.Answers() {
		name := "a/digits-1-menu_main." + answer + ".xml"
		b.Data[name] = []byte("<Response/>")
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(name, b.Data[name]))
	}
	for _, answer := range keys.Answers() {
		for _, path := range []string{"/a/digits-1-menu_main." + answer + ".xml", "/b/digits-1." + answer + ".xml", "/a/digits-1-menu_main~1.2.9?Digits=" + url.QueryEscape(answer)} {
			var log bytes.Buffer
			Observe(slog.New(slog.NewTextHandler(&log, nil)), nil, router.New(b)).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
			shown := strings.Contains(log.String(), "."+answer+".xml")
			if shown != (answer == "_" && strings.Contains(log.String(), "._.xml")) {
				t.Errorf("%s is logged as %s", path, log.String())
			}
			if !strings.Contains(log.String(), "digits-") {
				t.Errorf("%s is not logged: %s", path, log.String())
			}
		}
	}
}
