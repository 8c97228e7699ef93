package examples_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// strange are values that no list holds, as they stand in a query: of other
// decisions, encoded needlessly, repeated, hostile.
var strange = []string{
	"", "%", "%00", "99", "%31", "1%00", "1.xml", "_", "_.xml", "Completed", "completed%20", "..%2f..%2fprivate%2fbundle.json",
	"../../private/bundle.json", "%2e%2e%2f", "1&Digits=2&DialCallStatus=busy&DialCallStatus=failed&QueueResult=leave&QueueResult=hangup&From=anonymous&From=anonymous",
	"+", "*%20", "🤙", "%F0%9F%A4%99", "queue-ful", "anonymou", strings.Repeat("1", 4000), "';--", "<Response/>",
}

// TestEveryDecisionIsAnswered asks a running server for every decision of a
// bundle with every listed value, in each of its spellings, and with values that
// no list holds. The answers are the documents that the rule names, and nothing
// but 200; a POST is refused; nothing is a redirect.
func TestEveryDecisionIsAnswered(t *testing.T) {
	b := compileExample(t, "zillum")
	dist := filepath.Join(t.TempDir(), "dist")
	commandtest.Run(t, "build", "-o", dist, "examples/zillum")
	server, err := commandtest.Serve("", nil, dist)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := &client{t: t, bundle: b, url: server.URL, transport: transport}
	c.askAll()
}

// TestEveryExampleAnswers is the same for all examples, without a network.
func TestEveryExampleAnswers(t *testing.T) {
	for _, example := range exampleNames() {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			b := compileExample(t, example)
			c := &client{t: t, bundle: b, url: b.Manifest.BaseURL, transport: direct{router.New(b)}}
			c.askAll()
		})
	}
}

// direct hands requests to a handler in this process.
type direct struct{ handler http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// A client asks for the documents of a bundle without following redirects.
type client struct {
	t         *testing.T
	bundle    *bundle.Bundle
	url       string
	transport http.RoundTripper
}

// askAll asks for every decision.
func (c *client) askAll() {
	strangely := map[string]bool{} // asked, by kind of decision
	for _, at := range decisions(c.bundle) {
		c.askListed(at)
		if kind := bundle.DecisionAt(at).Prefix; !strangely[kind] {
			c.askStrangely(at)
			strangely[kind] = true
		}
	}
	if len(strangely) < 3 {
		c.t.Errorf("there are only %d kinds of decisions", len(strangely))
	}
}

// decisions lists the addresses of a bundle's decisions.
func decisions(b *bundle.Bundle) []string {
	var found []string
	for name := range b.Data {
		stem, isOtherwise := strings.CutSuffix(name, "._.xml")
		if isOtherwise && bundle.DecisionAt(stem) != nil {
			found = append(found, stem)
		}
	}
	slices.Sort(found)
	return found
}

// askListed asks for a decision with every listed value, and with none.
func (c *client) askListed(at string) {
	d := bundle.DecisionAt(at)
	for _, v := range d.Values {
		for _, spelling := range v.Spellings {
			c.expect(at, "CallSid=CA1&"+d.Parameter+"="+spelling+"&ApiVersion=2010-04-01", v.Name)
		}
	}
	if u := d.Unless; u != nil {
		c.expect(at, d.Parameter+"="+u.Is+"&"+u.Parameter+"="+u.Equals, u.Then)
		c.expect(at, d.Parameter+"="+u.Is+"&"+u.Parameter+"=true", u.Is)
	}
	c.expect(at, "", nothing(d))
}

// askStrangely asks for a decision with values that no list holds, and posts.
func (c *client) askStrangely(at string) {
	d := bundle.DecisionAt(at)
	listed := d.Values[0].Spellings[0]
	c.expect(at, strings.ToLower(d.Parameter)+"="+listed, nothing(d))
	for _, value := range strange {
		text, err := url.QueryUnescape(value)
		if d.Parameter == "From" && err == nil && (!strings.ContainsAny(text, "0123456789:@") || strings.Contains(text, "From=")) {
			continue // the words of a carrier, or several
		}
		c.expect(at, d.Parameter+"="+value, bundle.Otherwise)
	}
	if status, _, _ := c.ask(http.MethodPost, at, d.Parameter+"="+listed); status != http.StatusMethodNotAllowed {
		c.t.Errorf("POST %s is answered with %d", at, status)
	}
}

// nothing is the answer where the parameter is missing: who shows no number
// withholds it.
func nothing(d *bundle.Decision) string {
	if d.Parameter == "From" {
		return bundle.AnonymousAnswer
	}
	return bundle.Otherwise
}

// expect asks for a decision, which must be answered by the document of a name.
func (c *client) expect(at, query, name string) {
	c.t.Helper()
	want := c.bundle.Data[at+"."+name+".xml"]
	if want == nil {
		c.t.Fatalf("%s?%s: the bundle has no document for %s", at, query, name)
	}
	status, contentType, body := c.ask(http.MethodGet, at, query)
	if status != http.StatusOK || contentType != "text/xml; charset=utf-8" || !bytes.Equal(body, want) {
		c.t.Fatalf("%s?%s is answered with %d %s\n%s\nwant\n%s", at, query, status, contentType, body, want)
	}
}

func (c *client) ask(method, at, query string) (status int, contentType string, body []byte) {
	c.t.Helper()
	request, err := http.NewRequest(method, c.url+"/"+at, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	request.URL.RawQuery = query
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err = io.ReadAll(response.Body); err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("Content-Type"), body
}
