//go:build race

package deploy

// stride is how many points of a crash matrix one step goes on: the race
// detector is slow, and is given a sample. make test tries all points without it.
const stride = 11
