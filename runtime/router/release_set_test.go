package router_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// sampleBundle holds each kind of decision, a plain document, a recording and a
// fallback. Every document's content is its own path, so that a test sees which
// one was served.
func sampleBundle(t testing.TB) *bundle.Bundle {
	paths := []string{"audio/a.mp3", "audio/b.wav", "fallback-c/fallback.xml", "menu.main-b/menu-1.xml"}
	for _, at := range []string{"menu.main-b/digits-1~1.2.3", "menu.main-b/digits-2", "ring_group.sales-d/dial", "queue.sales-e/queue-1", "number.main-a/from"} {
		d, _ := bundle.DecisionAt(at)
		for _, answer := range d.Answers() {
			paths = append(paths, d.Document(answer))
		}
	}
	return bundleOf(t, paths...)
}

// bundleOf returns a sealed bundle of these files and a fallback.
func bundleOf(t testing.TB, paths ...string) *bundle.Bundle {
	const fallback = "fallback-c/fallback.xml"
	if !slices.Contains(paths, fallback) {
		paths = append(paths, fallback)
	}
	slices.Sort(paths)
	b := &bundle.Bundle{Data: map[string][]byte{}}
	b.Manifest = bundle.Manifest{FormatVersion: bundle.FormatVersion, Fallback: fallback}
	for _, p := range paths {
		b.Data[p] = []byte(p)
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(p, b.Data[p]))
	}
	b.Seal()
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
	return b
}

// ask sends one request, with headers as pairs of name and value.
func ask(h http.Handler, method, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// served returns the path of the document that a GET is answered with, or the
// status if that is not 200.
func served(h http.Handler, target string) string {
	w := ask(h, http.MethodGet, target)
	if w.Code != http.StatusOK {
		return http.StatusText(w.Code)
	}
	return w.Body.String()
}

func TestSwapKeepsCallsInProgress(t *testing.T) {
	h := router.New(bundleOf(t, "menu.x-1/menu-1.xml", "audio/x.wav"))
	h.Swap(bundleOf(t, "menu.x-2/menu-1.xml", "audio/x.wav"))
	for _, p := range []string{"menu.x-1/menu-1.xml", "menu.x-2/menu-1.xml", "audio/x.wav"} {
		if got := served(h, "/"+p); got != p {
			t.Errorf("%s: answered with %q", p, got)
		}
	}
}

func TestSwapForgetsAfterManyReleases(t *testing.T) {
	h := router.New(bundleOf(t, "menu.x-old/menu-1.xml", "menu.x-stays/menu-1.xml"))
	for i := range 16 {
		h.Swap(bundleOf(t, "menu.x-stays/menu-1.xml", "menu.x-"+strings.Repeat("i", i+1)+"/menu-1.xml"))
		if got := served(h, "/menu.x-old/menu-1.xml"); got != "menu.x-old/menu-1.xml" {
			t.Fatalf("after %d swaps a call in progress is answered with %q", i+1, got)
		}
	}
	last := bundleOf(t, "menu.x-stays/menu-1.xml", "menu.x-last/menu-1.xml")
	h.Swap(last)
	h.Swap(last)
	want := map[string]string{
		"menu.x-old/menu-1.xml":   "Not Found",
		"menu.x-i/menu-1.xml":     "menu.x-i/menu-1.xml",
		"menu.x-stays/menu-1.xml": "menu.x-stays/menu-1.xml",
		"menu.x-last/menu-1.xml":  "menu.x-last/menu-1.xml",
	}
	for p, want := range want {
		if got := served(h, "/"+p); got != want {
			t.Errorf("%s: answered with %q, want %q", p, got, want)
		}
	}
}

// A server that asks every minute whether there is a new release swaps to the
// same bundle again and again. That must not use up the generations.
func TestSwapToTheSameBundleChangesNothing(t *testing.T) {
	h := router.New(bundleOf(t, "menu.x-1/menu-1.xml"))
	two := bundleOf(t, "menu.x-2/menu-1.xml")
	for range 100 {
		h.Swap(two)
	}
	if got := served(h, "/menu.x-1/menu-1.xml"); got != "menu.x-1/menu-1.xml" {
		t.Errorf("a call in progress is answered with %q", got)
	}
}

func TestSwapTakesTheNewContents(t *testing.T) {
	one, two := bundleOf(t, "a/x.xml"), bundleOf(t, "a/x.xml")
	two.Data["a/x.xml"] = []byte("new")
	two.Manifest.Files[0] = bundle.NewFile("a/x.xml", []byte("new"))
	two.Seal()
	h := router.New(one)
	h.Swap(two)
	if got := served(h, "/a/x.xml"); got != "new" {
		t.Errorf("answered with %q", got)
	}
	if got := served(h, router.HealthPath); got != "ok "+two.Manifest.Digest+"\n" {
		t.Errorf("health: %q", got)
	}
}

// Calls are answered completely while bundles are switched under them. The race
// detector watches.
func TestSwapWhileServing(t *testing.T) {
	bundles := []*bundle.Bundle{
		bundleOf(t, "menu.x-1/menu-1.xml", "audio/x.wav"),
		bundleOf(t, "menu.x-2/menu-1.xml", "audio/x.wav"),
	}
	h := router.New(bundles[0])
	done := make(chan struct{})
	for range 2 {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := range 200 {
				h.Swap(bundles[i%2])
			}
		}()
		go func() {
			defer func() { done <- struct{}{} }()
			for range 500 {
				for _, p := range []string{"menu.x-1/menu-1.xml", "audio/x.wav"} {
					if got := served(h, "/"+p); got != p {
						t.Errorf("%s: answered with %q", p, got)
					}
				}
			}
		}()
	}
	for range 4 {
		<-done
	}
}

// A response is of one bundle, from its headers to its last byte, while bundles
// are switched as fast as can be. The bundles have another content under the same
// path, which a compiled one never has, so that the test can tell them apart.
func TestAResponseIsOfOneBundle(t *testing.T) {
	var bundles []*bundle.Bundle
	contents := map[string]string{} // by entity tag
	for _, letter := range []string{"a", "b", "c"} {
		b := bundleOf(t, "menu.x-1/menu-1.xml")
		text := strings.Repeat(letter, 300_000)
		b.Data["menu.x-1/menu-1.xml"] = []byte(text)
		b.Manifest.Files[1] = bundle.NewFile("menu.x-1/menu-1.xml", []byte(text))
		b.Seal()
		contents[`"`+b.Manifest.Files[1].SHA256+`"`] = text
		bundles = append(bundles, b)
	}
	h := router.New(bundles[0])
	server := httptest.NewServer(h)
	defer server.Close()
	stop := make(chan struct{})
	var switching sync.WaitGroup
	switching.Go(func() {
		for i := 1; ; i++ {
			select {
			case <-stop:
				return
			default:
				h.Swap(bundles[i%len(bundles)])
			}
		}
	})
	seen := map[string]bool{}
	for range 10_000 {
		request, err := http.NewRequest("GET", server.URL+"/menu.x-1/menu-1.xml", nil)
		if err != nil {
			t.Fatal(err)
		}
		_, headers, body := roundTrip(t, request)
		if want := contents[headers.Get("Etag")]; body != want || body == "" || headers.Get("Content-Length") != "300000" {
			t.Fatalf("a response of %d bytes is mixed", len(body))
		}
		if seen[headers.Get("Etag")] = true; len(seen) == len(bundles) {
			break // after some tens, as a rule
		}
	}
	close(stop)
	switching.Wait()
	if len(seen) != len(bundles) {
		t.Errorf("only %d of %d bundles were seen", len(seen), len(bundles))
	}
}
