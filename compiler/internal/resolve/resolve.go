package resolve

// Resolving: from what is written to what is meant. All blocks that can be
// referred to are made first, empty, so that references in any order and in
// circles find them; then each is filled in.

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// A resolver turns a configuration into a model.
type resolver struct {
	diags  *diagnostic.Collector
	eval   *config.Evaluator
	config *config.Config
	model  *model.Model

	users      map[string]*model.PhoneUser
	messages   map[string]*model.MessageNode
	ringGroups map[string]*model.RingGroupNode
	queues     map[string]*model.QueueNode
	voicemails map[string]*model.VoicemailNode
	menus      map[string]*model.MenuNode
	alone      map[string]*model.RingGroupNode // users as ring groups of one
	stock      map[string]*model.MessageNode
	clips      map[string]*model.AudioFile
	takers     []*model.AgentsLine
}

// Resolve builds the model.
func Resolve(e *config.Evaluator, c *config.Config, in Serving) *model.Model {
	r := &resolver{
		diags: e.Diags, eval: e, config: c, model: &model.Model{},
		users: map[string]*model.PhoneUser{}, messages: map[string]*model.MessageNode{}, ringGroups: map[string]*model.RingGroupNode{},
		queues: map[string]*model.QueueNode{}, voicemails: map[string]*model.VoicemailNode{}, menus: map[string]*model.MenuNode{},
		alone: map[string]*model.RingGroupNode{}, stock: map[string]*model.MessageNode{}, clips: map[string]*model.AudioFile{},
	}
	r.declare()
	r.project()
	r.hosting(in)
	r.twilio()
	for _, b := range c.Messages {
		r.message(b)
	}
	for _, b := range c.Users {
		r.user(b)
	}
	for _, b := range c.RingGroups {
		r.ringGroup(b)
	}
	for _, b := range c.Voicemails {
		r.voicemail(b)
	}
	for _, b := range c.Queues {
		r.queue(b)
	}
	for _, b := range c.Menus {
		r.menu(r.menus[b.Name], b.Body)
	}
	r.numbers()
	r.collect()
	r.checkRouter()
	r.returns()
	r.prompts()
	return r.model
}

// declare makes an empty node for every block that can be referred to.
func (r *resolver) declare() {
	for _, b := range r.config.Users {
		r.users[b.Name] = &model.PhoneUser{Name: b.Name, At: b.Range}
	}
	for _, b := range r.config.Messages {
		r.messages[b.Name] = &model.MessageNode{Name: b.Name, At: b.Range}
	}
	for _, b := range r.config.RingGroups {
		r.ringGroups[b.Name] = &model.RingGroupNode{Name: b.Name, Kind: bundle.KindRingGroup, At: b.Range}
	}
	for _, b := range r.config.Queues {
		r.queues[b.Name] = &model.QueueNode{Name: b.Name, At: b.Range}
	}
	for _, b := range r.config.Voicemails {
		r.voicemails[b.Name] = &model.VoicemailNode{Name: b.Name, At: b.Range}
	}
	for _, b := range r.config.Menus {
		r.menus[b.Name] = &model.MenuNode{Name: b.Name, At: b.Range}
	}
}

// collect sorts what was resolved into the lists of the model.
func (r *resolver) collect() {
	m := r.model
	for _, name := range slices.Sorted(maps.Keys(r.users)) {
		m.Users = append(m.Users, r.users[name])
	}
	for _, n := range r.ringGroups {
		m.Nodes = append(m.Nodes, n)
	}
	for _, n := range r.alone {
		m.Nodes = append(m.Nodes, n)
	}
	for _, n := range r.queues {
		m.Nodes = append(m.Nodes, n)
	}
	for _, n := range r.voicemails {
		m.Nodes = append(m.Nodes, n)
	}
	for _, n := range r.menus {
		m.Nodes = append(m.Nodes, n)
	}
	for _, n := range r.messages {
		m.Nodes = append(m.Nodes, n)
	}
	for _, n := range r.takers {
		m.Nodes = append(m.Nodes, n)
	}
	slices.SortFunc(m.Nodes, func(a, b model.Node) int { return strings.Compare(a.Address(), b.Address()) })
	slices.SortFunc(m.Numbers, func(a, b *model.InboundNumber) int { return strings.Compare(a.Name, b.Name) })
}

