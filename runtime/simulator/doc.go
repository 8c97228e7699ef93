// Package simulator plays Twilio, and the people on the telephone, against a
// phone application: any http.Handler, or a live server.
//
//	transcripts, err := simulator.Run(ctx, simulator.Scenario{
//		Handler: app,
//		Numbers: map[string]simulator.Webhooks{
//			"+14155550100": {VoiceURL: "/answer.xml", VoiceMethod: "GET"},
//		},
//		People: map[string]simulator.Person{"client:bob": bob},
//		Calls:  []simulator.Call{{From: "+14155550199", To: "+14155550100", Person: caller}},
//	})
//
// It requests documents with the parameters that Twilio sends, refuses what
// Twilio refuses, with Twilio's error codes, and obeys the rest: a key stops a
// prompt, a queue's wait document starts again when it ends, a telephone rings
// until its timeout. The transcript of each call says what everybody heard,
// pressed and met, when, and because of which document.
//
// Time is virtual and only waiting takes any: a spoken text as long as a voice
// needs for it, an audio file its real length, a request none. The timeout of a
// Dial is taken as it is written, although Twilio adds about five seconds. A
// wait of 25 minutes is over in microseconds, several calls meet in the same
// queues, and the same scenario always takes the same course.
//
// Where Twilio's documentation is silent, the transcript says so, names the
// [Ambiguity] and says what was assumed; a scenario can ask for the other
// assumption.
//
// [Explore] does not play calls but walks everything that they can come to, from
// every number and with every outcome of every decision, and holds it to the
// laws that every call is held to. It knows what a bundle says of itself.
//
// Not simulated: speech as an answer, machine detection, TaskRouter, status
// callbacks and other requests that do not steer a call, retries by connection
// overrides, HTTP digest authentication, and verbs that reach outside of the
// call, such as Pay and Stream. The transcript says where a call comes to one of
// them, as far as it can matter to the caller.
//
// The package knows TwiML and HTTP. It does not know what wrote the documents.
package simulator
