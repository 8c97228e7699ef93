package main

// Nothing calls home: the hosts that the program could connect to of itself.

import (
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// hosts are those that the strings of the program name, with the reason why. The
// program connects to the first few alone; the others stand in texts for people, or
// are examples.
var hosts = map[string]string{
	"api.twilio.com":            "the API of Twilio, for the commands that deploy",
	"api":                       "the same in another region: api.EDGE.REGION.twilio.com",
	"s3.amazonaws.com":          "object storage, where the store names no endpoint",
	"demo.twilio.com":           "what Twilio sets for a number that is new; it is compared and emulated",
	"handler.twilio.com":        "the form of a TwiML Bin, in a message",
	"calls-1234.twil.io":        "the form of a Twilio Function, in a message",
	"www.twilio.com":            "the page of an error code, in an emulated reply",
	"status.twilio.com":         "where people look when Twilio fails, in a message",
	"docs.aws.amazon.com":       "the page of a limit, in a comment of a configuration",
	"developers.cloudflare.com": "the page of a limit, in a comment of a configuration",
	"json.schemastore.org":      "the name of the form of SARIF",
	"calls.example.com":         "an example, in messages",
	"decisions.example.com":     "an example, in messages",
	"git-lfs":                   "the first line of a file that git has not fetched",
	"HOST":                      "the form of an address, in a message",
	"simulated.example":         "where the simulator serves, in this process",
	"127.0.0.1":                 "this machine",
}

var hostForm = regexp.MustCompile(`https?://([A-Za-z0-9.-]*)`)

// TestNothingCallsHome finds the hosts in the strings of the program. SECURITY.md
// says that it connects to nothing but what a command is for.
func TestNothingCallsHome(t *testing.T) {
	named := map[string]bool{}
	for _, f := range goFiles(t) {
		if f.isTest() || within(f.importPath(), "./examples/...") || strings.HasSuffix(f.importPath(), "test") {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(literal.Value) // the parser has seen to it
			for _, match := range hostForm.FindAllStringSubmatch(text, -1) {
				host := strings.TrimRight(match[1], ".")
				if host == "" || strings.HasSuffix(host, ".example") && host != "simulated.example" {
					continue
				}
				if named[host] = true; hosts[host] == "" {
					t.Errorf("%s names the host %s: say in hosts what for, and in SECURITY.md if a command connects to it", f.at(literal.Pos()), host)
				}
			}
			return true
		})
	}
	for _, host := range slices.Sorted(maps.Keys(hosts)) {
		if !named[host] {
			t.Errorf("hosts explains %s, which nothing names", host)
		}
	}
}
