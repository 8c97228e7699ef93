// Package router answers calls: it finds the document of a bundle that answers a
// request of Twilio.
//
// At its heart is [Route], the one rule of the bundle as a pure function of the
// path and query of a URL. A [Handler] applies it to bundles in memory, its release
// set, and can be switched to others while calls are in progress. [Signature] lets
// only Twilio's requests through:
//
//	h := router.New(b)
//	signed, err := router.Signature{Tokens: tokens, PublicURL: "https://ivr.example"}.Require(h)
//	…
//	err = http.Serve(listener, signed)
//
// Both are a [Replier]: they return the reply to a request as a value before anyone
// sends it, so that a server knows what to log. Package server is such a server,
// with limits, metrics and reloading. Package host teaches the rule to other
// servers and services.
//
// The package depends on nothing but the standard library and package bundle: it
// runs where the calls are.
package router
