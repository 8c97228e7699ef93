package main

import (
	"bufio"
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

// The contract is enough for another language: the Function answers as the server does.
func TestFunction(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node here")
	}
	server := exec.Command(node, "-e", runtime)
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}()
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ press, heard string }{
		{"12345678", "Please enter your code"},
		{"11111111", "We do not know this account."},
		{"*#", "is being connected to"},
	} {
		text := commandtest.Run(t, "simulate", "-press", test.press, "-application", "account=http://127.0.0.1:"+strings.TrimSpace(port), "examples/bank")
		if !strings.Contains(text, test.heard) {
			t.Errorf("%s: %q is not heard:\n%s", test.press, test.heard, text)
		}
	}
}
