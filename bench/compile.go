package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/ivrc/ivrc/bench/model"
)

// sources writes a configuration, once, and returns its directory.
func (b *bench) sources(shape model.Shape) (string, error) {
	directory := b.path("sources", strings.NewReplacer(" ", "-", ",", "").Replace(shape.String()))
	if _, err := os.Stat(directory); err == nil {
		return directory, nil
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return "", err
	}
	return directory, shape.Write(directory)
}

// shapes are the configurations that are built.
func (b *bench) shapes() []model.Shape {
	few := []model.Shape{
		{Menus: 1000, Options: 9, Files: 1},
		{Menus: 1000, Options: 9, Files: 200},
	}
	if b.quick {
		return few
	}
	return append(few,
		model.Shape{Menus: 10_000, Options: 1, Files: 1},
		model.Shape{Menus: 10_000, Options: 9, Files: 200})
}

// compile measures building against the bare program.
func (b *bench) compile() error {
	b.section("Building", "CPU time of whole processes. The bare program parses the same sources once with hclsyntax, evaluates\n"+
		"every attribute in one context and writes the same files; what it wrote was compared byte for byte.")
	var rows [][]string
	for _, shape := range b.shapes() {
		row, err := b.compileShape(shape)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	b.table([]string{"configuration", "documents", "bare ms", "build ms", "ratio", "unchanged ms", "validate ms", "bare MB", "build MB", "validate MB"}, rows)
	b.note("MB is the peak of resident memory.")
	return nil
}

// compileShape measures one configuration.
func (b *bench) compileShape(shape model.Shape) ([]string, error) {
	sources, err := b.sources(shape)
	if err != nil {
		return nil, err
	}
	kept, out, table := b.path("kept"), b.path("out"), b.path("table")
	defer os.RemoveAll(kept)
	defer os.RemoveAll(out)
	clear := func() error { return os.RemoveAll(out) }
	build := program{name: "ivrc build", args: []string{b.bin("ivrc"), "build", "-o", kept, sources}}
	if _, err := build.run(); err != nil {
		return nil, err
	}
	learn := program{name: "learning", args: []string{b.bin("bare"), "learn", sources, kept, table}}
	if _, err := learn.run(); err != nil {
		return nil, err
	}
	bare := program{name: "bare", args: []string{b.bin("bare"), "build", sources, table, out}, before: clear}
	if _, err := bare.run(); err != nil {
		return nil, err
	}
	documents, err := sameFiles(kept, out)
	if err != nil {
		return nil, fmt.Errorf("the bare program must be brought up to date with the compiler: %w", err)
	}
	before, err := inodes(kept)
	if err != nil {
		return nil, err
	}
	all, err := inTurn(b.rounds, bare,
		program{name: "build", args: []string{b.bin("ivrc"), "build", "-o", out, sources}, before: clear},
		program{name: "unchanged", args: build.args},
		program{name: "validate", args: []string{b.bin("ivrc"), "validate", sources}})
	if err != nil {
		return nil, err
	}
	if err := b.unchanged(shape, kept, before, build); err != nil {
		return nil, err
	}
	ratio := all[1].times(all[0])
	b.atMost("build / bare program, "+shape.String(), ratio, 1.35, " ×")
	row := []string{shape.String(), model.Thousands(documents), ms(all[0].cpu()), ms(all[1].cpu()), number(ratio)}
	return append(row, ms(all[2].cpu()), ms(all[3].cpu()), megabytes(all[0].memory()), megabytes(all[1].memory()), megabytes(all[3].memory())), nil
}

// unchanged checks that building again what has not changed opened no file for
// writing: by the files' inodes and times, and by the system calls if strace is
// installed.
func (b *bench) unchanged(shape model.Shape, kept string, before map[string]syscall.Stat_t, build program) error {
	after, err := inodes(kept)
	if err != nil {
		return err
	}
	touched := 0
	for name, was := range before {
		if is, ok := after[name]; !ok || is.Ino != was.Ino || is.Mtim != was.Mtim || is.Ctim != was.Ctim {
			touched++
		}
	}
	touched += max(0, len(after)-len(before))
	b.atMost("files touched by an unchanged rebuild, "+shape.String(), float64(touched), 0, "")
	if _, err := installed("strace"); err != nil {
		return nil
	}
	trace := b.path("trace")
	defer os.Remove(trace)
	build.args = append([]string{"strace", "-f", "-qq", "-e", "trace=open,openat,creat,rename,renameat,renameat2,unlinkat,mkdirat", "-o", trace}, build.args...)
	if _, err := build.run(); err != nil {
		return err
	}
	calls, err := os.ReadFile(trace)
	if err != nil {
		return err
	}
	b.atMost("system calls that write, in an unchanged rebuild, "+shape.String(), float64(writes(calls)), 0, "")
	return nil
}

// writes counts the calls in a trace that open for writing, or change a directory. The
// lock of the directory does not count.
func writes(trace []byte) int {
	n := 0
	for line := range bytes.Lines(trace) {
		call := string(line)
		opens := strings.Contains(call, "open") && strings.ContainsAny(call, "O") &&
			(strings.Contains(call, "O_WRONLY") || strings.Contains(call, "O_RDWR") || strings.Contains(call, "O_CREAT"))
		changes := strings.Contains(call, "creat(") || strings.Contains(call, "rename") || strings.Contains(call, "unlinkat(") || strings.Contains(call, "mkdirat(")
		if (opens || changes) && !strings.Contains(call, ".ivrc.lock") {
			n++
		}
	}
	return n
}

// inodes are the files of a directory as the file system knows them.
func inodes(directory string) (map[string]syscall.Stat_t, error) {
	found := map[string]syscall.Stat_t{}
	err := filepath.WalkDir(directory, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == directory { // in which the lock comes and goes
			return err
		}
		var stat syscall.Stat_t
		if err := syscall.Lstat(path, &stat); err != nil {
			return err
		}
		found[path] = stat
		return nil
	})
	return found, err
}

// sameFiles checks that two directories hold the same files, and counts the
// documents.
func sameFiles(want, got string) (documents int, err error) {
	var names [2]int
	for i, directory := range []string{want, got} {
		other := []string{got, want}[i]
		err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			names[i]++
			if strings.HasSuffix(path, ".xml") && i == 0 {
				documents++
			}
			relative := strings.TrimPrefix(path, directory)
			one, err := os.ReadFile(path)
			if err != nil || i == 1 {
				return err
			}
			two, err := os.ReadFile(other + relative)
			if err == nil && !bytes.Equal(one, two) {
				err = fmt.Errorf("%s differs", relative)
			}
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	if names[0] != names[1] {
		return 0, errors.New("one has more files than the other")
	}
	return documents, nil
}
