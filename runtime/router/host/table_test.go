package host_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router/host"
)

// The table of requests. The router, its server and every host answer it, and must
// give the same documents; see host_test.go. It repeats the specification on
// purpose, instead of reading the table of kinds.

// A row is one request and its answer.
type row struct {
	kind         string // one of the cases of package host
	method       string
	path         string    // begins with a slash, as it is sent
	query        string    // without a question mark
	part         string    // value of the header Range
	at           time.Time // the time at which it is sent, where that matters
	status       int       // 0 if any refusal will do, and an answer without content
	document     string    // path below public/, if the status is 200
	fresh        bool      // it may not be kept, because the time decides
	alternatives []string  // the documents of hosts that may deviate
}

func (r row) String() string {
	target := r.path + "?" + r.query
	if len(target) > 120 {
		target = target[:120] + "…"
	}
	return r.kind + ": " + r.method + " " + target
}

// around is what Twilio sends with every request, and parameters by which other
// kinds of decisions are answered.
const around = "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&CallSid=CA00000000000000000000000000000002" +
	"&CallStatus=in-progress&CallToken=%7B%22parentCallInfoToken%22%3A%22x%3D%3D%22%7D&Called=%2B14155550100&CalledCity=SAN+FRANCISCO" +
	"&CalledCountry=US&CalledState=CA&CalledZip=94103&Caller=%2B14155550199&CallerCity=&CallerCountry=US&CallerState=&CallerZip=" +
	"&DialBridged=false&DialCallStatus=busy&Digits=7&Direction=inbound&FinishedOnKey=%23&From=%2B266696687&FromCity=&FromCountry=US" +
	"&FromState=&FromZip=&QueueResult=leave&To=%2B14155550100&ToCity=SAN+FRANCISCO&msg=Gather+End"

// A spelling is a query, the answer that it is given, and the case that it is.
type spelling struct{ query, answer, kind string }

// A decisionRow is an address, the name that its documents begin with, and how
// values are sent to it.
type decisionRow struct {
	at, stem  string
	parameter string
	second    string // the parameter of its exception
	missing   string // the answer to no value
	unlisted  string // the answer to any other
	answers   []string
	spellings []spelling
	listed    []string // a value for each answer, which means nothing if it is changed a little
}

