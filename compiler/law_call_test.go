package compiler

// Laws of calls: the bundles of random configurations are dialled. The router
// answers and the simulator plays Twilio, the callers and the people who are
// rung; neither knows how a bundle is made.

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
	"github.com/ivrc/ivrc/runtime/simulator"
)

// exchange is a scenario in which a site's numbers can be dialled. What the
// configuration plays from elsewhere is served, too.
func (s *site) exchange() simulator.Scenario {
	scenario := simulator.Scenario{
		BaseURL: draftURL, Hosts: []string{"media.quillmark.example"},
		Numbers: simulator.NumbersOf(&s.Manifest), Queues: simulator.QueuesOf(&s.Manifest), People: map[string]simulator.Person{}, Applications: map[string]script.Application{},
	}
	for _, b := range s.Blocks() {
		if b.Kind() == bundle.KindApplication {
			scenario.Applications[bundle.NameOf(b.Address)] = script.Application{{Result: "surprise"}}
		}
	}
	scenario.Start = instants[0]
	own := http.StripPrefix("/v1", onTime(s.Bundle))
	scenario.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "media.quillmark.example" {
			own.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "audio/wav")
		seconds := s.draft.sounds["https://"+r.Host+r.URL.RequestURI()] / time.Second
		w.Write(wavSound(0, int(seconds)*wavRate))
	})
	return scenario
}

// people lets everybody who can be rung respond at random.
func people(t *rapid.T, s *site, scenario *simulator.Scenario) {
	responses := []script.Reaction{script.Answer, script.Decline, script.Busy, script.NoAnswer, script.Fail}
	for _, u := range s.Manifest.Users {
		turns := make([]script.Turn, rapid.IntRange(1, 3).Draw(t, "turns"))
		for i := range turns {
			turns[i] = script.Turn{
				Do:    rapid.SampledFrom(responses).Draw(t, "response"),
				After: time.Duration(rapid.IntRange(0, 30).Draw(t, "after")) * time.Second,
				Keys:  rapid.SampledFrom([]string{"1", "2", ""}).Draw(t, "keys"),
				Talk:  time.Duration(rapid.IntRange(0, 60).Draw(t, "talk")) * time.Second,
			}
		}
		scenario.People[u.Address] = simulator.Respond(script.InTurn(turns...))
	}
}

// applications lets the applications of a site answer at random.
func applications(t *rapid.T, s *site, scenario *simulator.Scenario) {
	for _, b := range s.Blocks() {
		if b.Kind() != bundle.KindApplication {
			continue
		}
		var turns script.Application
		for range rapid.IntRange(1, 3).Draw(t, "answers") {
			e := rapid.SampledFrom(b.Exits).Draw(t, "result")
			turn := script.ApplicationTurn{Result: e.On}
			if e.On == "failure" {
				turn = script.ApplicationTurn{Fails: rapid.SampledFrom([]script.ApplicationFailure{script.Surprise, script.NoResult}).Draw(t, "failure")}
			}
			turns = append(turns, turn)
		}
		scenario.Applications[bundle.NameOf(b.Address)] = turns
	}
}

// caller is somebody who answers questions at random, and then no more. They
// press keys only where they are asked, so that the last thing that they do is
// always one that deserves an answer, and hang up at the end of a conversation.
func caller(t *rapid.T) simulator.Person {
	keys := rapid.SliceOfN(rapid.SampledFrom(append(strings.Split("1234567890*#1234-!", ""), "10", "101", "900", "12#")), 0, 8).Draw(t, "keys")
	patient := rapid.Bool().Draw(t, "hears a question through")
	speaks := time.Duration(rapid.IntRange(0, 20).Draw(t, "speaks")) * time.Second
	talks := time.Duration(rapid.IntRange(0, 60).Draw(t, "talks")) * time.Second
	return func(p *simulator.Phone) {
		for {
			switch m := p.Next(); m.Kind {
			case simulator.Asks:
				if len(keys) == 0 {
					continue
				}
				key := keys[0]
				keys = keys[1:]
				if patient {
					p.Hear(m)
				}
				switch key {
				case "-": // stays silent
				case "!":
					p.HangUp()
				default:
					if m.Keys == 1 {
						key = key[:1]
					}
					p.Press(key)
				}
			case simulator.Records:
				p.Speak(speaks)
			case simulator.Connects:
				p.Wait(talks)
				p.HangUp()
			}
		}
	}
}

