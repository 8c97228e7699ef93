//go:build !race

package simulator_test

// How much the tests do.
const (
	crowd = 1000 // callers at once
)
