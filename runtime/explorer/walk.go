package explorer

import (
	"cmp"
	"context"
	"errors"
	"net/url"

	"github.com/ivrc/ivrc/runtime/simulator"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// A walk is Explore at work.
type walk struct {
	Survey
	ctx       context.Context
	session   *fetch.Session
	caller    fetch.Parameters            // what is said of the call in every request
	base      *url.URL                    // what the bundle is served in
	pages     map[string]*page            // by what was requested
	same      map[string]*page            // by what they do
	states    map[position]*state         // by where the call is
	contexts  map[contextKey]*callContext // by where they were entered
	open      []*state                    // not visited yet
	order     []*state                    // in which they were found
	starts    []start
	fallbacks []*fetch.Request // of the numbers
	reached   map[string]bool  // documents, by path
	found     map[string]bool  // violations, so that each is told once
	bundle    *library         // nil if it is not known what is served
	trail     []step           // by which the search for cycles has come to where it is
	report    Report

	otherwise  bool // after a redirect parameters are kept, and links refer to the first address; the star key is written as %2A
	redirected bool // there was an HTTP redirect
	starred    bool // the star key was sent in a query
}

// A start is how a call to a number begins.
type start struct {
	number string
	first  *state
}

// newWalk prepares a walk, in which HTTP redirects and the star key are read in the
// usual way or in the other one; see [simulator.RedirectBase],
// [simulator.RedirectDigits] and [simulator.StarDigit].
func newWalk(ctx context.Context, s Survey, otherwise bool) (*walk, error) {
	s.Longest = cmp.Or(s.Longest, simulator.CallLimit)
	s.MaxStates = cmp.Or(s.MaxStates, 1_000_000)
	if s.Bundle != nil {
		s.BaseURL = cmp.Or(s.BaseURL, s.Bundle.Manifest.BaseURL)
		if s.Numbers == nil {
			s.Numbers = simulator.NumbersOf(&s.Bundle.Manifest)
		}
	}
	if len(s.Numbers) == 0 {
		return nil, errors.New("there is no number, so nobody can call")
	}
	client, err := fetch.New(fetch.Access{Handler: s.Handler, Transport: s.Transport, BaseURL: s.BaseURL, Hosts: s.Hosts, Timeout: s.Timeout, KeepParameters: otherwise, EscapeStar: otherwise})
	if err != nil {
		return nil, err
	}
	w := &walk{
		Survey: s, ctx: ctx, otherwise: otherwise, session: client.Session(), base: client.Base(),
		pages: map[string]*page{}, same: map[string]*page{}, states: map[position]*state{}, contexts: map[contextKey]*callContext{},
		reached: map[string]bool{}, found: map[string]bool{}, report: Report{Violations: []Violation{}},
	}
	if s.Bundle != nil {
		w.bundle = newLibrary(s.Bundle)
	}
	return w, nil
}
