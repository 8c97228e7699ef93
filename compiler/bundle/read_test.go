package bundle_test

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
)

func TestBlock(t *testing.T) {
	b := bundle.Block{
		Address:  "menu.main.2",
		Language: "es-MX",
		Settings: []bundle.Setting{{Name: "timeout", Value: "1m30s"}, {Name: "attempts", Value: "3"}, {Name: "repeat", Value: "*"}, {Name: "users", Value: "alice, bob"}},
		Messages: []bundle.Message{{Role: "welcome", Text: "Hello."}},
		Exits:    []bundle.Exit{{On: "1", To: "queue.sales"}, {On: "failure", To: bundle.Hangup}},
	}
	if b.Kind() != bundle.KindMenu || bundle.NameOf(b.Address) != "main.2" || !b.Declared() {
		t.Errorf("%s is the %s %s", b.Address, b.Kind(), bundle.NameOf(b.Address))
	}
	if b.Setting("timeout") != "1m30s" || b.Setting("none") != "" || b.Duration("timeout") != 90*time.Second || b.Duration("repeat") != 0 {
		t.Errorf("timeout is %q or %s", b.Setting("timeout"), b.Duration("timeout"))
	}
	if b.Count("attempts") != 3 || b.Count("timeout") != 0 {
		t.Errorf("attempts is %d, timeout %d", b.Count("attempts"), b.Count("timeout"))
	}
	if !slices.Equal(b.Users(), []string{"alice", "bob"}) || (bundle.Block{}).Users() != nil {
		t.Errorf("the users are %q", b.Users())
	}
	if m, ok := b.Message("welcome"); !ok || m.Text != "Hello." {
		t.Errorf("the welcome is %+v, %t", m, ok)
	}
	if _, ok := b.Message("prompt"); ok {
		t.Error("there is a prompt")
	}
	if e, ok := b.Exit("failure"); !ok || e.To != bundle.Hangup {
		t.Errorf("failure leads to %+v, %t", e, ok)
	}
	if _, ok := b.Exit("2"); ok {
		t.Error("there is an exit 2")
	}
	if e, ok := b.RepeatExit(); !ok || e.On != "*" || e.To != b.Address || e.Language != b.Language {
		t.Errorf("the menu repeats at %+v, %t", e, ok)
	}
	if (bundle.Block{Address: bundle.KindFallback}).Declared() {
		t.Error("a fallback is declared")
	}
}

func TestBlocks(t *testing.T) {
	record := bundle.Setting{Name: "record", Value: "yes"}
	wait := bundle.Setting{Name: "max_wait", Value: "5m"}
	b := bundle.Bundle{Components: []bundle.Component{
		{Directory: "fallback-x", Blocks: []bundle.Block{{Address: "fallback"}}},
		{Directory: "queue.sales-x", Blocks: []bundle.Block{{Address: "queue.sales", Settings: []bundle.Setting{wait, record}}}},
		{Directory: "queue.sales-y", Blocks: []bundle.Block{{Address: "queue.sales", Settings: []bundle.Setting{wait}}, {Address: "menu.main"}}},
	}}
	var got []string
	for _, block := range b.Blocks() {
		got = append(got, block.Address)
	}
	if !slices.Equal(got, []string{"menu.main", "queue.sales"}) || !slices.Equal(b.Blocks()[1].Settings, []bundle.Setting{wait}) {
		t.Errorf("the blocks are %q, the settings %v", got, b.Blocks()[1].Settings)
	}
	if len(b.Components[1].Blocks[0].Settings) != 2 {
		t.Error("the bundle has changed")
	}
}

func TestReachable(t *testing.T) {
	to := func(directories ...string) []bundle.Block {
		var exits []bundle.Exit
		for _, d := range directories {
			exits = append(exits, bundle.Exit{On: "1", To: "menu." + d, Component: d})
		}
		return []bundle.Block{{Address: "menu.x", Exits: exits}}
	}
	b := bundle.Bundle{Components: []bundle.Component{
		{Directory: "a", Blocks: to("b", "", "unknown")},
		{Directory: "b", Blocks: to("a", "c")},
		{Directory: "c"},
		{Directory: "d", Blocks: to("a")},
	}}
	reached := bundle.Reachable([]string{"a", ""}, func(directory string) (bundle.Component, bool) {
		c := b.Component(directory)
		if c == nil {
			return bundle.Component{}, false
		}
		return *c, true
	})
	if got := slices.Sorted(maps.Keys(reached)); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("reached: %q", got)
	}
	if b.Component("d").Block("menu.x") == nil || b.Component("d").Block("menu.y") != nil {
		t.Error("a component does not find its blocks")
	}
}

// A manifest or a component of a few megabytes must not take hundreds in memory.
func TestImplausibleText(t *testing.T) {
	for _, text := range []string{`{"format_version": "1.0", "files": [`, `{"directory": "a", "blocks": [`} {
		raw := []byte(text + strings.Repeat("0,", 1<<20) + "0]}")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, manifest := bundle.ParseManifest(raw)
		_, component := bundle.ParseComponent(raw)
		runtime.ReadMemStats(&after)
		for _, err := range []error{manifest, component} {
			if err == nil || !strings.Contains(err.Error(), "more values than") {
				t.Errorf("%s: %v", text, err)
			}
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
			t.Errorf("%s: it took %d bytes to refuse %d", text, used, len(raw))
		}
	}
}
