package command

import (
	"context"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// TestFallback takes one document after the other away from a host, of those that
// a call leads through, and makes the same call again. The caller is never cut off
// without a word: Twilio asks for the number's fallback, which says what to do.
// Two kinds of documents are played aside, and without them the call goes on as
// after any other outcome: in a queue, and to a user who is to confirm.
func TestFallback(t *testing.T) {
	calls := []struct {
		example, number, press string
		callees                []string
	}{
		{"zillum", "main", "1,speak 10s", []string{"alice=busy", "bob=busy"}},
		{"zillum", "main", "2,1", []string{"dave=accept:3s,talk:1m"}},
		{"zillum-pt", "principal", "silent", nil},
		{"clinic", "main", "7,2,2,2,2", nil},
		{"clinic", "old_pharmacy", "silent", nil},
	}
	for _, test := range calls {
		b := compiled(t, compiler.Input{Files: os.DirFS("examples/" + test.example)}).Bundle
		c := call{number: test.number, from: "+14155550199", press: test.press, callees: test.callees, seed: 1}
		for _, broken := range visited(t, b, c) {
			transcript := callWithout(t, b, c, broken)
			aside := strings.Contains(broken, "/wait-") || strings.Contains(broken, "/confirm")
			if !transcript.Ending.Heard || transcript.Ending.How != simulator.ByDocument || hearsFallback(b, transcript) == aside {
				t.Errorf("%s, %q: without %s the call is\n%s", test.example, test.press, broken, transcript.Text(simulator.TextOptions{}))
			}
		}
	}
}

// visited lists the documents of a call.
func visited(t *testing.T, b *bundle.Bundle, c call) []string {
	t.Helper()
	var documents []string
	for _, e := range callWithout(t, b, c, "").Events {
		if e.Kind != simulator.Requests && strings.HasSuffix(e.Document, ".xml") && !slices.Contains(documents, e.Document) {
			documents = append(documents, e.Document)
		}
	}
	if len(documents) == 0 {
		t.Fatal("the call leads through no document")
	}
	return documents
}

// callWithout makes a call while one document cannot be had.
func callWithout(t *testing.T, b *bundle.Bundle, c call, broken string) simulator.Transcript {
	t.Helper()
	s, err := c.scenario(offline(b))
	if err == nil {
		err = c.dial(&s, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	whole := s.Handler
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		whole.ServeHTTP(&withholding{ResponseWriter: w, document: broken}, r)
	})
	transcripts, err := simulator.Run(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return transcripts[len(transcripts)-1]
}

// withholding answers 503 instead of one document.
type withholding struct {
	http.ResponseWriter
	document string
	withheld bool
}

func (w *withholding) WriteHeader(status int) {
	if w.Header().Get("Content-Location") == w.document {
		status, w.withheld = http.StatusServiceUnavailable, true
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *withholding) Write(p []byte) (int, error) {
	if w.Header().Get("Content-Location") == w.document && !w.withheld {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// hearsFallback reports whether the caller of a call heard the fallback.
func hearsFallback(b *bundle.Bundle, transcript simulator.Transcript) bool {
	for _, e := range transcript.Events {
		for _, n := range b.Manifest.Numbers {
			own := n.Fallback != "" && e.Document == "/"+n.Fallback
			if e.Kind == simulator.Says && e.Leg == simulator.Caller && (own || e.Document == "/"+b.Manifest.Fallback) {
				return true
			}
		}
	}
	return false
}
