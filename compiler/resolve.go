package compiler

// Resolving: from what is written to what is meant. All blocks that can be
// referred to are made first, empty, so that references in any order and in
// circles find them; then each is filled in.

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A resolver turns a configuration into a model.
type resolver struct {
	diags  *reporter
	eval   *evaluator
	config *config
	model  *model

	users      map[string]*user
	messages   map[string]*message
	ringGroups map[string]*ringGroup
	queues     map[string]*queue
	voicemails map[string]*voicemail
	menus      map[string]*menu
	alone      map[string]*ringGroup // users as ring groups of one
	stock      map[string]*message
	clips      map[string]*clip
	takers     []*agentsLine
}

// resolve builds the model.
func resolve(e *evaluator, c *config, in serving) *model {
	r := &resolver{
		diags: e.diags, eval: e, config: c, model: &model{},
		users: map[string]*user{}, messages: map[string]*message{}, ringGroups: map[string]*ringGroup{},
		queues: map[string]*queue{}, voicemails: map[string]*voicemail{}, menus: map[string]*menu{},
		alone: map[string]*ringGroup{}, stock: map[string]*message{}, clips: map[string]*clip{},
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
		r.users[b.Name] = &user{name: b.Name, at: b.Range}
	}
	for _, b := range r.config.Messages {
		r.messages[b.Name] = &message{name: b.Name, at: b.Range}
	}
	for _, b := range r.config.RingGroups {
		r.ringGroups[b.Name] = &ringGroup{name: b.Name, kind: kindRingGroup, at: b.Range}
	}
	for _, b := range r.config.Queues {
		r.queues[b.Name] = &queue{name: b.Name, at: b.Range}
	}
	for _, b := range r.config.Voicemails {
		r.voicemails[b.Name] = &voicemail{name: b.Name, at: b.Range}
	}
	for _, b := range r.config.Menus {
		r.menus[b.Name] = &menu{name: b.Name, at: b.Range}
	}
}

// collect sorts what was resolved into the lists of the model.
func (r *resolver) collect() {
	m := r.model
	for _, name := range slices.Sorted(maps.Keys(r.users)) {
		m.users = append(m.users, r.users[name])
	}
	for _, n := range r.ringGroups {
		m.nodes = append(m.nodes, n)
	}
	for _, n := range r.alone {
		m.nodes = append(m.nodes, n)
	}
	for _, n := range r.queues {
		m.nodes = append(m.nodes, n)
	}
	for _, n := range r.voicemails {
		m.nodes = append(m.nodes, n)
	}
	for _, n := range r.menus {
		m.nodes = append(m.nodes, n)
	}
	for _, n := range r.messages {
		m.nodes = append(m.nodes, n)
	}
	for _, n := range r.takers {
		m.nodes = append(m.nodes, n)
	}
	slices.SortFunc(m.nodes, func(a, b node) int { return strings.Compare(a.address(), b.address()) })
	slices.SortFunc(m.numbers, func(a, b *number) int { return strings.Compare(a.name, b.name) })
}

// user resolves a user.
func (r *resolver) user(b userConfig) {
	u := r.users[b.Name]
	u.label, _, _ = r.text(b.FullName)
	u.confirm, _ = r.boolean(b.Confirm)
	if !r.exactlyOne("IVR404", b.Range, "A user needs exactly one way to be rung: phone, sip or client.",
		named{"phone", b.Phone}, named{"sip", b.SIP}, named{"client", b.Client}) {
		return
	}
	if text, at, ok := r.text(b.Phone); ok {
		u.kind, u.address = "phone", text
		checkPhone(r.diags, text, at)
	}
	if text, at, ok := r.text(b.SIP); ok {
		u.kind, u.address = "sip", text
		checkSIP(r.diags, text, at)
	}
	if text, at, ok := r.text(b.Client); ok {
		u.kind, u.address = "client", text
		checkClient(r.diags, text, at)
	}
	if b.Outbound != nil {
		u.outbound = true
		if text, at, ok := r.text(b.Outbound.Number); ok && checkPhone(r.diags, text, at) {
			u.callerID = text
		}
		u.record = r.model.project.record
		if record, ok := r.boolean(b.Outbound.Record); ok {
			u.record = record
		}
	}
}

