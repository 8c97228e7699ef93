package command_test

import (
	"os"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
)

func TestMain(m *testing.M) {
	if err := os.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin"); err != nil { // where servers are
		panic(err)
	}
	commandtest.Main(m)
}
