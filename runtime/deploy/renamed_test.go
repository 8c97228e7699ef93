package deploy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/compiler/bundle"
)

// A namedFlow is a random call flow whose blocks have numbers. It becomes a
// configuration when the numbers get names.
type namedFlow struct {
	users, messages, voicemails, groups, menus int
	ways                                       []string // the destinations of the options of all menus, "%" for the name
	rung                                       [][]int  // the users of each ring group
	sequential                                 []bool
	agents                                     int // the ring group that serves the queue
}

// flows draws call flows.
func flows() *rapid.Generator[*namedFlow] {
	return rapid.Custom(func(t *rapid.T) *namedFlow {
		count := func(what string, low, high int) int { return rapid.IntRange(low, high).Draw(t, what) }
		f := &namedFlow{users: count("users", 2, 4), messages: count("messages", 1, 3), voicemails: count("voicemails", 1, 2),
			groups: count("groups", 1, 3), menus: count("menus", 1, 3)}
		var to []string
		for kind, n := range map[string]int{"message": f.messages, "voicemail": f.voicemails, "ring_group": f.groups, "menu": f.menus, "user": f.users, "queue": 1} {
			for i := range n {
				to = append(to, fmt.Sprint(kind, " ", i))
			}
		}
		slices.Sort(to)
		for range 4 * f.menus {
			f.ways = append(f.ways, rapid.SampledFrom(to).Draw(t, "way"))
		}
		all := make([]int, f.users)
		for i := range all {
			all[i] = i
		}
		for range f.groups {
			f.rung = append(f.rung, rapid.Permutation(all).Draw(t, "rung")[:count("users rung", 1, f.users)])
			f.sequential = append(f.sequential, rapid.Bool().Draw(t, "in sequence"))
		}
		f.agents = count("agents", 0, f.groups-1)
		return f
	})
}

// A naming is the names of blocks, by kind.
type naming map[string][]string

// names draws as many names as a flow can need. Two namings from one list share
// some and exchange others.
func names(t *rapid.T, from ...string) naming {
	n := naming{}
	for _, kind := range []string{"user", "message", "voicemail", "ring_group", "menu", "queue", "number"} {
		n[kind] = rapid.Permutation(from).Draw(t, kind)
	}
	return n
}

// configuration writes the flow with names. Salt is something that callers hear.
func (f *namedFlow) configuration(n naming, shuffle func([]int) []int, heard string) string {
	var w strings.Builder
	reference := func(way string) string {
		var kind string
		var i int
		fmt.Sscan(way, &kind, &i)
		return kind + "." + n[kind][i]
	}
	fmt.Fprintf(&w, "project \"zillum\" {\n  limits = \"twilio\"\n}\nhosting { base_url = %q }\n", testBase)
	for i := range f.users {
		fmt.Fprintf(&w, "user %q { phone = \"+1415555013%d\" }\n", n["user"][i], i)
	}
	for i := range f.messages {
		fmt.Fprintf(&w, "message %q { text = \"Message number %d.\" }\n", n["message"][i], i)
	}
	for i := range f.voicemails {
		fmt.Fprintf(&w, "voicemail %q { greeting = \"Voicemail number %d.%s\" }\n", n["voicemail"][i], i, heard)
	}
	for i := range f.groups {
		users, strategy := f.rung[i], "sequential"
		if !f.sequential[i] {
			users, strategy = shuffle(users), "simultaneous"
		}
		var list []string
		for _, u := range users {
			list = append(list, "user."+n["user"][u])
		}
		fmt.Fprintf(&w, "ring_group %q {\n  users = [%s]\n  strategy = %q\n  on_busy = voicemail.%s\n}\n", n["ring_group"][i], strings.Join(list, ", "), strategy, n["voicemail"][0])
	}
	fmt.Fprintf(&w, "queue %q {\n  agents = ring_group.%s\n  max_wait = \"2m\"\n  on_timeout = voicemail.%s\n}\n", n["queue"][0], n["ring_group"][f.agents], n["voicemail"][0])
	for i := range f.menus {
		fmt.Fprintf(&w, "menu %q {\n  attempts = 1\n  welcome = \"Menu number %d.\"\n", n["menu"][i], i)
		for k, way := range f.ways[4*i : 4*i+4] {
			fmt.Fprintf(&w, "  option \"%d\" {\n    label = \"way %d\"\n    to = %s\n  }\n", k+1, k, reference(way))
		}
		w.WriteString("}\n")
	}
	for i, phone := range phones(2) {
		fmt.Fprintf(&w, "number %q {\n  phone_number = %q\n  to = menu.%s\n}\n", n["number"][i], phone, n["menu"][i%f.menus])
	}
	return w.String()
}