// decisionRows lists addresses of each kind of decision.
func decisionRows() []decisionRow {
	keys := strings.Fields("0 1 2 3 4 5 6 7 8 9")
	digits := func(at string, known ...string) decisionRow {
		stem, _, _ := strings.Cut(at, "~")
		d := decisionRow{at: at, stem: stem, parameter: "Digits", missing: "_", unlisted: "other", answers: append(slices.Clone(known), "other", "_")}
		for _, word := range known {
			value := map[string]string{"star": "*", "pound": "%23"}[word]
			if value == "" {
				value = word
			}
			d.listed = append(d.listed, value)
			d.spellings = append(d.spellings, spelling{"Digits=" + value, word, host.CaseListed})
		}
		if slices.Contains(known, "star") {
			d.spellings = append(d.spellings, spelling{"Digits=%2A", "star", host.CaseListed}, spelling{"Digits=%2a", "star", host.CaseListed})
		}
		for _, value := range append([]string{"*", "%2A", "%2a", "%23", "star", "pound", "other", "_", "12", "101", "4711", "1.2", ".", "..", "~", "1~2", "-"}, keys...) {
			if !slices.Contains(d.listed, value) && !(slices.Contains(known, "star") && strings.HasPrefix(strings.ToUpper(value), "%2A")) {
				d.spellings = append(d.spellings, spelling{"Digits=" + value, "other", host.CaseUnknown})
			}
		}
		return d
	}
	fixed := func(at, parameter, missing string, answers []string, spellings ...spelling) decisionRow {
		stem, _, _ := strings.Cut(at, "~")
		d := decisionRow{at: at, stem: stem, parameter: parameter, missing: missing, unlisted: "_", answers: answers, spellings: spellings}
		known := map[string]bool{}
		for _, s := range spellings {
			if value, ok := strings.CutPrefix(s.query, parameter+"="); ok && s.kind == host.CaseListed && !strings.Contains(value, "&") && !known[s.answer] {
				known[s.answer] = true
				d.listed = append(d.listed, value)
			}
		}
		return d
	}
	dial := fixed("ring_group.sales-d/dial", "DialCallStatus", "_", []string{"answered", "busy", "_"},
		listed("DialCallStatus=completed", "answered"), listed("DialCallStatus=answered", "answered"), listed("DialCallStatus=busy", "busy"),
		listed("DialCallStatus=completed&DialBridged=true", "answered"),
		listed("DialCallStatus=completed&DialBridged=", "answered"),
		listed("DialCallStatus=completed&DialBridged=false", "_"),
		listed("DialBridged=false&DialCallStatus=completed", "_"),
		listed("DialCallStatus=answered&DialBridged=false", "_"),
		listed("DialCallStatus=busy&DialBridged=false", "busy"),
		spelling{"DialCallStatus=completed&DialBridged=False", "answered", host.CaseValueCase},
		spelling{"DialCallStatus=completed&dialbridged=false", "answered", host.CaseParameterCase},
		spelling{"DialCallStatus=completed&DialBridged=false&DialBridged=false", "answered", host.CaseRepeated},
		spelling{"DialCallStatus=declined", "_", host.CaseUnknown},
		spelling{"DialBridged=false", "_", host.CaseMissing})
	dial.second = "DialBridged"
	for _, status := range []string{"no-answer", "failed", "canceled"} {
		dial.spellings = append(dial.spellings, spelling{"DialCallStatus=" + status, "_", host.CaseUnknown})
	}
	queue := fixed("queue.sales-e/queue-1", "QueueResult", "_", []string{"full", "leave", "talked", "_"},
		listed("QueueResult=bridged", "talked"), listed("QueueResult=redirected-from-bridged", "talked"), listed("QueueResult=hangup", "talked"),
		listed("QueueResult=leave", "leave"), listed("QueueResult=queue-full", "full"))
	for _, result := range []string{"full", "talked", "error", "system-error", "redirected", "bridging-in-process"} {
		queue.spellings = append(queue.spellings, spelling{"QueueResult=" + result, "_", host.CaseUnknown})
	}
	return []decisionRow{
		callersRow(fixed), shareRow(fixed), everyShareRow(fixed),
		digits("menu.main-b/digits-1~1.2.pound.star", "1", "2", "pound", "star"),
		digits("menu.main-b/digits-2", append(slices.Clone(keys), "pound", "star")...),
		digits("menu.main-b/digits-3-menu_main_2~1.101.4711", "1", "101", "4711"),
		digits("menu.main-b/digits-4~9", "9"),
		dial, queue,
		resultRow(fixed), failureRow(fixed), unnamedFailureRow(fixed),
		fixed("voicemail.sales-f/record-1", "RecordingDuration", "empty", []string{"empty", "_"},
			listed("RecordingDuration=0", "empty"), listed("RecordingDuration=0&Digits=hangup", "empty"),
			spelling{"RecordingDuration=1", "_", host.CaseUnknown}, spelling{"RecordingDuration=10", "_", host.CaseUnknown},
			spelling{"RecordingDuration=00", "_", host.CaseUnknown}, spelling{"RecordingDuration=120&Digits=0", "_", host.CaseUnknown}),
		fixed("number.main-a/from", "From", "withheld", []string{"withheld", "_"}, append(withheld(),
			spelling{"From=%2B14155550199", "_", host.CaseUnknown},
			spelling{"From=%2B17378742833", "_", host.CaseUnknown}, // a number, although it types RESTRICTED
			spelling{"From=1001", "_", host.CaseUnknown},
			spelling{"From=2666966870", "_", host.CaseUnknown},
			spelling{"From=carol@anonymous.example", "_", host.CaseUnknown},
			spelling{"From=sip%3Aprivate%40zillum.example", "_", host.CaseUnknown},
			spelling{"From=client%3Aunknownsoldier", "_", host.CaseUnknown},
			spelling{"From=4711+anonymous", "_", host.CaseUnknown},
			spelling{"From=sip:carol@zillum.example", "_", host.CaseUnknown},
			spelling{"From=sip%3Acarol%40zillum.example", "_", host.CaseUnknown},
			spelling{"From=client:bob", "_", host.CaseUnknown})...),
	}
}

