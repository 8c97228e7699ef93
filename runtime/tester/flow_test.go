package tester

import (
	"os"
	"path"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
)

// Every exit that the bundles of the examples describe is taken by at least one
// of their documents, so that none of them could count as missed for ever; and
// every answer of a decision belongs to a block.
func TestFlowKnowsEveryExit(t *testing.T) {
	for _, example := range []string{"zillum", "zillum-pt", "clinic", "branches"} {
		result, diags := compiler.Compile(compiler.Input{Files: os.DirFS("../../examples/" + example)})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		f := newFlow(result.Bundle)
		taken := map[step]bool{}
		for name := range result.Bundle.Data {
			visits := f.visits(name)
			if own := strings.HasPrefix(name, "audio/") || strings.HasPrefix(name, "confirm-") || strings.HasPrefix(name, "fallback-"); len(visits) > 0 == own {
				t.Errorf("%s: %s belongs to a block: %t", example, name, !own)
			}
			for _, v := range visits {
				taken[step{v.block, v.on}] = true
			}
		}
		for _, b := range declared(result.Bundle) {
			for _, e := range exits(b) {
				met := e.On == Answered || b.Kind() == bundle.KindMessage // by what happens, not by a document
				if !met && !taken[step{b.Address, e.On}] {
					t.Errorf("%s: no document takes the exit %s of %s", example, e.On, b.Address)
				}
			}
		}
	}
}

// The documents of blocks that share a directory are told apart by the ends of
// their names.
func TestFlowTellsBlocksApart(t *testing.T) {
	component := func(addresses ...string) bundle.Component {
		c := bundle.Component{Directory: "d"}
		for _, a := range addresses {
			c.Blocks = append(c.Blocks, bundle.Block{Address: a, Exits: []bundle.Exit{{On: "1", To: "message.x"}, {On: "*", To: "message.x"}, {On: "failure", To: "hangup"}}})
		}
		return c
	}
	for _, test := range []struct {
		component bundle.Component
		file      string
		want      visit
	}{
		{component("menu.main"), "digits-1.1.xml", visit{"menu.main", "1", "message.x"}},
		{component("menu.main"), "digits-1.star.xml", visit{"menu.main", "*", "message.x"}},
		{component("menu.main"), "digits-1.other.xml", visit{"menu.main", "failure", "hangup"}},
		{component("menu.main", "menu.main.2"), "digits-1-menu_main.1.xml", visit{"menu.main", "1", "message.x"}},
		{component("menu.main", "menu.main.2"), "digits-1-menu_main_2.1.xml", visit{"menu.main.2", "1", "message.x"}},
		{component("menu.main", "menu.main.2"), "menu-2-menu_main_2.xml", visit{"menu.main.2", "", "menu.main.2"}},
		{component("menu.main", "menu.main.*"), "digits-1-menu_main_star.1.xml", visit{"menu.main.*", "1", "message.x"}},
		{component("menu.a", "menu.b-menu_a"), "digits-1-menu_b-menu_a.1.xml", visit{"menu.b-menu_a", "1", "message.x"}},
		{component("menu.main", "menu.main.2"), "digits-1-menu_main_2_record.1.xml", visit{"menu.main.2", "1", "message.x"}},
		{component("menu.main.2", "menu.main_2"), "digits-1-menu_main_2.1.xml", visit{"menu.main.2", "1", "message.x"}},
		{component("menu.main.2", "menu.main_2"), "digits-1-menu_main_2_.1.xml", visit{"menu.main_2", "1", "message.x"}},
	} {
		name := path.Join("d", test.file)
		f := newFlow(&bundle.Bundle{
			Manifest: bundle.Manifest{Files: []bundle.FileRow{bundle.NewFile(name, nil)}}, Components: []bundle.Component{test.component}, Data: map[string][]byte{name: nil},
		})
		if got := f.visits(name); len(got) != 1 || got[0] != test.want {
			t.Errorf("%s: got %v, want %v", test.file, got, test.want)
		}
	}
	if v := newFlow(&bundle.Bundle{}).visits("../d/digits-1.1.xml"); v != nil {
		t.Errorf("a document of no component is %v", v)
	}
}
