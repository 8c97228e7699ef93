package main

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
)

func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil { // to examples, one folder below the root
		panic(err)
	}
	commandtest.Main(m)
}

// Callers come back from the assistant, however the conversation has ended.
func TestCallersComeBack(t *testing.T) {
	server := httptest.NewServer(application("wss://assistant.utility.example/talk", "", ""))
	defer server.Close()
	for outcome, heard := range map[string]string{
		"Connect=ended": "Goodbye", "Connect=the caller knows enough": "Goodbye",
		"Connect=person": "is being connected to", "Connect=failed": "is being connected to",
	} {
		out := commandtest.Run(t, "simulate", "-press", "2", "-application", "assistant="+server.URL, "-outcome", outcome, "examples/applications")
		if !strings.Contains(out, heard) || !strings.Contains(out, "Connect (not simulated") {
			t.Errorf("%s: %q is not heard:\n%s", outcome, heard, out)
		}
	}
}
