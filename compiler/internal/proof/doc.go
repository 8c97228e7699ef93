// Package proof proves what callers can rely on: no call goes on without end, none
// is cut off without a word, nobody waits where nobody can take the call. A model
// goes in; the graph of all calls comes out, and a counter-example for each law that
// the configuration breaks.
//
//	Model ─▶ CallGraph ─▶ counter-examples (example.go), worst cases (worstcase.go)
package proof
