package examples_test

import (
	"bytes"
	"io"
	"maps"
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
// decisions, encoded needlessly, hostile.
var strange = []string{
	"%", "%00", "99", "%31", "1%00", "1.xml", "_", "_.xml", "other", "Completed", "completed%20", "..%2f..%2fprivate%2fbundle.json",
	"../../private/bundle.json", "%2e%2e%2f", "+", "*%20", "🤙", "%F0%9F%A4%99", "queue-ful", "anonymou", strings.Repeat("1", 4000), "';--", "<Response/>",
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
	for _, d := range c.decisions() {
		c.askListed(d)
		if !strangely[d.Name] {
			c.askStrangely(d)
			strangely[d.Name] = true
		}
	}
	if len(strangely) < 2 {
		c.t.Errorf("there are only %d kinds of decisions", len(strangely))
	}
}

// decisions lists the decisions to which the documents of the bundle lead.
func (c *client) decisions() []bundle.Decision {
	found := map[string]bundle.Decision{}
	add := func(at string) {
		if d, ok := bundle.DecisionAt(at); ok {
			found[at] = d
		}
	}
	for _, n := range c.bundle.Manifest.Numbers {
		add(n.Answer)
	}
	for name, text := range c.bundle.Data {
		if !strings.HasSuffix(name, ".xml") {
			continue
		}
		for _, e := range elements(c.t, text) {
			action := e.attributes["action"]
			if back, handed := returnOf(action); handed {
				action = back
			}
			if action != "" {
				add(resolve(c.t, c.bundle, name, action))
			}
		}
	}
	var all []bundle.Decision
	for _, at := range slices.Sorted(maps.Keys(found)) {
		all = append(all, found[at])
	}
	return all
}

// askListed asks for a decision with every listed value, and with none.
func (c *client) askListed(d bundle.Decision) {
	for _, word := range d.Known() {
		for _, spelling := range d.Spellings(word) {
			c.expect(d, "CallSid=CA1&"+d.Parameter+"="+spelling+"&ApiVersion=2010-04-01", word)
			if u := d.Unless; u != nil && word == u.Is {
				c.expect(d, d.Parameter+"="+spelling+"&"+u.Parameter+"="+u.Equals, u.Then)
				c.expect(d, d.Parameter+"="+spelling+"&"+u.Parameter+"=true", u.Is)
			}
		}
	}
	c.expect(d, "", d.Missing)
}

// askStrangely asks for a decision with values that no list holds, and posts.
func (c *client) askStrangely(d bundle.Decision) {
	listed := d.Spellings(d.Known()[0])[0]
	c.expect(d, strings.ToLower(d.Parameter)+"="+listed, d.Missing)
	c.expect(d, d.Parameter+"=", d.Missing)
	for _, value := range strange {
		text, err := url.QueryUnescape(value)
		if d.Parameter == "From" && err == nil && !strings.ContainsAny(text, "0123456789:@") {
			continue // the words of a carrier
		}
		c.expect(d, d.Parameter+"="+value, d.Unlisted)
	}
	c.expect(d, "x=y&"+d.Parameter+"="+listed+"&"+d.Parameter+"="+listed, d.Missing)
	if status, _, _ := c.ask(http.MethodPost, d.Address(), d.Parameter+"="+listed); status != http.StatusMethodNotAllowed {
		c.t.Errorf("POST %s is answered with %d", d.Address(), status)
	}
}

// expect asks for a decision, which must be answered by the document of a name.
func (c *client) expect(d bundle.Decision, query, name string) {
	c.t.Helper()
	at := d.Address()
	want := c.bundle.Data[d.Document(name)]
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
