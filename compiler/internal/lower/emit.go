package lower

// Emitting: from the flow to the bundle. Sections that lead to each other form
// a component, a strongly connected component of the call graph, which is one
// directory. Links inside a component are names of files beside the document,
// so the content of a component does not depend on its own directory, and its
// hash can be part of it:
//
//	menu.main  ⇄  menu.main.2  →  ring_group.sales
//	1. ring_group.sales, whose documents name nothing: hash, directory
//	2. menu.main and menu.main.2, whose documents name ../ring_group.sales-<hash>/…
//
// Tarjan's algorithm finds the components callees first, which is the order in
// which the hashes are needed.

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/component"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/terminal"
	"github.com/ivrc/ivrc/compiler/twiml"
)

// An emission makes the bundle of a flow.
type emission struct {
	diags     *diagnostic.Collector
	model     *model.Model
	bundle    *bundle.Bundle
	directory map[*section]string // of each section that has been emitted
	suffix    map[*section]string // tells the files of sections in one directory apart
	sections  map[string]*section // by identity
	blocks    blockIndex
	folders   []folder
	owners    map[string][]*section // the component whose documents a directory holds, by directory
	copies    map[*section]bool     // sections whose documents are those of others
	absolute  bool                  // a document names the base URL
	self      string                // the directory of the component that is being emitted, before its hash is known
	scratch   []byte                // where documents are written first, because their length is not known
}

// A folder is a directory of the bundle with its files in the order of their
// names.
type folder struct {
	path  string // with a slash at its end
	files []emitted
}

// An emitted file is its row of the manifest, with the path inside its folder, and
// its content.
type emitted struct {
	bundle.FileRow
	data []byte
}

// Emit makes the bundle of a flow. Only if the flow is kept has it its documents
// still; they are a third of the memory that a large configuration takes.
func Emit(r *diagnostic.Collector, m *model.Model, f *DocumentFlow, positions map[string]hcl.Range, version string, keep bool) *bundle.Bundle {
	e := &emission{
		diags: r, model: m,
		bundle:    &bundle.Bundle{},
		directory: map[*section]string{},
		suffix:    map[*section]string{},
		sections:  map[string]*section{},
		blocks:    indexBlocks(positions),
		owners:    map[string][]*section{},
		copies:    map[*section]bool{},
	}
	for _, s := range f.sections {
		e.sections[s.id] = s
	}
	for _, component := range components(f.sections) {
		e.component(component)
		for _, s := range component {
			if !keep {
				s.documents, s.decisions = nil, nil
			}
		}
	}
	e.audio(f)
	e.describe(f)
	e.manifest(f, version)
	return e.bundle
}

// component emits the sections of one component into one directory.
func (e *emission) component(sections []*section) {
	slices.SortFunc(sections, func(a, b *section) int {
		return cmp.Or(strings.Compare(a.address, b.address), strings.Compare(a.block.Language, b.block.Language))
	})
	e.nameFiles(sections)
	name := bundle.PathName(sections[0].address) + "-"
	e.self = name + noHash
	var files []emitted
	for _, s := range sections {
		written := map[*step]emitted{}
		add := func(name string, st *step) {
			file, ok := written[st]
			if !ok {
				file = e.write(st)
				written[st] = file
			}
			file.Path = name
			files = append(files, file)
		}
		for _, d := range s.documents {
			add(bundle.DocumentPath("", d.name, e.suffix[s]), d.step)
		}
		for _, d := range s.decisions {
			for _, answer := range d.Answers() {
				add(bundle.AnswerPath(bundle.DecisionPath("", d.Path, e.suffix[s]), answer), d.answers[answer])
			}
		}
	}
	slices.SortFunc(files, func(a, b emitted) int { return strings.Compare(a.Path, b.Path) })
	directory := name + bundle.ComponentHash(e.model.Project.Salt, func(yield func(string, []byte) bool) {
		for i := range files {
			if !yield(files[i].Path, files[i].data) {
				return
			}
		}
	})
	e.nameSelf(files, directory)
	for _, s := range sections {
		e.directory[s] = directory
	}
	// Recorded or not, and in whatever language, some blocks are the same. They are
	// described as they are in the project's own.
	owners, copies := e.owners[directory], sections
	if owners == nil {
		e.folders = append(e.folders, folder{directory + "/", files})
	}
	if owners == nil || owners[0].speaks.Home != nil && sections[0].speaks.Home == nil {
		e.owners[directory], copies = sections, owners
	}
	for _, s := range copies {
		e.copies[s] = true
	}
}

