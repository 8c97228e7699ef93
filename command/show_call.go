package command

// Showing what the compiler proved: the calls that break a law, and the worst
// that the callers of each number can meet.

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/script"
)

// reportCall is a counter-example as JSON. Press is what -press of simulate takes,
// and a turn what -callee takes.
type reportCall struct {
	Number   string          `json:"number"`
	Withheld bool            `json:"withheld,omitempty"`
	Press    string          `json:"press"`
	Callees  []reportCallee  `json:"callees"`
	Waiting  []reportWaiting `json:"waiting"`
	Steps    []reportStep    `json:"steps"`
	Fault    string          `json:"fault"`
	At       float64         `json:"at"` // seconds since the call began
}

type reportCallee struct {
	User  string       `json:"user"`
	Turns []reportTurn `json:"turns"`
	Again int          `json:"again"` // the ring, from 0, from which on the turns are repeated
}

type reportTurn struct {
	Does  string `json:"does"`
	Times int    `json:"times"`
}

type reportWaiting struct {
	Queue   string `json:"queue"`
	Callers int    `json:"callers"`
}

type reportStep struct {
	At       float64 `json:"at"`
	Text     string  `json:"text"`
	Filename string  `json:"filename,omitempty"`
	Line     int     `json:"line,omitempty"`
}

// newReportCall makes the JSON form of a call.
func newReportCall(c *compiler.CounterExample) *reportCall {
	if c == nil {
		return nil
	}
	r := &reportCall{
		Number: c.Number, Withheld: c.Withheld, Press: c.Press.String(),
		Callees: []reportCallee{}, Waiting: []reportWaiting{}, Fault: string(c.Fault), At: c.At.Seconds(),
	}
	for _, callee := range c.Callees {
		row := reportCallee{User: callee.User, Again: callee.Does.Again}
		for _, t := range callee.Does.Turns {
			row.Turns = append(row.Turns, reportTurn{string(t.Do), t.Times})
		}
		r.Callees = append(r.Callees, row)
	}
	for _, w := range c.Waiting {
		r.Waiting = append(r.Waiting, reportWaiting(w))
	}
	for _, s := range c.Steps {
		r.Steps = append(r.Steps, reportStep{s.At.Seconds(), s.Text, s.Place.Filename, s.Place.Start.Line})
	}
	return r
}

// reportNumber is the figures of a number as JSON.
type reportNumber struct {
	Name         string              `json:"name"`
	Person       *reportLatest       `json:"longest_to_person"` // null if callers cannot reach one
	End          *reportLatest       `json:"longest_to_end"`
	SilentPerson *reportLatest       `json:"longest_silent_to_person"`
	SilentEnd    *reportLatest       `json:"longest_silent_to_end"`
	Paths        uint64              `json:"paths"` // or more, if it is 10^18
	Destinations []reportDestination `json:"destinations"`
}

type reportLatest struct {
	Seconds float64  `json:"seconds"`
	Way     []string `json:"way"`
}

type reportDestination struct {
	Block string   `json:"block"`
	Keys  []string `json:"keys"` // the fewest
}

// reportFigures makes the JSON form of figures.
func reportFigures(list []compiler.WorstCase) []reportNumber {
	var rows []reportNumber
	for _, f := range list {
		row := reportNumber{
			Name: f.Number, Person: newReportLatest(f.Person), End: newReportLatest(f.End),
			SilentPerson: newReportLatest(f.SilentPerson), SilentEnd: newReportLatest(f.SilentEnd),
			Paths: f.Paths, Destinations: []reportDestination{},
		}
		for _, d := range f.Destinations {
			row.Destinations = append(row.Destinations, reportDestination{d.Address, append([]string{}, d.Keys...)})
		}
		rows = append(rows, row)
	}
	return rows
}

func newReportLatest(l compiler.Latest) *reportLatest {
	if !l.Possible {
		return nil
	}
	return &reportLatest{l.After.Seconds(), append([]string{}, l.Way...)}
}

// explain writes the figures of numbers for people.
func (p *Program) explain(list []compiler.WorstCase, leftOut int) {
	for _, f := range list {
		fmt.Fprintf(p.Stdout, "\n%s\n", p.paint(bold, "number."+f.Number))
		row := func(what, figure, way string) {
			fmt.Fprintln(p.Stdout, strings.TrimRight(fmt.Sprintf("  %-36s %12s  %s", what, figure, way), " "))
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
		paths := grouped(int64(f.Paths))
		if f.Paths == compiler.MostPaths {
			paths = "10^18 or more"
		}
		row("distinct paths", paths, "")
		for _, d := range f.Destinations {
			keys := strings.Join(d.Keys, " ")
			if keys == "" {
				keys = "no key"
			}
			row("keys to "+d.Address, keys, "")
		}
	}
	if leftOut > 0 {
		fmt.Fprintf(p.Stdout, "\nThe figures of %s more are left out; so many blocks are behind each.\n", count(leftOut, "number"))
	}
}

// grouped writes a number with commas: 10,000.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
