package compiler

// Laws of walks: everything that callers of random configurations can come to
// is walked by the simulator, which has no code in common with the compiler. It
// finds nothing.

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// survey is what is walked of a site: all of it, and what it plays from
// elsewhere.
func (s *site) survey() simulator.Survey {
	scenario := s.exchange()
	return simulator.Survey{
		Handler: scenario.Handler, BaseURL: scenario.BaseURL, Hosts: scenario.Hosts, Numbers: scenario.Numbers,
		Bundle: s.Bundle, Longest: s.longest() + 4*time.Hour,
	}
}

// Law: a walk through every outcome of every decision of an accepted
// configuration finds nothing.
func TestLawWalksFindNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		report, err := simulator.Explore(t.Context(), s.survey())
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, f := range report.Findings {
			fmt.Fprintf(&b, "%s: %s: %s\n%s", f.Law, f.Document, f.Text, f.Call.Text(simulator.TextOptions{Width: 120, All: true}))
			fmt.Fprintf(&b, "%s\n", s.Data[strings.TrimPrefix(f.Document, "/v1/")])
		}
		if b.Len() > 0 || len(report.NotWalked) > 0 {
			t.Fatalf("%d findings, not walked %q\n%s", len(report.Findings), report.NotWalked, b.String())
		}
	})
}
