package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
	for _, example := range []string{"zillum", "clinic"} {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			b := compileExample(t, example)
			dist := filepath.Join(t.TempDir(), "dist")
			if _, err := writeBundle(dist, b); err != nil {
				t.Fatal(err)
			}
			server, err := startServer("", nil, dist)
			if err != nil {
				t.Fatal(err)
			}
			defer server.stop()
			c := &client{t: t, url: server.url, transport: &http.Transport{}}
			defer c.transport.CloseIdleConnections()
			for _, at := range decisions(b) {
				c.askEverything(b, at)
			}
		})
	}
}

// TestEveryExampleAnswers is the same without a network for all examples: every
// decision of every one has a document for every listed value, and one for the
// rest.
func TestEveryExampleAnswers(t *testing.T) {
	for _, example := range exampleNames() {
		b := compileExample(t, example)
		handler := router.New(b)
		for _, at := range decisions(b) {
			d := bundle.DecisionAt(at)
			for _, name := range d.Answers() {
				query := queryFor(d, name)
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+at+"?"+query, nil))
				if want := b.Data[at+"."+name+".xml"]; w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), want) {
					t.Fatalf("%s: %s?%s is answered with %d:\n%s", example, at, query, w.Code, w.Body)
				}
			}
		}
	}
}

// queryFor is a query that is answered by the document of the given name.
func queryFor(d *bundle.Decision, name string) string {
	if d.Unless != nil && name == d.Unless.Then {
		return d.Parameter + "=" + d.Unless.Is + "&" + d.Unless.Parameter + "=" + d.Unless.Equals
	}
	for _, v := range d.Values {
		if v.Name == name {
			return d.Parameter + "=" + v.Spellings[0]
		}
	}
	return "CallSid=CA1"
}

// decisions lists the addresses of a bundle's decisions.
func decisions(b *bundle.Bundle) []string {
	var found []string
	for name := range b.Data {
		stem := strings.TrimSuffix(name, "._.xml")
		if stem != name && bundle.DecisionAt(stem) != nil {
			found = append(found, stem)
		}
	}
	slices.Sort(found)
	return found
}

// A client asks a server without following redirects.
type client struct {
	t         *testing.T
	url       string
	transport *http.Transport
}

func (c *client) askEverything(b *bundle.Bundle, at string) {
	d := bundle.DecisionAt(at)
	document := func(name string) []byte { return b.Data[at+"."+name+".xml"] }
	for _, v := range d.Values {
		for _, spelling := range v.Spellings {
			c.expect(at, "CallSid=CA1&"+d.Parameter+"="+spelling+"&ApiVersion=2010-04-01", document(v.Name))
		}
	}
	if u := d.Unless; u != nil {
		c.expect(at, queryFor(d, u.Then), document(u.Then))
		c.expect(at, d.Parameter+"="+u.Is+"&"+u.Parameter+"=true", document(u.Is))
	}
	c.expect(at, "", document(bundle.Otherwise))
	c.expect(at, strings.ToLower(d.Parameter)+"="+d.Values[0].Spellings[0], document(bundle.Otherwise))
	if strings.HasSuffix(path.Base(at), "-1") || d.Prefix == "from" { // once for each kind will do
		for _, value := range strange {
			c.expect(at, d.Parameter+"="+value, document(bundle.Otherwise))
		}
		if status, _, _ := c.ask(http.MethodPost, at, ""); status != http.StatusMethodNotAllowed {
			c.t.Errorf("POST %s is answered with %d", at, status)
		}
	}
}

// expect asks for a decision, which must be answered by a document.
func (c *client) expect(at, query string, want []byte) {
	c.t.Helper()
	if want == nil {
		c.t.Fatalf("%s?%s: the bundle has no document for it", at, query)
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
