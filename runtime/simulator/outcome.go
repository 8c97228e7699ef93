package simulator

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"github.com/ivrc/ivrc/compiler/twiml"
	"github.com/ivrc/ivrc/runtime/simulator/fetch"
)

// Verbs that hand the caller to somebody else and come back to their action: a payment,
// an assistant. Who that is and what happens there is not simulated. Only how it ends
// is, as the scenario says, because that decides how the call goes on.

// elsewhereFor is how long such a verb is taken to last.
const elsewhereFor = time.Minute

// payments are the results of a Pay after which a caller is still there, the usual one
// first (https://www.twilio.com/docs/voice/twiml/pay#result).
var payments = []string{"success", "too-many-failed-attempts", "payment-connector-error", "caller-interrupted-with-star", "validation-error", "internal-error"}

// Outcomes returns the words for how a verb can end that reaches out of the call, the
// usual one first; nil for a verb of which that cannot be said. Of a Connect, any other
// text is the HandoffData with which an assistant has ended
// (https://www.twilio.com/docs/voice/conversationrelay/conversationrelay-noun).
func Outcomes(verb string) []string {
	switch verb {
	case "Pay":
		return slices.Clone(payments)
	case "Connect":
		return []string{"ended", "failed"}
	}
	return nil
}

// reachOut is a verb that reaches out of the call. It returns the request of its action.
func (l *leg) reachOut(v *twiml.Foreign, d *fetch.Document) (*fetch.Request, error) {
	l.answer()
	outcome := Outcomes(v.Name)[0]
	if given := l.x.Outcomes[v.Name]; len(given) > 0 {
		outcome = given[min(l.x.passed[v.Name], len(given)-1)]
	}
	l.x.passed[v.Name]++
	l.note(Event{Kind: Skips, Text: v.Name, Note: "not simulated; taken to end with " + outcome, Length: elsewhereFor})
	l.heard()
	if err := l.pass(elsewhereFor); err != nil {
		return nil, err
	}
	l.heard()
	extra := url.Values{"Result": {outcome}}
	if v.Name == "Connect" {
		extra = url.Values{"SessionStatus": {"ended"}}
		switch outcome {
		case "failed":
			extra.Set("SessionStatus", outcome)
		case "ended":
		default:
			extra.Set("HandoffData", outcome)
		}
	}
	return d.Follow(v.Action, cmp.Or(v.Method, "POST"), extra)
}
