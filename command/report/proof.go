package report

// What the compiler proved: the calls that break a law, and the worst that callers
// of each number can meet.

import (
	"fmt"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/script"
)

// counterExampleJSON is a counter-example as JSON. Press and again are what -press of
// simulate takes, and a turn what -callee takes.
type counterExampleJSON struct {
	Number   string `json:"number"`
	Withheld bool   `json:"withheld,omitempty"`
	From     string `json:"from,omitempty"`

	Sixteenth int           `json:"sixteenth,omitempty"`
	Start     string        `json:"start,omitempty"` // RFC 3339, in UTC
	Press     string        `json:"press"`
	Again     string        `json:"again,omitempty"`
	Answers   []answerJSON  `json:"answers,omitempty"`
	Callees   []calleeJSON  `json:"callees"`
	Waiting   []waitingJSON `json:"waiting"`
	Steps     []stepJSON    `json:"steps"`
	Fault     string        `json:"fault"`
	At        float64       `json:"at"` // seconds since the call began
}

type calleeJSON struct {
	User  string     `json:"user"`
	Turns []turnJSON `json:"turns"`
	Again int        `json:"again"` // the ring, from 0, from which on the turns are repeated
}

type turnJSON struct {
	Does  string `json:"does"`
	Times int    `json:"times"`
}

type waitingJSON struct {
	Queue   string  `json:"queue"`
	Callers int     `json:"callers"`
	From    float64 `json:"from,omitempty"`  // seconds since the call began; 0 is before
	Until   float64 `json:"until,omitempty"` // 0 is never
}

type answerJSON struct {
	Application string `json:"application"`
	Result      string `json:"result,omitempty"` // "" for a failure
}

type stepJSON struct {
	At       float64 `json:"at"`
	Text     string  `json:"text"`
	Filename string  `json:"filename,omitempty"`
	Line     int     `json:"line,omitempty"`
}

// counterExample makes the JSON form of a call.
func counterExample(c *compiler.CounterExample) *counterExampleJSON {
	if c == nil {
		return nil
	}
	r := &counterExampleJSON{
		Number: c.Number, Withheld: c.Withheld, From: c.From, Sixteenth: c.Sixteenth, Press: c.Press.String(), Again: c.Again.String(),
		Callees: []calleeJSON{}, Waiting: []waitingJSON{}, Fault: string(c.Fault), At: c.At.Seconds(),
	}
	for _, callee := range c.Callees {
		row := calleeJSON{User: callee.User, Again: callee.Does.Again}
		for _, t := range callee.Does.Turns {
			row.Turns = append(row.Turns, turnJSON{string(t.Do), t.Times})
		}
		r.Callees = append(r.Callees, row)
	}
	for _, w := range c.Waiting {
		r.Waiting = append(r.Waiting, waitingJSON{w.Queue, w.Callers, w.From.Seconds(), w.Until.Seconds()})
	}
	if !c.Start.IsZero() {
		r.Start = c.Start.UTC().Format(time.RFC3339)
	}
	for _, a := range c.Answers {
		r.Answers = append(r.Answers, answerJSON(a))
	}
	for _, s := range c.Steps {
		r.Steps = append(r.Steps, stepJSON{s.At.Seconds(), s.Text, s.Place.Filename, s.Place.Start.Line})
	}
	return r
}

// worstCaseJSON is the worst case of a number as JSON.
type worstCaseJSON struct {
	Name         string            `json:"name"`
	Person       *latestJSON       `json:"longest_to_person"` // null if callers cannot reach one
	End          *latestJSON       `json:"longest_to_end"`
	SilentPerson *latestJSON       `json:"longest_silent_to_person"`
	SilentEnd    *latestJSON       `json:"longest_silent_to_end"`
	Paths        uint64            `json:"paths"` // or more, if it is 10^18
	Destinations []destinationJSON `json:"destinations"`
}

type latestJSON struct {
	Seconds float64  `json:"seconds"`
	Way     []string `json:"way"`
}

type destinationJSON struct {
	Block    string    `json:"block"`
	Language string    `json:"language,omitempty"` // of the calls there, if not the project's
	Keys     []string  `json:"keys"`               // the fewest
	Wait     *waitJSON `json:"wait,omitempty"`     // of a queue

	Pending float64  `json:"pending,omitempty"` // of a menu with extensions: after a key
	Missed  []string `json:"missed,omitempty"`  // of a menu without on_failure: the keys that lead to people

	Withheld []string `json:"withheld,omitempty"` // users who are shown a number that is withheld
}

