package compiler

import (
	"flag"
	"os"
	"strconv"
	"testing"

	"github.com/ivrc/ivrc/internal/deep"
)

// TestMain has each law tried with the same few random configurations every time,
// or in a deep run with more. The flags of rapid override that: -rapid.seed=0 takes
// new ones.
func TestMain(m *testing.M) {
	flag.Parse()
	byDefault := map[string]int{"rapid.checks": deep.Or(25, 50, 100), "rapid.seed": 1}
	for name, value := range byDefault {
		if f := flag.Lookup(name); f.Value.String() == f.DefValue {
			if err := f.Value.Set(strconv.Itoa(value)); err != nil {
				panic(err)
			}
		}
	}
	os.Exit(m.Run())
}