// ringGroup resolves a ring group.
func (r *resolver) ringGroup(b ringGroupConfig) {
	g, p := r.ringGroups[b.Name], r.model.project
	r.ringDefaults(g)
	if r.eval.require(b.Range, b.Users, "users", "Without users nobody would be rung: users = [user.alice, user.bob].") {
		g.users = r.userList(b.Users)
	}
	g.sequential = r.choice(b.Strategy, "strategy", []string{"simultaneous", "sequential"}) == 1
	r.duration(b.Interval, &g.interval, &limitInterval)
	r.integer(b.Cycles, &g.cycles, &limitCycles)
	if !g.sequential && b.Users != nil {
		checkLimit(r.diags, &limitUsers, p.profile, max(1, len(g.users)), b.Users.Expr.Range())
	}
	if len(g.users) > 0 {
		checkLimit(r.diags, &limitRing, p.profile, int(g.duration()/time.Second), b.Range)
	}
	if record, ok := r.boolean(b.Record); ok {
		g.record = &record
	}
	if text, at, ok := r.text(b.CallerID); ok {
		g.callerID = text
		checkPhone(r.diags, text, at)
	}
	g.busy = r.messageOr(b.Busy, p.busy)
	g.unavailable = r.messageOr(b.Unavailable, p.unavailable)
	g.onBusy = r.destination(b.OnBusy)
	g.onUnavailable = r.destination(b.OnUnavailable)
}

// ringDefaults sets what a ring group is where nothing is said.
func (r *resolver) ringDefaults(g *ringGroup) {
	g.interval, g.cycles = 20*time.Second, 1
	g.busy, g.unavailable = r.model.project.busy, r.model.project.unavailable
}

// ringAlone is a user as a ring group of one.
func (r *resolver) ringAlone(name string) *ringGroup {
	if g := r.alone[name]; g != nil {
		return g
	}
	u := r.users[name]
	g := &ringGroup{name: name, kind: kindUser, at: u.at, users: []*user{u}}
	r.ringDefaults(g)
	r.alone[name] = g
	return g
}

// userList resolves a list of references to users.
func (r *resolver) userList(a *hcl.Attribute) []*user {
	if a == nil {
		return nil
	}
	value, ok := r.eval.value(a.Expr)
	if !ok {
		return nil
	}
	at := a.Expr.Range()
	if ref, ok := asReference(value); ok && ref.kind == kindUser {
		r.diags.report("IVR203", at, "A list of users is expected here. Put brackets around the user: [%s].", ref.address())
		return nil
	}
	if value.IsNull() || !value.CanIterateElements() {
		r.diags.report("IVR203", at, "A list of users is expected here, such as [user.alice, user.bob], not %s.", describe(value))
		return nil
	}
	written, _ := hcl.ExprList(a.Expr) // the users one by one, if they are written out
	var list []*user
	listed := map[*user]bool{}
	for i, element := range value.AsValueSlice() {
		if len(written) == value.LengthInt() {
			at = written[i].Range()
		}
		ref, ok := asReference(element)
		if !ok || ref.kind != kindUser {
			r.diags.report("IVR203", at, "Only users can be rung, and this list holds %s. Write [user.alice, user.bob].", describe(element))
			return nil
		}
		u := r.users[ref.name]
		if listed[u] {
			r.diags.report("IVR416", at, "The user %q stands twice in this list, so the same telephone would be rung twice. To ring everybody again, use cycles.", ref.name)
			continue
		}
		listed[u] = true
		list = append(list, u)
	}
	if len(list) == 0 {
		r.diags.report("IVR415", at, "There is nobody in this list, so every caller would be told at once that nobody is available. Add users, or lead callers to a voicemail instead.")
	}
	return list
}

// queue resolves a queue.
func (r *resolver) queue(b queueConfig) {
	q, p := r.queues[b.Name], r.model.project
	q.friendly = p.name + "/" + b.Name
	if len(q.friendly) > 64 {
		r.diags.report("IVR313", b.Range, "At Twilio this queue would be called %q, which has more than 64 characters. Shorten the name of the queue or of the project.", q.friendly)
	}
	q.maxCallers = limitCallers.Max[phonebridge]
	q.maxWait, q.retryEvery, q.every = 10*time.Minute, time.Minute, 30*time.Second
	q.agents = r.agents(b.Agents)
	r.integer(b.MaxCallers, &q.maxCallers, &limitCallers)
	r.duration(b.MaxWait, &q.maxWait, &limitWait)
	r.duration(b.RetryEvery, &q.retryEvery, &limitRetry)
	q.music = r.music(b.Music)
	if b.Announcement != nil && r.eval.require(b.Range, b.Announcement.Message, "message", "Without it the announcement would say nothing: message = stock.please_hold.") {
		q.announce = r.messageOr(b.Announcement.Message, nil)
		r.duration(b.Announcement.Every, &q.every, &limitEvery)
	}
	q.full, q.timeout = r.stock["queue_full"], r.stock["queue_timeout"]
	q.onFull = r.destination(b.OnFull)
	q.onTimeout = r.destination(b.OnTimeout)
	r.checkWait(q, b)
}

// agents resolves who serves a queue: a ring group or a user.
func (r *resolver) agents(a *hcl.Attribute) *ringGroup {
	e := r.destination(a)
	if e == nil {
		return nil
	}
	g, ok := e.to.(*ringGroup)
	if !ok {
		r.diags.report("IVR203", e.at, "The agents of a queue are a ring group or a user, such as ring_group.sales.")
	}
	return g
}