// waitJSON is when a wait ends that nobody cuts short.
type waitJSON struct {
	Earliest float64 `json:"earliest"`
	Latest   float64 `json:"latest"`
}

// worstCases makes the JSON form of worst cases.
func worstCases(list []compiler.WorstCase) []worstCaseJSON {
	var rows []worstCaseJSON
	for _, f := range list {
		row := worstCaseJSON{
			Name: f.Number, Person: latest(f.Person), End: latest(f.End),
			SilentPerson: latest(f.SilentPerson), SilentEnd: latest(f.SilentEnd),
			Paths: f.Paths, Destinations: []destinationJSON{},
		}
		for _, d := range f.Destinations {
			there := destinationJSON{Block: d.Address, Language: d.Language, Keys: append([]string{}, d.Keys...), Pending: d.Pending.Seconds(), Missed: d.Missed, Withheld: d.Withheld}
			if d.Wait != nil {
				there.Wait = &waitJSON{d.Wait.Earliest.Seconds(), d.Wait.Latest.Seconds()}
			}
			row.Destinations = append(row.Destinations, there)
		}
		rows = append(rows, row)
	}
	return rows
}

func latest(l compiler.Latest) *latestJSON {
	if !l.Possible {
		return nil
	}
	return &latestJSON{l.After.Seconds(), append([]string{}, l.Way...)}
}

// Explain writes the worst cases for people.
func (v Validation) Explain(o Output) {
	for _, f := range v.WorstCases {
		fmt.Fprintf(o.Stdout, "\n%s\n", o.Paint(Bold, "number."+f.Number))
		row := func(what, time, way string) {
			fmt.Fprintln(o.Stdout, strings.TrimRight(fmt.Sprintf("  %-36s %12s  %s", what, time, way), " "))
		}
		for _, line := range []struct {
			what string
			l    compiler.Latest
		}{
			{"longest time to a person", f.Person}, {"longest time to an end", f.End},
			{"to a person, for a silent caller", f.SilentPerson}, {"to an end, for a silent caller", f.SilentEnd},
		} {
			if line.l.Possible {
				row(line.what, script.Clock(line.l.After), strings.Join(line.l.Way, ", "))
			} else {
				row(line.what, "never", "")
			}
		}
		paths := Grouped(int64(f.Paths))
		if f.Paths == compiler.MostPaths {
			paths = "10^18 or more"
		}
		row("distinct paths", paths, "")
		for _, d := range f.Destinations {
			keys := strings.Join(d.Keys, " ")
			if keys == "" {
				keys = "no key"
			}
			where := d.Address
			if d.Language != "" {
				where += " (" + d.Language + ")"
			}
			row("keys to "+where, keys, "")
			if d.Pending > 0 {
				row("after a key in "+where, script.Clock(d.Pending), "before it counts, because an extension could follow")
			}
			if len(d.Missed) > 0 {
				row("no valid key in "+where, "goodbye", "there is no on_failure; people are behind "+firstOf(d.Missed))
			}
			if len(d.Withheld) > 0 {
				row("withheld number in "+where, "passed on", "to "+firstOf(d.Withheld)+"; some carriers refuse it, see caller_id")
			}
			if d.Wait != nil {
				row("wait in "+where, script.Clock(d.Wait.Earliest), "at the earliest, "+script.Clock(d.Wait.Latest)+" at the latest")
			}
		}
	}
	if len(v.Elsewhere) > 0 {
		fmt.Fprintf(o.Stdout, "\nNot reached with these values of the variables, only with others: %s.\n", strings.Join(v.Elsewhere, ", "))
	}
	if v.LeftOut > 0 {
		fmt.Fprintf(o.Stdout, "\nThe worst cases of %s more are left out; too many blocks lie behind each.\n", Count(v.LeftOut, "number"))
	}
}

// firstOf lists keys or users, and counts those after the first ones.
func firstOf(keys []string) string {
	const most = 6
	if len(keys) <= most {
		return strings.Join(keys, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(keys[:most-1], ", "), len(keys)-most+1)
}
