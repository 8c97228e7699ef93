package twilio

// The page about deploying says which rights credentials need. It is held to
// what this package can ask for.

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// page is the page about deploying.
func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The page lists every request that may leave the program, and no other.
func TestPermissionsAreDocumented(t *testing.T) {
	var want []string
	readable := strings.NewReplacer("^", "", "$", "", `\`, "", "[0-9a-fA-F]{32}", "…")
	for _, p := range allowlist {
		want = append(want, fmt.Sprintf("%s %s", p.method, readable.Replace(p.path.String())))
	}
	var got []string
	for _, row := range regexp.MustCompile("(?m)^\\| `((?:GET|POST|DELETE) /[^`]*)` \\|").FindAllStringSubmatch(page(t), -1) {
		got = append(got, row[1])
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the page lists %q, and the program may ask %q", got, want)
	}
}