// music resolves a queue's music: "default", or a message with audio or a URL.
func (r *resolver) music(a *hcl.Attribute) *message {
	if a == nil {
		return nil
	}
	value, ok := r.eval.value(a.Expr)
	if !ok {
		return nil
	}
	if text, ok := asText(value); ok {
		if text != "default" {
			r.diags.report("IVR421", a.Expr.Range(), "The music is \"default\", or a message with audio or a url, such as message.hold_music.%s", r.diags.didYouMean(text, []string{"default"}))
		}
		return nil
	}
	m := r.messageOr(a, nil)
	if m != nil && m.text != "" {
		r.diags.report("IVR203", a.Expr.Range(), "Music is a message with audio or a url. To have a text spoken while callers wait, use announcement.")
		return nil
	}
	return m
}

// voicemail resolves a voicemail.
func (r *resolver) voicemail(b voicemailConfig) {
	v := r.voicemails[b.Name]
	v.maxLength = 2 * time.Minute
	v.greeting = r.messageOr(b.Greeting, r.stock["greeting"])
	v.recorded = r.stock["recorded"]
	r.duration(b.MaxLength, &v.maxLength, &limitVoicemail)
	v.transcribe, _ = r.boolean(b.Transcribe)
	if text, at, ok := r.text(b.Callback); ok && checkURL(r.diags, text, at) {
		v.callback = text
	}
	if v.transcribe && !strings.HasPrefix(r.model.project.language, "en") {
		r.diags.report("IVR610", b.Transcribe.Expr.Range(), "Twilio transcribes American English only; what callers say in another language comes out wrong. Leave transcribe away, or take the recording from callback.")
	}
}

// numbers resolves all numbers.
func (r *resolver) numbers() {
	byPhone := map[string]*number{}
	for _, b := range r.config.Numbers {
		n := r.number(b)
		r.model.numbers = append(r.model.numbers, n)
		if first := byPhone[n.phone]; first != nil && n.phone != "" {
			r.diags.report("IVR419", b.PhoneNumber.Expr.Range(), "This phone number is the number %q already, at %s. A call can be answered in one way only.", first.name, place(first.at))
		} else {
			byPhone[n.phone] = n
		}
	}
	if len(r.config.Numbers) == 0 && !r.eval.lost(kindNumber) {
		r.diags.report("IVR114", hcl.Range{Filename: r.eval.first, Start: hcl.InitialPos, End: hcl.InitialPos}, "There is no number block, so nobody can call. Add one:\n\n  number \"main\" {\n    phone_number = \"+14155550100\"\n    to           = menu.main\n  }")
	}
}

// number resolves one number.
func (r *resolver) number(b numberConfig) *number {
	n := &number{name: b.Name, at: b.Range, record: r.model.project.record}
	r.eval.require(b.Range, b.PhoneNumber, "phone_number", "It is the number that callers dial, in E.164, such as \"+14155550100\".")
	if text, at, ok := r.text(b.PhoneNumber); ok && checkPhone(r.diags, text, at) {
		n.phone = text
	}
	if record, ok := r.boolean(b.Record); ok {
		n.record = record
	}
	if r.choice(b.Status, "status", []string{"online", "offline"}) == 1 {
		n.offline = r.messageOr(b.Offline, r.stock["offline"])
	} else {
		r.messageOr(b.Offline, nil)
	}
	n.anonymous = r.destination(b.Anonymous)
	n.adopt, _ = r.boolean(b.Adopt)
	n.fallback = r.messageOr(b.Fallback, r.builtin(r.model.project.texts.Fallback))
	if !r.exactlyOne("IVR418", b.Range, "A number needs exactly one of to (where its callers go) and take (the queue whose callers it takes).",
		named{"to", b.To}, named{"take", b.Take}) {
		return n
	}
	n.to = r.destination(b.To)
	if take := r.destination(b.Take); take != nil {
		q, ok := take.to.(*queue)
		if !ok {
			r.diags.report("IVR203", take.at, "Callers can be taken from a queue only, such as queue.sales.")
			return n
		}
		line := &agentsLine{queue: q, record: n.record, idle: r.builtin(r.model.project.texts.NoCaller), at: b.Range}
		r.takers = append(r.takers, line)
		n.to = &exit{line, take.at}
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
		case a.attribute.Expr != nil && r.eval.null(a.attribute):
			at = a.attribute.Expr.Range()
		default:
			given = append(given, a)
		}
	}
	switch len(given) {
	case 1:
		return true
	case 0:
		if !r.eval.flawed[at] { // otherwise it is there, but misspelt
			r.diags.report(code, at, "%s None is given.", need)
		}
	default:
		r.diags.report(code, given[1].attribute.NameRange, "%s Both %s and %s are given; remove one.", need, given[0].name, given[1].name)
	}
	return false
}
