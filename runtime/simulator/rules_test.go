package simulator_test

import (
	"cmp"
	"flag"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ivrc/ivrc/runtime/simulator"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

func differ(t *testing.T, what, want, got string) {
	t.Helper()
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n-want +got:\n%s", what, diff)
	}
}

// parseRule reads the scenario of a rule, which is a file of testdata/rules: the
// rule and who says so, the people, the documents, and the transcript, which it
// also returns.
//
//	call: SCRIPT              somebody calls; call 5s: later; call 5s +1415…: from there
//	agent: SCRIPT             the same, to the number that /agent answers
//	rings ADDRESS: CALLEE     somebody's telephone
//	queue NAME: SIZE          a queue that exists
//	reading: NAME             an open point taken the other way
//	fallback: PATH            of the number that / answers
func parseRule(t *testing.T, archive *txtar.Archive) (s simulator.Scenario, want *txtar.File) {
	t.Helper()
	documents, people := app{}, ""
	for i, f := range archive.Files {
		switch f.Name {
		case "people":
			people = string(f.Data)
		case "transcript":
			want = &archive.Files[i]
		default:
			documents[f.Name] = string(f.Data)
		}
	}
	s = scenarioOf(t, documents, people)
	if want == nil {
		archive.Files = append(archive.Files, txtar.File{Name: "transcript"})
		want = &archive.Files[len(archive.Files)-1]
	}
	return s, want
}

// scenarioOf is a scenario with documents and people.
func scenarioOf(t *testing.T, documents app, people string) simulator.Scenario {
	t.Helper()
	s := simulator.Scenario{
		Handler: documents,
		Numbers: map[string]simulator.Webhooks{
			number: {VoiceURL: "/", VoiceMethod: "GET", FallbackMethod: "GET"},
			agents: {VoiceURL: "/agent", VoiceMethod: "GET"},
		},
		People: map[string]simulator.Person{}, Queues: map[string]int{},
	}
	readPeople(t, &s, people)
	return s
}

func readPeople(t *testing.T, s *simulator.Scenario, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		head, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		head = strings.TrimSuffix(head, ":")
		word, rest, _ := strings.Cut(head, " ")
		switch word {
		case "call", "agent":
			at, from, _ := strings.Cut(rest, " ")
			after, _ := time.ParseDuration(cmp.Or(at, "0s"))
			to := map[string]string{"call": number, "agent": agents}[word]
			from = cmp.Or(from, map[string]string{"call": caller, "agent": alice}[word])
			s.Calls = append(s.Calls, simulator.Call{From: from, To: to, At: after, Person: follow(t, value)})
		case "rings":
			s.People[rest] = person(t, value)
		case "queue":
			s.Queues[rest], _ = strconv.Atoi(value)
		case "reading":
			s.Ambiguities = append(s.Ambiguities, simulator.Ambiguity(value))
		case "fallback":
			n := s.Numbers[number]
			n.FallbackURL = value
			s.Numbers[number] = n
		default:
			t.Fatalf("the line %q is not understood", line)
		}
	}
}

var sids = regexp.MustCompile(`(AC|CA|QU|RE)[0-9a-f]{32}`)

func ruleTranscript(transcripts []simulator.Transcript) string {
	var b strings.Builder
	for i, tr := range transcripts {
		if i > 0 {
			b.WriteString("\n")
		}
		text := sids.ReplaceAllString(tr.Text(simulator.TextOptions{
			Width: 110, All: true,
			Names: map[string]string{alice: "Alice", bob: "Bob", number: "us", agents: "the agents' line"},
		}), "$1…")
		if lines := strings.SplitAfter(text, "\n"); len(lines) > 60 {
			text = strings.Join(lines[:20], "") + "[…]\n" + strings.Join(lines[len(lines)-10:], "")
		}
		b.WriteString(text)
		fmt.Fprintf(&b, "ending: %s, heard: %t\n", tr.Ending.How, tr.Ending.Heard)
	}
	return b.String()
}
