package fetch

import "strconv"

// A CallError is an error for which Twilio fails the call, or asks the fallback
// document what to do. Codes are Twilio's: https://www.twilio.com/docs/api/errors
type CallError struct {
	Code     int
	Text     string
	Document string // path of the document that could not be fetched or obeyed
	Address  string // its URL, as the fallback is told
}

// Error is the code and the text.
func (f *CallError) Error() string { return "error " + strconv.Itoa(f.Code) + ": " + f.Text }

// A ForbiddenHost is an address that the client may not ask: what the call would
// do there is not known.
type ForbiddenHost struct{ Address string }

// Error says where the call goes on.
func (e *ForbiddenHost) Error() string {
	return "the call goes on at " + e.Address + ", which this simulation may not ask"
}
