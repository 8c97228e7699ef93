package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
)

func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil { // to examples, one folder below the root
		panic(err)
	}
	commandtest.Main(m)
}

// Callers of the bank hear their balance from the real application, and only with the
// right code. What they enter for it is in no transcript.
func TestCallersHearTheirBalance(t *testing.T) {
	b := &bank{accounts: [][]string{{"12345678", "4711", "two hundred and eleven dollars"}}}
	server := httptest.NewServer(b.handler("", ""))
	defer server.Close()
	hearBalance(t, server.URL)
}

func hearBalance(t *testing.T, address string) {
	t.Helper()
	for _, test := range []struct{ press, heard string }{
		{"12345678, 4711#, 1", "Your balance is two hundred and eleven dollars."},
		{"87654320, 12345678, 4712#, 4711#, 1", "This code is not right."},
		{"87654320, 12345678, 4712#, 4711#, 1", "Your balance is two hundred and eleven dollars."},
		{"*#", "is being connected to"},
	} {
		out := commandtest.Run(t, "simulate", "-all", "-press", test.press, "-application", "account="+address, "examples/bank")
		if !strings.Contains(out, test.heard) || strings.Contains(out, "4711") {
			t.Errorf("%s: %q is not heard, or the code is shown:\n%s", test.press, test.heard, out)
		}
	}
}

// What Twilio has not signed is refused.
func TestSignatures(t *testing.T) {
	b := &bank{}
	refuseUnsigned(t, func(r *http.Request) int {
		w := httptest.NewRecorder()
		b.handler("https://accounts.bank.example", "secret").ServeHTTP(w, r)
		return w.Code
	})
}

// refuseUnsigned asks an application whose token is "secret" with a wrong signature,
// with none, and with the right one.
func refuseUnsigned(t *testing.T, ask func(*http.Request) int) {
	t.Helper()
	const path, form = "/account?return=x", "Digits=12345678"
	mac := hmac.New(sha1.New, []byte("secret"))
	mac.Write([]byte("https://accounts.bank.example" + path + "Digits12345678"))
	right := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for signature, status := range map[string]int{"": 403, "=" + right[1:]: 403, right: 200} {
		r := httptest.NewRequest("POST", path, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Twilio-Signature", signature)
		if got := ask(r); got != status {
			t.Errorf("the status is %d, not %d", got, status)
		}
	}
}
