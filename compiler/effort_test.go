//go:build !race

package compiler

// mutantCount is how many altered bundles are walked.
const mutantCount = 500
