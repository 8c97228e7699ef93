// Package sandbox emulates a Twilio account over HTTP, as far as deploying and
// dialling need one: its phone numbers, its queues, and the calls that are asked
// for. It is for tests, demonstrations and rehearsals; no call is ever made.
//
//	account, err := sandbox.Open("twilio.json", "+14155550100")
//	http.ListenAndServe("127.0.0.1:8080", account)
//
// An [Account] is an http.Handler, and an http.RoundTripper for programs that
// want no network at all. It speaks the 2010-04-01 API: listing with pages of up
// to 1,000, updating numbers, making, sizing and deleting queues, creating
// calls; Basic authentication; Twilio's error codes. It is stricter than Twilio
// where that finds mistakes: a parameter that it does not know is refused, where
// Twilio would ignore it. It is laxer in one thing: webhook URLs may name this
// machine, so that a rehearsal needs no public host.
//
// What Twilio does on bad days is data: see [RequestFault], and the fields of Account
// for concurrency, lag and latency. Everything is deterministic: SIDs are made
// from what they name, and the clock can be replaced.
//
// Facts about Twilio are from its OpenAPI description, which the tests of
// package twilio hold every request and reply to, and from the pages of its
// error codes, https://www.twilio.com/docs/api/errors.
package sandbox