// listed is a query with a listed value.
func listed(query, answer string) spelling { return spelling{query, answer, host.CaseListed} }

// withheld lists the spellings of withheld numbers.
func withheld() []spelling {
	var list []spelling
	for _, word := range strings.Fields("anonymous Anonymous ANONYMOUS restricted Restricted RESTRICTED blocked Blocked BLOCKED " +
		"unknown Unknown UNKNOWN unavailable Unavailable UNAVAILABLE private Private PRIVATE") {
		list = append(list, spelling{"From=" + word, "withheld", host.CaseListed})
	}
	for _, digits := range []string{"266696687", "7378742833", "2562533", "8656696", "86282452253", "464"} {
		for _, plus := range []string{"", "%2B", "%2b"} {
			list = append(list, spelling{"From=" + plus + digits, "withheld", host.CaseListed})
		}
		list = append(list, spelling{"From=+" + digits, "withheld", host.CaseListedOtherwise})
	}
	for _, words := range strings.Fields("anonymous@anonymous.invalid anonymous%40anonymous.invalid sip:anonymous@192.0.2.1 sip%3AAnonymous%40192.0.2.1 " +
		"SIPS%3aUNKNOWN%40zillum.example client:anonymous client%3AAnonymous unavailable%40unknown.invalid restricted%201 Private+Number " +
		"Private%20Number No+Caller+ID %28unknown%29 withheld Unbekannt N%C3%BAmero+privado %2BANONYMOUS null") {
		list = append(list, spelling{"From=" + words, "withheld", host.CaseCarrierWords})
	}
	return list
}

// twisted lists what may happen to the parameter of a decision and a listed value v.
// None of it is answered as the value is; but a From without a digit, a colon and
// an @, or behind the listed word, is a carrier's words.
func (d decisionRow) twisted(v string) []spelling {
	p := d.parameter
	var list []spelling
	add := func(kind string, queries ...string) {
		for _, query := range queries {
			answer := d.missing
			switch kind {
			case host.CaseUnknown, host.CaseTraversal, host.CaseEncoded, host.CaseValueCase:
				answer = d.unlisted
			}
			value, found := strings.CutPrefix(query, p+"=")
			if marked := markedIn(value); p == "ErrorUrl" && found && kind != host.CaseRepeated && slices.Contains(d.answers, marked) {
				answer = marked
			}
			if text, err := url.QueryUnescape(value); err == nil {
				value = text
			}
			if p == "From" && found && (strings.HasPrefix(value, v) || !strings.ContainsAny(value, "0123456789:@")) {
				answer = "withheld"
			}
			list = append(list, spelling{query, answer, kind})
		}
	}
	add(host.CaseMissing, "", "&", "x=y", "x="+v)
	add(host.CaseEmpty, p, p+"=", p+"&", "&"+p+"=&")
	add(host.CaseUnknown, p+"=unknown-value", p+"=_", p+"=="+v, p+"="+v+"%20", p+"=%20"+v, p+"="+v+v+"x", p+"="+v+"%00", p+"=%00",
		p+"="+v+".xml", p+"="+v+";x", p+"="+v+"%0A", p+"=$uri", p+"={path}", p+"=${"+v+"}", p+"=%{ENV:PATH}", p+"=constructor", p+"=__proto__")
	add(host.CaseRepeated, p+"="+v+"&"+p+"="+v, p+"="+v+"&"+p, p+"&"+p+"="+v, p+"="+v+"&x=y&"+p+"=", p+"="+v+"&"+p+"=unknown-value",
		"x=y&"+p+"=unknown-value&"+p+"="+v)
	add(host.CaseTraversal, p+"=../../x", p+"=..%2F..%2Fx", p+"="+v+"/../../x", p+"=../private/bundle.json", p+"=..%5C..%5Cx")
	add(host.CaseParameterCase, strings.ToLower(p)+"="+v, strings.ToUpper(p)+"="+v)
	add(host.CaseOther, "x"+p+"="+v, p+"x="+v, p+"[]="+v, p+"%5B%5D="+v, p+"."+v+"=1", p+"%3D"+v, "+"+p+"="+v, "?"+p+"="+v, "x=y;"+p+"="+v)
	add(host.CaseEncoded, p+"=%252A")
	add(host.CaseEncodedName, fmt.Sprintf("%%%02X%s=%s", p[0], p[1:], v))
	if !strings.HasPrefix(v, "%") && v != "*" {
		add(host.CaseEncoded, fmt.Sprintf("%s=%%%02X%s", p, v[0], v[1:]))
	}
	if other := swapCase(v); other != v && !strings.Contains(v, "%") {
		add(host.CaseValueCase, p+"="+other)
	}
	return list
}

