package compiler

// Laws of walks: everything that callers of random configurations can come to
// is walked by the explorer, which has no code in common with the compiler, and
// every document is held to the description of its block. Nothing is found.

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// survey is what is walked of a site: all of it, and what it plays from
// elsewhere.
func (s *site) survey() explorer.Survey {
	scenario := s.exchange()
	return explorer.Survey{
		Handler: scenario.Handler, BaseURL: scenario.BaseURL, Hosts: scenario.Hosts, Numbers: scenario.Numbers,
		Bundle: s.Bundle, Longest: s.longest() + 4*time.Hour,
	}
}

// served is where the documents of a site are.
func (s *site) served() fetch.Access {
	scenario := s.exchange()
	return fetch.Access{Handler: scenario.Handler, BaseURL: scenario.BaseURL, Hosts: scenario.Hosts}
}

// Law: a walk through every outcome of every decision of an accepted
// configuration finds nothing, and its documents do what the bundle says.
func TestLawWalksFindNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		report, err := explorer.Explore(t.Context(), s.survey())
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, f := range report.Violations {
			fmt.Fprintf(&b, "%s: %s: %s\n%s", f.Law, f.Document, f.Text, f.Call.Text(simulator.TextOptions{Width: 120, All: true}))
			fmt.Fprintf(&b, "%s\n", s.Data[strings.TrimPrefix(f.Document, "/v1/")])
		}
		unlike, err := undescribed(s.Bundle, s.served())
		if err != nil || len(unlike) > 0 {
			t.Fatalf("%v: %s", err, strings.Join(unlike, "\n"))
		}
		if b.Len() > 0 || len(report.NotWalked) > 0 {
			t.Fatalf("%d findings, not walked %q\n%s", len(report.Violations), report.NotWalked, b.String())
		}
	})
}