// user resolves a user.
func (r *resolver) user(b config.UserBlock) {
	u := r.users[b.Name]
	u.Label, _, _ = r.text(b.FullName)
	u.Confirm, _ = r.boolean(b.Confirm)
	if !r.exactlyOne("IVR404", b.Range, "A user needs exactly one way to be rung: phone, sip or client.",
		named{"phone", b.Phone}, named{"sip", b.SIP}, named{"client", b.Client}) {
		return
	}
	if text, at, ok := r.text(b.Phone); ok {
		u.Kind, u.Address = "phone", text
		CheckPhone(r.diags, text, at)
	}
	if text, at, ok := r.text(b.SIP); ok {
		u.Kind, u.Address = "sip", text
		checkSIP(r.diags, text, at)
	}
	if text, at, ok := r.text(b.Client); ok {
		u.Kind, u.Address = "client", text
		checkClient(r.diags, text, at)
	}
	if b.Outbound != nil {
		u.Outbound = true
		if text, at, ok := r.text(b.Outbound.Number); ok && CheckPhone(r.diags, text, at) {
			u.CallerID = text
		}
		u.Record = r.model.Project.Record
		if record, ok := r.boolean(b.Outbound.Record); ok {
			u.Record = record
		}
	}
}

// ringGroup resolves a ring group.
func (r *resolver) ringGroup(b config.RingGroupBlock) {
	g, p := r.ringGroups[b.Name], r.model.Project
	r.ringDefaults(g)
	if r.eval.Require(b.Range, b.Users, "users", "Without users nobody would be rung: users = [user.alice, user.bob].") {
		g.Users = r.userList(b.Users)
	}
	g.Sequential = r.choice(b.Strategy, "strategy", []string{"simultaneous", "sequential"}) == 1
	r.duration(b.Interval, &g.Interval, &model.LimitInterval)
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
}

// ringDefaults sets what a ring group is where nothing is said.
func (r *resolver) ringDefaults(g *model.RingGroupNode) {
	g.Interval, g.Cycles = 20*time.Second, 1
	g.Busy, g.Unavailable = r.model.Project.Busy, r.model.Project.Unavailable
}

// ringAlone is a user as a ring group of one.
func (r *resolver) ringAlone(name string) *model.RingGroupNode {
	if g := r.alone[name]; g != nil {
		return g
	}
	u := r.users[name]
	g := &model.RingGroupNode{Name: name, Kind: bundle.KindUser, At: u.At, Users: []*model.PhoneUser{u}}
	r.ringDefaults(g)
	r.alone[name] = g
	return g
}

// userList resolves a list of references to users.
func (r *resolver) userList(a *hcl.Attribute) []*model.PhoneUser {
	if a == nil {
		return nil
	}
	value, ok := r.eval.Value(a.Expr)
	if !ok {
		return nil
	}
	at := a.Expr.Range()
	if ref, ok := config.AsReference(value); ok && ref.Kind == bundle.KindUser {
		r.diags.Report("IVR203", at, "A list of users is expected here. Put brackets around the user: [%s].", ref.Address())
		return nil
	}
	if value.IsNull() || !value.CanIterateElements() {
		r.diags.Report("IVR203", at, "A list of users is expected here, such as [user.alice, user.bob], not %s.", config.Describe(value))
		return nil
	}
	written, _ := hcl.ExprList(a.Expr) // the users one by one, if they are written out
	var list []*model.PhoneUser
	listed := map[*model.PhoneUser]bool{}
	for i, element := range value.AsValueSlice() {
		if len(written) == value.LengthInt() {
			at = written[i].Range()
		}
		ref, ok := config.AsReference(element)
		if !ok || ref.Kind != bundle.KindUser {
			r.diags.Report("IVR203", at, "Only users can be rung, and this list holds %s. Write [user.alice, user.bob].", config.Describe(element))
			return nil
		}
		u := r.users[ref.Name]
		if listed[u] {
			r.diags.Report("IVR416", at, "The user %q stands twice in this list, so the same telephone would be rung twice. To ring everybody again, use cycles.", ref.Name)
			continue
		}
		listed[u] = true
		list = append(list, u)
	}
	if len(list) == 0 {
		r.diags.Report("IVR415", at, "There is nobody in this list, so every caller would be told at once that nobody is available. Add users, or lead callers to a voicemail instead.")
	}
	return list
}

