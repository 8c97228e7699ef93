package host_test

import (
	"encoding/xml"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router/host"
)

// Hosts that answer decisions at an address of their own. The tests request it as
// the links in documents do, and read what it redirects to from the bucket.

// decisions are the rows of the table that such hosts are asked: decisions, by
// the methods that Twilio has.
func decisions(rows []row) []row {
	return slices.DeleteFunc(rows, func(r row) bool {
		_, ok := bundle.DecisionAt(r.path)
		return !ok || r.kind == host.CaseUnclean || r.kind == host.CaseOutside || r.method != http.MethodGet && r.method != http.MethodPost
	})
}

// remote is a location whose decisions have an address of their own.
func remote(decisionsURL string) host.Location {
	return host.Location{BaseURL: "https://zillum.s3.example/ivr/public", Store: "s3://zillum/ivr", DecisionsURL: decisionsURL}
}

func TestTableTwimlBin(t *testing.T) {
	const bin = "https://handler.twilio.com/twiml/EH00000000000000000000000000000000"
	for _, engine := range []string{"mustache", "handlebars"} {
		t.Run(engine, func(t *testing.T) {
			needPackage(t, engine)
			folder := t.TempDir()
			h := configure(t, "twiml-bin", folder, remote(bin))
			rows := slices.DeleteFunc(decisions(table("")), func(r row) bool {
				return strings.Contains(r.path, "/from") || strings.Contains(r.path, "/share") || strings.Contains(r.path, "~") // the compiler refuses them, or writes no list
			})
			input := scriptInput{File: filepath.Join(folder, "twiml-bin.xml"), Documents: stored("https://zillum.s3.example/ivr/public/")}
			for _, r := range rows {
				d, _ := bundle.DecisionAt(strings.TrimPrefix(r.path, "/"))
				input.Rows = append(input.Rows, scriptRow{r.method, d.Link(bin), r.query, "", 0})
			}
			compare(t, h.Deviations(), rows, byScript(t, "bin.mjs", input, engine))
		})
	}
}

func TestTableTwilioFunction(t *testing.T) {
	needPackage(t, "@twilio/runtime-handler")
	needPackage(t, "twilio")
	d := daemon{address: freeAddress(t), folder: t.TempDir()}
	name, port, err := net.SplitHostPort(d.address)
	if err != nil {
		t.Fatal(err)
	}
	location := remote("https://calls-1234.twil.io/decide")
	h := configure(t, "twilio-function", d.folder, location)
	d.start(t, []string{"IVRC_HOSTS=" + hostPackages()}, "node", filepath.Join("testdata", "hosts", "function.mjs"), name, port, d.folder)
	rows := atAnyTime(decisions(tableWithClock("")))                                                 // TestClockOfHosts sets the clock
	rows = slices.DeleteFunc(rows, func(r row) bool { return strings.Contains(r.path, "/failure") }) // the compiler refuses applications
	for _, r := range tableWithClock("") {
		if r.kind == host.CaseNoList || r.kind == host.CaseForeignList {
			rows = append(rows, r)
		}
	}
	documents := stored(location.BaseURL + "/")
	answers := make([]answer, len(rows))
	for i, r := range rows {
		decision, ok := bundle.DecisionAt(strings.TrimPrefix(r.path, "/"))
		query := "ask=digits&at=" + strings.TrimPrefix(r.path, "/")
		if ok {
			query = strings.TrimPrefix(decision.Link(""), "?")
		}
		answers[i] = redirected(documents, send(d.address, row{method: r.method, path: "/decide", query: query + "&" + r.query}))
	}
	compare(t, h.Deviations(), rows, answers)
}

// redirected is the document to which an answer redirects in TwiML.
func redirected(documents map[string]string, a answer) answer {
	var twiml struct {
		Redirect struct {
			Method string `xml:"method,attr"`
			URL    string `xml:",chardata"`
		}
	}
	switch {
	case a.status != http.StatusOK || a.err != nil:
		a.header = nil
		return a
	case a.header.Get("Content-Type") != "text/xml; charset=utf-8":
		return answer{status: http.StatusUnsupportedMediaType, document: a.header.Get("Content-Type")}
	case xml.Unmarshal([]byte(a.document), &twiml) != nil || twiml.Redirect.Method != "GET":
		return answer{status: http.StatusBadGateway, document: a.document}
	}
	content, ok := documents[twiml.Redirect.URL]
	if !ok {
		return answer{status: http.StatusNotFound, document: twiml.Redirect.URL}
	}
	return answer{status: http.StatusOK, document: content}
}
