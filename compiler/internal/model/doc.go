// Package model says what a configuration means. Names are bound, values are of
// their Go types, and every way on from a block is a [Link] that knows where in the
// source it was written. The model is what resolving makes, and what the proof and
// lowering read; neither changes what the other sees.
//
//	resolve ─▶ Model ─▶ proof, lint
//	                 └▶ lower
//
// How long callers spend where, the limits and the built-in texts of each language
// are here, because both sides have to agree on them.
package model
