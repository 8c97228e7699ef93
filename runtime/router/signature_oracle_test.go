package router_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/runtime/router"
)

// Twilio's own validator and this router agree on every signature: of requests
// with and without a form, rightly and wrongly signed.
func TestTwiliosValidatorAgrees(t *testing.T) {
	h := require(t, router.Signature{PublicURL: "https://ivr.example"})
	oracle := client.NewRequestValidator(token)
	field := rapid.StringMatching(`[A-Za-z]{1,8}`)
	value := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "*", "#", "+14155550199", "client:bob", "a b", "ü&=%"}))
	rapid.Check(t, func(rt *rapid.T) {
		query := url.Values{}
		for key, v := range rapid.MapOfN(field, value, 0, 3).Draw(rt, "query") {
			query.Set(key, v)
		}
		form := rapid.MapOfN(field, value, 0, 4).Draw(rt, "form")
		address := "https://ivr.example/" + rapid.StringMatching(`[a-z0-9./-]{0,20}`).Draw(rt, "path")
		if len(query) > 0 {
			address += "?" + query.Encode()
		}
		text, posted := address, url.Values{}
		for _, key := range slices.Sorted(maps.Keys(form)) {
			text += key + form[key]
			posted.Set(key, form[key])
		}
		signature := sign(token, text)
		if rapid.Bool().Draw(rt, "wrong") {
			signature = sign(token, text+rapid.StringMatching(`[A-Za-z0-9]{1,3}`).Draw(rt, "more"))
		}
		r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(posted.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if len(form) == 0 {
			r = httptest.NewRequest(http.MethodGet, address, nil)
		}
		r.Header.Set("X-Twilio-Signature", signature)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got, want := w.Code == http.StatusOK, oracle.Validate(address, form, signature); got != want {
			rt.Errorf("%s with the form %q: accepted is %t here, and %t by Twilio's validator", address, form, got, want)
		}
	})
}
