package twiml

// A Fault is something that Twilio would refuse or warn about in a document.
type Fault struct {
	Code    int    // Twilio's error code, https://www.twilio.com/docs/api/errors
	Fatal   bool   // Twilio fails the call (or requests the fallback); otherwise it warns and goes on
	Line    int    // from 1
	Message string // what is wrong, in a sentence
}

// Decode reads a document as Twilio does. Where a fault is fatal the document
// is not usable; other faults have been passed over as Twilio passes over them:
// an unknown attribute is ignored, an unknown verb skipped.
func Decode(doc []byte) (Response, []Fault) {
	panic("to be written")
}
