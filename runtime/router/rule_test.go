package router_test

import (
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
	answer, value := "_", ""
	if values := sent[d.Parameter]; len(values) == 1 {
		value = values[0]
	}
	for _, v := range d.Values {
		if value != "" && slices.Contains(v.Spellings, value) || v.Pattern != nil && v.Pattern.MatchString(value) {
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
	for _, d := range bundle.Decisions() {
		for _, v := range d.Values {
			for _, s := range v.Spellings {
				p := d.Parameter
				for _, query := range []string{p + "=" + s, p, p + "=", p + "==" + s, p + "=" + s + "&" + p, p + "=" + s + "&" + p + "=" + s,
					"x=y&" + p + "=" + s + "&z", "x" + p + "=" + s, p + "x=" + s, strings.ToLower(p) + "=" + s, p + "=" + s + "%20", p + "=../" + s} {
					f.Add("/menu.main-b/"+d.Prefix+"-1", query)
				}
				if u := d.Unless; u != nil {
					f.Add("/menu.main-b/"+d.Prefix, u.Parameter+"="+u.Equals+"&"+p+"="+s)
				}
			}
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
