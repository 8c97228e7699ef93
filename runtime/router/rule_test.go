package router_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// around is what Twilio sends with every request, with a place for the parameter.
const around = "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&CallSid=CA00000000000000000000000000000002" +
	"&CallStatus=in-progress&CallToken=%7B%22parentCallInfoToken%22%3A%22x%3D%3D%22%7D&Called=%2B14155550100&CalledCity=SAN+FRANCISCO" +
	"&CalledCountry=US&CalledState=CA&CalledZip=94103&Caller=%2B14155550199&CallerCity=&CallerCountry=US&CallerState=&CallerZip=" +
	"&Direction=inbound&FinishedOnKey=%s&FromCity=&FromCountry=US&FromState=&FromZip=&To=%2B14155550100&ToCity=SAN+FRANCISCO&msg=Gather+End"

// spellings lists, for one address of each kind of decision, how the values are
// sent and the answer. It repeats the specification on purpose, instead of
// reading bundle.Decisions.
var spellings = map[string]map[string]string{
	"menu.main-b/digits-1": {
		"Digits=0": "0", "Digits=1": "1", "Digits=2": "2", "Digits=3": "3", "Digits=4": "4", "Digits=5": "5",
		"Digits=6": "6", "Digits=7": "7", "Digits=8": "8", "Digits=9": "9",
		"Digits=*": "star", "Digits=%2A": "star", "Digits=%2a": "star", "Digits=%23": "pound",
	},
	"ring_group.sales-d/dial": {
		"DialCallStatus=completed": "completed", "DialCallStatus=answered": "answered", "DialCallStatus=busy": "busy",
		"DialCallStatus=no-answer": "no-answer", "DialCallStatus=failed": "failed", "DialCallStatus=canceled": "canceled",
		"DialCallStatus=completed&DialBridged=false":                   "declined",
		"DialBridged=false&DialCallStatus=completed":                   "declined",
		"DialCallStatus=completed&DialBridged=true":                    "completed",
		"DialCallStatus=completed&DialBridged=":                        "completed",
		"DialCallStatus=completed&DialBridged=False":                   "completed",
		"DialCallStatus=completed&DialBridged=false&DialBridged=false": "completed",
		"DialCallStatus=busy&DialBridged=false":                        "busy",
		"DialCallStatus=declined":                                      "_",
		"DialBridged=false":                                            "_",
	},
	"queue.sales-e/queue-1": {
		"QueueResult=bridged": "bridged", "QueueResult=bridging-in-process": "bridging-in-process", "QueueResult=error": "error",
		"QueueResult=hangup": "hangup", "QueueResult=leave": "leave", "QueueResult=redirected": "redirected",
		"QueueResult=redirected-from-bridged": "redirected-from-bridged", "QueueResult=queue-full": "queue-full",
		"QueueResult=system-error": "system-error",
	},
	"number.main-a/from": {
		"From=anonymous": "anonymous", "From=Anonymous": "anonymous", "From=ANONYMOUS": "anonymous", "From=Restricted": "anonymous",
		"From=blocked": "anonymous", "From=unknown": "anonymous", "From=UNAVAILABLE": "anonymous", "From=private": "anonymous",
		"From=%2B266696687": "anonymous", "From=%2b266696687": "anonymous", "From=+266696687": "anonymous", "From=266696687": "anonymous",
		"From=%2B7378742833": "anonymous", "From=%2B2562533": "anonymous", "From=%2B8656696": "anonymous",
		"From=%2B86282452253": "anonymous", "From=464": "anonymous",
		"From=%2B14155550199": "_", "From=sip:carol@zillum.example": "_", "From=client:bob": "_",
	},
}

// twisted lists what may happen to a parameter P and a listed value v. All of it
// is answered with "_".
func twisted(p, v string) []string {
	return []string{
		"", p, p + "=", p + "&", "&" + p + "=&", p + "==" + v, p + "=" + v + "%20", p + "=%20" + v, p + "=" + v + v + "x",
		p + "=" + v + "&" + p + "=" + v, p + "=" + v + "&" + p, p + "&" + p + "=" + v, p + "=" + v + "&x=y&" + p + "=",
		p + "=unknown-value", p + "=_", p + "=../../x", p + "=..%2F..%2Fx", p + "=" + v + "/../../x", p + "=" + v + "%00", p + "=%00",
		p + "=" + v + ";x", "x=y;" + p + "=" + v, p + "=" + v + ".xml", p + "=" + strings.Repeat("9", 1<<20),
		strings.ToLower(p) + "=" + v, strings.ToUpper(p) + "=" + v, "x" + p + "=" + v, p + "x=" + v, p + "[]=" + v, p + "%5B%5D=" + v,
		fmt.Sprintf("%%%02X%s=%s", p[0], p[1:], v), p + "%3D" + v, " " + p + "=" + v, "?" + p + "=" + v,
	}
}

func TestRoute(t *testing.T) {
	check := func(at, query, want string) {
		t.Helper()
		if got := router.Route("/"+at, query); got != want {
			t.Errorf("%s?%.80s: answered by %q, want %q", at, query, got, want)
		}
	}
	for at, spellings := range spellings {
		d := bundle.DecisionAt(at)
		for query, answer := range spellings {
			want := at + "." + answer + ".xml"
			check(at, query, want)
			others := without(around, d)
			check(at, others+"&"+query, want)
			check(at, query+"&"+others, want)
			check(at, others+"&"+query+"&"+others, want)
		}
		for _, value := range d.Values {
			for _, query := range twisted(d.Parameter, value.Spellings[0]) {
				check(at, query, at+"._.xml")
				check(at, query+"&"+without(around, d), at+"._.xml")
			}
		}
	}
}

