package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/ivrc/ivrc/bench/model"
)

// scale measures whether ten times the documents cost more than ten times as
// much, and how much memory they take.
func (b *bench) scale() error {
	b.section("Ten times as many documents", "CPU time for each document, and peak memory. validate does all of the work and writes nothing.")
	shapes := []model.Shape{{Menus: 450, Options: 9, Files: 200}, {Menus: 4500, Options: 9, Files: 200}}
	var programs []program
	var documents []int
	for i, shape := range shapes {
		sources, err := b.sources(shape)
		if err != nil {
			return err
		}
		out := b.path(fmt.Sprint("scale", i))
		defer os.RemoveAll(out)
		n, err := b.count(sources, out)
		if err != nil {
			return err
		}
		documents = append(documents, n)
		programs = append(programs,
			program{name: "validate", args: []string{b.bin("ivrc"), "validate", sources}},
			program{name: "build", args: []string{b.bin("ivrc"), "build", "-o", out, sources}, before: func() error { return os.RemoveAll(out) }})
	}
	all, err := inTurn(b.rounds, programs...)
	if err != nil {
		return err
	}
	var rows [][]string
	for i, p := range programs {
		n := documents[i/2]
		rows = append(rows, []string{p.name, model.Thousands(n), ms(all[i].cpu()), number(perDocument(all[i], n)), megabytes(all[i].memory())})
	}
	b.table([]string{"", "files", "CPU ms", "µs a file", "peak MB"}, rows)
	for i, name := range []string{"validate", "build"} {
		ratio := all[i+2].times(all[i]) * float64(documents[0]) / float64(documents[1])
		b.atMost("CPU for each document at "+model.Thousands(documents[1])+" / at "+model.Thousands(documents[0])+", "+name, ratio, 1.3, " ×")
	}
	b.atMost("peak memory of validate at "+model.Thousands(documents[1])+" documents", float64(all[2].memory())/1000, 250, " MB")
	return nil
}

func perDocument(s samples, n int) float64 { return float64(s.cpu().Microseconds()) / float64(n) }

// count builds a configuration and counts the files of the bundle.
func (b *bench) count(sources, out string) (int, error) {
	said, err := exec.Command(b.bin("ivrc"), "build", "-json", "-o", out, sources).Output()
	if err != nil {
		return 0, err
	}
	var summary struct{ Files int }
	return summary.Files, json.Unmarshal(said, &summary)
}

// stages says where the time goes.
func (b *bench) stages() error {
	shape := model.Shape{Menus: 1000, Options: 9, Files: 200}
	b.section("Stages", "The share of each stage in compiling "+shape.String()+", from a CPU profile of a loop in one process.\n"+
		"Writing is the CPU time of build less that of validate.")
	sources, err := b.sources(shape)
	if err != nil {
		return err
	}
	out := b.path("stages")
	defer os.RemoveAll(out)
	all, err := inTurn(b.rounds,
		program{name: "validate", args: []string{b.bin("ivrc"), "validate", sources}},
		program{name: "build", args: []string{b.bin("ivrc"), "build", "-o", out, sources}, before: func() error { return os.RemoveAll(out) }})
	if err != nil {
		return err
	}
	validate, build := all[0].cpu(), all[1].cpu()
	said, err := exec.Command(b.bin("stages"), sources, "10").Output()
	if err != nil {
		return err
	}
	var rows [][]string
	compiling := 100 * validate.Seconds() / build.Seconds()
	for line := range strings.Lines(string(said)) {
		var share, milliseconds float64
		name, rest, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if _, err := fmt.Sscanf(rest, "%f\t%f", &share, &milliseconds); err != nil {
			return err
		}
		rows = append(rows, []string{name, number(milliseconds), percent(share), percent(share * compiling / 100)})
	}
	rows = append(rows, []string{"write", ms(build - validate), "", percent(100 - compiling)})
	b.table([]string{"stage", "ms", "of compiling", "of a fresh build"}, rows)
	return nil
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", share) }

// cores measures how much of parsing goes to a second core. A file that cannot be
// parsed stops the compiler after parsing.
func (b *bench) cores() error {
	shape := model.Shape{Menus: 10_000, Options: 9, Files: 200}
	if b.quick {
		shape.Menus = 1000
	}
	b.section("Two cores", "Time on the clock to parse "+shape.String()+", with one core and with two: the shortest of the rounds,\n"+
		"because others use the machine. A last file that cannot be parsed ends the compilation after this stage.")
	directory := b.path("broken")
	defer os.RemoveAll(directory)
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	if err := shape.Write(directory); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(directory, "zz.ivr.hcl"), []byte("menu {"), 0o644); err != nil {
		return err
	}
	validate := program{args: []string{b.bin("ivrc"), "validate", directory}, fails: true}
	one, two := validate, validate
	one.name, one.env = "one core", []string{"GOMAXPROCS=1"}
	two.name, two.env = "two cores", []string{"GOMAXPROCS=2"}
	all, err := inTurn(2*b.rounds, one, two)
	if err != nil {
		return err
	}
	shortest := func(s samples) time.Duration {
		least := s[0].wall
		for _, each := range s {
			least = min(least, each.wall)
		}
		return least
	}
	least1, least2 := shortest(all[0]), shortest(all[1])
	b.table([]string{"", "shortest ms", "median ms", "CPU ms"}, [][]string{
		{"one core", ms(least1), ms(all[0].wall()), ms(all[0].cpu())},
		{"two cores", ms(least2), ms(all[1].wall()), ms(all[1].cpu())},
	})
	b.atMost("time to parse 200 files, two cores / one", least2.Seconds()/least1.Seconds(), 0.65, " ×")
	return nil
}
