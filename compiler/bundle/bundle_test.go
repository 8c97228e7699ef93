package bundle_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// menuBundle is a small bundle as the compiler would write it: a number that
// tells anonymous callers apart, a menu, an audio file and a fallback.
func menuBundle() *bundle.Bundle {
	b := &bundle.Bundle{
		Manifest: bundle.Manifest{
			FormatVersion: bundle.FormatVersion,
			Compiler:      "1.0.0",
			Project:       "zillum <& sons>",
			Language:      "en-US",
			Numbers: []bundle.NumberRow{
				{Name: "main", PhoneNumber: "+14155550100", Answer: "number.main-a/from"},
				{Name: "sales", PhoneNumber: "+14155550101", Answer: "menu.main-b/menu-1.xml"},
			},
			Queues:   []bundle.QueueRow{{Name: "sales", FriendlyName: "zillum/sales", MaxSize: 10}},
			Users:    []bundle.UserRow{{Name: "alice", Address: "+14155550102"}},
			Fallback: "fallback-c/fallback.xml",
		},
		Components: []bundle.Component{
			{Directory: "menu.main-b", Blocks: []bundle.Block{{
				Address:  "menu.main",
				Settings: []bundle.Setting{{Name: "timeout", Value: "5s"}},
				Messages: []bundle.Message{{Role: "prompt", Audio: "audio/d.wav"}},
				Exits:    []bundle.Exit{{On: "1", Label: "Sales", To: "hangup"}},
			}}},
			{Directory: "number.main-a", Blocks: []bundle.Block{{
				Address: "number.main",
				Exits:   []bundle.Exit{{On: "answer", To: "menu.main", Component: "menu.main-b"}},
			}}},
		},
		Data: map[string][]byte{},
	}
	add(b, "audio/d.wav", "RIFF")
	add(b, "fallback-c/fallback.xml", "<Response/>")
	add(b, "menu.main-b/menu-1.xml", `<Response><Gather action="digits-1~1.2"/></Response>`)
	for _, at := range []string{"number.main-a/from", "menu.main-b/digits-1~1.2", "menu.main-b/dial-1"} {
		d, _ := bundle.DecisionAt(at)
		for _, answer := range d.Answers() {
			add(b, d.Document(answer), "<Response/>")
		}
	}
	b.Seal()
	return b
}

// add puts a file into a bundle at its place in the order of paths.
func add(b *bundle.Bundle, path, content string) {
	f := bundle.NewFile(path, []byte(content))
	files := b.Manifest.Files
	i, _ := slices.BinarySearchFunc(files, f, func(a, b bundle.FileRow) int { return strings.Compare(a.Path, b.Path) })
	b.Manifest.Files = slices.Insert(files, i, f)
	b.Data[path] = []byte(content)
}

// written is the folder that a writer makes of a bundle.
func written(b *bundle.Bundle) fstest.MapFS {
	folder := fstest.MapFS{}
	for p, content := range b.Data {
		folder["public/"+p] = &fstest.MapFile{Data: content}
	}
	for p, content := range b.Private() {
		folder["private/"+p] = &fstest.MapFile{Data: content}
	}
	return folder
}

func TestReadReturnsWhatWasWritten(t *testing.T) {
	want := menuBundle()
	got, err := bundle.Read(written(want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-written +read)\n%s", diff)
	}
	if diff := cmp.Diff(want.Private(), got.Private()); diff != "" {
		t.Errorf("private files (-written +read)\n%s", diff)
	}
}

// An interrupted build of another bundle leaves folders and audio of its own,
// and half of what it was writing.
func TestReadPassesOverWhatABuildLeft(t *testing.T) {
	want := menuBundle()
	folder := written(want)
	put(folder, "public/menu.main-c/menu-1.xml", "<Response/>")
	put(folder, "public/menu.main-d.tmp/menu-1.xml", "<Resp")
	put(folder, "public/menu.main-b/digits-1.1.xml.tmp", "<Resp")
	put(folder, "public/audio/e.wav", "RIFF")
	put(folder, "private/bundle.json.tmp", "{")
	put(folder, "private/components/menu.main-c.json", `{"directory": "menu.main-c", "blocks": [{"address": "menu.main", "exits": [{"on": "1", "component": "queue.sales-e"}]}]}`)
	put(folder, "private/components/queue.sales-e.json.tmp", "{")
	got, err := bundle.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-written +read)\n%s", diff)
	}
}

func TestReadSharesEqualContents(t *testing.T) {
	b, err := bundle.Read(written(menuBundle()))
	if err != nil {
		t.Fatal(err)
	}
	one, two := b.Data["menu.main-b/digits-1.1.xml"], b.Data["number.main-a/from._.xml"]
	if &one[0] != &two[0] {
		t.Error("two files with equal contents hold two copies")
	}
}

