package main

// Peers: what a team would use instead. Each gets the same menus, messages and
// numbers as data in its own form, and makes the same documents of them, by looking
// up what a key leads to as ivrc does. The directories, whose hashes ivrc computes,
// are given; peers check nothing and write no manifest.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ivrc/ivrc/bench/model"
)

// peerData is the configuration as data. Its lists are in the order of the model.
type peerData struct {
	Menus    []peerMenu        `json:"menus"`
	Messages []string          `json:"messages"` // t0, t1, …
	Numbers  []string          `json:"numbers"`  // the menus that n0, n1, … lead to
	Dirs     map[string]string `json:"dirs"`     // the directory of each block
}

// A peerMenu is a menu, m0, m1, …
type peerMenu struct {
	Options []peerOption `json:"options"`
}

// A peerOption is a key.
type peerOption struct {
	Label string `json:"label"`
	To    string `json:"to"` // "menu.m1" or "message.t0"
}

// A peer is a program that makes the documents.
type peer struct {
	program
	out     string  // the directory that it writes, "" if it writes none
	against int     // which of the programs of ivrc it is compared with
	same    bool    // its documents must be the same bytes
	target  float64 // how many times less CPU ivrc must take, or 0
}

// peers measures the peers that are installed.
func (b *bench) peers() error {
	b.section("Peers", "The same menus, messages and numbers as data in each tool's own form, and the same documents, without the checks,\n"+
		"hashes and manifest that are part of ivrc's time. jsonnet and Node write the files; what jsonnet and plain Node wrote was\n"+
		"compared with ivrc's, byte for byte. Terraform makes one map of all documents, an output.")
	for _, menus := range []int{100, 1000} {
		if b.quick && menus > 100 {
			break
		}
		if err := b.against(model.Shape{Menus: menus, Options: 9, Files: 1, Simple: true}, b.terraform, b.jsonnet, b.node); err != nil {
			return err
		}
	}
	return nil
}

// against measures the peers on one configuration.
func (b *bench) against(shape model.Shape, makers ...func(data peerData) ([]peer, error)) error {
	sources, err := b.sources(shape)
	if err != nil {
		return err
	}
	kept, out := b.path("peers", "kept"), b.path("peers", "out")
	defer os.RemoveAll(b.path("peers"))
	n, err := b.count(sources, kept)
	if err != nil {
		return err
	}
	data, err := newPeerData(shape, kept)
	if err != nil {
		return err
	}
	programs := []program{
		{name: "ivrc validate", args: []string{b.bin("ivrc"), "validate", sources}},
		{name: "ivrc build", args: []string{b.bin("ivrc"), "build", "-o", out, sources}, before: func() error { return os.RemoveAll(out) }},
	}
	var peers []peer
	for _, maker := range makers {
		more, err := maker(data)
		if err != nil {
			b.note("%s", err)
		}
		peers = append(peers, more...)
	}
	for i, p := range peers {
		if p.out != "" && p.before == nil {
			p.before = func() error { return os.RemoveAll(p.out) }
		}
		if p.same {
			if err := b.same(p, kept, n-1); err != nil { // but for the fallback
				return err
			}
		}
		peers[i] = p
		programs = append(programs, p.program)
	}
	all, err := inTurn(min(b.rounds, 3), programs...)
	if err != nil {
		return err
	}
	var rows [][]string
	for i, p := range programs {
		ratio := ""
		if i >= 2 {
			times := all[i].times(all[peers[i-2].against])
			ratio = number(times) + " × " + programs[peers[i-2].against].name
			if target := peers[i-2].target; target > 0 {
				b.atLeast(p.name+" / "+programs[peers[i-2].against].name+", "+model.Thousands(n)+" documents", times, target, " ×")
			}
		}
		rows = append(rows, []string{p.name, ms(all[i].cpu()), megabytes(all[i].memory()), ratio})
	}
	b.table([]string{shape.String() + ": " + model.Thousands(n) + " documents", "CPU ms", "MB", "CPU"}, rows)
	return nil
}

// same runs a peer once and compares its documents with the bundle's.
func (b *bench) same(p peer, kept string, documents int) error {
	if _, err := p.run(); err != nil {
		return err
	}
	names, err := filepath.Glob(p.out + "/*/*.xml")
	if err != nil || len(names) != documents {
		return fmt.Errorf("%s wrote %d documents, not %d: %v", p.name, len(names), documents, err)
	}
	for _, name := range names {
		got, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		want, err := os.ReadFile(filepath.Join(kept, "public", strings.TrimPrefix(name, p.out)))
		if err != nil || !bytes.Equal(got, want) {
			return fmt.Errorf("%s writes %s otherwise than ivrc: %v\n%s\n%s", p.name, name, err, got, want)
		}
	}
	return nil
}

// newPeerData is the model as data, with the directories of a bundle.
func newPeerData(shape model.Shape, bundle string) (peerData, error) {
	data := peerData{Dirs: map[string]string{}}
	entries, err := os.ReadDir(filepath.Join(bundle, "public"))
	if err != nil {
		return data, err
	}
	for _, entry := range entries {
		if at := strings.LastIndexByte(entry.Name(), '-'); at >= 0 {
			data.Dirs[entry.Name()[:at]] = entry.Name()
		}
	}
	delete(data.Dirs, "fallback")
	for i := range shape.Menus {
		var m peerMenu
		for k, address := range shape.Targets(i) {
			m.Options = append(m.Options, peerOption{model.Label(i, k+1), address})
		}
		data.Menus = append(data.Menus, m)
	}
	for i := range shape.Groups() {
		data.Messages = append(data.Messages, model.Text(i))
		data.Numbers = append(data.Numbers, fmt.Sprintf("menu.m%d", model.First(i)))
	}
	return data, nil
}

// asJSON is the data as JSON.
func (d peerData) asJSON() string {
	encoded, err := json.Marshal(d)
	if err != nil {
		panic(err) // there is nothing in it that JSON cannot hold
	}
	return string(encoded)
}

// files writes the files of a peer into a directory of its own.
func (b *bench) files(peer string, files map[string]string) (string, error) {
	directory := b.path("peers", peer)
	for name, text := range files {
		path := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	return directory, nil
}
