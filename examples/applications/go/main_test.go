package main

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
)

// The application in each language takes the same payments, whichever way they end.

const directory = "examples/applications"

func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil { // to examples, one folder below the root
		panic(err)
	}
	commandtest.Main(m)
}

// served serves the application in Go until the end of the test.
func served(t *testing.T, public, token string) string {
	t.Helper()
	data, err := os.ReadFile(directory + "/accounts.csv")
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(application(accounts, public, token))
	t.Cleanup(server.Close)
	return server.URL
}

// started runs a program until the end of the test, and returns the line that it
// writes when it serves.
func started(t *testing.T, environment []string, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("there is no %s here", program)
	}
	server := exec.Command(path, args...)
	server.Env = append(os.Environ(), environment...)
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// runtime is as much of Twilio's as the Function uses, behind a server of Node.
const runtime = `
const http = require('http'), fs = require('fs'), folder = process.cwd() + '/examples/applications';
global.Runtime = { getAssets: () => ({ '/accounts.csv': { open: () => fs.readFileSync(folder + '/accounts.csv', 'utf8') } }) };
global.Twilio = { Response: class {
  constructor() { this.headers = {}; this.body = ''; }
  appendHeader(name, value) { this.headers[name] = value; }
  setBody(text) { this.body = text; }
} };
const { handler } = require(folder + '/function/payment.protected.js');
const server = http.createServer((request, reply) => {
  let form = '';
  request.on('data', (part) => form += part);
  request.on('end', () => {
    const event = {};
    for (const [name, value] of [...new URL(request.url, 'http://x').searchParams, ...new URLSearchParams(form)]) {
      event[name] = event[name] === undefined ? value : [].concat(event[name], value);
    }
    handler({}, event, (error, response) => { reply.writeHead(200, response.headers); reply.end(response.body); });
  });
});
server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));
`

// The applications refuse what is not signed with this token for this host.
const public, token = "https://applications.utility.example", "secret"

// takePayments calls an application, with requests that are signed.
func takePayments(t *testing.T, address string) {
	t.Helper()
	signing := []string{"TWILIO_AUTH_TOKEN=" + token}
	for _, test := range []struct{ press, outcome, heard string }{
		{"1, 12345678", "Pay=success", "Your bill is paid."},
		{"1, 12345678", "Pay=too-many-failed-attempts", "Your payment was not taken."},
		{"1, 11111111, 8765#, 87654321", "Pay=success", "Your bill is paid."},
		{"1, 11111111, 8765#, 87654321", "Pay=payment-connector-error", "We do not know this account."},
		{"1, 11111111, 22222222, 33333333", "Pay=success", "is being connected to"},
		{"1, *#", "Pay=success", "is being connected to"},
	} {
		out := commandtest.RunIn(t, signing, "simulate", "-press", test.press, "-application", "payment="+address, "-outcome", test.outcome, directory)
		if !strings.Contains(out, test.heard) || strings.Contains(out, "Our systems do not answer") {
			t.Errorf("%s, %s: %q is not heard:\n%s", test.press, test.outcome, test.heard, out)
		}
	}
	// The call tests say what it answers, and so does it, or they say that it fails.
	commandtest.RunIn(t, signing, "test", "-run", "paid|second|operator in place", "-application", "payment="+address, directory)
}

func TestPayments(t *testing.T) {
	t.Run("Go", func(t *testing.T) { takePayments(t, served(t, public, token)) })
	t.Run("Function", func(t *testing.T) { takePayments(t, started(t, nil, "node", "-e", runtime)) })
	t.Run("Python", func(t *testing.T) {
		takePayments(t, started(t, []string{"PORT=0", "PUBLIC_URL=" + public, "TWILIO_AUTH_TOKEN=" + token}, "python3", directory+"/python/payment.py"))
	})
}

// What Twilio has not signed is refused. A Function that is protected leaves that to
// Twilio.
func TestSignatures(t *testing.T) {
	t.Run("Go", func(t *testing.T) { refuseUnsigned(t, served(t, public, token), public, token) })
	t.Run("Python", func(t *testing.T) {
		environment := []string{"PORT=0", "PUBLIC_URL=" + public, "TWILIO_AUTH_TOKEN=" + token}
		refuseUnsigned(t, started(t, environment, "python3", directory+"/python/payment.py"), public, token)
	})
}

func refuseUnsigned(t *testing.T, address, public, token string) {
	t.Helper()
	const path, form = "/payment?ivrc_application=payment&return=https%3A%2F%2Fcalls.utility.example%2Fx", "CallSid=CA1&Digits=12345678&Empty="
	mac := hmac.New(sha1.New, []byte(token))
	fmt.Fprint(mac, public+path+"CallSidCA1Digits12345678Empty")
	right := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for signature, status := range map[string]int{"": 403, "=" + right[1:]: 403, "é": 403, right: 200} {
		r, err := http.NewRequest("POST", address+path, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Twilio-Signature", signature)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != status {
			t.Errorf("%q: the status is %d, not %d", signature, response.StatusCode, status)
		}
	}
}
