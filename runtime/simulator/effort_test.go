//go:build !race

package simulator_test

// How much the tests do.
const (
	mutantCount = 500  // altered bundles that are walked
	crowd       = 1000 // callers at once
)
