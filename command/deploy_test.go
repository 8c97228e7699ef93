package command

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/runtime/router"
)

// TestApplySignsItsRequests asks a server that answers only Twilio.
func TestApplySignsItsRequests(t *testing.T) {
	h, err := router.Signature{Tokens: []string{"secret"}}.Require(router.New(compiled(t, compiler.Input{Files: os.DirFS("examples/zillum")}).Bundle))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	for token, want := range map[string]int{"secret": 404, "other": 403} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/x/digits-1?CallSid=CA1&Digits=%2A", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := signing{token}.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want || request.Header.Get("X-Twilio-Signature") != "" {
			t.Errorf("signed with %q: %s", token, response.Status)
		}
	}
}
