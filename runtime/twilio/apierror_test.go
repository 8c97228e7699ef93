package twilio

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"unicode"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

func TestAPIErrorSaysEverything(t *testing.T) {
	e := &APIError{Op: "update number main (PN1)", Status: 400, Code: 21402, RequestID: "RQ1", Reason: "Twilio answers: VoiceUrl is not valid",
		Advice: "Correct it.", Unknown: true, Tries: 2}
	want := "update number main (PN1): Twilio answers: VoiceUrl is not valid (status 400, error 21402, request RQ1, 2 tries). Twilio may have done it anyway. Correct it."
	if got := e.Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := (&APIError{Op: "read", Reason: "no connection", Advice: "Wait."}).Error(); got != "read: no connection. Wait." {
		t.Errorf("got %s", got)
	}
}

// Twilio's own words are told with its code, and advice that fits.
func TestRefusalsAreExplained(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		reason string // a part
		advice string
	}{
		{400, `{"code":21402,"message":"VoiceUrl is not valid: https://user:pass@x.example/"}`, "VoiceUrl is not valid: https://***@x.example/", advice[21402]},
		{400, `{"code":99999,"message":"New.\u001b[31m rule"}`, `New.\u001b[31m rule`, adviceRefused},
		{401, `{"code":20003,"message":"Authenticate"}`, "Authenticate", advice[20003]},
		{401, `{}`, "does not look like", adviceProxy},
		{403, `{"code":20403,"message":"No"}`, "No", adviceRights},
		{404, `{"code":20404,"message":"Gone: PN` + strings.Repeat("1", 32) + `"}`, "Gone: PN" + strings.Repeat("1", 32), advice[20404]},
		{302, ``, "redirect", adviceProxy},
		{429, `<html>`, "does not look like", advice[20429]},
		{502, `<html>`, "does not look like", adviceTrouble},
		{502, `{"code":0,"message":"` + strings.Repeat("x", 1000) + `"}`, strings.Repeat("x", 300) + "…", adviceTrouble},
	} {
		e := &APIError{Status: test.status}
		e.explain([]byte(test.body), newRedaction(Credentials{}))
		if !strings.Contains(e.Reason, test.reason) || e.Advice != test.advice {
			t.Errorf("%d %s: got %q, %q", test.status, test.body, e.Reason, e.Advice)
		}
	}
}

// A text from elsewhere never shows the password, in any dress, nor a phone
// number, nor moves the cursor; cleaning it again changes nothing of that.
func FuzzClean(f *testing.F) {
	for _, text := range []string{
		"", "The phone number +14155550177 is not valid", "call (415) 555-0177 or 415.555.0177", "To=%2B14155550177&From=x",
		"https://user:" + canary + "@x.example/", "Basic " + base64.StdEncoding.EncodeToString([]byte("SK1:"+canary)),
		"\x1b[31mred\x1b]8;;https://evil.example\a", "‮txet", "client:alice and sip:alice@x.example", canary[:10] + "\x00" + canary[10:],
		"PN" + strings.Repeat("0", 32), "sip:La\xaalice", "ali\u00adce", canary[:10] + "\u200b" + canary[10:],
	} {
		f.Add(text)
	}
	c := Credentials{User: "SK1", Password: NewSecret(canary)}
	hide := newRedaction(c).also([]string{"client:alice", "alice"})
	f.Fuzz(func(t *testing.T, text string) {
		got := hide.clean(text + " +14155550177 " + canary + " alice")
		for _, secret := range []string{canary, "alice", "4155550177", base64.StdEncoding.EncodeToString([]byte("SK1:" + canary))} {
			if strings.Contains(got, secret) {
				t.Errorf("%q shows %q", got, secret)
			}
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return !unicode.IsPrint(r) && r != '\u200c' && r != '\u200d' }); i >= 0 { // joiners belong to scripts
			t.Errorf("%q holds a control character", got)
		}
		if len([]rune(got)) > 301 {
			t.Errorf("%d characters", len([]rune(got)))
		}
	})
}

// Whatever comes as a reply, every operation ends, with an error of ours or with
// none, and shows nothing that it must not.
func FuzzReplies(f *testing.F) {
	f.Add(200, `{"sid":"QU`+strings.Repeat("0", 32)+`","max_size":1}`, "")
	f.Add(200, `{"queues":[],"incoming_phone_numbers":[],"next_page_uri":"/x"}`, "")
	f.Add(200, `{"queues":[null],"incoming_phone_numbers":[{}]}`, "")
	f.Add(429, `{}`, "99999999999")
	f.Add(500, `{"code":1e99,"message":"`+canary+`"}`, "Mon, 01 Jan 2999 00:00:00 GMT")
	f.Add(204, ``, "-1")
	f.Add(600, `[]`, "")
	f.Fuzz(func(t *testing.T, status int, body, retryAfter string) {
		if status < 200 || status > 999 || strings.ContainsFunc(retryAfter, unicode.IsControl) {
			t.Skip("no HTTP reply")
		}
		for name, op := range operations {
			synctest.Test(t, func(t *testing.T) {
				s := stage()
				s.Fault = func(int, *http.Request) sandbox.RequestFault {
					return sandbox.RequestFault{Status: status, RetryAfter: retryAfter, Reply: func([]byte) []byte { return []byte(body) }}
				}
				if err := op.run(t.Context(), open(t, s, Options{}), s); err != nil && !isUnconfirmed(err) {
					checkError(t, err)
				}
				if len(s.Calls()) > 1 && status != http.StatusTooManyRequests {
					t.Errorf("%s: %d calls", name, len(s.Calls()))
				}
			})
		}
	})
}

func isUnconfirmed(err error) bool {
	return strings.Contains(fmt.Sprintf("%T", err), "UnconfirmedError")
}
