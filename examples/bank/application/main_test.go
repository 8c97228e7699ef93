package main

import (
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
	b := &bank{accounts: [][]string{{"12345678", "4711", "two hundred dollars"}}}
	server := httptest.NewServer(b.handler("", ""))
	defer server.Close()
	for _, test := range []struct{ press, heard string }{
		{"12345678, 4711#, 1", "Your balance is two hundred dollars."},
		{"87654321, 12345678, 4712#, 4711#, 1", "This code is not right."},
		{"*#", "is being connected to"},
	} {
		out := commandtest.Run(t, "simulate", "-all", "-press", test.press, "-application", "account="+server.URL, "examples/bank")
		if !strings.Contains(out, test.heard) || strings.Contains(out, "4711") {
			t.Errorf("%s: %q is not heard, or the code is shown:\n%s", test.press, test.heard, out)
		}
	}
}

// What Twilio has not signed is refused.
func TestSignatures(t *testing.T) {
	b := &bank{}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/account?return=x", strings.NewReader("Digits=12345678"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.handler("https://accounts.bank.example", "secret").ServeHTTP(w, r)
	if w.Code != 403 {
		t.Errorf("the status is %d", w.Code)
	}
}
