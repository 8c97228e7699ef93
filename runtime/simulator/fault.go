package simulator

import "strconv"

// A fault is an error for which Twilio fails the call, or asks the fallback
// document what to do. Codes are Twilio's: https://www.twilio.com/docs/api/errors
type fault struct {
	code     int
	text     string
	document string // path of the document that could not be fetched or obeyed
	address  string // its URL, as the fallback is told
}

func (f *fault) Error() string { return "error " + strconv.Itoa(f.code) + ": " + f.text }

// An elsewhere is an address that the run may not ask: what the call would do
// there is not known.
type elsewhere struct{ address string }

func (e *elsewhere) Error() string {
	return "the call goes on at " + e.address + ", which this simulation may not ask"
}

// A loop is a call that never ends by itself.
type loop struct{ text string }

func (l *loop) Error() string { return l.text }
