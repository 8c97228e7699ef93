// Package router answers calls: it serves the documents of a bundle to Twilio.
//
// Its heart is [Route], the one rule of the bundle as a pure function of a
// URL's path and query. [Handler] applies it to a bundle in memory and can be
// switched to another one while calls are in progress. [Signature] lets only
// Twilio's requests through, [Log] writes one line for each request, and
// [Serve] runs it all with limits on everything:
//
//	h := router.New(b)
//	signed, err := router.Signature{Tokens: tokens, PublicURL: "https://ivr.example"}.Require(h)
//	…
//	err = router.Serve(ctx, listener, router.Log(logger, signed))
//
// Other servers and services can be taught the rule: each [Host] is one, with the
// configuration that does it.
//
// The package depends on the standard library and on package bundle alone: it
// runs where the calls are.
package router
