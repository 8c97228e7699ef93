// Package router answers calls: it serves the documents of a bundle to Twilio.
//
// Its heart is [Route], the one rule of the bundle as a pure function of a
// URL's path and query. [Handler] applies it to bundles in memory and can be
// switched to others while calls are in progress, as by a [Follower]. [Signature]
// lets only Twilio's requests through, [Observe] writes a line for each request
// and counts them in [Metrics], and a [Server] runs it all with limits on
// everything:
//
//	h := router.New(b)
//	signed, err := router.Signature{Tokens: tokens, PublicURL: "https://ivr.example"}.Require(h)
//	…
//	server := router.Server{Handler: router.Observe(logger, router.NewMetrics(h), signed)}
//	err = server.Serve(ctx, listener)
//
// Package host teaches the rule to other servers and services.
//
// The package depends on the standard library and on package bundle alone: it
// runs where the calls are.
package router
