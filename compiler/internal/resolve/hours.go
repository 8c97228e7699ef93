package resolve

// Resolving hours: where callers are led by the time. A block with one schedule has
// the branches open and closed; one with several has a branch for each, and the first
// that is open counts:
//
//	hours "door"  { schedule = schedule.office; open = menu.main; closed = message.closed }
//	hours "staff" { when "day" { … } when "night" { … } closed = message.closed }

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/timezone"
	"github.com/ivrc/ivrc/compiler/schedule"
)

// hoursBlocks are resolved into nodes.
var hoursBlocks = nodesOf(
	func(c *config.Config) []config.HoursBlock { return c.Hours },
	func(b config.HoursBlock) *model.HoursNode { return &model.HoursNode{Name: b.Name, At: b.Range} },
	(*resolver).hours,
)

// The years of which hosts know the changes of a zone's offset. Past them the last
// offset holds. They depend on nothing but the data of the zones, so that the same
// configuration is the same bundle in every year.
const (
	firstYear = timezone.Year
	lastYear  = timezone.Year + 10
)

// longestTable is how many bytes a table has at most in an address.
const longestTable = 1000

// hours resolves where callers are led by the time.
func (r *resolver) hours(h *model.HoursNode, b config.HoursBlock) {
	ok := r.branches(h, b)
	if r.eval.Require(b.Range, b.Closed, "closed", "Somebody calls when nothing is open: closed = message.closed.") {
		r.branch(h, model.ClosedBranch, b.Closed, nil)
	}
	branches := len(b.When) + len(b.On) + 1
	if len(b.When) == 0 {
		branches++
	}
	if !ok || len(h.Branches) != branches {
		return // something is wrong with it, which has been reported
	}
	table, ok := r.table(h, b)
	if !ok {
		return
	}
	h.Table = table.String()
	if len(h.Table) > longestTable {
		r.diags.Report("IVR468", b.Range, "These hours take %d bytes in an address, and %d fit. Leave out holidays of years that are over or far away, give days that are alike the same hours, or split the block.", len(h.Table), longestTable)
		return
	}
	r.checkBranches(h, b)
}

// branches resolves the schedules of the block, and where they lead.
func (r *resolver) branches(h *model.HoursNode, b config.HoursBlock) bool {
	single := named{"schedule", b.Schedule}
	for _, a := range []named{single, {"open", b.Open}} {
		if len(b.When) > 0 && a.attribute != nil {
			r.diags.Report("IVR467", a.attribute.NameRange, "With when blocks, each has its schedule and where it leads. Make this another of them, or remove %s.", a.name)
			return false
		}
	}
	ok := true
	if len(b.When) == 0 {
		ok = r.eval.Require(b.Range, b.Schedule, "schedule", "It says when something is open: schedule = schedule.office.") &&
			r.eval.Require(b.Range, b.Open, "open", "It says where callers are led while something is open: open = menu.main.") &&
			r.layer(h, b.Schedule)
		r.branch(h, model.OpenBranch, b.Open, nil)
	}
	seen := map[string]hcl.Range{}
	for _, w := range b.When {
		ok = r.branchName(seen, w.Name, w.Range) && ok
		ok = r.eval.Require(w.Range, w.Schedule, "schedule", "It says when this branch is open.") && r.layer(h, w.Schedule) && ok
		ok = r.eval.Require(w.Range, w.To, "to", "It says where callers are led while this branch is open.") && ok
		r.branch(h, answerName(w.Name), w.To, w.Language)
	}
	for _, o := range b.On {
		ok = r.branchName(seen, o.Name, o.Range) && ok
		ok = r.eval.Require(o.Range, o.To, "to", "It says where callers are led on such a day.") && ok
		r.branch(h, answerName(o.Name), o.To, o.Language)
	}
	return ok
}

// branch adds where callers are led at some times, and in which language.
func (r *resolver) branch(h *model.HoursNode, on string, to, language *hcl.Attribute) {
	tag := r.callLanguage(language)
	if link := r.destination(to); link != nil {
		link.Language = tag
		h.Branches = append(h.Branches, model.HoursBranch{On: on, Link: *link})
	}
}

