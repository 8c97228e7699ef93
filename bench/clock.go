package main

// What it costs to answer by the clock: the same server is asked for answers to keys,
// and for answers by the hour, in turn.

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/ivrc/ivrc/bench/model"
)

// clock measures the CPU time of a request that the clock decides.
func (b *bench) clock() error {
	for _, name := range []string{"wrk", "taskset"} {
		if _, err := installed(name); err != nil {
			return err
		}
	}
	shape := model.Shape{Menus: 450, Options: 9, Files: 50}
	sources := b.path("hours")
	if err := os.MkdirAll(sources, 0o755); err != nil {
		return err
	}
	if err := shape.Write(sources); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(sources, "hours.ivr.hcl"), []byte(shape.Hours()), 0o644); err != nil {
		return err
	}
	out := b.path("clocked")
	defer os.RemoveAll(out)
	if _, err := b.count(sources, out); err != nil {
		return err
	}
	keys, _, err := b.requests(out)
	if err != nil {
		return err
	}
	addresses, err := clockAddresses(out)
	if err != nil {
		return err
	}
	hours, err := b.script("hours", addresses)
	if err != nil {
		return err
	}
	s := &server{name: "ivrc serve, hours", port: 18111, command: []string{b.bin("ivrc"), "serve", "-unsigned", "-access-log=false", "-listen", "127.0.0.1:18111", out}}
	if err := s.start(b); err != nil {
		return err
	}
	defer s.stop()
	if said, err := fetch(s.url(addresses[0])); err != nil || !strings.HasPrefix(said, "200 ") {
		return fmt.Errorf("%s answers %s, %w", s.name, said, err)
	}
	b.section("Serving by the clock", "`ivrc serve` without its log is asked for answers to keys and for answers by the hour, in turn. The table in\n"+
		"the address has two intervals a day, twenty holidays of each of three years, and ten years of daylight saving.")
	var each [2][]float64
	var ratios []float64
	for range min(b.rounds, 3) {
		for i, script := range []string{keys, hours} {
			result, err := s.load(b, script)
			if err != nil {
				return err
			}
			each[i] = append(each[i], result.microseconds())
		}
		ratios = append(ratios, each[1][len(each[1])-1]/each[0][len(each[0])-1])
	}
	b.table([]string{"what decides", "bytes of the address", "CPU µs a request", "× a key"}, [][]string{
		{"a key", fmt.Sprint(len("/digits-1~1.2.3.4.5.6.7.8.9")), number(median(each[0])), "1"},
		{"the hour", fmt.Sprint(len(addresses[0]) - len(query) - 1), number(median(each[1])), number(median(ratios))},
	})
	b.atMost("CPU a request, by the hour / by a key", median(ratios), 1.3, " ×")
	return nil
}

// clockAddress finds the address of a decision by the clock in a document.
var clockAddress = regexp.MustCompile(`\.\./(hours\.[^"<&]+/time[^"<&]*)`)

// clockAddresses are the addresses of all decisions by the clock, as calls ask them.
func clockAddresses(out string) ([]string, error) {
	numbers, err := filepath.Glob(out + "/public/number.*/answer.xml")
	if err != nil {
		return nil, err
	}
	var addresses []string
	for _, name := range numbers {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if found := clockAddress.FindSubmatch(text); found != nil {
			addresses = append(addresses, "/"+string(found[1])+"?"+strings.TrimSuffix(query, "&Digits="))
		}
	}
	if len(addresses) == 0 {
		return nil, fmt.Errorf("no document asks for the time")
	}
	return addresses, nil
}
