package resolve

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// ringGroups are resolved into nodes.
var ringGroups = nodesOf(
	func(c *config.Config) []config.RingGroupBlock { return c.RingGroups },
	func(b config.RingGroupBlock) *model.RingGroupNode {
		return &model.RingGroupNode{Name: b.Name, Kind: bundle.KindRingGroup, At: b.Range}
	},
	(*resolver).ringGroup,
)

// ringGroup resolves a ring group.
func (r *resolver) ringGroup(g *model.RingGroupNode, b config.RingGroupBlock) {
	p := r.model.Project
	r.ringDefaults(g)
	if r.eval.Require(b.Range, b.Users, "users", "Without users nobody would be rung: users = [user.alice, user.bob].") {
		g.Users = r.userList(b.Users)
	}
	g.Sequential = r.choice(b.Strategy, "strategy", []string{"simultaneous", "sequential"}) == 1
	r.duration(b.Interval, &g.Interval, &model.LimitInterval)
	if g.Interval < g.Ring() {
		r.idle(b.Interval, "Twilio lets a telephone ring for %s at least: its shortest timeout, and the five seconds that it adds. So people are rung for longer than this says. Write interval = \"%s\".", script.Duration(g.Ring()), script.Duration(g.Ring()))
	}
	r.integer(b.Cycles, &g.Cycles, &model.LimitCycles)
	if !g.Sequential && b.Users != nil {
		checkLimit(r.diags, &model.LimitUsers, p.Profile, max(1, len(g.Users)), b.Users.Expr.Range())
	}
	if len(g.Users) > 0 {
		checkLimit(r.diags, &model.LimitRing, p.Profile, int(g.Duration()/time.Second), b.Range)
	}
	if record, ok := r.boolean(b.Record); ok {
		g.Record = &record
	}
	if text, at, ok := r.text(b.CallerID); ok {
		g.CallerID = text
		CheckPhone(r.diags, text, at)
	}
	g.Busy = r.messageOr(b.Busy, p.Busy)
	g.Unavailable = r.messageOr(b.Unavailable, p.Unavailable)
	g.OnBusy = r.destination(b.OnBusy)
	g.OnUnavailable = r.destination(b.OnUnavailable)
	g.OnCompleted = r.destination(b.OnCompleted)
	r.duration(b.TimeLimit, &g.TimeLimit, &model.LimitTalk)
	r.whispers(g, b.Whisper)
	for _, a := range []*hcl.Attribute{b.Busy, b.Unavailable, b.OnBusy, b.OnUnavailable} {
		if a != nil && !r.eval.IsNull(a) {
			g.InVain = append(g.InVain, a.Expr.Range())
		}
	}
}

// ringDefaults sets what a ring group is where nothing is said.
func (r *resolver) ringDefaults(g *model.RingGroupNode) {
	g.Interval, g.Cycles = 20*time.Second, 1
	g.Busy, g.Unavailable = r.model.Project.Busy, r.model.Project.Unavailable
}

// whispers resolves what the users of a group hear who answer, each in their language.
func (r *resolver) whispers(g *model.RingGroupNode, a *hcl.Attribute) {
	m := r.messageOrNothing(a, nil)
	if m == nil {
		return
	}
	g.Whispers = map[*model.PhoneUser]*model.MessageNode{}
	for _, u := range g.Users {
		g.Whispers[u] = r.whisperTo(u, m, a.Expr.Range())
	}
}

// whisperTo is a whisper as a user hears it.
func (r *resolver) whisperTo(u *model.PhoneUser, m *model.MessageNode, at hcl.Range) *model.MessageNode {
	if len(m.Parts) > 0 {
		whole := *m
		whole.Parts = nil
		for _, part := range m.Parts {
			whole.Parts = append(whole.Parts, r.whisperTo(u, part, at))
		}
		return &whole
	}
	p := r.model.Project.SpeakingTo(u)
	who := bundle.KindUser + "." + u.Name
	switch said := m.In[p.Language]; {
	case said != nil:
		return said
	case m.In != nil:
		r.diags.Report("IVR441", at, "The language of %s is %s, and this whisper exists in %s only. Add %q.", who, p.Language, strings.Join(slices.Sorted(maps.Keys(m.In)), " and "), p.Language)
	case m.Builtin != "":
		return p.Said(m.Builtin)
	case m.Text != "" && m.Language != p.Language:
		r.diags.Report("IVR640", at, "The language of %s is %s, and this whisper is in %s. Give it in both languages: { %q = \"…\", %q = \"…\" }.", who, p.Language, m.Language, m.Language, p.Language)
	}
	return m
}
