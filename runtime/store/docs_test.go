package store

// The page about deploying says which rights credentials need. It is held to
// what this package can ask for.

import (
	"maps"
	"os"
	"regexp"
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

// The policy for the store allows what its errors ask for, and nothing else.
func TestPolicyIsDocumented(t *testing.T) {
	want := map[string]bool{}
	for _, sentence := range s3Permissions {
		for _, action := range regexp.MustCompile(`s3:\w+`).FindAllString(sentence, -1) {
			want[action] = true
		}
	}
	got := map[string]bool{}
	_, policy, _ := strings.Cut(page(t), "```json\n")
	policy, _, _ = strings.Cut(policy, "```")
	for _, action := range regexp.MustCompile(`s3:[A-Z]\w+`).FindAllString(policy, -1) {
		got[action] = true
	}
	if !maps.Equal(got, want) {
		t.Errorf("the policy allows %v, and what is needed is %v", got, want)
	}
}
