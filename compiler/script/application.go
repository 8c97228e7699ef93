package script

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// An Application is what a program of the team's own does, call after call that is
// handed to it. After the last turn, it takes that one again.
type Application []ApplicationTurn

// An ApplicationTurn is what an application does with one call.
type ApplicationTurn struct {
	Result string             // that the caller comes back with; "" if it fails
	Fails  ApplicationFailure // how it fails, "" if it does not
	After  time.Duration      // how long it takes until then
}

// A ApplicationFailure is how an application fails, in the word that [ParseApplication] reads.
type ApplicationFailure string

// The failures.
const (
	Refused   ApplicationFailure = "refused"   // nobody answers at its address
	Late      ApplicationFailure = "late"      // it answers after 20 s, and Twilio waits for 15
	Broken    ApplicationFailure = "error"     // it answers with the status 500
	HTML      ApplicationFailure = "html"      // it answers with a page for people
	Empty     ApplicationFailure = "empty"     // it answers with nothing
	Elsewhere ApplicationFailure = "elsewhere" // it sends Twilio to a host that does not exist, at an address that does not name it
	Surprise  ApplicationFailure = "surprise"  // it redirects with a result that is none of its
	NoResult  ApplicationFailure = "no-result" // it redirects without a result
	EndsCall  ApplicationFailure = "hangup"    // it says goodbye, and ends the call
)

// Failures lists the failures.
func Failures() []ApplicationFailure {
	return []ApplicationFailure{Refused, Late, Broken, HTML, Empty, Elsewhere, Surprise, NoResult, EndsCall}
}

// ParseApplication reads what an application does:
//
//	known                      the caller comes back with this result
//	unknown then known         at first with one, and from then on with another
//	known:3s                   after three seconds
//	fails, fails:late          it fails
func ParseApplication(text string) (Application, error) {
	var turns Application
	for part := range strings.SplitSeq(text, " then ") {
		word, more, timed := strings.Cut(strings.TrimSpace(part), ":")
		turn := ApplicationTurn{Result: word}
		switch {
		case word == "":
			return nil, errors.New("say which result: known, or fails")
		case word == "fails":
			turn = ApplicationTurn{Fails: Refused}
			if !timed {
				break
			}
			if turn.Fails = ApplicationFailure(more); !isFailure(turn.Fails) {
				return nil, fmt.Errorf("%q is no failure; use one of %s", more, failureWords())
			}
		case timed:
			var err error
			if turn.After, err = parseDuration(more); err != nil {
				return nil, err
			}
		}
		turns = append(turns, turn)
	}
	return turns, nil
}

func isFailure(f ApplicationFailure) bool {
	for _, known := range Failures() {
		if f == known {
			return true
		}
	}
	return false
}

func failureWords() string {
	var words []string
	for _, f := range Failures() {
		words = append(words, string(f))
	}
	return strings.Join(words, ", ")
}

// Turn is what the application does with the n-th call, counted from 0.
func (a Application) Turn(n int) ApplicationTurn {
	if len(a) == 0 {
		return ApplicationTurn{Fails: Refused}
	}
	return a[min(n, len(a)-1)]
}