// without takes the parameters that decide out of a query.
func without(query string, d *bundle.Decision) string {
	return strings.Join(slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool {
		return strings.HasPrefix(pair, d.Parameter+"=") || d.Unless != nil && strings.HasPrefix(pair, d.Unless.Parameter+"=")
	}), "&")
}

func TestEverySpellingIsRouted(t *testing.T) {
	for at := range spellings {
		d := bundle.DecisionAt(at)
		for _, value := range d.Values {
			for _, spelling := range value.Spellings {
				got := router.Route("/"+at, d.Parameter+"="+spelling)
				if want := at + "." + value.Name + ".xml"; got != want {
					t.Errorf("%s=%s: answered by %q, want %q", d.Parameter, spelling, got, want)
				}
			}
		}
	}
}

func TestRouteOfPaths(t *testing.T) {
	tests := map[string]string{
		"/menu.main-b/menu-1.xml":    "menu.main-b/menu-1.xml",
		"/digits":                    "digits.2.xml",
		"/a/b/digits-1":              "a/b/digits-1.2.xml",
		"/a/digits-1.1.xml":          "a/digits-1.1.xml",
		"/a/Digits-1":                "a/Digits-1",
		"/a/digits1":                 "a/digits1",
		"":                           "",
		"/":                          "",
		"/.":                         "",
		"/..":                        "",
		"//":                         "",
		"//a/digits-1":               "",
		"/a//digits-1":               "",
		"/a/digits-1/":               "",
		"/a/./digits-1":              "",
		"/a/../digits-1":             "",
		"/../private/bundle.json":    "",
		"a/digits-1":                 "",
		"https://ivr.example/digits": "",
		"/a\xff/digits-1":            "",
	}
	for path, want := range tests {
		if got := router.Route(path, "Digits=2"); got != want {
			t.Errorf("Route(%q) = %q, want %q", path, got, want)
		}
	}
}

// The handler answers as Route says.
func TestHandlerFollowsTheRule(t *testing.T) {
	h := router.New(sampleBundle(t))
	for at, spellings := range spellings {
		for query, answer := range spellings {
			if got, want := served(h, "/"+at+"?"+query), at+"."+answer+".xml"; got != want {
				t.Errorf("%s?%s: answered with %q, want %q", at, query, got, want)
			}
		}
		d := bundle.DecisionAt(at)
		for _, query := range twisted(d.Parameter, d.Values[0].Spellings[0]) {
			if strings.Contains(query, " ") {
				continue // not a request that HTTP can carry
			}
			if got, want := served(h, "/"+at+"?"+query), at+"._.xml"; got != want {
				t.Errorf("%s?%.80s: answered with %q, want %q", at, query, got, want)
			}
		}
	}
	if got := ask(h, http.MethodPost, "/menu.main-b/digits-1?Digits=2").Code; got != http.StatusMethodNotAllowed {
		t.Errorf("POST is answered with %d", got)
	}
}

// slowly is the rule written for readers: no cleverness, nothing shared.
func slowly(path, rawQuery string) string {
	for _, segment := range strings.Split(path, "/")[1:] {
		if segment == "" || segment == "." || segment == ".." {
			return ""
		}
	}
	name := strings.TrimPrefix(path, "/")
	d := bundle.DecisionAt(name)
	if d == nil {
		return name
	}
	sent := map[string][]string{}
	for _, pair := range strings.Split(rawQuery, "&") {
		parameter, value, _ := strings.Cut(pair, "=")
		sent[parameter] = append(sent[parameter], value)
	}
	answer := "_"
	for _, v := range d.Values {
		if values := sent[d.Parameter]; len(values) == 1 && slices.Contains(v.Spellings, values[0]) {
			answer = v.Name
		}
	}
	if u := d.Unless; u != nil && answer == u.Is && len(sent[u.Parameter]) == 1 && sent[u.Parameter][0] == u.Equals {
		answer = u.Then
	}
	return name + "." + answer + ".xml"
}

// Laws: a decision is answered by one of its answers and a document by itself;
// nothing of the query ever reaches the path; the slow rule agrees.
func FuzzRoute(f *testing.F) {
	for at, spellings := range spellings {
		for query := range spellings {
			f.Add("/"+at, query)
		}
		for _, query := range twisted(bundle.DecisionAt(at).Parameter, "2")[:20] {
			f.Add("/"+at, query)
		}
	}
	for _, path := range []string{"/", "//", "/../x", "/a/digits/", "/a/./b", "a", "/menu.main-b/menu-1.xml"} {
		f.Add(path, "Digits=2")
	}
	f.Fuzz(func(t *testing.T, path, query string) {
		if !strings.HasPrefix(path, "/") || strings.ToValidUTF8(path, "") != path {
			if got := router.Route(path, query); got != "" {
				t.Errorf("Route(%q, %q) = %q", path, query, got)
			}
			return
		}
		got := router.Route(path, query)
		if want := slowly(path, query); got != want {
			t.Errorf("Route(%q, %q) = %q, want %q", path, query, got, want)
		}
		if got == "" || got == path[1:] {
			return
		}
		stem, ok := strings.CutPrefix(got, path[1:]+".")
		stem, ok2 := strings.CutSuffix(stem, ".xml")
		if d := bundle.DecisionAt(path); !ok || !ok2 || d == nil || !slices.Contains(d.Answers(), stem) {
			t.Errorf("Route(%q, %q) = %q is no answer of the decision", path, query, got)
		}
	})
}
