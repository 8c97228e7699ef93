package fetch

import (
	"strconv"
	"time"
)

// A CallError is an error that makes Twilio fail the call, or request the fallback
// document. Codes are Twilio's: https://www.twilio.com/docs/api/errors
type CallError struct {
	Played   bool          // nothing is wrong: it was asked to happen
	Waited   time.Duration // how long Twilio waited until it gave up
	Code     int
	Text     string
	Document string // path of the document that could not be fetched or obeyed
	Address  string // its URL, as the fallback is told
}

// Error returns the code and the text.
func (f *CallError) Error() string { return "error " + strconv.Itoa(f.Code) + ": " + f.Text }

// A ForbiddenHost is the error for an address that may not be asked. What the call
// would do there is not known.
type ForbiddenHost struct{ Address string }

// Error says where the call would go on.
func (e *ForbiddenHost) Error() string {
	return "the call goes on at " + e.Address + ", which this simulation may not ask"
}
