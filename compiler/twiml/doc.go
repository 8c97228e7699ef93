// Package twiml reads and writes TwiML, the language that Twilio speaks during a
// call. It has one struct for each verb and noun, one canonical encoder, and one
// strict decoder, which reports what Twilio would refuse or warn about, with
// Twilio's error codes.
//
// A document is a list of verbs that run from top to bottom:
//
//	r := twiml.Response{Verbs: []twiml.Verb{
//		&twiml.Say{Text: "Goodbye."},
//		&twiml.Hangup{},
//	}}
//	xml := r.Append(nil, nil)
//
// The compiler writes with this package and the simulator reads with it; neither
// knows the other. Its types have the names of TwiML's elements.
package twiml