// swapCase changes the case of the last letter.
func swapCase(v string) string {
	i := strings.LastIndexFunc(v, func(r rune) bool { return r >= 'a' && r <= 'z' })
	if i < 0 {
		return v
	}
	return v[:i] + strings.ToUpper(v[i:i+1]) + v[i+1:]
}

// table returns all rows, as a host without a clock answers them. Prefix is the path
// of the base URL, as "/calls".
func table(prefix string) []row {
	var rows []row
	for _, d := range decisionRows() {
		others := d.without(around)
		add := func(s spelling, query string) {
			r := row{kind: s.kind, method: http.MethodGet, path: "/" + d.at, query: query, status: http.StatusOK, document: d.stem + "." + s.answer + ".xml"}
			for _, answer := range d.answers {
				r.alternatives = append(r.alternatives, d.stem+"."+answer+".xml")
			}
			rows = append(rows, r)
		}
		for _, s := range d.spellings {
			add(s, s.query)
			add(s, others+"&"+s.query)
			add(s, s.query+"&"+others)
			add(s, others+"&"+s.query+"&"+others)
		}
		for _, v := range d.listed {
			for _, s := range d.twisted(v) {
				add(s, s.query)
				add(s, s.query+"&"+others)
			}
		}
		add(spelling{"", d.unlisted, host.CaseLong}, d.parameter+"="+strings.Repeat("9", 1<<20)+"-")
	}
	rows = append(append(rows, listRows()...), callersListRows()...)
	rows = append(rows, pathRows()...)
	rows = append(rows, methodRows()...)
	rows = append(rows, clockRows(false)...)
	for i := range rows {
		rows[i].path = prefix + rows[i].path
	}
	return rows
}

// listRow is a request of an address with a list, which is answered with a document, or
// with 404 if there is none.
func listRow(kind, path, query, document string) row {
	r := row{kind: kind, method: http.MethodGet, path: "/" + path, query: query, status: 404}
	if document != "" {
		r.status, r.document = 200, document
	}
	return r
}

