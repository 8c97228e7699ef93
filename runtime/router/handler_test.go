package router_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// etag returns the entity tag of a document whose content is its own path.
func etag(path string) string { return `"` + bundle.NewFile(path, []byte(path)).SHA256 + `"` }

// with returns the headers of a kind of response and some more, as pairs of
// name and value.
func with(kind http.Header, more ...string) http.Header {
	h := kind.Clone()
	for i := 0; i < len(more); i += 2 {
		h.Set(more[i], more[i+1])
	}
	return h
}

var (
	kept = http.Header{"Cache-Control": {"public, max-age=31536000, immutable"}, "X-Content-Type-Options": {"nosniff"}}
	not  = http.Header{"Cache-Control": {"no-store"}, "X-Content-Type-Options": {"nosniff"}, "Content-Type": {"text/plain; charset=utf-8"}}
)

func TestHeaders(t *testing.T) {
	const digits, missing = "menu.main-b/digits-1.2.xml", "404: the bundle has no document at this address.\n"
	xml := with(kept, "Content-Type", "text/xml; charset=utf-8", "Content-Length", "26", "Etag", etag(digits))
	mp3 := with(kept, "Content-Type", "audio/mpeg", "Etag", etag("audio/a.mp3"), "Accept-Ranges", "bytes")
	tests := map[string]struct {
		method, target string
		header, value  string
		status         int
		want           http.Header
		body           string
	}{
		"document":      {"GET", "/menu.main-b/digits-1~1.2.3?Digits=2", "", "", 200, xml, digits},
		"head":          {"HEAD", "/menu.main-b/digits-1~1.2.3?Digits=2", "", "", 200, xml, ""},
		"known":         {"GET", "/menu.main-b/digits-1~1.2.3?Digits=2", "If-None-Match", `"x", W/` + etag(digits), 304, with(kept, "Etag", etag(digits)), ""},
		"whole":         {"GET", "/menu.main-b/digits-1~1.2.3?Digits=2", "Range", "bytes=6-", 200, xml, digits},
		"audio":         {"GET", "/audio/a.mp3", "", "", 200, with(mp3, "Content-Length", "11"), "audio/a.mp3"},
		"audio head":    {"HEAD", "/audio/a.mp3", "", "", 200, with(mp3, "Content-Length", "11"), ""},
		"part of audio": {"GET", "/audio/a.mp3", "Range", "bytes=6-", 206, with(mp3, "Content-Length", "5", "Content-Range", "bytes 6-10/11"), "a.mp3"},
		"known audio":   {"GET", "/audio/b.wav", "If-None-Match", etag("audio/b.wav"), 304, with(kept, "Etag", etag("audio/b.wav")), ""},
		"missing":       {"GET", "/menu.main-b/menu-9.xml", "", "", 404, with(not, "Content-Length", "49"), missing},
		"missing head":  {"HEAD", "/", "", "", 404, with(not, "Content-Length", "49"), ""},
	}
	server := httptest.NewServer(router.New(sampleBundle(t)))
	defer server.Close()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest(test.method, server.URL+test.target, nil)
			if err != nil {
				t.Fatal(err)
			}
			if test.header != "" {
				r.Header.Set(test.header, test.value)
			}
			status, headers, body := roundTrip(t, r)
			if status != test.status || body != test.body {
				t.Errorf("status %d, body %q, want %d, %q", status, body, test.status, test.body)
			}
			if diff := cmp.Diff(test.want, headers); diff != "" {
				t.Errorf("headers (-want +got)\n%s", diff)
			}
		})
	}
}

// roundTrip sends one request, follows no redirect, and leaves out the date.
func roundTrip(t *testing.T, r *http.Request) (status int, headers http.Header, body string) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Header.Del("Date")
	return resp.StatusCode, resp.Header, string(text)
}

func TestIfNoneMatch(t *testing.T) {
	h := router.New(sampleBundle(t))
	const path = "menu.main-b/menu-1.xml"
	tests := map[string]int{
		etag(path):                         304,
		"W/" + etag(path):                  304,
		`"a",` + etag(path) + `,"b"`:       304,
		"*":                                304,
		`"a"`:                              200,
		"":                                 200,
		strings.Trim(etag(path), `"`):      200,
		etag("menu.main-b/digits-1.1.xml"): 200,
	}
	for header, want := range tests {
		for _, method := range []string{"GET", "HEAD"} {
			if got := ask(h, method, "/"+path, "If-None-Match", header).Code; got != want {
				t.Errorf("%s, If-None-Match: %s: status %d, want %d", method, header, got, want)
			}
		}
	}
	if got := ask(h, "GET", "/"+path, "If-None-Match", `"a"`, "If-None-Match", etag(path)).Code; got != 304 {
		t.Errorf("in the second of two headers: status %d", got)
	}
}

