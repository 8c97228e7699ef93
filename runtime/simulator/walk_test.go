package simulator_test

import (
	"context"
	"errors"
	"sort"
	"strconv"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/simulator"
)

// TestWalk checks that every way through an application is gone exactly once.
func TestWalk(t *testing.T) {
	handler := app{
		"/":                              `<Gather numDigits="1" action="key" method="GET"/><Say>Silence.</Say>`,
		"/key?Digits=1":                  `<Dial action="done" method="GET"><Client>bob</Client></Dial>`,
		"/key?Digits=2":                  `<Gather numDigits="1" action="key2" method="GET"/><Say>Two, silence.</Say>`,
		"/key2":                          `<Say>Two, key.</Say>`,
		"/done?DialCallStatus=busy":      `<Say>Busy.</Say>`,
		"/done?DialCallStatus=no-answer": `<Say>No answer.</Say>`,
	}
	callee := []string{"busy", "no-answer"}
	scenario := func(choose func(int) int) simulator.Scenario {
		s := dial(t, handler, "")
		s.Calls[0].Person = func(p *simulator.Phone) {
			for {
				if p.Next().Kind == simulator.Asks {
					if key := choose(3); key > 0 {
						p.Press(strconv.Itoa(key))
					}
				}
			}
		}
		s.People = map[string]simulator.Person{bob: func(p *simulator.Phone) { person(t, callee[choose(2)])(p) }}
		return s
	}
	var heard []string
	err := simulator.Walk(context.Background(), scenario, func(transcripts []simulator.Transcript) bool {
		for _, e := range only(transcripts[0], simulator.Says) {
			heard = append(heard, e.Text)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(heard)
	want := []string{"Busy.", "No answer.", "Silence.", "Two, key.", "Two, key.", "Two, silence."}
	if diff := gocmp.Diff(want, heard); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestWalkStops checks the two ways to end a walk early.
func TestWalkStops(t *testing.T) {
	scenario := func(choose func(int) int) simulator.Scenario {
		choose(10)
		return dial(t, app{"/": ``}, "")
	}
	runs := 0
	visit := func([]simulator.Transcript) bool {
		runs++
		return runs < 4
	}
	if err := simulator.Walk(context.Background(), scenario, visit); err != nil || runs != 4 {
		t.Errorf("%d runs, error %v", runs, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := simulator.Walk(ctx, scenario, visit); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
