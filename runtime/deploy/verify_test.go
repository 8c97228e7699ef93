package deploy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A host that does not serve what Twilio will ask for is found before any number
// moves, and the refusal says which file and what to do. Files other than the
// one that is spoiled are served as they should be.
func TestUnfitHosts(t *testing.T) {
	numbers := phones(2)
	old, next := testBundle(numbers, nil, "old words"), testBundle(numbers, nil, "new words")
	menu := strings.TrimSuffix(next.Components[1].Directory, "/")
	file := menu + "/digits-1.5.xml"
	status := func(code int) func(*http.Response) {
		return func(r *http.Response) { r.StatusCode = code }
	}
	body := func(text string) func(*http.Response) {
		return func(r *http.Response) { r.Body = io.NopCloser(strings.NewReader(text)) }
	}
	decision := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/digits-1~0.5") }
	one := func(r *http.Request) bool { return r.URL.Path == "/"+file }
	for name, test := range map[string]struct {
		spoils func(*http.Request) bool
		how    func(*http.Response)
		want   string // in the error
		path   string // that it names
	}{
		"private bucket": {one, status(http.StatusForbidden), "403: not everybody can read public/", file},
		"missing file":   {one, status(http.StatusNotFound), "the host answers 404", file},
		"failing host":   {one, status(http.StatusServiceUnavailable), "the host answers 503", file},
		"wrong type":     {one, func(r *http.Response) { r.Header.Set("Content-Type", "application/octet-stream") }, `its type is "application/octet-stream", and Twilio needs "text/xml; charset=utf-8"`, file},
		"no type":        {one, func(r *http.Response) { r.Header.Del("Content-Type") }, `its type is ""`, file},
		"other content":  {one, body("<Response/>"), "serves other content", file},
		"longer content": {one, func(r *http.Response) { r.Body = io.NopCloser(io.MultiReader(r.Body, strings.NewReader("\n"))) }, "serves other content", file},
		"broken off":     {one, func(r *http.Response) { r.Body = io.NopCloser(brokenBody{}) }, "cannot be read to the end", file},
		"redirecting host": {one, func(r *http.Response) {
			r.StatusCode = http.StatusFound
			r.Header.Set("Location", testBase+"/elsewhere")
		}, "the host redirects", file},
		"no router":      {decision, status(http.StatusNotFound), "the router is not installed", menu + "/digits-1."},
		"a page instead": {decision, body("<html>It works!</html>"), "answered with another document", menu + "/digits-1."},
	} {
		t.Run(name, func(t *testing.T) {
			th := staged(t, old, numbers)
			asked := len(th.account.Requests())
			p := th.process(t, "a")
			p.deploy.Public = spoiled{publicHost{th.store, ""}, test.spoils, test.how}
			err := p.apply(t.Context(), next)
			var refusal *RefusedError
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v, want a refusal", err)
			}
			for _, want := range []string{test.want, test.path, "no number was changed"} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the refusal does not say %q: %v", want, err)
				}
			}
			for _, r := range th.account.Requests()[asked:] {
				if r.Method != http.MethodGet {
					t.Errorf("%s %s was asked of the account", r.Method, r.Path)
				}
			}
			p.deploy.Public = publicHost{th.store, ""}
			if err := p.apply(t.Context(), next); err != nil {
				t.Fatalf("the host is fit now: %v", err)
			}
			finished(t, th, next, 0)
		})
	}
}

// A host that is too slow for Twilio is found after as long as Twilio waits,
// whether it says nothing at all or stops in the middle, however many files there
// are.
func TestSlowHost(t *testing.T) {
	numbers := phones(20)
	old, next := testBundle(numbers, nil, "old words"), testBundle(numbers, nil, "new words")
	for name, host := range map[string]func(fakeWorld *fakeWorld, r *http.Request) (*http.Response, error){
		"silent": func(_ *fakeWorld, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"stuck": func(th *fakeWorld, r *http.Request) (*http.Response, error) {
			response, err := publicHost{th.store, ""}.RoundTrip(r)
			response.Body = stuckBody{r.Context()}
			return response, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				th := staged(t, old, numbers)
				p := th.process(t, "a")
				p.deploy.Public = roundTrip(func(r *http.Request) (*http.Response, error) { return host(th, r) })
				start := time.Now()
				err := p.apply(t.Context(), next)
				if err == nil || !strings.Contains(err.Error(), "does not answer within 15s") || !strings.Contains(err.Error(), "no number was changed") {
					t.Errorf("got %v", err)
				}
				if took := time.Since(start); took > 2*webhookTimeout {
					t.Errorf("it took %v", took)
				}
				if err := th.answered(old); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A stuckBody never goes on.
type stuckBody struct{ ctx context.Context }

func (b stuckBody) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

func (stuckBody) Close() error { return nil }

// What was found unfit is asked for again by the next apply, although nothing is
// left to be uploaded.
func TestUnfitHostIsFoundAgain(t *testing.T) {
	numbers := phones(1)
	old, next := testBundle(numbers, nil, "old words"), testBundle(numbers, nil, "new words")
	th := staged(t, old, numbers)
	for range 2 {
		p := th.process(t, "a")
		p.deploy.Public = spoiled{publicHost{th.store, ""}, func(*http.Request) bool { return true }, func(r *http.Response) { r.StatusCode = http.StatusForbidden }}
		if err := p.apply(t.Context(), next); err == nil {
			t.Fatal("a number was pointed at a host that serves nothing")
		}
	}
	if err := th.answered(old); err != nil {
		t.Error(err)
	}
}

// A spoiled host is one that answers some requests badly.
type spoiled struct {
	host   http.RoundTripper
	spoils func(*http.Request) bool
	how    func(*http.Response)
}

func (s spoiled) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := s.host.RoundTrip(r)
	if err == nil && s.spoils(r) {
		s.how(response)
	}
	return response, err
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Numbers that cannot be deployed to are named, with what to do, and nothing is
// written for the others either.
func TestNumbersThatCannotBeDeployedTo(t *testing.T) {
	numbers := phones(3)
	next := testBundle(numbers, nil, "words")
	th := newFakeWorld(numbers[0], numbers[2])
	if err := th.account.Edit(numbers[2], map[string][]string{"TrunkSid": {"TK" + strings.Repeat("0", 32)}}); err != nil {
		t.Fatal(err)
	}
	p := th.process(t, "a")
	world, err := ReadLive(t.Context(), p.reader, p.store, p.target)
	if err != nil {
		t.Fatal(err)
	}
	plan, problems, err := world.Plan(t.Context(), next)
	if err != nil || plan != nil || len(problems) != 2 {
		t.Fatalf("got a plan %v, problems %v, error %v", plan, problems, err)
	}
	for i, want := range []string{numbers[1] + ": the account has no such number", numbers[2] + ": a SIP trunk answers this number"} {
		if !strings.Contains(problems[i].Error(), want) {
			t.Errorf("problem %d is %q, want %q", i, problems[i].Error(), want)
		}
	}
}
