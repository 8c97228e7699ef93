package router_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

func TestRouteOfPaths(t *testing.T) {
	tests := map[string]string{
		"/menu.main-b/menu-1.xml":    "menu.main-b/menu-1.xml",
		"/digits":                    "digits.2.xml",
		"/digits~2":                  "digits.2.xml",
		"/a/b/digits-1":              "a/b/digits-1.2.xml",
		"/a/b/digits-1~1.2":          "a/b/digits-1.2.xml",
		"/a/b/digits-1~1.22":         "a/b/digits-1.other.xml",
		"/a/digits-1~":               "a/digits-1~",
		"/a/digits-1~2..":            "a/digits-1~2..",
		"/a/digits-1~../2":           "a/digits-1~../2",
		"/a/digits-1~2/..":           "",
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

// slowly is the rule written for readers: no cleverness, nothing shared.
func slowly(path, rawQuery string) string {
	for _, segment := range strings.Split(path, "/")[1:] {
		if segment == "" || segment == "." || segment == ".." {
			return ""
		}
	}
	name := strings.TrimPrefix(path, "/")
	address := regexp.MustCompile(`^((?:[^\n]*/)?(digits|dial|queue|record|from|share|result|failure)(?:-[^/.~]*)?)(?:~([a-z0-9_]{1,32}(?:\.[a-z0-9_]{1,32})*))?$`).FindStringSubmatch(strings.ReplaceAll(name, "\n", "?"))
	if address == nil || address[3] != "" && !slices.Contains([]string{"digits", "from", "share", "result", "failure"}, address[2]) {
		return name
	}
	known := strings.Split(address[3], ".")
	if address[3] == "" {
		known = strings.Fields(map[string]string{"digits": "0 1 2 3 4 5 6 7 8 9 star pound", "result": "done", "failure": "application"}[address[2]])
	}
	sent := map[string][]string{}
	for _, pair := range strings.Split(rawQuery, "&") {
		parameter, value, _ := strings.Cut(pair, "=")
		sent[parameter] = append(sent[parameter], value)
	}
	once := func(parameter string) string {
		if len(sent[parameter]) != 1 {
			return ""
		}
		return sent[parameter][0]
	}
	answer := "_"
	switch address[2] {
	case "digits":
		key := strings.NewReplacer("*", "star", "%2A", "star", "%2a", "star", "%23", "pound").Replace(once("Digits"))
		switch isKeys := regexp.MustCompile(`^(?:star|pound|[0-9]{1,32})$`).MatchString(key) && once("Digits") != key || regexp.MustCompile(`^[0-9]{1,32}$`).MatchString(key); {
		case isKeys && slices.Contains(known, key):
			answer = key
		case once("Digits") != "":
			answer = "other"
		}
	case "result":
		word := once("Result")
		if key := strings.NewReplacer("*", "star", "%2A", "star", "%2a", "star", "%23", "pound").Replace(word); key == "star" || key == "pound" {
			word = key
		}
		if slices.Contains(known, word) {
			answer = word
		}
	case "failure":
		answer = slowFailure(once("ErrorUrl"), known)
	case "dial":
		switch status := once("DialCallStatus"); {
		case status == "busy":
			answer = "busy"
		case (status == "completed" || status == "answered") && once("DialBridged") != "false":
			answer = "answered"
		}
	case "queue":
		answers := map[string]string{"bridged": "talked", "redirected-from-bridged": "talked", "hangup": "talked", "leave": "leave", "queue-full": "full"}
		answer = cmp.Or(answers[once("QueueResult")], "_")
	case "record":
		if once("RecordingDuration") == "" || once("RecordingDuration") == "0" {
			answer = "empty"
		}
	case "from":
		d, _ := bundle.DecisionAt("from")
		from := once("From")
		number := regexp.MustCompile(`^(?:\+|%2B|%2b)([0-9]{1,15})$`).FindStringSubmatch(from)
		switch withheld := slices.Contains(d.Spellings("withheld"), from) || d.Values[0].Pattern.MatchString(from); {
		case from == "", withheld && (address[3] == "" || slices.Contains(known, "withheld")):
			answer = "withheld"
		case number != nil && !withheld && address[3] != "":
			slices.SortFunc(known, func(a, b string) int { return len(b) - len(a) })
			for _, word := range known {
				if strings.HasPrefix(number[1], word) {
					return name[:len(address[1])] + "." + word + ".xml"
				}
			}
		}
	}
	if sid := regexp.MustCompile(`^[0-9A-Za-z]*([0-9a-f])$`).FindStringSubmatch(once("CallSid")); address[2] == "share" && sid != nil && (address[3] == "" || slices.Contains(known, sid[1])) {
		answer = sid[1]
	}
	return name[:len(address[1])] + "." + answer + ".xml"
}

// slowFailure is what has failed.
func slowFailure(address string, known []string) string {
	if slices.Contains(known, "_document") && isOwn(address) {
		return "_document"
	}
	address = regexp.MustCompile(`ivrc_application%(25)*3[Dd]`).ReplaceAllString(address, "ivrc_application=")
	if i := strings.LastIndex(address, "ivrc_application="); i >= 0 && !strings.Contains(address, "\n") {
		if word := regexp.MustCompile(`^[a-z0-9_]*`).FindString(address[i+len("ivrc_application="):]); slices.Contains(known, word) {
			return word
		}
	}
	return "_"
}

// isOwn reports whether an address is that of something in a bundle.
func isOwn(address string) bool {
	address = strings.NewReplacer("%2F", "/", "%2f", "/", "%3F", "?", "%3f", "?", "%7E", "~", "%7e", "~").Replace(address)
	address, query, asks := strings.Cut(address, "?")
	parts := strings.Split(address, "/")
	if len(parts) < 3 || asks && (query == "" || query[0] < 'A' || query[0] > 'Z' || strings.Contains(query, "\n")) ||
		regexp.MustCompile(`%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)`).MatchString(address) {
		return false
	}
	folder, name := parts[len(parts)-2], parts[len(parts)-1]
	return !strings.ContainsAny(folder+name, "%?") &&
		(regexp.MustCompile(`^[a-z].*-[a-z2-7]{26}$`).MatchString(folder) && regexp.MustCompile(`^[a-z]`).MatchString(name) ||
			folder == "audio" && regexp.MustCompile(`^[a-z2-7]{26}[.]`).MatchString(name))
}

// Laws: a decision is answered by one of its answers and a document by itself;
// nothing of the query ever reaches the path; the slow rule agrees.
func FuzzRoute(f *testing.F) {
	for _, d := range bundle.DecisionKinds() {
		for _, word := range d.Words {
			for _, s := range d.Spellings(word) {
				p := d.Parameter
				for _, query := range []string{p + "=" + s, p, p + "=", p + "==" + s, p + "=" + s + "&" + p, p + "=" + s + "&" + p + "=" + s,
					"x=y&" + p + "=" + s + "&z", "x" + p + "=" + s, p + "x=" + s, strings.ToLower(p) + "=" + s, p + "=" + s + "%20", p + "=../" + s} {
					f.Add("/menu.main-b/"+d.Name+"-1", query)
					f.Add("/menu.main-b/"+d.Name+"-1~1.star", query)
					f.Add("/menu.main-b/"+d.Name+"-1~1415.1.withheld", query)
				}
				if u := d.Unless; u != nil {
					f.Add("/menu.main-b/"+d.Name, u.Parameter+"="+u.Equals+"&"+p+"="+s)
				}
			}
		}
	}
	for _, from := range []string{"%2B14155550199", "+1212", "%2b1", "%2B1415x", "14155550199", "%2B", "%2B266696687", "anonymous", "%2B1234567890123456"} {
		f.Add("/callers.door-b/from-1~1.1415.266696687.withheld", "CallSid=CA1&From="+from)
		f.Add("/callers.door-b/from-1~1.1415", "From="+from)
	}
	for _, path := range []string{"/", "//", "/../x", "/a/digits/", "/a/./b", "a", "/menu.main-b/menu-1.xml", "/a/digits~", "/a/digits~2.", "/a/digits-~1~2", "/a~1/digits~2", "/a/digits~2\n", "/a/digits~\xff"} {
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
		d, ok := bundle.DecisionAt(path[1:])
		stem, ok2 := strings.CutPrefix(got, d.Path+".")
		stem, ok3 := strings.CutSuffix(stem, ".xml")
		if !ok || !ok2 || !ok3 || !slices.Contains(d.Answers(), stem) {
			t.Errorf("Route(%q, %q) = %q is no answer of the decision", path, query, got)
		}
	})
}
