// Package deep decides how much the tests try.
//
// Some tests try everything that can happen: an apply killed at each of its
// requests, two of them in every order, hundreds of altered bundles. That takes
// minutes, so by default they try a sample, which is the same on every machine
// because it is chosen by number and not by time. With IVRC_DEEP=1 in the
// environment, as in make deep, they try everything:
//
//	for seed := range deep.Or(200, 10_000) {
//
// Only tests import this package.
package deep

import "os"

// Or returns how much of something to try: a sample, or with IVRC_DEEP=1 all.
func Or(sample, all int) int {
	if os.Getenv("IVRC_DEEP") == "1" {
		return all
	}
	return sample
}
