package server

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A server says once a day that a calendar ends, from 90 days before, and its metrics
// say when.
func TestCalendarEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins at the start of 2000
		var log bytes.Buffer
		hours := []bundle.Hours{{On: "open", Day: "2000-01-03"}, {On: "open", Day: "2000-05-01"}, {On: "open", Day: "2000-10-09"}}
		b := &bundle.Bundle{Components: []bundle.Component{{Blocks: []bundle.Block{{Address: "hours.door", Hours: hours}}}}}
		r, _, err := Open(t.Context(), fixed{b}, 0, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if want := "ivrc_calendar_end_timestamp_seconds 9.783072e+08\n"; !strings.Contains(r.Metrics.text(), want) { // 2001-01-01
			t.Errorf("the metrics have no %s:\n%s", want, r.Metrics.text())
		}
		if log.Len() != 0 {
			t.Errorf("there is a year left, and the log has\n%s", log.String())
		}
		for range 8 * 60 { // to 26 October
			time.Sleep(15 * time.Hour)
			r.reload(t.Context())
		}
		if n, want := strings.Count(log.String(), "level=WARN msg=calendar"), 25; n != want {
			t.Errorf("%d warnings, want %d, one a day:\n%s", n, want, log.String())
		}
	})
}
