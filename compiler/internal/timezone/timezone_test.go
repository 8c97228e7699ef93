package timezone

import (
	"testing"
	"time"
)

// The offsets of the zones are those that their governments have decided on.
func TestLoad(t *testing.T) {
	for name, want := range map[string][2]int{ // minutes from UTC in January and July 2026
		"America/Chicago":     {-360, -300},
		"America/St_Johns":    {-210, -150},
		"Europe/Berlin":       {60, 120},
		"Asia/Kolkata":        {330, 330},
		"Australia/Lord_Howe": {660, 630},
		"Etc/UTC":             {0, 0},
	} {
		location, err := Load(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, month := range []time.Month{time.January, time.July} {
			if _, seconds := time.Date(2026, month, 15, 12, 0, 0, 0, location).Zone(); seconds/60 != want[i] {
				t.Errorf("%s, %s: %d minutes from UTC, want %d", name, month, seconds/60, want[i])
			}
		}
	}
	for _, name := range []string{"", "Europe/Berln", "europe/berlin", "../etc/passwd", "/etc/localtime", "Europe", "Europe/"} {
		if _, err := Load(name); err != ErrUnknown {
			t.Errorf("Load(%q) = %v, want ErrUnknown", name, err)
		}
	}
	if names := Names(); len(names) < 500 || names[0] != "Africa/Abidjan" {
		t.Errorf("%d names, the first is %q", len(names), names[0])
	}
}
