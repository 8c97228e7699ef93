package bundle

import "testing"

// Spellings of one address have one form, and that form is its own.
func TestCanonicalURL(t *testing.T) {
	const want = "https://calls.zillum.example"
	for _, spelling := range []string{
		want, want + "/", want + "//", "HTTPS://Calls.Zillum.Example", "https://calls.zillum.example:443", "https://calls.zillum.example.", "https://CALLS.zillum.example.:443/",
		"https://calls.zillum.example:", "https://calls.zillum.example:0443", want + "/.", want + "/./", want + "/a/..", want + "/a/../",
	} {
		if got := CanonicalURL(spelling); got != want {
			t.Errorf("%s is %s", spelling, got)
		}
	}
	for spelling, want := range map[string]string{
		"https://x.example:8443/a/": "https://x.example:8443/a",
		"http://x.example:80":       "http://x.example",
		"http://x.example:443":      "http://x.example:443",
		"https://x.example/%7Eivr":  "https://x.example/~ivr",
		"https://x.example/A":       "https://x.example/A",
		"https://x.example/a//b/":   "https://x.example/a//b",
		"https://x.example/a/./b":   "https://x.example/a/b",
		"https://x.example/../b":    "https://x.example/b",
		"https://[2001:DB8::1]:443": "https://[2001:db8::1]",
		"":                          "",
		"not a URL":                 "not a URL",
		"%":                         "%",
	} {
		if got := CanonicalURL(spelling); got != want {
			t.Errorf("%s is %s, want %s", spelling, got, want)
		}
		if got := CanonicalURL(want); got != want {
			t.Errorf("%s is not canonical: %s", want, got)
		}
	}
}
