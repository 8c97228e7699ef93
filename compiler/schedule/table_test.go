package schedule_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/internal/timezone"
	"github.com/ivrc/ivrc/compiler/schedule"
	"github.com/ivrc/ivrc/internal/deep"
)

var zones = []string{"America/Chicago", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"}

const firstYear, lastYear = 2025, 2036

func clock(hour, minute int) int { return hour*60 + minute }

func TestAnswer(t *testing.T) {
	location, err := timezone.Load("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	weekday := []schedule.Span{{clock(8, 0), clock(12, 0)}, {clock(13, 0), clock(17, 30)}}
	office := schedule.OpenHours{
		Week: [7][]schedule.Span{weekday, weekday, weekday, weekday, weekday, {{clock(9, 0), clock(14, 30)}}},
		Specials: []schedule.Special{
			{Date: schedule.Date{Year: 2026, Month: 12, Day: 24}, Spans: []schedule.Span{{clock(8, 0), clock(12, 0)}}},
			{Date: schedule.Date{Month: 12, Day: 25}, Name: "christmas"},
			{Date: schedule.Date{Year: 2026, Month: 12, Day: 31}, Spans: []schedule.Span{{clock(22, 0), clock(26, 0)}}},
			{Date: schedule.Date{Month: 1, Day: 1}},
		},
	}
	table := schedule.Table{
		Answers: []string{"open", "christmas", "closed"},
		Zone:    schedule.Cut(location, 2026, 2027),
		Layers:  []schedule.Layer{{OpenHours: office, Closed: map[string]string{"christmas": "christmas"}}},
	}
	list := table.String()
	const want = "open.christmas.closed-m360.m300_11xp9c.07cec.143to.07cec-" +
		"y26_1224_08001200.y_1225_b.y26_1231_22002600.y_0101.12345_08001200_13001730.6_09001430"
	if list != want {
		t.Errorf("the table is\n%s, want\n%s", list, want)
	}
	for at, want := range map[string]string{
		"2026-11-30 07:59": "closed", "2026-11-30 08:00": "open", "2026-11-30 11:59": "open", "2026-11-30 12:00": "closed",
		"2026-11-30 13:00": "open", "2026-11-30 17:29": "open", "2026-11-30 17:30": "closed",
		"2026-12-05 14:29": "open", "2026-12-05 14:30": "closed", "2026-12-06 10:00": "closed",
		"2026-12-24 11:59": "open", "2026-12-24 13:30": "closed", "2026-12-25 10:00": "christmas", "2031-12-25 10:00": "christmas",
		"2026-12-31 10:00": "closed", "2026-12-31 23:59": "open", "2027-01-01 01:59": "open", "2027-01-01 02:00": "closed",
		"2027-01-01 10:00": "closed", "2027-12-31 10:00": "open",
	} {
		instant, err := time.ParseInLocation("2006-01-02 15:04", at, location)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := schedule.Answer(list, instant); got != want || !ok {
			t.Errorf("at %s: %q, %v, want %q", at, got, ok, want)
		}
	}
}

// In Chicago the clock goes from 1:59 to 3:00 on 8 March 2026, and from 1:59 back to
// 1:00 on 1 November.
func TestAnswerWhenClocksChange(t *testing.T) {
	location, err := timezone.Load("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	span := func(from, to int) string {
		table := schedule.Table{Answers: []string{"open", "closed"}, Zone: schedule.Cut(location, 2026, 2026), Layers: []schedule.Layer{{OpenHours: schedule.OpenHours{Week: [7][]schedule.Span{6: {{from, to}}}}}}}
		return table.String()
	}
	for _, test := range []struct {
		list, at, want string
	}{
		{span(clock(2, 30), clock(4, 0)), "2026-03-08T07:59:00Z", "closed"}, // 1:59
		{span(clock(2, 30), clock(4, 0)), "2026-03-08T08:00:00Z", "open"},   // 3:00
		{span(clock(2, 0), clock(3, 0)), "2026-03-08T08:00:00Z", "closed"},  // the span is left out
		{span(clock(1, 0), clock(2, 0)), "2026-11-01T06:30:00Z", "open"},    // 1:30
		{span(clock(1, 0), clock(2, 0)), "2026-11-01T07:30:00Z", "open"},    // 1:30 again
		{span(clock(1, 0), clock(2, 0)), "2026-11-01T08:00:00Z", "closed"},
	} {
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := schedule.Answer(test.list, at); got != test.want || !ok {
			t.Errorf("%s at %s: %q, %v, want %q", test.list, test.at, got, ok, test.want)
		}
	}
}

// The richest schedule: two spans a day, twenty holidays a year for three years, ten
// years of daylight saving.
func TestSize(t *testing.T) {
	location, err := timezone.Load("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	day := []schedule.Span{{clock(8, 0), clock(12, 0)}, {clock(13, 0), clock(17, 30)}}
	rich := schedule.OpenHours{Week: [7][]schedule.Span{day, day, day, {{480, 700}, {800, 1000}}, {{490, 700}, {800, 1010}}, {{500, 600}, {700, 800}}, {{510, 600}, {700, 820}}}}
	for year := 2026; year < 2029; year++ {
		for i := range 20 {
			special := schedule.Special{Date: schedule.Date{Year: year, Month: 1 + i%12, Day: 1 + i}}
			if i%5 == 0 {
				special.Spans = []schedule.Span{{480, 720}}
			}
			if i%7 == 0 {
				special.Name = "holiday"
			}
			rich.Specials = append(rich.Specials, special)
		}
	}
	table := schedule.Table{Answers: []string{"open", "holiday", "closed"}, Zone: schedule.Cut(location, 2026, 2035), Layers: []schedule.Layer{{OpenHours: rich, Closed: map[string]string{"holiday": "holiday"}}}}
	if list := table.String(); len(list) > 800 {
		t.Errorf("%d bytes: %s", len(list), list)
	}
}

// An instant of a random schedule, as the oracle reads it.
type question struct {
	Zone   string
	Layers []schedule.OpenHours // one to three, of which the first that is open answers
	At     []int64
}

// TestOracle compares answers with those of a program in Python, which knows nothing of
// tables: it asks Python's zoneinfo for the local time, and looks the day up.
func TestOracle(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed")
	}
	if err := exec.Command(python, "-c", "import zoneinfo").Run(); err != nil {
		t.Skip("python3 is older than its zoneinfo")
	}
	var questions []question
	var got []string
	random := rand.New(rand.NewPCG(1, 2))
	for range deep.Or(10, 200) {
		q := randomQuestion(random, 500)
		list := tableOf(t, q).String()
		for _, at := range q.At {
			answer, ok := schedule.Answer(list, time.Unix(at, 0))
			if !ok {
				t.Fatalf("no answer of %s", list)
			}
			got = append(got, answer)
		}
		questions = append(questions, q)
	}
	input, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(python, "testdata/oracle.py", unpackZones(t))
	command.Stdin, command.Stderr = strings.NewReader(string(input)), os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("python3 cannot run the oracle: %v", err)
	}
	want := strings.Fields(string(output))
	if len(want) != len(got) {
		t.Fatalf("%d answers of the oracle, want %d", len(want), len(got))
	}
	wrong := 0
	for i := range got {
		if q := questions[i/500]; got[i] != want[i] && wrong < 5 {
			wrong++
			t.Errorf("%s at %s: %s, want %s\n%s", q.Zone, time.Unix(q.At[i%500], 0).UTC(), got[i], want[i], tableOf(t, q))
		}
	}
}

// FuzzAnswer looks for a list at which Answer panics, or answers what cannot be the
// name of a document.
func FuzzAnswer(f *testing.F) {
	f.Add("open.closed-m360.m300_11vaak.07hc0-y26_1224_08001200.y_1225_b.12345_08001200_13001730", int64(1796000000))
	f.Add("a-0-x", int64(0))
	f.Fuzz(func(t *testing.T, list string, at int64) {
		answer, ok := schedule.Answer(list, time.Unix(at%(1<<36), 0))
		if ok && !schedule.IsName(answer) {
			t.Errorf("the answer is %q", answer)
		}
	})
}

func BenchmarkAnswer(b *testing.B) {
	random := rand.New(rand.NewPCG(3, 4))
	list := tableOf(b, randomQuestion(random, 1)).String()
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		schedule.Answer(list, at)
	}
}