func TestReadNamesTheFileAndTheFault(t *testing.T) {
	tests := map[string]struct {
		spoil func(fstest.MapFS)
		want  string
	}{
		"no manifest":    {func(f fstest.MapFS) { delete(f, "private/bundle.json") }, "private/bundle.json"},
		"no public":      {func(f fstest.MapFS) { deleteBelow(f, "public/") }, "public"},
		"missing":        {func(f fstest.MapFS) { delete(f, "public/menu.main-b/digits-1.2.xml") }, "public/menu.main-b/digits-1.2.xml: is missing"},
		"missing audio":  {func(f fstest.MapFS) { delete(f, "public/audio/d.wav") }, "public/audio/d.wav: is missing"},
		"extra":          {func(f fstest.MapFS) { put(f, "public/menu.main-b/secret.xml", "") }, "public/menu.main-b/secret.xml: is not in the manifest"},
		"extra on top":   {func(f fstest.MapFS) { put(f, "public/secret.xml", "") }, "public/secret.xml: is not in the manifest"},
		"longer":         {func(f fstest.MapFS) { put(f, "public/audio/d.wav", "RIFF+") }, "public/audio/d.wav: has 5 bytes, the manifest says 4"},
		"shorter":        {func(f fstest.MapFS) { put(f, "public/audio/d.wav", "") }, "public/audio/d.wav: has 0 bytes, the manifest says 4"},
		"altered":        {func(f fstest.MapFS) { put(f, "public/audio/d.wav", "RIFX") }, "public/audio/d.wav: was altered"},
		"no component":   {func(f fstest.MapFS) { delete(f, "private/components/menu.main-b.json") }, `exit "answer" leads to the component "menu.main-b"`},
		"bad component":  {func(f fstest.MapFS) { put(f, "private/components/menu.main-b.json", "{") }, "private/components/menu.main-b.json: is not a component"},
		"renamed":        {func(f fstest.MapFS) { put(f, "private/components/x.json", `{"directory": "y"}`) }, `private/components/x.json: describes the component "y"`},
		"component path": {func(f fstest.MapFS) { put(f, "private/components/x.json", `{"directory": "../x"}`) }, `"../x": is not a clean relative path`},
		"nested":         {func(f fstest.MapFS) { put(f, "private/components/x.json", `{"directory": "a/x"}`) }, `"a/x": is more than one level deep`},
		"link":           {func(f fstest.MapFS) { f["public/audio/d.wav"].Mode = fs.ModeSymlink }, "public/audio/d.wav: is not a regular file"},
		"altered manifest": {func(f fstest.MapFS) {
			replace(f, "private/bundle.json", "+14155550100", "+14155550199")
		}, "private/bundle.json: was altered"},
		"half a manifest": {func(f fstest.MapFS) {
			m := f["private/bundle.json"]
			m.Data = m.Data[:len(m.Data)/2]
		}, "private/bundle.json: is not a manifest"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			folder := written(menuBundle())
			test.spoil(folder)
			_, err := bundle.Read(folder)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one that contains %q", err, test.want)
			}
		})
	}
}

func TestReadOfManyFilesIsLinear(t *testing.T) {
	perFile := func(menus int) float64 {
		b := menuBundle()
		var more []bundle.FileRow
		for i := range menus {
			for _, answer := range []string{"1", "2", "3", "other", "_"} {
				p := fmt.Sprintf("menu.x%06d-b/digits-1.%s.xml", i, answer)
				b.Data[p] = []byte("<Response/>")
				more = append(more, bundle.NewFile(p, b.Data[p]))
			}
		}
		b.Manifest.Files = append(b.Manifest.Files, more...)
		slices.SortFunc(b.Manifest.Files, func(a, b bundle.FileRow) int { return strings.Compare(a.Path, b.Path) })
		b.Seal()
		if err := b.Check(); err != nil {
			t.Fatal(err)
		}
		return testing.AllocsPerRun(1, func() { _ = b.Check() }) / float64(len(b.Manifest.Files))
	}
	if few, many := perFile(10), perFile(1000); many > 1.2*few {
		t.Errorf("checking allocates %.1f times a file for 10 menus, %.1f for 1,000", few, many)
	}
}

func put(f fstest.MapFS, name, content string) { f[name] = &fstest.MapFile{Data: []byte(content)} }

func replace(f fstest.MapFS, name, old, new string) {
	put(f, name, strings.ReplaceAll(string(f[name].Data), old, new))
}

func deleteBelow(f fstest.MapFS, prefix string) {
	for name := range f {
		if strings.HasPrefix(name, prefix) {
			delete(f, name)
		}
	}
}
