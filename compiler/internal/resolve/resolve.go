package resolve

// Resolving: from what is written to what is meant. All blocks that can be
// referred to are made first, empty, so that references in any order and in
// cycles find them; then each is filled in.

import (
	"maps"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/timezone"
)

// A resolver turns a configuration into a model.
type resolver struct {
	diags  *diagnostic.Collector
	eval   *config.Evaluator
	config *config.Config
	model  *model.Model

	nodes     map[string]model.Node          // what calls can be led to, by address
	users     map[string]*model.PhoneUser    // by name
	schedules map[string]*model.OpenSchedule // by name
	stock     map[string]*model.MessageNode
	audio     int // bytes of all clips
	clips     map[string]*model.AudioFile
	takers    []*model.AgentsLine

	shared string // stands in the names of queues, if another environment may be in the same account: "staging/"

	dialled bool // a menu takes the extensions of users

	common []*commonKey // of every menu

	projects  map[string]*model.Project                                                // in other languages than its own, by language
	languages map[string]*model.Texts                                                  // texts that the project gives itself, by language
	speakers  map[string]string                                                        // voices of the project, by language
	announced map[model.Node]map[model.Key]func(p *model.Project) (announcement, bool) // what a menu or a queue says about a key, in a language
	switches  bool                                                                     // calls can have another language than the project's
}

// A kind says how the blocks of one kind are resolved.
type kind struct {
	declare func(*resolver) // makes an empty node of each, so that references find it
	resolve func(*resolver) // fills the nodes in
}

// kinds are the kinds of blocks that calls can be led to, in the order in which
// they are resolved.
var kinds = []kind{wholeMessages, schedules, users, hoursBlocks, ringGroups, voicemails, queues, commonKeys, menus, applications, entries, callers, splits}

// nodesOf is the kind of some blocks, each of which is a node.
func nodesOf[B any, N model.Node](blocks func(*config.Config) []B, empty func(B) N, fill func(*resolver, N, B)) kind {
	return kind{
		func(r *resolver) {
			for _, b := range blocks(r.config) {
				n := empty(b)
				r.nodes[n.Address()] = n
			}
		},
		func(r *resolver) {
			for _, b := range blocks(r.config) {
				n := r.nodes[empty(b).Address()].(N)
				r.diags.Within = n.Address()
				fill(r, n, b)
			}
			r.diags.Within = ""
		},
	}
}

// Resolve builds the model.
func Resolve(e *config.Evaluator, c *config.Config, in Serving) *model.Model {
	r := &resolver{
		diags: e.Diags, eval: e, config: c, model: &model.Model{TimeZones: timezone.Version}, nodes: map[string]model.Node{},
		users: map[string]*model.PhoneUser{}, schedules: map[string]*model.OpenSchedule{}, stock: map[string]*model.MessageNode{}, clips: map[string]*model.AudioFile{},
		projects: map[string]*model.Project{}, languages: map[string]*model.Texts{}, speakers: map[string]string{},
		announced: map[model.Node]map[model.Key]func(p *model.Project) (announcement, bool){},
	}
	for _, k := range kinds {
		k.declare(r)
	}
	r.project()
	r.hosting(in)
	r.twilio()
	r.environments()
	for _, k := range kinds {
		k.resolve(r)
	}
	r.idleExtensions()
	r.idleCommonKeys()
	r.numbers()
	r.collect()
	r.checkRouter()
	r.returns()
	r.speak()
	r.prompts()
	r.diags.Within = ""
	return r.model
}

// collect sorts what was resolved into the lists of the model.
func (r *resolver) collect() {
	m := r.model
	for _, name := range slices.Sorted(maps.Keys(r.users)) {
		m.Users = append(m.Users, r.users[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.schedules)) {
		m.Schedules = append(m.Schedules, r.schedules[name])
	}
	m.Nodes = slices.Collect(maps.Values(r.nodes))
	for _, n := range r.takers {
		m.Nodes = append(m.Nodes, n)
	}
	slices.SortFunc(m.Nodes, func(a, b model.Node) int { return strings.Compare(a.Address(), b.Address()) })
	slices.SortFunc(m.Numbers, func(a, b *model.InboundNumber) int { return strings.Compare(a.Name, b.Name) })
}
