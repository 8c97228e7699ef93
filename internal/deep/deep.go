// Package deep decides how much the tests try.
//
// Some tests try everything that can happen: an apply killed at each of its
// requests, two of them in every order, hundreds of altered bundles. That takes
// minutes, so by default they try a sample, which is the same on every machine
// because it is chosen by number and not by time. With IVRC_DEEP=1 in the
// environment, as in make deep, they try everything where that takes a minute at
// most, and otherwise more; and with IVRC_DEEP=full, as in make soak, everything, or
// of what has no end as much as a night allows:
//
//	for seed := range deep.Or(200, 800, 10_000) {
//
// Only tests import this package.
package deep

import "os"

// Or returns how much of something to try: a sample, or with IVRC_DEEP=1 more, or with
// IVRC_DEEP=full the most, which is what more is if it is not given.
func Or(sample, more int, most ...int) int {
	switch os.Getenv("IVRC_DEEP") {
	case "1":
		return more
	case "full":
		return append(most, more)[0]
	}
	return sample
}
