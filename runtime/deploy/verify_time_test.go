package deploy

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// hoursBundle is a bundle with one block of hours.
func hoursBundle() *bundle.Bundle {
	b := &bundle.Bundle{Data: map[string][]byte{}, Components: []bundle.Component{{Directory: "hours.door-b", Blocks: []bundle.Block{{Address: "hours.door"}}}}}
	for _, file := range [][2]string{
		{"hours.door-b/hours-1.xml", `<Response><Redirect method="GET">time~open.closed-0-1234567_09001700</Redirect></Response>`},
		{"hours.door-b/time.closed.xml", "<Response><Say>closed</Say></Response>"}, {"hours.door-b/time.open.xml", "<Response/>"},
	} {
		b.Data[file[0]] = []byte(file[1])
		b.Manifest.Files = append(b.Manifest.Files, bundle.NewFile(file[0], b.Data[file[0]]))
	}
	return b
}

// Before a number moves, the host must tell the time.
func TestVerifyHours(t *testing.T) {
	for _, test := range []struct {
		keep, body, want string // want is part of the problem
		status           int
	}{
		{"no-store", "<Response/>", "", 200},
		{"no-store", "<Response><Say>closed</Say></Response>", "", 200},
		{"no-store", `<Response><Redirect method="GET">time.open.xml</Redirect></Response>`, "", 200},
		{"public, max-age=31536000, immutable", "<Response/>", "lets the answer be kept", 200},
		{"no-store", "<Response><Hangup/></Response>", "answered with another document", 200},
		{"no-store", "404", "the router is not installed", 404},
	} {
		b := hoursBundle()
		asked := ""
		host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/xml")
			if data, ok := b.Data[strings.TrimPrefix(r.URL.Path, "/")]; ok {
				_, _ = w.Write(data)
				return
			}
			asked = r.URL.Path
			w.Header().Set("Cache-Control", test.keep)
			w.WriteHeader(test.status)
			_, _ = w.Write([]byte(test.body))
		}))
		v := verification{client: publicClient(http.DefaultTransport), baseURL: host.URL, bundle: b}
		problems := v.verify(t.Context(), []string{"public/hours.door-b/time.closed.xml", "public/hours.door-b/time.open.xml"}, func(int, int) {})
		host.Close()
		if asked != "/hours.door-b/time~open.closed-0-1234567_09001700" {
			t.Errorf("the host is asked for %q", asked)
		}
		text := ""
		for _, p := range problems {
			text += p.Text
		}
		if (text == "") != (test.want == "") || !strings.Contains(text, test.want) {
			t.Errorf("%d %q: %q, want %q", test.status, test.body, text, test.want)
		}
	}
}