// branchName reports the name of a branch that another one has, or that it cannot
// have.
func (r *resolver) branchName(seen map[string]hcl.Range, name string, at hcl.Range) bool {
	spelled := answerName(name)
	if other, taken := seen[spelled]; taken {
		r.diags.Report("IVR109", at, "There is a branch named %q already, at %s.", name, diagnostic.Place(other))
		return false
	}
	seen[spelled] = at
	if spelled == model.OpenBranch || spelled == model.ClosedBranch {
		r.diags.Report("IVR467", at, "The attribute %s says where callers are led then. Give this branch another name.", spelled)
		return false
	}
	if !schedule.IsName(spelled) || len(name) > longestAnswer || spelled != strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(name, " ", "_"), "-", "_")) {
		r.diags.Report("IVR110", at, "The name %q cannot be part of an address. Use letters, digits and _, at most %d.", name, longestAnswer)
		return false
	}
	return true
}

// layer adds the schedule that an attribute names.
func (r *resolver) layer(h *model.HoursNode, a *hcl.Attribute) bool {
	value, ok := r.given(a)
	if !ok {
		return false
	}
	ref, isReference := config.AsReference(value)
	s := r.schedules[ref.Name]
	if !isReference || ref.Kind != bundle.KindSchedule || s == nil {
		r.diags.Report("IVR203", a.Expr.Range(), "A schedule is expected here, such as schedule.office, not %s.", config.Describe(value))
		return false
	}
	if len(h.Layers) > 0 && s.Zone != h.Layers[0].Zone && s.Time != nil && h.Layers[0].Time != nil {
		r.diags.Report("IVR467", a.Expr.Range(), "This schedule is in %s, and %s in %s. All schedules of one block have the same time zone; lead closed callers to hours of the other zone instead.", s.Zone, bundle.KindSchedule+"."+h.Layers[0].Name, h.Layers[0].Zone)
		return false
	}
	h.Layers = append(h.Layers, s)
	return s.Time != nil && !s.Amiss
}

// table is what a host needs to answer. Days that no branch is about have no name.
func (r *resolver) table(h *model.HoursNode, b config.HoursBlock) (*schedule.Table, bool) {
	t := &schedule.Table{Zone: schedule.Cut(h.Layers[0].Time, firstYear, lastYear)}
	for _, branch := range h.Branches {
		t.Answers = append(t.Answers, branch.On)
	}
	closed := map[string]string{}
	for _, o := range b.On {
		closed[answerName(o.Name)] = answerName(o.Name)
	}
	for _, s := range h.Layers {
		t.Layers = append(t.Layers, schedule.Layer{OpenHours: s.OpenHours, Closed: closed})
	}
	if len(t.Answers) > 26 {
		r.diags.Report("IVR468", b.Range, "These hours have %d branches, and %d are possible. Lead the branch closed to other hours.", len(t.Answers), 26)
		return nil, false
	}
	return t, true
}

// checkBranches reports branches that are taken at no time.
func (r *resolver) checkBranches(h *model.HoursNode, b config.HoursBlock) {
	taken := schedule.Instants(h.Table)
	if _, ever := taken[model.OpenBranch]; len(b.When) == 0 && !ever {
		r.diags.Report("IVR465", b.Schedule.Expr.Range(), "Nothing is ever open in %s.%s, so no caller would come to %s. Give it a week: week = { \"mon-fri\" = \"09:00-17:00\" }.", bundle.KindSchedule, h.Layers[0].Name, h.Branches[0].To.Address())
	}
	for i, w := range b.When {
		if _, ever := taken[answerName(w.Name)]; !ever {
			r.diags.Report("IVR465", w.Range, "No caller ever comes to this branch: whenever %s.%s is open, a branch before it is open, too, or it never is.", bundle.KindSchedule, h.Layers[i].Name)
		}
	}
	for _, o := range b.On {
		if _, ever := taken[answerName(o.Name)]; ever {
			continue
		}
		names := map[string]bool{}
		for _, s := range h.Layers {
			for _, special := range s.Specials {
				names[special.Name] = special.Name != ""
			}
		}
		known := slices.Sorted(maps.Keys(names))
		if names[answerName(o.Name)] {
			r.diags.Report("IVR465", o.Range, "Something is open all day long on every day with this name, so no caller ever comes to this branch.")
			continue
		}
		r.diags.Report("IVR465", o.Range, "No day of the schedule has the name %q, so no caller ever comes to this branch. Give the day a name: date \"12-25\" { name = %q }.%s", o.Name, o.Name, r.diags.DidYouMean(answerName(o.Name), known))
	}
}
