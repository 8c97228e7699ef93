// Package diagnostic collects what the compiler reports. It is the first of the
// stages, and the one that all others write to:
//
//	diagnostic ◀ source ◀ config ◀ resolve ▶ model ◀ proof ◀ lint
//	                                         model ◀ lower
//
// What goes in are a code, a range in the source and a sentence; what comes out
// are [hcl.Diagnostics], sorted by position, each cause once, without the warnings
// that a comment in the source ignores. The table of all codes is here, too.
package diagnostic
