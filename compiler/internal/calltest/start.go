package calltest

// When the caller of a test calls. Hours lead by the time, so a test that comes to some
// says it: in their time zone, or with an offset from UTC.
//
//	at = "2026-12-24T12:01"
//	at = "2026-12-24T12:01-06:00"

import (
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/calltest"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/resolve"
)

// start reads when the caller calls, zero where the test does not say.
func (r *callReader) start(b callConfig, c calltest.Caller) time.Time {
	value, ok := r.value(b.At)
	if !ok {
		if h := r.door(c); h != nil && b.At == nil {
			r.diags.Report("IVR712", b.Range, "This call comes to %s, and where that leads depends on the time. Say when the caller calls, in %s: at = \"2026-12-24T12:01\".", h.Address(), h.Layers[0].Zone)
		}
		return time.Time{}
	}
	at := b.At.Expr.Range()
	text, isText := config.AsText(value)
	if !isText {
		r.diags.Report("IVR203", at, "A time in quotes is expected here, such as \"2026-12-24T12:01\", not %s.", config.Describe(value))
		return time.Time{}
	}
	zone := ""
	if len(r.zones) > 0 {
		zone = r.zones[0]
	}
	start, local, err := resolve.ParseTime(text, zone)
	switch {
	case err != nil:
		r.diags.Report("IVR704", at, "%s.", title(err.Error()))
	case local && len(r.zones) == 0:
		r.diags.Report("IVR704", at, "No hours depend on the time, so it is not known in which time zone this is. Remove at, or write an offset: \"%sZ\".", text)
	case local && len(r.zones) > 1:
		r.diags.Report("IVR704", at, "The hours of this configuration are in %s, so a time needs an offset from UTC: \"%sZ\".", strings.Join(r.zones, " and "), text)
	}
	return start
}

// title begins a sentence that begins with a quotation as it is, and any other with a
// capital letter.
func title(sentence string) string { return strings.ToUpper(sentence[:1]) + sentence[1:] }

// door is the hours that a call comes to before the caller does anything, behind what
// asks who is calling and what shares calls out; nil if there are none. A call that may
// be in any share comes to hours only if each share leads to some.
func (r *callReader) door(c calltest.Caller) *model.HoursNode {
	n := r.numbers[c.Number]
	if n == nil || n.Offline != nil || n.To == nil {
		return nil
	}
	to := n.To.To
	switch {
	case c.Fails && n.FallsBack == nil:
		return nil
	case c.Fails:
		to = n.FallsBack.To
	case c.Withheld && n.Anonymous != nil:
		to = n.Anonymous.To
	}
	return behind(to, c, map[model.Node]bool{})
}

// behind is the hours that a call comes to at a destination by itself, nil for none.
func behind(to model.Node, c calltest.Caller, seen map[model.Node]bool) *model.HoursNode {
	to = model.Behind(to)
	if seen[to] { // calls go round, which the proof has refused
		return nil
	}
	seen[to] = true
	defer delete(seen, to)
	var leads func(model.Way) bool
	switch n := to.(type) {
	case *model.HoursNode:
		return n
	case *model.CallersNode:
		from := c.From
		if c.Withheld {
			from = ""
		}
		leads = func(w model.Way) bool { return w.On == n.Takes(from) }
	case *model.SplitNode:
		leads = func(w model.Way) bool { return c.Sixteenth == 0 || n.Takes(c.Sixteenth) == w.On }
	default:
		return nil
	}
	var door *model.HoursNode
	for _, w := range to.Ways(nil) {
		if !leads(w) {
			continue
		}
		if door = behind(w.To, c, seen); door == nil {
			return nil
		}
	}
	return door
}

// sixteenth reads in which part of all calls a call is, 0 where the test does not say.
func (r *callReader) sixteenth(a *hcl.Attribute) int {
	value, ok := r.value(a)
	if !ok {
		return 0
	}
	at := a.Expr.Range()
	number, err := convert.Convert(value, cty.Number)
	if err != nil || !number.AsBigFloat().IsInt() {
		r.diags.Report("IVR203", at, "A whole number from 1 to 16 is expected here, not %s.", config.Describe(value))
		return 0
	}
	n, _ := number.AsBigFloat().Int64()
	if n < 1 || n > int64(len(bundle.Sixteenths)) {
		r.diags.Report("IVR704", at, "Calls are shared out in sixteen parts: sixteenth is a number from 1 to 16, not %d.", n)
		return 0
	}
	return int(n)
}
