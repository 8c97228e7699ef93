package compiler

// Laws of the proof: it refuses exactly the configurations in whose documents a
// caller can be treated badly, and each call that it tells goes wrong when it is
// placed.

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/proof"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/explorer"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// openedAnyway is a site of a configuration that the proof may have refused.
func openedAnyway(t *rapid.T, d *draft) (*site, *proof.CallGraph, hcl.Diagnostics) {
	result, _, diags := compileFlow(d.input(d.files()), false)
	if result.Bundle == nil {
		t.Fatalf("a configuration is refused before it is proved:\n%s\n%s", listed(diags), d)
	}
	return decoded(t, result.Bundle, d), result.graph, diags
}

// measured gives sounds of unknown length the one that they are taken to have.
func (d *draft) measured() *draft {
	for _, b := range d.kinds(bundle.KindMessage) {
		if b.has("url") && !b.has("duration") {
			for _, a := range b.attributes {
				d.sounds[strings.Trim(a.expression, `"`)] = model.UnknownDuration
			}
		}
	}
	return d
}

// Law: a configuration is refused by the proof exactly if a walk over its
// documents finds a fault, and exactly if the simulator's walk does. Every call
// that is told goes wrong in the simulator as it is told, at the same times.
func TestLawProofAndWalkAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := breakLaws(t, drafts().Draw(t, "configuration")).measured()
		s, _, diags := openedAnyway(t, d)
		w := walked(s)
		if diags.HasErrors() != (len(w.faults) > 0) {
			t.Fatalf("reported is\n%s\nand the walk finds\n%s\n%s", listed(diags), strings.Join(w.faults, "\n"), d)
		}
		report, err := explorer.Explore(t.Context(), s.survey())
		if err != nil {
			t.Fatal(err)
		}
		if diags.HasErrors() != (len(report.Violations) > 0) {
			t.Fatalf("reported is\n%s\nand the simulator's walk finds\n%v\n%s", listed(diags), report.Violations, d)
		}
		for _, diag := range diags {
			call := CounterExampleOf(diag)
			if diag.Severity == hcl.DiagError && call == nil {
				t.Fatalf("no call shows %s", listed(hcl.Diagnostics{diag}))
			}
			if call != nil && call.Sixteenth >= 0 {
				goesWrong(t, s, call, diag)
			}
		}
	})
}

// placed is the transcript of a call that was told.
func placed(t *rapid.T, s *site, c *diagnostic.CounterExample) simulator.Transcript {
	scenario := s.exchange()
	to := ""
	for _, n := range s.Manifest.Numbers {
		if n.Name == c.Number {
			to = n.PhoneNumber
		}
	}
	for _, callee := range c.Callees {
		for _, u := range s.Manifest.Users {
			if u.Name == callee.User {
				scenario.People[u.Address] = simulator.Respond(callee.Does)
			}
		}
	}
	for _, waiting := range c.Waiting {
		for _, q := range s.Manifest.Queues {
			if q.Name == waiting.Queue {
				waiting.Queue = q.FriendlyName
				scenario.Fill(waiting, to)
			}
		}
	}
	for name := range scenario.Applications {
		if slices.ContainsFunc(c.Answers, func(a diagnostic.AnsweredCall) bool { return a.Application == name }) {
			delete(scenario.Applications, name)
		} else if len(c.Answers) > 0 { // one that returns the keys that it is sent
			scenario.Applications[name] = script.Application{{Result: "surprise"}}
		}
	}
	for _, answer := range c.Answers {
		turn := script.ApplicationTurn{Result: cmp.Or(answer.Result, "surprise")}
		scenario.Applications[answer.Application] = append(scenario.Applications[answer.Application], turn)
	}
	presses := slices.Clone(c.Press)
	for len(c.Again) > 0 && len(presses) < 5000 { // no call has time for more
		presses = append(presses, c.Again...)
	}
	call := simulator.Call{From: "+14155550199", To: to, Person: simulator.Follow(presses)}
	call.From, call.Sixteenth, call.Fails = cmp.Or(c.From, call.From), c.Sixteenth, c.Fallback
	if c.Withheld {
		call.From = simulator.Withheld
	}
	if !c.Start.IsZero() {
		scenario.Start = c.Start
	}
	scenario.Calls = append(scenario.Calls, call)
	scenario.TimeLimit = min(4*time.Hour, 4*c.At+10*time.Minute) // enough to go round three times
	transcripts := dial(t, scenario)
	return transcripts[len(transcripts)-1]
}

// goesWrong fails the test unless a call goes wrong as it is told.
func goesWrong(t *rapid.T, s *site, c *diagnostic.CounterExample, d *hcl.Diagnostic) {
	transcript := placed(t, s, c)
	fail := func(why string) {
		t.Helper()
		text := transcript.Text(simulator.TextOptions{Width: 120, All: true})
		t.Fatalf("%s: %s\n%s\n%s\n%s", d.Detail, why, text[:min(len(text), 4000)], s.draft, listed(hcl.Diagnostics{d}))
	}
	ending := transcript.Ending
	switch c.Fault {
	case diagnostic.CutOff:
		if ending.How != simulator.ByDocument || ending.Heard {
			fail("the call is not cut off")
		}
	case diagnostic.Endless:
		if ending.How != simulator.TimeLimit && ending.How != simulator.Endless {
			fail("the call ends")
		}
	}
	talks := slices.ContainsFunc(c.Steps, func(s diagnostic.ExampleStep) bool { return strings.HasPrefix(s.Text, "talks to somebody") })
	slack := 50 * time.Millisecond // and what a hold is shorter than its length
	happens := map[time.Duration]bool{}
	var presses []simulator.Event
	for _, e := range transcript.Events {
		switch e.Kind {
		case simulator.Leaves:
			if e.At <= c.At {
				slack += 2 * time.Second // of a question, too
			}
		case simulator.Presses:
			presses = append(presses, e)
		case simulator.Connects:
			if c.Fault != diagnostic.Recorded && !talks {
				fail("somebody talks to the caller")
			}
		}
		happens[e.At] = true
	}
	for _, step := range c.Steps {
		if !near(happens, step.At, slack) {
			fail("nothing happens at " + script.Clock(step.At))
		}
		if key, is := strings.CutPrefix(step.Text, "presses "); is {
			keys, _, _ := strings.Cut(key, " ")
			for len(presses) > 0 && presses[0].At < step.At-slack { // the digits that were entered before
				presses = presses[1:]
			}
			if len(presses) < len(keys) || presses[0].Text != "•" && !strings.HasPrefix(key, presses[0].Text) || (step.At-presses[0].At).Abs() > slack {
				fail("the key is not pressed at " + script.Clock(step.At))
			}
			presses = presses[len(keys):]
		}
	}
}