// listRows are about lists in addresses that the compiler does not write, because
// anybody can write an address. The list of a request chooses among the documents
// that there are, and reaches no other path.
func listRows() []row {
	var rows []row
	add := func(kind, path, query, document string) { rows = append(rows, listRow(kind, path, query, document)) }
	const at, digits = "menu.main-b/digits-1", "CallSid=CA1&Digits=2"
	add(host.CaseListed, at+"~2", digits, at+".2.xml")
	add(host.CaseListed, at+"~2.1", digits, at+".2.xml")
	add(host.CaseListed, at+"~2.2", digits, at+".2.xml")
	add(host.CaseListed, at+"~x_y.2", digits, at+".2.xml")
	add(host.CaseListed, at+"~"+strings.Repeat("a", 32)+".2", digits, at+".2.xml")
	add(host.CaseListed, at+"~"+strings.Repeat("1.", 300)+"2", digits, at+".2.xml")
	add(host.CaseListed, at+"~2.xml", digits, at+".2.xml")
	add(host.CaseUnknown, at+"~1", digits, at+".other.xml")
	add(host.CaseUnknown, at+"~22", digits, at+".other.xml")
	add(host.CaseUnknown, at+"~12.21", digits, at+".other.xml")
	add(host.CaseUnknown, at+"~_.other", digits, at+".other.xml")
	add(host.CaseUnknown, at+"~_.other", "Digits=_", at+".other.xml")
	add(host.CaseMissing, at+"~_.other", "", at+"._.xml")
	add(host.CaseNothing, at+"~7", "Digits=7", "") // no document, and nothing else
	add(host.CaseEncodedList, at+"%7E1.2", digits, at+".2.xml")
	add(host.CaseEncodedList, at+"%7e1.2", "Digits=7", at+".other.xml")
	for _, list := range []string{"", ".", "..", ".2", "2.", "1..2", "2~2", "~2", "A.2", "2-", "-", "*.2", "2,1", "2%202", "2%0A", "2%00", "2.%2e%2e", "..%2f..%2fprivate",
		"2%2f..%2f..", "2+1", "2:1", "2;1", "$v", "{path}", "%25", "\\", "2'", "2\"", "é", strings.Repeat("a", 33) + ".2"} {
		add(host.CaseNoList, at+"~"+list, digits, "")
		add(host.CaseNoList, at+"~"+list, "", "")
		if list == "2%00" || list == "é" { // which some refuse before they look at it
			rows[len(rows)-1].status, rows[len(rows)-2].status = 0, 0
		}
	}
	add(host.CaseForeignList, "ring_group.sales-d/dial~busy", "DialCallStatus=busy", "")
	add(host.CaseForeignList, "queue.sales-e/queue-1~leave", "QueueResult=leave", "")
	add(host.CaseForeignList, "voicemail.sales-f/record-1~empty", "RecordingDuration=0", "")
	add(host.CaseForeignList, "menu.main-b/menu-1~1", digits, "")
	add(host.CaseOutside, at+"~2/../../../private/digits-1~2", digits, "")
	rows[len(rows)-1].status = 0
	return rows
}

// documents returns every document that the table names. The content of each is
// its own path, so that a test sees which one was served.
func documents() map[string][]byte {
	all := map[string][]byte{}
	for _, r := range tableWithClock("") {
		if r.part != "" {
			continue // the row names a part of a content
		}
		for _, name := range append(r.alternatives, r.document) {
			if name != "" {
				all[name] = []byte(name)
			}
		}
	}
	return all
}

// pathRows are about addresses that are no decisions, and wrong ones.
func pathRows() []row {
	var rows []row
	for _, document := range []string{"menu.main-b/menu-1.xml", "menu.main-b/digits-1.2.xml", "fallback-c/fallback.xml", "audio/a.mp3", "audio/b.wav"} {
		rows = append(rows,
			row{kind: host.CaseDocument, method: http.MethodGet, path: "/" + document, status: 200, document: document},
			row{kind: host.CaseDocument, method: http.MethodGet, path: "/" + document, query: around, status: 200, document: document})
	}
	rows = append(rows,
		row{kind: host.CasePart, method: http.MethodGet, path: "/audio/a.mp3", part: "bytes=6-", status: 206, document: "a.mp3", alternatives: []string{"audio/a.mp3"}},
		row{kind: host.CasePart, method: http.MethodGet, path: "/audio/b.wav", part: "bytes=0-4", status: 206, document: "audio", alternatives: []string{"audio/b.wav"}})
	for _, path := range []string{
		"/", "/menu.main-b", "/menu.main-b/", "/menu.main-b/menu-9.xml", "/menu.main-b/digits-9", "/menu.main-b/digits", "/menu.main-b/digits-1.xml",
		"/menu.main-b/Digits-1", "/menu.main-b/digits1", "/menu.main-b/digits-1.", "/menu.main-b/digits-1.2", "/digits-1", "/digits-1~2", "/menu.main-b/digits~2", "/menu.main-b/~2", "/menu.main-b/xdigits-1~2", "/favicon.ico", "/audio",
		"/private/bundle.json", "/bundle.json",
	} {
		rows = append(rows, row{kind: host.CaseNothing, method: http.MethodGet, path: path, query: "Digits=2", status: 404})
	}
	for path, clean := range map[string]string{
		"//menu.main-b/menu-1.xml": "menu.main-b/menu-1.xml", "/menu.main-b//digits-1~2": "menu.main-b/digits-1.2.xml",
		"/menu.main-b/digits-1~2/": "menu.main-b/digits-1.2.xml", "/menu.main-b/./digits-1~2": "menu.main-b/digits-1.2.xml",
		"/x/../menu.main-b/digits-1~2": "menu.main-b/digits-1.2.xml", "/menu.main-b/%2e/digits-1~2": "menu.main-b/digits-1.2.xml",
	} {
		rows = append(rows, row{kind: host.CaseUnclean, method: http.MethodGet, path: path, query: "Digits=2", status: 404, alternatives: []string{clean}})
	}
	for _, path := range []string{
		"/../private/bundle.json", "/%2e%2e/private/bundle.json", "/menu.main-b/../../private/bundle.json", "/..%2fprivate/bundle.json",
		"/menu.main-b/..%2f..%2fprivate/bundle.json", "/..%5cprivate%5cbundle.json", "/../private/digits-1", "/../private/digits-1~2", "/menu.main-b/digits-1%3FDigits=2", "/menu.main-b/digits-1~2%3FDigits=2",
	} {
		rows = append(rows, row{kind: host.CaseOutside, method: http.MethodGet, path: path, query: "Digits=2"})
	}
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.kind+a.path, b.kind+b.path) })
	return rows
}

