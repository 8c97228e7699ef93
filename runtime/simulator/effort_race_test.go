//go:build race

package simulator_test

// How much the tests do: the race detector is slow, and is given a sample. The
// whole is done without it.
const (
	mutantCount = 36  // altered bundles that are walked, one of each kind
	crowd       = 100 // callers at once
)
