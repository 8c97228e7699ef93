package main

import (
	"os"
	"path/filepath"
)

// start measures how long it takes until a program does something.
func (b *bench) start() error {
	b.section("Start-up", "CPU time of whole processes that do next to nothing, and the size of the stripped program.")
	small := b.path("small")
	if err := os.MkdirAll(small, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(small, "main.ivr.hcl"), []byte(smallest), 0o644); err != nil {
		return err
	}
	programs := []program{
		{name: "hello", args: []string{b.bin("hello")}},
		{name: "ivrc version", args: []string{b.bin("ivrc"), "version"}},
		{name: "ivrc validate, one menu", args: []string{b.bin("ivrc"), "validate", small}},
		{name: "ivrc validate, examples/zillum", args: []string{b.bin("ivrc"), "validate", "../examples/zillum"}},
	}
	for _, other := range [][]string{{"terraform", "version"}, {"jsonnet", "--version"}, {"node", "-e", "0"}} {
		if _, err := installed(other[0]); err == nil {
			programs = append(programs, program{name: other[0] + " " + other[1], args: other})
		}
	}
	all, err := inTurn(6*b.rounds, programs...)
	if err != nil {
		return err
	}
	var rows [][]string
	for i, p := range programs {
		rows = append(rows, []string{p.name, ms(all[i].cpu()), number(all[i].times(all[0])), megabytes(all[i].memory())})
	}
	b.table([]string{"", "CPU ms", "× hello", "peak MB"}, rows)
	b.atMost("ivrc version / hello", all[1].times(all[0]), 3, " ×")
	b.atMost("ivrc validate of one menu / hello", all[2].times(all[0]), 3, " ×")
	info, err := os.Stat(b.bin("ivrc"))
	if err != nil {
		return err
	}
	b.atMost("stripped binary", float64(info.Size())/1e6, 20, " MB")
	return nil
}

// smallest is about the smallest configuration that answers a call.
const smallest = `project "small" {}

user "alice" { client = "alice" }

menu "main" {
  option "1" {
    label = "Reception"
    to    = user.alice
  }
}

number "main" {
  phone_number = "+14155550100"
  to           = menu.main
}
`
