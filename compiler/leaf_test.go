package compiler

import (
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// The table of rules is sorted, complete and speaks in full sentences.
func TestRules(t *testing.T) {
	seen := ""
	for _, rule := range Rules() {
		if rule.Code <= seen {
			t.Errorf("%s is not behind %s", rule.Code, seen)
		}
		seen = rule.Code
		if rule.Summary == "" || rule.Reason == "" || rule.Reason[len(rule.Reason)-1] != '.' {
			t.Errorf("%s has no summary, or no reason in a sentence", rule.Code)
		}
		if rule.Warning != strings.HasPrefix(rule.Code, "IVR6") {
			t.Errorf("%s: warnings have codes from IVR600 to IVR699, and errors have not", rule.Code)
		}
	}
	for _, limit := range model.Limits() {
		if got := diagnostic.RuleOf(limit.Code); got.Code != limit.Code {
			t.Errorf("the limit on %s has no rule", limit.Name)
		}
	}
}
