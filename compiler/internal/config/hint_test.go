package config

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A hint is for what does not exist, and leads to what does.
func TestHints(t *testing.T) {
	function := regexp.MustCompile(`^[a-z_]+$|[a-z_]+\(`)
	exists := func(name string) bool {
		return slices.Contains([]string{"file", "true", "false", "null", "local", "can"}, name)
	}
	known := slices.Sorted(maps.Keys(library))
	for word, meant := range hints {
		if slices.Contains(known, word) {
			t.Errorf("the hint for %s is never seen, because there is such a function", word)
		}
		if strings.HasSuffix(meant, ".") {
			continue
		}
		for _, name := range function.FindAllString(meant, -1) {
			if name = strings.TrimSuffix(name, "("); !slices.Contains(known, name) && !exists(name) {
				t.Errorf("the hint for %s leads to %s, which does not exist", word, name)
			}
		}
	}
}
