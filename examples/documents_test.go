package examples_test

// What must be true of every document that the examples compile to. The checks
// read the XML, not the compiler's own idea of it.

import (
	"bytes"
	"encoding/xml"
	"io"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/examples"
)

func TestMain(m *testing.M) { commandtest.Main(m) }

// exampleNames lists the examples.
func exampleNames() []string {
	var names []string
	entries, _ := examples.Files.ReadDir(".")
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// compileExample compiles an example, which must be valid.
func compileExample(t *testing.T, name string) *bundle.Bundle {
	t.Helper()
	result, diags := compiler.Compile(compiler.Input{Files: os.DirFS(filepath.Join("examples", name)), Version: "test"})
	if len(diags) > 0 {
		t.Fatalf("%s: %v", name, diags)
	}
	return result.Bundle
}

// eachDocument visits every document of every example.
func eachDocument(t *testing.T, visit func(t *testing.T, b *bundle.Bundle, name string, text []byte)) {
	for _, example := range exampleNames() {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			b := compileExample(t, example)
			seen := 0
			for _, name := range slices.Sorted(maps.Keys(b.Data)) {
				if strings.HasSuffix(name, ".xml") {
					visit(t, b, name, b.Data[name])
					seen++
				}
			}
			if seen < 30 {
				t.Errorf("there are only %d documents", seen)
			}
		})
	}
}

// TestDocumentsAreCanonical: Twilio has nothing to say about any document, it is
// small enough, and what is read from it is written again as the same bytes.
func TestDocumentsAreCanonical(t *testing.T) {
	eachDocument(t, func(t *testing.T, _ *bundle.Bundle, name string, text []byte) {
		response, faults := twiml.Decode(text)
		if len(faults) > 0 {
			t.Errorf("%s: %+v\n%s", name, faults, text)
		}
		if again := response.Append(nil, nil); !bytes.Equal(text, again) {
			t.Errorf("%s is not in the canonical form:\n%s\nis\n%s", name, text, again)
		}
		if len(text) > 64<<10 {
			t.Errorf("%s has %d bytes; Twilio refuses more than 64 kB", name, len(text))
		}
	})
}

// requests says how the address in an attribute is to be requested. A static host
// answers nothing but GET; what a server of the team's own is told is posted.
var requests = map[string]struct{ attribute, method string }{
	"action": {"method", "GET"}, "url": {"method", "GET"}, "waitUrl": {"waitUrlMethod", "GET"}, "referUrl": {"referMethod", "GET"},
	"statusCallback":          {"statusCallbackMethod", "POST"},
	"recordingStatusCallback": {"recordingStatusCallbackMethod", "POST"},
	"amdStatusCallback":       {"amdStatusCallbackMethod", "POST"},
	"partialResultCallback":   {"partialResultCallbackMethod", "POST"},
}

// TestMethodsAreExplicit: what waits for an outcome has an address to ask with
// it, and beside every address stands how it is requested.
func TestMethodsAreExplicit(t *testing.T) {
	eachDocument(t, func(t *testing.T, _ *bundle.Bundle, name string, text []byte) {
		for _, e := range elements(t, text) {
			_, handed := returnOf(e.text)
			if method := map[bool]string{false: "GET", true: "POST"}[handed]; e.name == "Redirect" && e.attributes["method"] != method {
				t.Errorf("%s: a Redirect without method=%q\n%s", name, method, text)
			}
			if slices.Contains([]string{"Gather", "Dial", "Enqueue", "Record"}, e.name) && e.attributes["action"] == "" {
				t.Errorf("%s: a %s without an action\n%s", name, e.name, text)
			}
			for attribute, address := range e.attributes {
				r, isAddress := requests[attribute]
				if _, handed := returnOf(address); handed {
					r.method = "POST"
				}
				if isAddress && address != "" && e.attributes[r.attribute] != r.method {
					t.Errorf("%s: %s of %s without %s=%q\n%s", name, attribute, e.name, r.attribute, r.method, text)
				}
			}
		}
	})
}