func TestOtherMethodsAreRefusedWithTheReason(t *testing.T) {
	h := router.New(sampleBundle(t))
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "BREW"} {
		for _, target := range []string{"/menu.main-b/digits-1~1.2.3?Digits=2", "/menu.main-b/menu-1.xml", "/audio/a.mp3", "/missing", router.HealthPath} {
			w := ask(h, method, target)
			if w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: status %d, Allow: %s", method, target, w.Code, w.Header().Get("Allow"))
			}
			for _, reason := range []string{`method="GET"`, "VoiceMethod"} {
				if !strings.Contains(w.Body.String(), reason) {
					t.Errorf("%s %s: %q does not name %s", method, target, w.Body, reason)
				}
			}
		}
	}
}

// strays are targets that a tidy server would redirect, list or resolve.
var strays = []string{
	"/", "//", "/.", "/..", "/./", "/../", "/menu.main-b", "/menu.main-b/", "/menu.main-b/.", "/audio/", "/public/", "/private/",
	"//menu.main-b/menu-1.xml", "/menu.main-b//menu-1.xml", "/menu.main-b/menu-1.xml/", "/menu.main-b/./menu-1.xml",
	"/audio/../menu.main-b/menu-1.xml", "/menu.main-b/../audio/a.mp3", "/menu.main-b/digits-1/", "/menu.main-b/digits-1~1.2.3/?Digits=1",
	"/index.html", "/menu.main-b/index.html", "/menu.main-b/menu-1", "/MENU.main-b/menu-1.xml", "/menu.main-b/menu-1.XML",
	"/private/bundle.json", "/../private/bundle.json", "/public/menu.main-b/menu-1.xml", "/bundle.json",
	"/%2e%2e/private/bundle.json", "/menu.main-b/%2e%2e/%2e%2e/private/bundle.json", "/%2e/menu.main-b/menu-1.xml", "/..%2fprivate/bundle.json",
	"/..%5cprivate%5cbundle.json", "/menu.main-b%5cmenu-1.xml", "/menu.main-b/menu-1.xml%00", "/%00", "/menu.main-b/menu-1.xml%2f",
	"/menu.main-b/menu-1.xml%3FDigits=1", "/;/", "/..;/menu.main-b/menu-1.xml", "/menu.main-b/digits-3?Digits=1", "/healthz/", "/HEALTHZ",
	"/" + strings.Repeat("a", 100_000), "/" + strings.Repeat("../", 1000), "/" + strings.Repeat("a/", 1000) + "digits-1~1.2.3?Digits=1",
}

func TestStraysAreNotFoundAndNeverRedirected(t *testing.T) {
	h := router.New(sampleBundle(t))
	for _, target := range strays {
		for _, method := range []string{"GET", "HEAD"} {
			w := ask(h, method, target)
			if w.Code != http.StatusNotFound || w.Header().Get("Location") != "" {
				t.Errorf("%s %.60s: status %d, Location %q", method, target, w.Code, w.Header().Get("Location"))
			}
		}
	}
}

func TestOnlyListedFilesAreServed(t *testing.T) {
	b := bundleOf(t, "menu.x-1/menu-1.xml")
	b.Data["menu.x-1/secret.xml"] = []byte("unlisted")
	delete(b.Data, "menu.x-1/menu-1.xml")
	h := router.New(b)
	for _, p := range []string{"/menu.x-1/secret.xml", "/menu.x-1/menu-1.xml"} {
		if got := served(h, p); got != "Not Found" {
			t.Errorf("%s: answered with %q", p, got)
		}
	}
}

func TestAnEncodedPathIsTheSamePath(t *testing.T) {
	h := router.New(sampleBundle(t))
	for _, target := range []string{"/menu%2Emain-b/digits-1~1.2.3?Digits=2", "/menu.main-b/%64igits-1?Digits=2"} {
		if got := served(h, target); got != "menu.main-b/digits-1.2.xml" {
			t.Errorf("%s: answered with %q", target, got)
		}
	}
}

func TestHealth(t *testing.T) {
	b := sampleBundle(t)
	w := ask(router.New(b), "GET", router.HealthPath+"?From=%2B14155550199")
	if want := "ok " + b.Manifest.Digest + "\n"; w.Code != 200 || w.Body.String() != want || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, body %q, headers %v", w.Code, w.Body, w.Header())
	}
}