// Law: whatever callers and the people who are rung do, and however the points
// are read that Twilio's documentation leaves open, no call runs into a fault,
// goes on without end, or is cut off without a word after the caller's last act.
func TestLawCallsEndWell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		scenario := s.exchange()
		people(t, s, &scenario)
		applications(t, s, &scenario)
		for range rapid.IntRange(1, 3).Draw(t, "calls") {
			scenario.Calls = append(scenario.Calls, simulator.Call{
				From:   rapid.SampledFrom([]string{"+14155550199", "+14155550198", "+12125550199", "+33199001122", simulator.Withheld}).Draw(t, "from"),
				To:     rapid.SampledFrom(s.Manifest.Numbers).Draw(t, "number").PhoneNumber,
				At:     time.Duration(rapid.IntRange(0, 120).Draw(t, "at")) * time.Second,
				Person: caller(t),
			})
		}
		for _, a := range simulator.Ambiguities() {
			if rapid.Bool().Draw(t, string(a.Ambiguity)) {
				scenario.Ambiguities = append(scenario.Ambiguities, a.Ambiguity)
			}
		}
		for _, transcript := range dial(t, scenario) {
			endsWell(t, transcript)
		}
	})
}

// dial plays a scenario.
func dial(t *rapid.T, scenario simulator.Scenario) []simulator.Transcript {
	transcripts, err := simulator.Run(context.Background(), scenario)
	if err != nil {
		t.Fatal(err)
	}
	return transcripts
}

// endsWell fails the test unless a call ended as calls should.
func endsWell(t *rapid.T, transcript simulator.Transcript) {
	t.Helper()
	bad := ""
	for _, e := range transcript.Events {
		if e.Kind == simulator.Faults || e.Kind == simulator.Skips {
			bad = fmt.Sprintf("%s: %d %s", e.Document, e.Code, e.Text)
		}
	}
	end := transcript.Ending
	switch {
	case bad != "":
	case end.How == simulator.Rejected: // the simulator hangs up on an answered call
		return
	case end.How != simulator.ByCaller && end.How != simulator.ByDocument:
		bad = end.Text
	case end.How == simulator.ByDocument && !end.Heard:
		bad = "the call is cut off without a word"
	default:
		return
	}
	t.Fatalf("%s\n%s", bad, transcript.Text(simulator.TextOptions{Width: 120, All: true}))
}

// Law: a caller who does nothing hears the end of the call, within a time that
// the configuration bounds: each block is met once, each prompt heard once for
// each attempt, and everybody rung once for each cycle.
func TestLawSilentCallersEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := opened(t, drafts().Draw(t, "configuration"))
		scenario := s.exchange()
		people(t, s, &scenario)
		for i, n := range s.Manifest.Numbers {
			scenario.Calls = append(scenario.Calls, simulator.Call{From: "+14155550199", To: n.PhoneNumber, At: time.Duration(i) * 3 * time.Hour})
		}
		bound := s.longest()
		for _, transcript := range dial(t, scenario) {
			endsWell(t, transcript)
			last := transcript.Events[len(transcript.Events)-1]
			if transcript.Ending.How != simulator.ByDocument && transcript.Ending.How != simulator.Rejected || last.At > bound {
				t.Fatalf("the call of a silent caller ends after %v (%s), and not within %v\n%s", last.At, transcript.Ending.Text, bound,
					transcript.Text(simulator.TextOptions{Width: 120, All: true}))
			}
		}
	})
}

// longest is how long a call can take in which each block is met once.
func (s *site) longest() time.Duration {
	const whisperAndTalk = 2 * time.Minute
	total := model.AgentPatience*time.Second + whisperAndTalk
	for i := range s.Components {
		for _, b := range s.Components[i].Blocks {
			once := spokenLength(&b, s.draft)
			attempts, users := count(setting(&b, "attempts")), 1+strings.Count(setting(&b, "users"), ",")
			total += time.Duration(max(1, attempts)) * (once + length(&b, "timeout"))
			ring := time.Duration(count(setting(&b, "cycles"))*users) * (length(&b, "interval") + whisperAndTalk)
			total += ring + length(&b, "max_wait") + length(&b, "max_length") + 10*time.Second
			if retry := length(&b, "retry_every"); retry > 0 {
				total += ring * (length(&b, "max_wait") / retry) // a whisper takes time that nobody counts
			}
		}
	}
	return total
}

// spokenLength is more than all messages of a block can take, and its goodbye.
func spokenLength(b *bundle.Block, d *draft) time.Duration {
	total := 10 * time.Second
	for _, m := range b.Messages {
		total += time.Duration(len(m.Text)+1)*time.Second/2 + d.sounds[m.URL]
		if m.Audio != "" {
			total += 15 * time.Second
		}
	}
	return total
}

// count reads a whole number, 0 where there is none.
func count(text string) int {
	n := 0
	fmt.Sscan(text, &n)
	return n
}

// length reads a setting that is a length of time, 0 where it is not there.
func length(b *bundle.Block, name string) time.Duration {
	d, _ := time.ParseDuration(setting(b, name))
	return d
}