func tableOf(t testing.TB, q question) *schedule.Table {
	location, err := timezone.Load(q.Zone)
	if err != nil {
		t.Fatal(err)
	}
	table := &schedule.Table{Zone: schedule.Cut(location, firstYear, lastYear)}
	for i, hours := range q.Layers {
		table.Answers = append(table.Answers, fmt.Sprint("open", i))
		table.Layers = append(table.Layers, schedule.Layer{OpenHours: hours, Closed: map[string]string{"feast": "feast", "fast": "fast"}})
	}
	table.Answers = append(table.Answers, "feast", "fast", "closed")
	return table
}

// randomQuestion returns schedules, and instants
// over twelve years, half of them near a change of offset or a midnight.
func randomQuestion(random *rand.Rand, instants int) question {
	q := question{Zone: zones[random.IntN(len(zones))]}
	for range 1 + random.IntN(3) {
		q.Layers = append(q.Layers, randomHours(random))
	}
	start := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	for len(q.At) < instants {
		at := start + random.Int64N(12*365*86400)
		switch random.IntN(4) {
		case 0: // a Sunday night in March, April, October or November
			at = time.Date(firstYear+random.IntN(12), []time.Month{3, 4, 10, 11}[random.IntN(4)], 1+random.IntN(31), random.IntN(12), random.IntN(60), 0, 0, time.UTC).Unix()
		case 1: // New Year's night, or the end of February
			at = time.Date(firstYear+random.IntN(12), []time.Month{1, 3}[random.IntN(2)], 1, random.IntN(30)-15, random.IntN(60), 0, 0, time.UTC).Unix()
		}
		q.At = append(q.At, at)
	}
	return q
}