// compiledFlow compiles a configuration.
func compiledFlow(t *rapid.T, text string) *bundle.Bundle {
	result, diags := compiler.Compile(compiler.Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}, Version: "test"})
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, text)
	}
	return result.Bundle
}

// Law: callers notice no names. Give every block another name, also one that
// another block had, and name the users who ring together in another order: the
// plan says that callers notice nothing. It says what they notice, and that alone,
// if a text changes at the same time. The order alone moves no number.
func TestCallersNoticeNoNames(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f, few := flows().Draw(r, "flow"), []string{"a", "b", "c", "d", "e", "f"}
		before, after, fresh := names(r, few...), names(r, few...), names(r, "g", "h", "i", "j", "k", "l")
		written := func(users []int) []int { return users }
		shuffled := func(users []int) []int { return rapid.Permutation(users).Draw(r, "order") }
		was := f.configuration(before, written, "")
		th := newFakeWorld(phones(2)...)
		p := th.process(t, "a")
		if err := p.apply(t.Context(), compiledFlow(r, was)); err != nil {
			r.Fatal(err)
		}
		planned := func(text string) *Plan {
			plan, _, err := p.plan(t.Context(), compiledFlow(r, text))
			if err != nil {
				r.Fatal(err)
			}
			return plan
		}
		if plan := planned(f.configuration(before, shuffled, "")); !plan.Empty() {
			r.Fatalf("another order of those who ring together: %s\n%s", plan.Save(), was)
		}
		is := f.configuration(after, shuffled, "")
		plan := planned(is)
		if len(plan.CallerChanges) > 0 || slices.ContainsFunc(plan.Numbers, func(n AffectedNumber) bool { return n.Affected }) {
			r.Fatalf("callers are said to notice %s\n%s\n%s", plan.Save(), was, is)
		}
		plan = planned(f.configuration(fresh, shuffled, " Changed."))
		for _, c := range plan.CallerChanges {
			if c.Name != "greeting" || !strings.HasSuffix(c.New, `Changed."`) {
				r.Fatalf("callers are said to notice %q of %s\n%s\n%s", c.Text, c.Block, was, is)
			}
		}
		if noticed := len(plan.CallerChanges) > 0; noticed != reached(f, "voicemail", "ring_group", "queue") {
			r.Fatalf("callers are said to notice another greeting: %v\n%s", noticed, was)
		}
	})
}

// reached reports whether callers can come to a block of one of some kinds.
func reached(f *namedFlow, kinds ...string) bool {
	met := map[string]bool{}
	var visit func(string)
	visit = func(block string) {
		var kind string
		var i int
		fmt.Sscan(block, &kind, &i)
		if met[block] {
			return
		}
		met[block] = true
		if kind == bundle.KindMenu {
			for _, way := range f.ways[4*i : 4*i+4] {
				visit(way)
			}
		}
	}
	for i := range phones(2) {
		visit(fmt.Sprint("menu ", i%f.menus))
	}
	for block := range met {
		if kind, _, _ := strings.Cut(block, " "); slices.Contains(kinds, kind) {
			return true
		}
	}
	return false
}