// A path in the public URL may be taken away by a proxy, or not.
func TestPrefix(t *testing.T) {
	h := router.New(sampleBundle(t))
	h.Prefix = "/calls"
	for target, want := range map[string]string{
		"/menu.main-b/menu-1.xml":                    "menu.main-b/menu-1.xml",
		"/calls/menu.main-b/menu-1.xml":              "menu.main-b/menu-1.xml",
		"/calls/menu.main-b/digits-1~1.2.3?Digits=2": "menu.main-b/digits-1.2.xml",
		"/calls/calls/menu.main-b/menu-1.xml":        "Not Found",
		"/callsmenu.main-b/menu-1.xml":               "Not Found",
		"/calls":                                     "Not Found",
		"/calls/":                                    "Not Found",
	} {
		if got := served(h, target); got != want {
			t.Errorf("%s: answered with %q, want %q", target, got, want)
		}
	}
}

func TestReadinessEndsBeforeHealth(t *testing.T) {
	b := sampleBundle(t)
	h := router.New(b)
	for _, path := range []string{router.HealthPath, router.ReadyPath} {
		if got := served(h, path); got != "ok "+b.Manifest.Digest+"\n" {
			t.Errorf("%s: %q", path, got)
		}
	}
	h.Leave()
	if w := ask(h, "GET", router.ReadyPath); w.Code != 503 {
		t.Errorf("ready although it leaves: %d", w.Code)
	}
	for _, path := range []string{router.HealthPath, "/menu.main-b/menu-1.xml"} {
		if w := ask(h, "GET", path); w.Code != 200 {
			t.Errorf("%s: status %d while it leaves", path, w.Code)
		}
	}
}

// Of several bundles all documents are served, and the first counts.
func TestSwapToSeveral(t *testing.T) {
	one, two := bundleOf(t, "menu.x-1/menu-1.xml"), bundleOf(t, "menu.x-2/menu-1.xml")
	other := bundleOf(t, "menu.x-1/menu-1.xml")
	other.Data["menu.x-1/menu-1.xml"] = []byte("other")
	other.Manifest.Files[1] = bundle.NewFile("menu.x-1/menu-1.xml", []byte("other"))
	other.Seal()
	h := router.New(two, one, other)
	for _, p := range []string{"menu.x-1/menu-1.xml", "menu.x-2/menu-1.xml"} {
		if got := served(h, "/"+p); got != p {
			t.Errorf("%s: answered with %q", p, got)
		}
	}
	if h.Swap(two, other, one) {
		t.Error("the same bundles in another order are a switch")
	}
	if !h.Swap(one, two, other) || served(h, router.HealthPath) != "ok "+one.Manifest.Digest+"\n" {
		t.Error("another current bundle is no switch")
	}
	if !h.Swap(one, two) {
		t.Error("a bundle less is no switch")
	}
	f := bundle.NewFile("menu.x-1/menu-1.xml", []byte("menu.x-1/menu-1.xml"))
	if string(h.Releases().Content(&f)) != f.Path {
		t.Error("the content of a file is not found")
	}
	changed := bundle.NewFile(f.Path, []byte("changed"))
	absent := bundle.NewFile("menu.y-1/menu-1.xml", nil)
	if h.Releases().Content(&changed) != nil || h.Releases().Content(&absent) != nil {
		t.Error("what is not served has a content")
	}
}

// A document of a release that was written a moment ago is found; what has not
// the form of a document is not looked for.
func TestHandlerLooksAgain(t *testing.T) {
	fresh := "menu.main-" + strings.Repeat("a", 26) + "/menu-1.xml"
	h := router.New(bundleOf(t, "a/x.xml"))
	asked := 0
	h.Missing = func(context.Context) {
		asked++
		b := &bundle.Bundle{Data: map[string][]byte{fresh: []byte("<Response/>")}}
		b.Manifest.Digest = "new"
		b.Manifest.Files = []bundle.FileRow{bundle.NewFile(fresh, b.Data[fresh])}
		h.Swap(b)
	}
	for _, test := range []struct {
		path          string
		status, asked int
	}{
		{"/wp-login.php", 404, 0}, {"/", 404, 0}, {"/a/y.xml", 404, 0}, {"/menu.main-a/menu-1.xml", 404, 0},
		{"/" + strings.Repeat("a", 40), 404, 0}, {"/../" + fresh, 404, 0},
		{"/" + fresh, 200, 1}, {"/" + fresh, 200, 1},
		{"/" + fresh + ".bak", 404, 2}, {"/audio/x.wav", 404, 3},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", test.path, nil))
		if w.Code != test.status || asked != test.asked {
			t.Errorf("%s: status %d, %d readings, want %d, %d", test.path, w.Code, asked, test.status, test.asked)
		}
	}
}