// audio emits what the documents play.
func (e *emission) audio(f *DocumentFlow) {
	const path = "audio/"
	var files []emitted
	for _, name := range slices.Sorted(maps.Keys(f.clips)) {
		data := f.clips[name]
		files = append(files, emitted{bundle.NewFile(strings.TrimPrefix(name, path), data), data})
	}
	e.folders = append(e.folders, folder{path, files})
}

// write writes the document of a step. It has no name yet.
func (e *emission) write(st *step) emitted {
	e.scratch = twiml.Response{Verbs: st.verbs}.Append(e.scratch[:0], e.link)
	data := bytes.Clone(e.scratch)
	e.checkSize(data, st)
	file := bundle.NewFile(".xml", data)
	file.Origin = e.blocks.origin(st.at)
	return emitted{file, data}
}

// checkSize reports a document that Twilio would refuse.
func (e *emission) checkSize(data []byte, st *step) {
	if len(data) > maxDocument {
		e.diags.Report("IVR312", st.at, "One document of this block has %d bytes; Twilio refuses more than %d, and the call would fail. Shorten the texts and addresses in it.", len(data), maxDocument)
	}
}

// nameFiles chooses the suffix of each section of a component: none if it is
// alone.
func (e *emission) nameFiles(sections []*section) {
	addresses := make([]string, len(sections))
	for i, s := range sections {
		addresses[i] = s.address
	}
	for i, suffix := range bundle.Suffixes(addresses, sections[0].record) { // none or all of a component
		e.suffix[sections[i]] = suffix
	}
}

// link turns a symbolic address into the one that a document of the component
// uses that is being emitted. What has no directory yet is in that component too.
func (e *emission) link(url string) string {
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "audio":
		e.absolute = true
		return e.model.Hosting.BaseURL + rest
	case "return":
		return e.linkReturn(rest)
	case "flow":
		id, name, _ := strings.Cut(rest, "/")
		s := e.sections[id]
		name = bundle.AddSuffix(name, e.suffix[s])
		directory, known := e.directory[s]
		if d, ok := bundle.DecisionAt(name); ok && e.model.Hosting.DecisionsURL != "" {
			return e.linkRemote(directory, d)
		}
		if known {
			return "../" + directory + "/" + name
		}
		return name
	}
	return url
}

// describe adds the descriptions of all components.
func (e *emission) describe(f *DocumentFlow) {
	byDirectory := map[string]*bundle.Component{}
	for _, s := range f.sections {
		directory := e.directory[s]
		if e.copies[s] {
			continue
		}
		c := byDirectory[directory]
		if c == nil {
			c = &bundle.Component{Directory: directory}
			byDirectory[directory] = c
		}
		block := s.block
		for _, x := range s.exits {
			if x.to != nil && e.directory[x.to] != directory {
				x.Component = e.directory[x.to]
			}
			if x.to != nil && x.to.speaks.Home != nil {
				x.Language = x.to.speaks.Language
			}
			block.Exits = append(block.Exits, x.Exit)
		}
		e.conceal(&block)
		c.Blocks = append(c.Blocks, block)
	}
	for _, directory := range slices.Sorted(maps.Keys(byDirectory)) {
		c := byDirectory[directory]
		slices.SortStableFunc(c.Blocks, func(a, b bundle.Block) int {
			return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.Language, b.Language))
		})
		e.bundle.Components = append(e.bundle.Components, *c)
	}
}

