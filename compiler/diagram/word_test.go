package diagram

import (
	"testing"

	"github.com/ivrc/ivrc/compiler/bundle"
)

func TestSpan(t *testing.T) {
	for value, want := range map[string]string{
		"20s":     "20 s",
		"1m30s":   "1 min 30 s",
		"90s":     "1 min 30 s",
		"10m":     "10 min",
		"4h":      "4 h",
		"1h0m1s":  "1 h 1 s",
		"0s":      "0s",
		"500ms":   "500ms",
		"default": "default",
	} {
		if got := vocabulary(nil).span(value); got != want {
			t.Errorf("span(%q) = %q, want %q", value, got, want)
		}
	}
}

func TestDetail(t *testing.T) {
	settings := []bundle.Setting{
		{Name: "record", Value: ""}, {Name: "users", Value: "user.alice"}, {Name: "max_wait", Value: "10m"},
		{Name: "cycles", Value: "1"}, {Name: "interval", Value: "30s"}, {Name: "max_callers", Value: "25"}, {Name: "status", Value: "offline"},
		{Name: "transcribe", Value: "yes"},
		{Name: "attempts", Value: "1"},
	}
	if got, want := vocabulary(nil).detail("menu", settings), "offline, 30 s, 25 callers, 10 min, 1 attempt, transcribed"; got != want {
		t.Errorf("detail = %q, want %q", got, want)
	}
	if got, want := vocabulary(nil).detail("queue", settings), "offline, 25 callers, 10 min, 1 attempt, transcribed"; got != want {
		t.Errorf("detail of a queue = %q, want %q", got, want)
	}
}
