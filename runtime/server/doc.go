// Package server runs a router for others to depend on: with a log, metrics,
// limits on everything, TLS, and what it serves renewed while calls are in
// progress.
//
//	reloader, first, err := server.Open(ctx, source, 10*time.Second, logger)
//	signed, err := router.Signature{Tokens: tokens}.Require(reloader.Handler)
//	service := server.Service{Replier: signed, Reloader: reloader, Logger: logger}
//	err = service.Run(ctx, listener)
//
// A [Source] is where bundles come from, and a [Reloader] keeps what is served in
// step with it. [Observe] writes a line for each request and counts it in
// [Metrics]. A [Server] limits what clients can take. A [Service] runs them all.
package server
