package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
)

// runtime is as much of Twilio's as the Function uses, behind a server of Node.
const runtime = `
const http = require('http'), fs = require('fs');
global.Runtime = { getAssets: () => ({ '/accounts.csv': { open: () => fs.readFileSync('examples/bank/application/accounts.csv', 'utf8') } }) };
global.Twilio = { Response: class {
  constructor() { this.headers = {}; this.body = ''; }
  appendHeader(name, value) { this.headers[name] = value; }
  setBody(text) { this.body = text; }
} };
const { handler } = require(process.cwd() + '/examples/bank/application/account.protected.js');
const server = http.createServer((request, reply) => {
  let form = '';
  request.on('data', (part) => form += part);
  request.on('end', () => {
    const event = Object.fromEntries([...new URL(request.url, 'http://x').searchParams, ...new URLSearchParams(form)]);
    handler({}, event, (error, response) => { reply.writeHead(200, response.headers); reply.end(response.body); });
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`

// started runs a program of Node until the end of the test, and returns the line that it
// writes when it serves.
func started(t *testing.T, environment []string, args ...string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node here")
	}
	server := exec.Command(node, args...)
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

// The Function looks up accounts as the server does.
func TestFunction(t *testing.T) {
	port := started(t, nil, "-e", runtime)
	for _, test := range []struct{ press, heard string }{
		{"12345678", "Please enter your code"},
		{"11111111", "We do not know this account."},
		{"*#", "is being connected to"},
	} {
		text := commandtest.Run(t, "simulate", "-press", test.press, "-application", "account=http://127.0.0.1:"+port, "examples/bank")
		if !strings.Contains(text, test.heard) {
			t.Errorf("%s: %q is not heard:\n%s", test.press, test.heard, text)
		}
	}
}

// The contract is enough for another language: the application in Node passes the tests
// of the one in Go.
func TestNode(t *testing.T) {
	hearBalance(t, started(t, []string{"PORT=0", "TWILIO_AUTH_TOKEN="}, "examples/bank/application/server.js"))
	address := started(t, []string{"PORT=0", "PUBLIC_URL=https://accounts.bank.example", "TWILIO_AUTH_TOKEN=secret"}, "examples/bank/application/server.js")
	refuseUnsigned(t, func(r *http.Request) int {
		r.URL.Host, r.URL.Scheme, r.RequestURI = strings.TrimPrefix(address, "http://"), "http", ""
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		return response.StatusCode
	})
}
