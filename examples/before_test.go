package examples_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
	"github.com/ivrc/ivrc/compiler/bundle"
)

var before = flag.String("before", "", "another version of the program, whose calls must be the same")

// TestCallsAreTheSameAsBefore makes random calls of every example with another
// version of the program, each with the bundle that it builds. A change of the
// bundle's format must not change a word of any transcript:
//
//	go test ./examples -run TestCallsAreTheSameAsBefore -before PROGRAM -timeout 1h
func TestCallsAreTheSameAsBefore(t *testing.T) {
	if *before == "" {
		t.Skip("there is no other version to compare with; see the comment")
	}
	for _, example := range exampleNames() {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			b := compileExample(t, example)
			then, now := filepath.Join(t.TempDir(), "dist"), filepath.Join(t.TempDir(), "dist")
			runBefore(t, "build", "-o", then, "examples/"+example)
			commandtest.Run(t, "build", "-o", now, "examples/"+example)
			random := rand.New(rand.NewPCG(1, 2))
			for range 500 {
				call := randomCall(random, b)
				want := runBefore(t, append(call, then)...)
				if got := commandtest.Run(t, append(call, now)...); got != want {
					t.Fatalf("ivrc %s\n%s\nwas before\n%s", strings.Join(call, " "), got, want)
				}
			}
		})
	}
}

// runBefore runs the other version.
func runBefore(t *testing.T, args ...string) string {
	t.Helper()
	output, err := exec.Command(*before, args...).Output()
	if err != nil {
		t.Fatalf("%s %s: %v", *before, strings.Join(args, " "), err)
	}
	return string(output)
}

// randomCall is a command that calls a number of a bundle.
func randomCall(random *rand.Rand, b *bundle.Bundle) []string {
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	var steps []string
	for range random.IntN(8) {
		key := pick("0", "1", "1", "2", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#")
		steps = append(steps, pick(key, key, key, "silent", key+"@3s", "wait 20s", "wait 80s", "speak 30s", "speak 200s", "talk 40s"))
	}
	numbers := b.Manifest.Numbers
	call := []string{"simulate", "-number", numbers[random.IntN(len(numbers))].Name, "-press", strings.Join(steps, ", ")}
	for _, u := range b.Manifest.Users {
		if random.IntN(3) > 0 {
			call = append(call, "-callee", u.Name+"="+pick("answer", "answer:3s,talk:2m", "accept:3s", "decline:5s", "voicemail:8s", "busy", "no-answer", "fail",
				"busy then answer", "busy then no-answer then accept:2s"))
		}
	}
	for _, q := range b.Manifest.Queues {
		if random.IntN(3) == 0 {
			call = append(call, "-waiting", fmt.Sprintf("%s=%d", q.Name, q.MaxSize-random.IntN(2)))
		}
	}
	if random.IntN(6) == 0 {
		call = append(call, "-withheld")
	}
	return append(call, "-reading", "silent-recording="+pick("next", "action"))
}
