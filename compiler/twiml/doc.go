// Package twiml is the language that Twilio speaks during a call: one struct
// for each verb and noun, one canonical encoder, and one strict decoder that
// reports what Twilio would refuse or warn about, with Twilio's error codes.
//
// A document is a list of verbs that run from top to bottom:
//
//	r := twiml.Response{Verbs: []twiml.Verb{
//		&twiml.Say{Text: "Goodbye."},
//		&twiml.Hangup{},
//	}}
//	xml := r.Append(nil, nil)
//
// The package depends on the standard library alone: the compiler writes with
// it, the simulator reads with it, and neither sees the other.
package twiml
