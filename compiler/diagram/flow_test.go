package diagram

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// flows draws bundles of up to a dozen blocks that lead anywhere: to each
// other, to themselves, to the end of the call, and to blocks that nobody
// described. Texts are drawn from the given generator.
func flows(texts *rapid.Generator[string]) *rapid.Generator[*bundle.Bundle] {
	kinds := []string{"menu", "ring_group", "queue", "voicemail", "message", "user", "widget"}
	outcomes := []string{"1", "2", "*", "#", "busy", "unavailable", "full", "timeout", "failure", "no_such"}
	return rapid.Custom(func(t *rapid.T) *bundle.Bundle {
		var b bundle.Bundle
		var addresses []string
		for i := range rapid.IntRange(0, 3).Draw(t, "numbers") {
			name := fmt.Sprint("n", i)
			b.Manifest.Numbers = append(b.Manifest.Numbers, bundle.NumberRow{Name: name, PhoneNumber: fmt.Sprint("+1415555010", i)})
			addresses = append(addresses, "number."+name)
		}
		for i := range rapid.IntRange(0, 9).Draw(t, "blocks") {
			addresses = append(addresses, fmt.Sprint(rapid.SampledFrom(kinds).Draw(t, "kind"), ".b", i))
		}
		to := append([]string{bundle.Hangup, "menu.undescribed"}, addresses...)
		for i, address := range addresses {
			block := bundle.Block{Address: address}
			block.Messages = []bundle.Message{{Role: "prompt", Text: texts.Draw(t, "text")}}
			block.Settings = []bundle.Setting{{Name: "strategy", Value: texts.Draw(t, "setting")}}
			on := []string{"answer", "anonymous"}
			if !strings.HasPrefix(address, "number.") {
				on = outcomes
			}
			for _, outcome := range on[:rapid.IntRange(0, min(len(on), 4)).Draw(t, "exits")] {
				block.Exits = append(block.Exits, bundle.Exit{
					On: outcome, Label: texts.Draw(t, "label"), To: rapid.SampledFrom(to).Draw(t, "to"),
				})
			}
			directory := fmt.Sprint("component-", i/2)
			if i%2 == 0 {
				b.Components = append(b.Components, bundle.Component{Directory: directory})
			}
			last := &b.Components[len(b.Components)-1]
			last.Blocks = append(last.Blocks, block)
		}
		return &b
	})
}

// words are texts that no drawing shortens or escapes.
var words = rapid.StringMatching(`[A-Za-z]{0,6}`)

// A drawn edge of a flow, in the words that people read.
type edge struct{ From, On, To string }

// edges lists what a drawing has to show, straight from the bundle.
func edges(b *bundle.Bundle) []edge {
	var all []edge
	for _, c := range b.Components {
		for _, block := range c.Blocks {
			for _, exit := range block.Exits {
				if kind := block.Kind(); exit.To == bundle.Hangup && (kind == bundle.KindVoicemail || kind == bundle.KindMessage) {
					continue // that is how these end, no way on
				}
				on := vocabulary(nil).outcome(block.Kind(), exit.On)
				if on == "answer" {
					on = ""
				}
				all = append(all, edge{title(b, block.Address), strings.TrimSpace(on + " " + exit.Label), title(b, exit.To)})
			}
		}
	}
	return sorted(all)
}

// title is the name of a block in words: "ring group b1".
func title(b *bundle.Bundle, address string) string {
	for _, n := range b.Manifest.Numbers {
		if address == "number."+n.Name {
			return n.PhoneNumber + " " + n.Name
		}
	}
	if address == bundle.Hangup {
		return "hang up"
	}
	return strings.NewReplacer(".", " ", "_", " ").Replace(address)
}

// titles lists the nodes that a drawing has to show: the blocks, what they
// lead to, and one end for each block that hangs up.
func titles(b *bundle.Bundle) []string {
	var all []string
	seen := map[string]bool{}
	for _, e := range edges(b) {
		if end := e.From + e.To; e.To == "hang up" && !seen[end] {
			seen[end] = true
			all = append(all, e.To)
		}
		if e.To == "menu undescribed" && !seen[e.To] {
			seen[e.To] = true
			all = append(all, e.To)
		}
	}
	for _, c := range b.Components {
		for _, block := range c.Blocks {
			all = append(all, title(b, block.Address))
		}
	}
	slices.Sort(all)
	return all
}

func sorted(all []edge) []edge {
	slices.SortFunc(all, func(x, y edge) int {
		return strings.Compare(fmt.Sprintf("%q", x), fmt.Sprintf("%q", y))
	})
	return all
}

// split reads the joined text of a line back into its ways.
func split(from, text, to string) []edge {
	ways := strings.Split(text, ", ")
	if len(ways) == 1 {
		return []edge{{from, text, to}}
	}
	var all []edge
	for _, on := range ways {
		if on == "answer" {
			on = ""
		}
		all = append(all, edge{from, on, to})
	}
	return all
}

// The order of components and of their blocks does not show.
func TestDrawingsDoNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := flows(rapid.String()).Draw(t, "flow")
		shuffled := *b
		shuffled.Components = slices.Clone(b.Components)
		random := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
		random.Shuffle(len(shuffled.Components), func(i, j int) {
			shuffled.Components[i], shuffled.Components[j] = shuffled.Components[j], shuffled.Components[i]
		})
		for i := range shuffled.Components {
			blocks := slices.Clone(shuffled.Components[i].Blocks)
			slices.Reverse(blocks)
			shuffled.Components[i].Blocks = blocks
		}
		for name, draw := range forms {
			if diff := cmp.Diff(draw(b), draw(&shuffled)); diff != "" {
				t.Fatalf("%s: -in order +shuffled:\n%s", name, diff)
			}
		}
	})
}

var forms = map[string]func(*bundle.Bundle) string{
	"text": Text, "mermaid": Mermaid, "dot": DOT,
	"html": func(b *bundle.Bundle) string { text, _ := HTML(b); return text },
}

// A drawing of nothing is still a drawing.
func TestDrawingsOfNothing(t *testing.T) {
	want := map[string]string{"text": "", "mermaid": "flowchart LR\n"}
	for name, text := range want {
		if got := forms[name](&bundle.Bundle{}); got != text {
			t.Errorf("%s of an empty bundle: %q, want %q", name, got, text)
		}
	}
}
