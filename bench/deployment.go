package main

// Deploying, against an emulated account that answers every request after 50 ms
// and runs in a process of its own. What counts is the time on the clock, in
// multiples of what nobody can do without: one request after the other for each
// page of the longest list, and one round of writes for as many numbers as are
// written at the same time.

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

// latency is how long the account takes for each answer.
const latency = 50 * time.Millisecond

// A deploying is one plan or apply that is measured.
type deploying struct {
	verb                       string // "plan" or "apply"
	numbers, changed, parallel int

	samples samples
	results []deployed
}

// deployed is what one run measured of itself, and what the account counted.
type deployed struct {
	Plan, Apply, Writing time.Duration
	Changes              int
	reads, writes        int
}

// deployment measures plans and applies.
func (b *bench) deployment() error {
	b.section("Deploying", fmt.Sprintf("An account that answers after %v. Least is what the latency alone costs; ours is the CPU time of the whole process, as a share of the time on the clock. An apply begins with ten writes at once, and lets one more run with each good answer: fifty at once are reached after three of the twenty rounds.", latency))
	cases := []*deploying{
		{verb: "plan", numbers: 1000, changed: 3, parallel: 4},
		{verb: "plan", numbers: 10_000, changed: 3, parallel: 4},
		{verb: "apply", numbers: 1000, changed: 1000, parallel: 4},
		{verb: "apply", numbers: 1000, changed: 1000, parallel: 10},
		{verb: "apply", numbers: 1000, changed: 1000, parallel: 50},
	}
	if b.quick {
		cases = cases[:1]
	}
	var rows [][]string
	for _, c := range cases {
		for range b.rounds {
			if err := c.run(b); err != nil {
				return err
			}
		}
		rows = append(rows, c.report(b))
	}
	b.table([]string{"", "requests", "least ms", "ms", "× least", "at best", "plan ms", "ours", "peak MB"}, rows)
	return nil
}

// name says what is measured.
func (c *deploying) name() string {
	if c.verb == "plan" {
		return fmt.Sprintf("plan, %d changes of %d numbers", c.changed, c.numbers)
	}
	return fmt.Sprintf("apply, %d changes, %d at once", c.changed, c.parallel)
}

// pages is how many requests the longest list takes, one after the other.
func (c *deploying) pages() int { return (c.numbers + 999) / 1000 }

// least is what nobody can do without.
func (c *deploying) least() time.Duration {
	if c.verb == "plan" {
		return time.Duration(c.pages()) * latency
	}
	return time.Duration((c.changed+c.parallel-1)/c.parallel) * latency
}

// took is the time that is held against the least.
func (c *deploying) took(d deployed) time.Duration {
	if c.verb == "plan" {
		return d.Plan
	}
	return d.Writing
}

// run starts an account, and one plan or apply.
func (c *deploying) run(b *bench) error {
	directory, err := os.MkdirTemp(b.scratch, "deploy-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	server := exec.Command(b.bin("deploy"), "serve", directory, strconv.Itoa(c.numbers), latency.String())
	server.Stderr = os.Stderr
	in, err := server.StdinPipe()
	if err != nil {
		return err
	}
	out, err := server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(out)
	var address string
	if _, err := fmt.Fscanln(lines, &address); err != nil {
		return fmt.Errorf("the emulated account does not start: %w", err)
	}
	p := program{name: c.name(), args: []string{b.bin("deploy"), c.verb, directory, strconv.Itoa(c.numbers), strconv.Itoa(c.changed), address, strconv.Itoa(c.parallel)}}
	s, err := p.run()
	if err != nil {
		_ = server.Process.Kill()
		return err
	}
	return c.note(directory, s, in, lines, server)
}

// note keeps what was measured, and ends the account.
func (c *deploying) note(directory string, s sample, in io.Closer, lines io.Reader, server *exec.Cmd) error {
	var d deployed
	in.Close()
	if _, err := fmt.Fscanln(lines, &d.reads, &d.writes); err != nil {
		return err
	}
	if err := server.Wait(); err != nil {
		return err
	}
	data, err := os.ReadFile(directory + "/result.json")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return err
	}
	c.samples, c.results = append(c.samples, s), append(c.results, d)
	return nil
}

// report writes the bars of a case, and returns its row.
func (c *deploying) report(b *bench) []string {
	all := each(c.results, c.took)
	took, best := median(all), slices.Min(all)
	plan := median(each(c.results, func(d deployed) time.Duration { return d.Plan }))
	share := median(each(c.samples, func(s sample) float64 { return s.cpu.Seconds() / s.wall.Seconds() }))
	last := c.results[len(c.results)-1]
	times := took.Seconds() / c.least().Seconds()
	if c.verb == "plan" {
		b.atMost(fmt.Sprintf("requests of a plan of %d numbers", c.numbers), float64(last.reads), float64(c.pages()+1), "")
		b.atMost(c.name()+" / pages × latency", times, 3, " ×")
	} else {
		b.atMost(c.name()+" / rounds × latency", times, 1.3, " ×")
	}
	return []string{c.name(), fmt.Sprintf("%d + %d", last.reads, last.writes), ms(c.least()), ms(took), number(times), number(best.Seconds() / c.least().Seconds()), ms(plan), fmt.Sprintf("%.0f %%", 100*share), megabytes(c.samples.memory())}
}
