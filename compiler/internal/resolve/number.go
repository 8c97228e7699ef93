package resolve

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// numbers resolves all numbers.
func (r *resolver) numbers() {
	byPhone := map[string]*model.InboundNumber{}
	defer func() { r.diags.Within = "" }()
	for _, b := range r.config.Numbers {
		r.diags.Within = bundle.KindNumber + "." + b.Name
		n := r.number(b)
		r.model.Numbers = append(r.model.Numbers, n)
		if first := byPhone[n.Phone]; first != nil && n.Phone != "" {
			r.diags.Report("IVR419", b.PhoneNumber.Expr.Range(), "This phone number is the number %q already, at %s. A call can be answered in one way only.", first.Name, diagnostic.Place(first.At))
		} else {
			byPhone[n.Phone] = n
		}
	}
	r.ownNumbers(byPhone)
	if len(r.config.Numbers) == 0 && !r.eval.Lost(bundle.KindNumber) {
		at := r.model.Project.At // where a comment can ignore it
		if at.Filename == "" {
			at = hcl.Range{Filename: r.eval.FirstFile, Start: hcl.InitialPos, End: hcl.InitialPos}
		}
		r.diags.Report("IVR630", at, "There is no number block, so nobody can call, and apply lets go every number that was answered before. Add one:\n\n  number \"main\" {\n    phone_number = \"+14155550100\"\n    to           = menu.main\n  }")
	}
}

// ownNumbers reports users who are rung at a number of the configuration. Twilio
// would place a call to its own number, which calls in like a stranger: the call
// flow answers itself, and two numbers can place calls to each other without end.
func (r *resolver) ownNumbers(byPhone map[string]*model.InboundNumber) {
	for _, b := range r.config.Users {
		u := r.users[b.Name]
		r.diags.Within = bundle.KindUser + "." + u.Name
		n, at := byPhone[u.Address], b.Phone
		if u.Kind == "sip" {
			n, at = byPhone[throughTrunk(u.Address)], b.SIP
		}
		if u.Kind == "client" || n == nil || n.Phone == "" {
			continue
		}
		instead := ""
		if to := n.To; to != nil && n.Offline == nil && leadsOn(to.To) {
			instead = fmt.Sprintf(" To lead callers where that number leads, write %s instead of user.%s.", to.To.Address(), u.Name)
		}
		r.diags.Report("IVR427", at.Expr.Range(), "This is the number %q of this configuration, at %s. Ringing it places a new call to the call flow itself: callers would be connected to a machine, and each call could place the next. Give the phone on which %s answers.%s", n.Name, diagnostic.Place(n.At), u.Name, instead)
	}
}

// trunkAddress is a SIP address at which Twilio's SIP trunks dial a telephone number
// (https://www.twilio.com/docs/global-infrastructure/localized-uris/termination).
var trunkAddress = regexp.MustCompile(`(?i)^sips?:(\+[0-9]+)(?:;[^@]*)?@[^@:;?]+\.pstn\.(?:[a-z0-9-]+\.)?twilio\.com(?:[:;?]|$)`)

// throughTrunk is the number that a SIP address leads to by such a trunk, or "".
func throughTrunk(address string) string {
	if parts := trunkAddress.FindStringSubmatch(address); parts != nil {
		return parts[1]
	}
	return ""
}

// leadsOn reports whether an option may lead to what a number leads to. An agents'
// line is no destination, and a user may be the one who is rung wrongly.
func leadsOn(n model.Node) bool {
	if g, ok := n.(*model.RingGroupNode); ok {
		return g.Kind != bundle.KindUser
	}
	_, line := n.(*model.AgentsLine)
	return !line
}

// number resolves one number.
func (r *resolver) number(b config.NumberBlock) *model.InboundNumber {
	n := &model.InboundNumber{Name: b.Name, At: b.Range, Record: r.model.Project.Record}
	r.eval.Require(b.Range, b.PhoneNumber, "phone_number", "It is the number that callers dial, in E.164, such as \"+14155550100\".")
	if text, at, ok := r.text(b.PhoneNumber); ok && CheckPhone(r.diags, text, at) {
		n.Phone = text
	}
	if record, ok := r.boolean(b.Record); ok {
		n.Record = record
	}
	n.Language = r.callLanguage(b.Language)
	if r.choice(b.Status, "status", []string{"online", "offline"}) == 1 {
		n.Offline = r.messageOr(b.Offline, r.stock["offline"])
	} else {
		r.messageOr(b.Offline, nil)
		if b.Status == nil {
			r.idle(b.Offline, "This number is online, as it says nothing else, so nobody hears this. Say status = \"offline\" when it is to be heard, or remove it.")
		}
	}
	n.Anonymous = r.destination(b.Anonymous)
	n.Adopt, _ = r.boolean(b.Adopt)
	r.fallback(n, b.Fallback)
	if !r.exactlyOne("IVR418", b.Range, "A number needs exactly one of to (where its callers go) and take (the queue whose callers it takes).",
		named{"to", b.To}, named{"take", b.Take}) {
		return n
	}
	n.To = r.destination(b.To)
	if take := r.destination(b.Take); take != nil {
		q, ok := take.To.(*model.QueueNode)
		if !ok {
			r.diags.Report("IVR203", take.At, "Callers can be taken from a queue only, such as queue.sales.")
			return n
		}
		line := &model.AgentsLine{Queue: q, Record: n.Record, Idle: r.model.Project.Said("no_caller"), At: b.Range}
		r.takers = append(r.takers, line)
		n.To = &model.Link{To: line, At: take.At}
	}
	return n
}

// fallback resolves what follows when a document cannot be had: a message, after which
// the call ends unless it leads on, or another destination.
func (r *resolver) fallback(n *model.InboundNumber, a *hcl.Attribute) {
	value, given := r.given(a)
	ref, refers := config.Reference{}, false
	if given {
		ref, refers = config.AsReference(value)
	}
	if !refers || ref.Kind == bundle.KindMessage || ref.Kind == config.KindStock {
		n.Fallback = r.messageOr(a, r.model.Project.Said("fallback"))
		if n.Fallback.Name != "" {
			n.FallsBack = n.Fallback.Then
		}
		return
	}
	to := r.destinationOf(value, a.Expr.Range())
	switch {
	case to == nil:
		n.Fallback = r.model.Project.Said("fallback")
	case ref.Kind == bundle.Reject:
		r.diags.Report("IVR495", to.At, "When a document cannot be had, the call may be answered already, and Twilio hangs up instead of rejecting it: the caller would be cut off without a word. Lead to a voicemail or to people, or say something.")
		n.Fallback = r.model.Project.Said("fallback")
	default:
		n.FallsBack = to
	}
}
