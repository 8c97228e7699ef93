//go:build !race

package simulator_test

// mutantCount is how many altered bundles are walked.
const mutantCount = 500
