package diagram

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// What a bundle describes as settings, but callers and agents know as ways.
func TestSettingsThatAreWays(t *testing.T) {
	b := &bundle.Bundle{
		Manifest: bundle.Manifest{Numbers: []bundle.NumberRow{{Name: "agents", PhoneNumber: "+14155550100"}}},
		Components: []bundle.Component{{Directory: "x", Blocks: []bundle.Block{
			{Address: "number.agents", Settings: []bundle.Setting{{Name: "phone_number", Value: "+14155550100"}, {Name: "take", Value: "queue.desk"}}},
			{
				Address: "menu.main", Settings: []bundle.Setting{{Name: "repeat", Value: "9"}},
				Exits: []bundle.Exit{{On: "1", Label: "Desk", To: "queue.desk"}, {On: "failure", To: "hangup"}},
			},
			{
				Address: "queue.desk", Settings: []bundle.Setting{{Name: "agents", Value: "ring_group.desk"}},
				Exits: []bundle.Exit{{On: "full", To: "hangup"}},
			},
		}}},
	}
	want := `+14155550100 agents
└── takes callers of → queue desk
    ├── queue full → hang up
    └── agents → ring group desk

No number leads to:

menu main
├── 1 Desk → queue desk (see above)
├── 9 repeat → menu main (see above)
└── no valid key → hang up
`
	if diff := cmp.Diff(want, Text(b)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A block that is recorded for the callers of one number only is described
// twice, and drawn once. What numbers fall back to is not drawn.
func TestBlocksAreDrawnOnce(t *testing.T) {
	group := func(record string) bundle.Block {
		return bundle.Block{Address: "ring_group.desk", Settings: []bundle.Setting{
			{Name: "interval", Value: "20s"}, {Name: "record", Value: record},
		}}
	}
	answer := func(name, directory string) bundle.Block {
		return bundle.Block{Address: "number." + name, Exits: []bundle.Exit{
			{On: "answer", To: "ring_group.desk", Component: directory},
		}}
	}
	b := &bundle.Bundle{
		Manifest: bundle.Manifest{Numbers: []bundle.NumberRow{
			{Name: "a", PhoneNumber: "+14155550100"}, {Name: "b", PhoneNumber: "+14155550101"},
		}},
		Components: []bundle.Component{
			{Directory: "1", Blocks: []bundle.Block{answer("a", "3")}},
			{Directory: "2", Blocks: []bundle.Block{answer("b", "4")}},
			{Directory: "3", Blocks: []bundle.Block{group("yes")}},
			{Directory: "4", Blocks: []bundle.Block{group("")}},
			{Directory: "5", Blocks: []bundle.Block{{Address: "fallback", Messages: []bundle.Message{{Role: "fallback", Text: "Sorry."}}}}},
		},
	}
	want := `+14155550100 a → ring group desk (20 s)
+14155550101 b → ring group desk (see above)
`
	if diff := cmp.Diff(want, Text(b)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