// randomHours returns hours whose spans do not overlap on a day.
func randomHours(random *rand.Rand) schedule.OpenHours {
	var hours schedule.OpenHours
	spans := func() []schedule.Span {
		var spans []schedule.Span
		for from := random.IntN(900); len(spans) < random.IntN(4) && from < dayMinutes; {
			to := from + 1 + random.IntN(600)
			spans = append(spans, schedule.Span{From: from, To: min(to, 2*dayMinutes)})
			from = to + random.IntN(200)
		}
		return spans
	}
	for day := range hours.Week {
		hours.Week[day] = spans()
	}
	seen := make(map[schedule.Date]bool)
	for range random.IntN(40) {
		date := schedule.Date{Year: firstYear + random.IntN(12), Month: 1 + random.IntN(12), Day: 1 + random.IntN(28)}
		yearly := schedule.Date{Month: date.Month, Day: date.Day}
		if seen[yearly] {
			continue
		}
		seen[yearly] = true
		if random.IntN(3) == 0 {
			date = yearly
		}
		hours.Specials = append(hours.Specials, schedule.Special{Date: date, Spans: spans(), Name: []string{"", "feast", "fast"}[random.IntN(3)]})
	}
	return hours
}

const dayMinutes = 24 * 60

// unpackZones writes the zones of the tests to a directory, so that the oracle has the
// same edition of the database.
func unpackZones(t *testing.T) string {
	directory := t.TempDir()
	for _, name := range zones {
		data, err := timezone.Data(name)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(directory, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}
