package deploy

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A router at an address of its own is asked as documents ask it, and must lead
// to the document.
func TestRoutersElsewhere(t *testing.T) {
	const decisions = "https://handler.twilio.com/twiml/EH00000000000000000000000000000000"
	const path = "menu.main-b/digits-1.0.xml"
	redirect := func(to string) string {
		return `<?xml version="1.0"?><!-- made --><Response><Redirect method="GET">` + to + `</Redirect></Response>`
	}
	right := redirect("https://calls.zillum.example/" + path)
	for name, test := range map[string]struct {
		status int
		body   string
		again  string // the answer to the second request
		want   string // in the error, "" for none
	}{
		"function":         {200, right, "", ""},
		"bin":              {200, redirect(decisions + "?asked=1"), right, ""},
		"bin in circles":   {200, redirect(decisions + "?asked=1"), redirect(decisions + "?asked=1"), "leads to itself"},
		"other documents":  {200, redirect("https://old.zillum.example/" + path), "", "leads to \"https://old.zillum.example/"},
		"other answer":     {200, redirect("https://calls.zillum.example/menu.main-b/digits-1._.xml"), "", "leads to"},
		"answers Twilio":   {403, "", "", ""},
		"not there":        {404, "", "", "there is no router at hosting.decisions_url"},
		"broken":           {500, "", "", "the router answers 500"},
		"a page":           {200, "<html>It works!</html>", "", "does not answer with a TwiML redirect"},
		"nothing":          {200, "", "", "does not answer with a TwiML redirect"},
		"no redirect":      {200, "<Response><Hangup/></Response>", "", "does not answer with a TwiML redirect"},
		"redirect of HTTP": {302, "", "", "cannot be asked"},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			host := roundTrip(func(r *http.Request) (*http.Response, error) {
				asked = append(asked, r.URL.String())
				body := test.body
				if len(asked) > 1 {
					body = test.again
				}
				return &http.Response{StatusCode: test.status, Header: http.Header{"Location": {"/x"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
			})
			v := verification{client: publicClient(host), baseURL: "https://calls.zillum.example", decisionsURL: decisions}
			err := v.check(t.Context(), check{path, bundle.Decision{DecisionKind: &bundle.DecisionKinds()[0], Path: "menu.main-b/digits-1", List: "0"}, "Digits=0"})
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			want := decisions + "?ask=digits&at=menu.main-b/digits-1~0&CallSid=CA00000000000000000000000000000000&Digits=0"
			if asked[0] != want {
				t.Errorf("asked for %s, want %s", asked[0], want)
			}
		})
	}
}