// near reports whether something happens at a time, or a little before.
func near(happens map[time.Duration]bool, at, slack time.Duration) bool {
	for when := range happens {
		if (when - at).Abs() <= slack {
			return true
		}
	}
	return false
}

// Law: a text of which a voice makes nothing is refused, wherever it stands, so
// that every outcome is audible.
func TestLawEveryOutcomeIsAudible(t *testing.T) {
	said := map[string][]string{
		"project":            {"busy", "unavailable", "invalid", "no_input", "goodbye"},
		bundle.KindMenu:      {"welcome", "invalid", "no_input"},
		"option":             {"label"},
		bundle.KindRingGroup: {"busy", "unavailable"},
		bundle.KindQueue:     {"full", "timed_out"},
		bundle.KindVoicemail: {"greeting"},
		bundle.KindNumber:    {"fallback", "offline"},
	}
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration").clone()
		var blocks []*draftBlock
		for _, b := range flat(d) {
			if said[b.kind] != nil && !b.has("none") {
				blocks = append(blocks, b)
			}
		}
		b := rapid.SampledFrom(blocks).Draw(t, "block")
		silence := rapid.SampledFrom([]string{"…", ".", " – ", "?!", "()"}).Draw(t, "text")
		b.set(rapid.SampledFrom(said[b.kind]).Draw(t, "attribute"), quoted(silence))
		refused(t, d, "IVR422")
	})
}

// Law: what could lead nowhere is refused where it is written, so that every
// outcome of every question has an answer.
func TestLawEveryOutcomeHasAnAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration").clone()
		without := func(b *draftBlock, name string) {
			b.attributes = slices.DeleteFunc(b.attributes, func(a draftAttribute) bool { return a.name == name })
		}
		menu := rapid.SampledFrom(d.kinds(bundle.KindMenu)).Draw(t, "menu")
		switch rapid.IntRange(0, 3).Draw(t, "what leads nowhere") {
		case 0:
			menu.blocks = append(menu.blocks, &draftBlock{kind: "option", labels: []string{"9"}, attributes: []draftAttribute{{"label", `"nowhere"`}}})
			refused(t, d, "IVR403")
		case 1:
			menu.blocks = nil
			for _, b := range d.kinds("project") {
				b.blocks = nil
			}
			refused(t, d, "IVR402")
		case 2:
			d.add(bundle.KindRingGroup, "nobody").set("users", "[]")
			refused(t, d, "IVR415")
		case 3:
			number := rapid.SampledFrom(d.kinds(bundle.KindNumber)).Draw(t, "number")
			without(number, "to")
			refused(t, d, "IVR418")
		}
	})
}

// Law: a queue that nobody serves is refused, and the call that is told waits in
// it until the end, whoever answers elsewhere.
func TestLawEveryQueueIsServed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts().Draw(t, "configuration").clone().measured()
		queue := d.add(bundle.KindQueue, "forgotten")
		to := rapid.SampledFrom([]string{"to", "anonymous"}).Draw(t, "callers")
		d.find(bundle.KindNumber, "n0").set(to, "queue."+queue.labels[0])
		d.each(func(_ string, b *draftBlock) { // the number may have been the way to a menu
			b.attributes = slices.DeleteFunc(b.attributes, func(a draftAttribute) bool { return a.name == "back" })
		})
		s, _, diags := openedAnyway(t, d)
		i := slices.IndexFunc(diags, func(diag *hcl.Diagnostic) bool { return diagnostic.CodeOf(diag) == "IVR417" })
		if i < 0 {
			t.Fatalf("the queue is accepted:\n%s\n%s", listed(diags), d)
		}
		call := CounterExampleOf(diags[i])
		goesWrong(t, s, call, diags[i])
		waits := slices.IndexFunc(placed(t, s, call).Events, func(e simulator.Event) bool {
			return e.Kind == simulator.Waits && strings.HasSuffix(e.Text, "/forgotten")
		})
		if call.Fault != diagnostic.Unserved || waits < 0 {
			t.Fatalf("the call does not wait: %s", diags[i].Detail)
		}
	})
}

// refused fails the test unless a draft is refused for one reason among others.
func refused(t *rapid.T, d *draft, code string) {
	t.Helper()
	result, diags := Compile(d.input(d.files()))
	found := slices.ContainsFunc(diags, func(diag *hcl.Diagnostic) bool { return diagnostic.CodeOf(diag) == code })
	if result.Bundle != nil || !found {
		t.Fatalf("%s is not reported, but\n%s\n%s", code, listed(diags), d)
	}
}
