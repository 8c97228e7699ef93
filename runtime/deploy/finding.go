package deploy

// What the account says of numbers that a configuration rings, or calls from.

import (
	"context"
	"fmt"
	"slices"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// Find adds to a plan the users who are rung at a number of the account, where a
// machine answers, and the caller IDs from which the account may not call. Outbound
// is the number from which each user places calls, by name. The verified caller IDs
// are listed only if a caller ID is no number of the account.
func (p *Plan) Find(ctx context.Context, l *Live, account *twilio.Reader, b *bundle.Bundle, outbound map[string]string) {
	for _, u := range b.Manifest.Users {
		if _, own := l.State.number(u.Address); own {
			p.Findings = append(p.Findings, fmt.Sprintf("The phone of user.%s is a number of the account, so whatever answers that number is rung, and not a person. Give the phone on which the user answers; or lead callers to where that number leads.", u.Name))
		}
	}
	var foreign []callerID
	for _, c := range callerIDs(b, outbound) {
		if _, own := l.State.number(c.number); !own {
			foreign = append(foreign, c)
		}
	}
	if len(foreign) == 0 {
		return
	}
	verified, err := account.CallerIDs(ctx)
	for _, c := range foreign {
		switch {
		case err != nil:
			p.Findings = append(p.Findings, fmt.Sprintf("The %s of %s is no number of the account, and whether it is a verified caller ID could not be seen: %v", c.setting, c.block, err))
		case !verified[c.number]:
			p.Findings = append(p.Findings, fmt.Sprintf("The %s of %s is neither a number of the account nor a verified caller ID, so Twilio refuses its calls (error %s), and nobody is rung. Verify it in Twilio's console, or use a number of the account.", c.setting, c.block, c.code))
		}
	}
}

// FindCalendars adds to a plan the calendars of holidays that have ended, or will
// within [bundle.CalendarWarning].
func (p *Plan) FindCalendars(l *Live, b *bundle.Bundle) {
	for _, c := range b.Calendars() {
		if text := c.Warning(l.Now); text != "" {
			p.Findings = append(p.Findings, text)
		}
	}
}

// A callerID is a number from which calls are placed, and where it is set first.
type callerID struct{ number, setting, block, code string }

// callerIDs lists the numbers from which calls are placed, each once. A ring group
// that only the callers of a queue reach is described by the queue.
func callerIDs(b *bundle.Bundle, outbound map[string]string) []callerID {
	var list []callerID
	add := func(c callerID) {
		if c.number != "" && !slices.ContainsFunc(list, func(known callerID) bool { return known.number == c.number }) {
			list = append(list, c)
		}
	}
	for _, queues := range []bool{false, true} {
		for i := range b.Components {
			for k := range b.Components[i].Blocks {
				if block := &b.Components[i].Blocks[k]; queues == (block.Kind() == bundle.KindQueue) {
					add(callerID{block.Setting("caller_id"), "caller_id", block.Address, "13214"})
				}
			}
		}
	}
	for _, u := range b.Manifest.Users {
		add(callerID{outbound[u.Name], "outbound number", bundle.KindUser + "." + u.Name, "21210"})
	}
	return list
}