// manifest writes the manifest.
func (e *emission) manifest(f *DocumentFlow, version string) {
	m := &e.bundle.Manifest
	*m = bundle.Manifest{
		FormatVersion: bundle.FormatVersion, Compiler: version,
		Project: e.model.Project.Name, Language: e.model.Project.Language,
	}
	if slices.ContainsFunc(e.bundle.Blocks(), func(b bundle.Block) bool { return b.Kind() == bundle.KindHours }) {
		m.TimeZones = e.model.TimeZones
	}
	for _, n := range e.model.Numbers {
		name := bundle.DocumentPath("", bundle.AnswerName, "")
		if n.Offline == nil && n.Anonymous != nil && e.model.Hosting.DecisionsURL == "" {
			name = bundle.FromName
		}
		fallback := bundle.DocumentPath(e.directory[f.fallbacks[n]], bundle.FallbackName, "")
		if failure := f.fallbacks[n].fallback; failure != "" {
			fallback = bundle.DecisionPath(e.directory[f.fallbacks[n]], failure, "")
		}
		if m.Fallback == "" {
			m.Fallback = fallback
		}
		row := bundle.NumberRow{Name: n.Name, PhoneNumber: n.Phone, Answer: e.directory[e.sections[bundle.KindNumber+"."+n.Name]] + "/" + name}
		if fallback != m.Fallback {
			row.Fallback = fallback
		}
		m.Numbers = append(m.Numbers, row)
	}
	listed := map[string]bool{}
	for _, n := range e.model.Nodes {
		if q, ok := n.(*model.QueueNode); ok && usesQueue(e.model, q) && !listed[q.Name] {
			listed[q.Name] = true
			m.Queues = append(m.Queues, bundle.QueueRow{Name: q.Name, FriendlyName: q.FriendlyName, MaxSize: q.MaxCallers})
		}
	}
	for _, u := range e.model.Users {
		row := bundle.UserRow{Name: u.Name, Label: terminal.Hide(u.Label, e.diags.Secrets), Address: u.Dialled()}
		if u.Speaks != nil {
			row.Language = u.Speaks.Language
		}
		m.Users = append(m.Users, row)
	}
	e.files(m)
	e.bundle.Seal()
}

// usesQueue reports whether callers wait in a queue or agents take from it.
func usesQueue(m *model.Model, q *model.QueueNode) bool {
	return q.Used || slices.ContainsFunc(m.Numbers, func(n *model.InboundNumber) bool {
		line, ok := model.Takes(n)
		return ok && line.Queue == q
	})
}

// files lists the files of the bundle, by path.
func (e *emission) files(m *bundle.Manifest) {
	slices.SortFunc(e.folders, func(a, b folder) int { return strings.Compare(a.path, b.path) })
	n := 0
	for i := range e.folders {
		n += len(e.folders[i].files)
	}
	m.Files = make([]bundle.FileRow, 0, n)
	e.bundle.Data = make(map[string][]byte, n)
	for _, f := range e.folders {
		for _, file := range f.files {
			file.Path = f.path + file.Path
			m.Files = append(m.Files, file.FileRow)
			e.bundle.Data[file.Path] = file.data
		}
	}
	if e.absolute {
		m.BaseURL = strings.TrimSuffix(e.model.Hosting.BaseURL, "/")
	}
}

// components finds the strongly connected components of the sections, callees
// first.
func components(sections []*section) [][]*section {
	index := make(map[*section]int, len(sections))
	for i, s := range sections {
		index[s] = i
	}
	of, count := component.StronglyConnected(len(sections), func(n, k int) (int, bool) {
		if k == len(sections[n].leads) {
			return 0, false
		}
		return index[sections[n].leads[k]], true
	})
	found := make([][]*section, count)
	for i, c := range of {
		found[c] = append(found[c], sections[i])
	}
	return found
}
