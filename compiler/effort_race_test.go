//go:build race

package compiler

// mutantCount is how many altered bundles are walked: the race detector is slow,
// and is given one of each kind. The whole is done without it.
const mutantCount = 36