// voicemail resolves a voicemail.
func (r *resolver) voicemail(b config.VoicemailBlock) {
	v := r.voicemails[b.Name]
	v.MaxLength = 2 * time.Minute
	v.Greeting = r.messageOr(b.Greeting, r.stock["greeting"])
	v.Recorded = r.stock["recorded"]
	r.duration(b.MaxLength, &v.MaxLength, &model.LimitVoicemail)
	v.Transcribe, _ = r.boolean(b.Transcribe)
	if text, at, ok := r.text(b.Callback); ok && checkURL(r.diags, text, at) {
		v.Callback = text
	}
	if v.Transcribe && !strings.HasPrefix(r.model.Project.Language, "en") {
		r.diags.Report("IVR610", b.Transcribe.Expr.Range(), "Twilio transcribes American English only; what callers say in another language comes out wrong. Leave transcribe away, or take the recording from callback.")
	}
}

// numbers resolves all numbers.
func (r *resolver) numbers() {
	byPhone := map[string]*model.InboundNumber{}
	for _, b := range r.config.Numbers {
		n := r.number(b)
		r.model.Numbers = append(r.model.Numbers, n)
		if first := byPhone[n.Phone]; first != nil && n.Phone != "" {
			r.diags.Report("IVR419", b.PhoneNumber.Expr.Range(), "This phone number is the number %q already, at %s. A call can be answered in one way only.", first.Name, diagnostic.Place(first.At))
		} else {
			byPhone[n.Phone] = n
		}
	}
	if len(r.config.Numbers) == 0 && !r.eval.Lost(bundle.KindNumber) {
		r.diags.Report("IVR114", hcl.Range{Filename: r.eval.FirstFile, Start: hcl.InitialPos, End: hcl.InitialPos}, "There is no number block, so nobody can call. Add one:\n\n  number \"main\" {\n    phone_number = \"+14155550100\"\n    to           = menu.main\n  }")
	}
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
	if r.choice(b.Status, "status", []string{"online", "offline"}) == 1 {
		n.Offline = r.messageOr(b.Offline, r.stock["offline"])
	} else {
		r.messageOr(b.Offline, nil)
	}
	n.Anonymous = r.destination(b.Anonymous)
	n.Adopt, _ = r.boolean(b.Adopt)
	n.Fallback = r.messageOr(b.Fallback, r.builtin(r.model.Project.Texts.Fallback))
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
		line := &model.AgentsLine{Queue: q, Record: n.Record, Idle: r.builtin(r.model.Project.Texts.NoCaller), At: b.Range}
		r.takers = append(r.takers, line)
		n.To = &model.Link{To: line, At: take.At}
	}
	return n
}

// named is an attribute with its name.
type named struct {
	name      string
	attribute *hcl.Attribute
}

// exactlyOne reports unless exactly one of the attributes is given.
func (r *resolver) exactlyOne(code string, at hcl.Range, need string, attributes ...named) bool {
	var given []named
	for _, a := range attributes {
		switch {
		case a.attribute == nil:
		case a.attribute.Expr != nil && r.eval.IsNull(a.attribute):
			at = a.attribute.Expr.Range()
		default:
			given = append(given, a)
		}
	}
	switch len(given) {
	case 1:
		return true
	case 0:
		if !r.eval.Flawed[at] { // otherwise it is there, but misspelt
			r.diags.Report(code, at, "%s None is given.", need)
		}
	default:
		r.diags.Report(code, given[1].attribute.NameRange, "%s Both %s and %s are given; remove one.", need, given[0].name, given[1].name)
	}
	return false
}
