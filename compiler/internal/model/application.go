package model

import (
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// An ApplicationNode is a program of the team's own that a call is handed to. It
// answers any TwiML, and at last redirects to the address that it was told, with one
// of its results.
type ApplicationNode struct {
	Name      string
	At        hcl.Range
	URL       string
	Results   []*ApplicationResult // in the order of their names
	OnFailure *Link
}

// An ApplicationResult is where a call goes on after an answer.
type ApplicationResult struct {
	Name string
	Link
}

// ApplicationTime is how long Twilio waits for the answer of an application
// (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
const ApplicationTime = 15 * time.Second

// Address is the address of the block.
func (a *ApplicationNode) Address() string { return bundle.KindApplication + "." + a.Name }

// Word is what tells an application from others that fail, where its calls have another
// language than the project: its name and the language, so that callers go on in it.
func (a *ApplicationNode) Word(language string) string {
	return a.Name + bundle.LanguageMark + strings.ToLower(strings.ReplaceAll(language, "-", "_"))
}

// Position is where the block begins in the source.
func (a *ApplicationNode) Position() hcl.Range { return a.At }

// Ways lists the results in the order of their names, and failure.
func (a *ApplicationNode) Ways(p *Project) []Way {
	var list []Way
	for _, r := range a.Results {
		if r.To != nil {
			list = append(list, Way{On: r.Name, Link: r.Link})
		}
	}
	return append(list, outcomeWay(p, a, OnFailure, a.OnFailure, nil))
}

// Dwell is nothing, and at most the time that Twilio waits for an answer. What the
// application says itself is not known.
func (a *ApplicationNode) Dwell(p *Project, _ Entrance) Dwell {
	d := Dwell{Person: Never}
	for range a.Ways(p) {
		d.Ways = append(d.Ways, Timing{Silent: ApplicationTime, Worst: ApplicationTime})
	}
	return d
}

// Event is what the application answers, or that it fails.
func (a *ApplicationNode) Event(w Way, _ Timing) NodeEvent {
	if w.On == OnFailure {
		return NodeEvent{Text: "finds that " + a.Address() + " fails at", Answered: []ApplicationAnswer{{Application: a.Name}}}
	}
	return NodeEvent{Text: "is led on by " + a.Address() + " with " + w.On + " at", Answered: []ApplicationAnswer{{a.Name, w.On}}}
}

// An ApplicationAnswer is what an application answers; no result is a failure.
type ApplicationAnswer struct{ Application, Result string }

// Rings is nil: an application rings nobody that is known.
func (a *ApplicationNode) Rings() *RingGroupNode { return nil }

// Attended is true: what the application does for the caller is not known.
func (a *ApplicationNode) Attended() bool { return true }

// Heard is empty: what the application says is not known.
func (a *ApplicationNode) Heard() []*MessageNode { return nil }

// OpenKeys are the keys that callers of an entry may press instead of digits that an
// application gets.
func (m *MenuNode) OpenKeys() string {
	var keys []string
	for _, o := range m.Options {
		keys = append(keys, string(o.Key))
	}
	return strings.Join(keys, "")
}