// methodRows are about other methods than GET.
func methodRows() []row {
	const at, query = "/menu.main-b/digits-1~2", "CallSid=CA1&Digits=2"
	rows := []row{
		{kind: host.CaseHead, method: "HEAD", path: at, query: query, status: 200, document: "menu.main-b/digits-1.2.xml"},
		{kind: host.CaseHead, method: "HEAD", path: "/menu.main-b/menu-1.xml", status: 200, document: "menu.main-b/menu-1.xml"},
		{kind: host.CaseHead, method: "HEAD", path: "/menu.main-b/menu-9.xml", status: 404},
		{kind: host.CasePost, method: "POST", path: at, query: query, status: 405, alternatives: []string{"menu.main-b/digits-1.2.xml"}},
		{kind: host.CasePost, method: "POST", path: "/menu.main-b/digits-2", query: query, status: 405, alternatives: []string{"menu.main-b/digits-2.2.xml"}},
		{kind: host.CasePost, method: "POST", path: at, status: 405, alternatives: []string{"menu.main-b/digits-1._.xml", "menu.main-b/digits-1.2.xml"}},
		{kind: host.CasePost, method: "POST", path: "/menu.main-b/menu-1.xml", status: 405, alternatives: []string{"menu.main-b/menu-1.xml"}},
		{kind: host.CasePostNothing, method: "POST", path: "/menu.main-b/menu-9.xml", status: 405},
	}
	for _, method := range []string{"PUT", "DELETE", "PATCH", "OPTIONS"} {
		rows = append(rows, row{kind: host.CaseOtherMethod, method: method, path: at, query: query, status: 405, alternatives: []string{"menu.main-b/digits-1.2.xml"}})
	}
	return rows
}

// without takes the parameters that decide out of a query.
func (d decisionRow) without(query string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool {
		return strings.HasPrefix(pair, d.parameter+"=") || d.second != "" && strings.HasPrefix(pair, d.second+"=")
	}), "&")
}

// The table holds every spelling of the kinds of decisions, and every case.
func TestTableIsWhole(t *testing.T) {
	rows := table("")
	for _, kind := range bundle.DecisionKinds() {
		for _, word := range kind.Words {
			for _, s := range kind.Spellings(word) {
				if !slices.ContainsFunc(rows, func(r row) bool {
					return r.query == kind.Parameter+"="+s && strings.HasSuffix(r.document, "."+word+".xml")
				}) {
					t.Errorf("no row asks for %s=%s", kind.Parameter, s)
				}
			}
		}
	}
	for _, h := range host.All() {
		for _, deviation := range h.Deviations() {
			if !slices.ContainsFunc(rows, func(r row) bool { return r.kind == deviation.Case }) {
				t.Errorf("%s deviates in %q, of which no row is", h.Name, deviation.Case)
			}
		}
	}
}
