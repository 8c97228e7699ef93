package host_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/schedule"
	"github.com/ivrc/ivrc/internal/deep"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/router/host"
)

// tables are lists of decisions on the time: an office with holidays, shifts past
// midnight with several layers, all day long, and ones that are none.
var tables = []string{
	"open.christmas.closed-m360.m300_11xp9c.07cec.143to.07cec-y26_1224_08001200.y_1225_b.y26_1231_22002600.y_0101.12345_08001200_13001730.6_09001430",
	"day.night.closed-60.120_11xj9o.07cec-1234567_08001630-12345_22003000.67_23003100.y26_1224",
	"open.closed-330-1234567_00002400",
	"a.b.c.d-m210.m150_11xmo6.07cec.143to-x-y26_0704_c.3_09001000-y_0101_d.7_00000100",
	"open.closed-630.660_0.1-1_0800",
}

// An asked question is a list and a time.
type asked struct {
	list string
	at   time.Time
}

// questions are lists, whole and altered by chance, at random times.
func questions(count int) []asked {
	random := rand.New(rand.NewPCG(7, 12))
	const letters = "0123456789abmxyz_.-"
	var all []asked
	for len(all) < count {
		list := []byte(tables[random.IntN(len(tables))])
		for range random.IntN(4) {
			at := random.IntN(len(list))
			switch random.IntN(3) {
			case 0:
				list[at] = letters[random.IntN(len(letters))]
			case 1:
				list = append(list[:at], list[at+1:]...)
			default:
				list = append(list[:at], append([]byte{letters[random.IntN(len(letters))]}, list[at:]...)...)
			}
		}
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.Int64N(2*365*24*60)) * time.Minute)
		if random.IntN(3) == 0 { // near Christmas, New Year and the changes of offset
			day := []time.Time{time.Date(2026, 12, 25, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 8, 8, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 7, 0, 0, 0, time.UTC)}[random.IntN(4)]
			at = day.Add(time.Duration(random.IntN(2880)-1440) * time.Minute)
		}
		all = append(all, asked{string(list), at})
	}
	return all
}

// The hosts with a clock answer as the router in Go does, also lists that are damaged.
// Some answer with a redirect to the document, because they cannot say of one document
// that it may be kept under one address and not under another.
func TestClockOfHosts(t *testing.T) {
	scripts := []struct {
		host, program string
		file          func(folder string) string
		packages      []string
	}{
		{"cloudfront", "cloudfront.mjs", func(f string) string { return filepath.Join(f, "ivrc-cloudfront.js") }, nil},
		{"twilio-function", "decide.mjs", func(f string) string { return filepath.Join(f, "functions", "decide.protected.js") }, nil},
		{"cloudflare", "worker.mjs", func(f string) string { return filepath.Join(f, "worker.js") }, nil},
		{"netlify", "netlify.mjs", func(f string) string { return filepath.Join(f, "netlify", "edge-functions", "ivrc.js") }, nil},
		{"vercel", "vercel.mjs", func(f string) string { return filepath.Join(f, "middleware.js") }, []string{"@vercel/functions", "@vercel/routing-utils"}},
	}
	all := questions(deep.Or(600, 3000, 12_000))
	for _, r := range clockRows(true) {
		if _, list, ok := strings.Cut(r.path, doorAt+"~"); ok && r.kind == host.CaseTime && r.method == http.MethodGet {
			all = append(all, asked{list, r.at})
		}
	}
	for _, s := range scripts {
		t.Run(s.host, func(t *testing.T) {
			for _, name := range s.packages {
				needPackage(t, name)
			}
			folder := t.TempDir()
			configure(t, s.host, folder, inBucket(""))
			input := scriptInput{File: s.file(folder), Documents: map[string]string{}}
			var want []string
			for _, q := range all {
				path := "/hours.door-x/time~" + q.list
				document := router.RouteAt(path, "", q.at)
				if document == path[1:] || document == "hours.door-x/time..xml" {
					document = ""
				}
				want = append(want, document)
				input.Rows = append(input.Rows, scriptRow{Method: http.MethodGet, Path: path, Query: around, At: q.at.UnixMilli()})
				if document != "" {
					input.Documents["ivr/public/"+document], input.Documents[document] = document, document
				}
			}
			wrong := 0
			for i, a := range byScript(t, s.program, input) {
				got := a.document
				if _, target, redirects := strings.Cut(got, `<Redirect method="GET">`); redirects {
					target, _, _ = strings.Cut(target, "<")
					got = "hours.door-x/" + target
				}
				if a.status != 200 || got == "hours.door-x/time..xml" {
					got = ""
				}
				if got != want[i] && wrong < 5 {
					wrong++
					t.Errorf("%s at %s: %d %q, want %q", all[i].list, all[i].at, a.status, a.document, want[i])
				}
				if kept := fmt.Sprint(a.header["Cache-Control"], a.header["cache-control"]); want[i] != "" && a.header != nil && !strings.Contains(kept, router.KeepNever) {
					t.Errorf("%s is sent with the header %s", all[i].list, kept)
				}
			}
		})
	}
}

// A host that has no clock says nothing of decisions on the time.
func TestHostsWithoutClock(t *testing.T) {
	for _, h := range host.All() {
		files, err := h.Files(host.Location{})
		if err != nil {
			t.Fatal(err)
		}
		says := false
		for _, f := range files {
			says = says || strings.Contains(string(f.Text), "answerAt")
		}
		if says != h.Clock() {
			t.Errorf("%s has a clock: %v, and its configuration asks one: %v", h.Name, h.Clock(), says)
		}
	}
	if _, ok := schedule.Answer(tables[0], time.Now()); !ok {
		t.Error("the first table is none")
	}
}
