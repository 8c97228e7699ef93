package lower

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// However sections lead to each other, every section is in exactly one
// component, a component comes after all that it leads to, and two sections are
// in one component exactly if each leads to the other.
func FuzzComponents(f *testing.F) {
	f.Add([]byte{3, 0, 1, 1, 2, 2, 0})
	f.Add([]byte{5, 0, 1, 1, 2, 3, 4, 4, 3})
	f.Fuzz(func(t *testing.T, edges []byte) {
		if len(edges) == 0 {
			return
		}
		sections := make([]*section, int(edges[0])%20+1)
		for i := range sections {
			sections[i] = &section{}
		}
		for rest := edges[1:]; len(rest) > 1; rest = rest[2:] {
			sections[int(rest[0])%len(sections)].lead(sections[int(rest[1])%len(sections)])
		}
		number := map[*section]int{}
		for i, component := range components(sections) {
			for _, s := range component {
				if _, twice := number[s]; twice {
					t.Fatal("a section is in two components")
				}
				number[s] = i
			}
		}
		for _, s := range sections {
			reached := reachableSections(s)
			for _, to := range slices.Collect(maps.Keys(reached)) {
				mutual := reachableSections(to)[s]
				if number[to] > number[s] || mutual != (number[to] == number[s]) {
					t.Fatalf("component %d leads to %d, and back: %t", number[s], number[to], mutual)
				}
			}
		}
		if len(number) != len(sections) {
			t.Fatalf("%d of %d sections are in components", len(number), len(sections))
		}
	})
}

// reachableSections is everything that a section leads to, itself included.
func reachableSections(from *section) map[*section]bool {
	reached := map[*section]bool{from: true}
	pending := []*section{from}
	for len(pending) > 0 {
		s := pending[0]
		pending = pending[1:]
		for _, to := range s.leads {
			if !reached[to] {
				reached[to] = true
				pending = append(pending, to)
			}
		}
	}
	return reached
}

// Sections that lead to each other are one component, and components come
// after everything that they lead to.
func TestComponents(t *testing.T) {
	names := map[string]*section{}
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		names[id] = &section{id: id}
	}
	for _, edge := range []string{"ab", "bc", "ca", "cd", "de", "ed", "af"} {
		names[edge[:1]].lead(names[edge[1:]])
	}
	var got [][]string
	for _, component := range components([]*section{names["a"], names["b"], names["c"], names["d"], names["e"], names["f"]}) {
		var ids []string
		for _, s := range component {
			ids = append(ids, s.id)
		}
		got = append(got, ids)
	}
	want := [][]string{{"d", "e"}, {"a", "b", "c"}}
	if len(got) != 3 || !cmp.Equal(got[0], want[0]) {
		t.Fatalf("components = %v", got)
	}
	if last := got[len(got)-1]; !cmp.Equal(last, want[1]) {
		t.Errorf("the last component is %v, want %v", last, want[1])
	}
}