// TestLinksLeadSomewhere: every address in a document is that of a document, a
// decision or a sound of the bundle.
func TestLinksLeadSomewhere(t *testing.T) {
	eachDocument(t, func(t *testing.T, b *bundle.Bundle, name string, text []byte) {
		for _, e := range elements(t, text) {
			links := []string{e.attributes["action"], e.attributes["url"], e.attributes["waitUrl"]}
			if e.name == "Redirect" || e.name == "Play" {
				links = append(links, e.text)
			}
			for _, link := range links {
				if link == "" {
					continue
				}
				if back, handed := returnOf(link); handed {
					link = back
				}
				target := resolve(t, b, name, link)
				targets := []string{target}
				if d, ok := bundle.DecisionAt(target); ok {
					targets = nil
					for _, answer := range d.Answers() {
						targets = append(targets, d.Document(answer))
					}
				}
				for _, target := range targets {
					if b.Data[target] == nil {
						t.Errorf("%s: %s leads to %s, which is not there\n%s", name, e.name, target, text)
					}
				}
			}
		}
	})
}

// returnOf is the address to which a call returns from an application that a link
// hands it to.
func returnOf(link string) (string, bool) {
	u, err := url.Parse(link)
	if err != nil || !u.Query().Has(bundle.ApplicationMark) {
		return "", false
	}
	return u.Query().Get("return"), true
}

// resolve is the path below public/ that a link in a document leads to.
func resolve(t *testing.T, b *bundle.Bundle, document, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	if u.IsAbs() {
		rest, ok := strings.CutPrefix(link, b.Manifest.BaseURL+"/")
		if !ok || b.Manifest.BaseURL == "" {
			t.Errorf("%s: %s is not below the base URL %q", document, link, b.Manifest.BaseURL)
		}
		return rest
	}
	return path.Join(path.Dir(document), u.Path)
}

// TestNothingIsUnreachable: no verb stands behind one that leads elsewhere in any
// case. Behind an Enqueue and a Record, of which Twilio leaves open whether the
// next verb runs, one Redirect leads to the answer that the action would give.
func TestNothingIsUnreachable(t *testing.T) {
	eachDocument(t, func(t *testing.T, b *bundle.Bundle, name string, text []byte) {
		var verbs []element
		for _, e := range elements(t, text) {
			if e.depth == 2 {
				verbs = append(verbs, e)
			}
		}
		for i, verb := range verbs {
			behind := verbs[i+1:]
			switch verb.name {
			case "Hangup", "Redirect", "Reject", "Leave", "Dial":
				if len(behind) > 0 {
					t.Errorf("%s: nothing behind %s can be reached\n%s", name, verb.name, text)
				}
			case "Enqueue", "Record":
				if len(behind) != 1 || behind[0].name != "Redirect" {
					t.Errorf("%s: behind %s stands something else than one Redirect\n%s", name, verb.name, text)
					continue
				}
				action, next := resolve(t, b, name, verb.attributes["action"]), resolve(t, b, name, behind[0].text)
				if next != action && !strings.HasPrefix(next, action+".") {
					t.Errorf("%s: behind %s leads %s elsewhere than its action %s\n%s", name, verb.name, next, action, text)
				}
			}
		}
	})
}

// An element of a document.
type element struct {
	name       string
	depth      int // 1 is the root
	attributes map[string]string
	text       string
}

// elements lists the elements of a document in its order.
func elements(t *testing.T, text []byte) []element {
	t.Helper()
	var list []element
	var open []int // indexes into list
	decoder := xml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, depth: len(open) + 1, attributes: map[string]string{}}
			for _, a := range token.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			open = append(open, len(list))
			list = append(list, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				list[open[len(open)-1]].text += strings.TrimSpace(string(token))
			}
		}
	}
}
