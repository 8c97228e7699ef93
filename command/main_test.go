package command_test

import (
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
)

func TestMain(m *testing.M) { commandtest.Main(m) }
