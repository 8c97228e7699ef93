//go:build race

package simulator_test

// How much the tests do: the race detector is slow, and is given a sample. The
// whole is done without it.
const (
	crowd = 100 // callers at once
)
