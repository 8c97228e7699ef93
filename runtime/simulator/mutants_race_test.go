//go:build race

package simulator_test

// mutantCount is how many altered bundles are walked: the race detector is slow,
// and is given one of each kind. make test walks all of them without it.
const mutantCount = 32
