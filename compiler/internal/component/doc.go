// Package component finds strongly connected components. The proof uses it for
// the ways of calls, and lowering for sections of documents that lead to each other.
package component
