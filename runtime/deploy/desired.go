package deploy

// What should be. It starts from what is live: whatever is not ours, and whatever
// must outlive the deployment, is copied from there, so that neither a plan nor
// apply needs exceptions.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// A Problem is a reason why something cannot be deployed: which resource, what
// is wrong with it, and what to do.
type Problem struct {
	Address Address `json:"address"`
	Text    string  `json:"text"`
}

func (p Problem) Error() string { return p.Address.String() + ": " + p.Text }

// desired is the state once a bundle is deployed. Of the files that the bundle
// needs, some may be wrong in the store.
func (l *Live) desired(b *bundle.Bundle, wrong map[string]bool) (State, []Problem) {
	d := desiring{Live: l, state: State{}}
	for address, resource := range l.State {
		d.state[address] = resource
	}
	for key, file := range objects(b) {
		address := Address{KindObject, key}
		if _, there := l.State[address]; !there || wrong[key] {
			d.state[address] = file
		}
	}
	named := map[string]bool{}
	for _, n := range b.Manifest.Numbers {
		named[n.PhoneNumber] = true
		d.number(n, cmp.Or(n.Fallback, b.Manifest.Fallback))
	}
	for _, phone := range l.State.Names(KindNumber) {
		if !named[phone] {
			d.letGo(phone)
		}
	}
	d.queues(b.Manifest.Queues)
	d.emptyStore()
	slices.SortFunc(d.problems, func(a, b Problem) int { return strings.Compare(a.Error(), b.Error()) })
	return d.state, d.problems
}

// A desiring is a desired state that is being made.
type desiring struct {
	*Live
	state    State
	problems []Problem
}

func (d *desiring) problem(a Address, format string, args ...any) {
	d.problems = append(d.problems, Problem{a, fmt.Sprintf(format, args...)})
}

// number points a number at its document.
func (d *desiring) number(row bundle.NumberRow, fallback string) {
	address := Address{KindNumber, row.PhoneNumber}
	have, there := d.State.number(row.PhoneNumber)
	adopt, holder := d.target.Adopt[row.PhoneNumber], d.holders[row.PhoneNumber]
	switch {
	case !there:
		d.problem(address, "the account has no such number. Buy it, or move it to this account, and make a new plan.")
		return
	case have.TrunkSID != "" && !adopt:
		d.problem(address, "a SIP trunk answers this number, so its voice URL would be ignored. Remove it from the trunk, or set adopt = true in the number block.")
		return
	case have.ApplicationSID != "" && !adopt:
		d.problem(address, "a TwiML app answers this number, so its voice URL would be ignored. Remove it from the app, or set adopt = true in the number block.")
		return
	case have.ReceiveMode == "fax":
		d.problem(address, "this number receives faxes and does not answer calls. Set it to receive voice calls in Twilio's console.")
		return
	case holder != nil && holder.Owner() != d.owner && holder.Owner().answers(have) && !adopt:
		d.problem(address, "this number belongs to another deployment: %s, release %.12s. Remove its block here, or set adopt = true in it to take the number over.", holder.Owner(), holder.Release)
		return
	}
	if other := d.target.neighbour(have); other != nil && !d.ours(row.PhoneNumber) && !adopt {
		d.problem(address, "this number belongs to another deployment: %s. Remove its block here, or set adopt = true in it to take the number over.", other)
		return
	}
	want := have
	want.ApplicationSID, want.TrunkSID = "", ""
	want.VoiceURL, want.VoiceMethod = d.url(have.VoiceURL, row.Answer), "GET"
	want.FallbackURL, want.FallbackMethod = d.url(have.FallbackURL, fallback), "GET"
	d.state[address] = want
}

// url is the address of a document. If the number has it already, though spelled
// in another way, it keeps its spelling.
func (d *desiring) url(have, path string) string {
	address := d.owner.BaseURL + "/" + path
	if bundle.CanonicalURL(have) == bundle.CanonicalURL(address) {
		return have
	}
	return address
}

// letGo gives a number of ours that the configuration does not name any longer
// its former settings back. It is never released.
func (d *desiring) letGo(phone string) {
	if !d.ours(phone) {
		return
	}
	address := Address{KindNumber, phone}
	have, _ := d.State.number(phone)
	want, known := d.formerly(phone)
	switch {
	case !known && len(d.Damaged) > 0:
		d.problem(address, "it cannot be let go, because how it was answered before may be in a damaged record, %s. Restore that record, or delete it to let the number go unanswered.", d.Damaged[0].Key)
		return
	case !known:
		want = have
		want.VoiceURL, want.FallbackURL = "", ""
	}
	want.SID, want.ReceiveMode = have.SID, have.ReceiveMode
	d.state[address] = want
}

// queues makes and sizes the queues that the bundle names, and removes those of
// ours that nothing needs any longer.
func (d *desiring) queues(rows []bundle.QueueRow) {
	theirs := d.theirs()
	needed := queues(alive(d.Records, d.Now))
	for _, row := range rows {
		needed[row.FriendlyName] = true
		address := Address{KindQueue, row.FriendlyName}
		have, exists := d.State[address].(twilio.CallQueue)
		if other, shared := theirs[row.FriendlyName]; shared && exists && have.MaxSize != row.MaxSize {
			d.problem(address, "another deployment needs this queue with max_callers = %d: %s. Set the same here, or give the project or the queue another name.", have.MaxSize, other)
			continue
		}
		d.state[address] = twilio.CallQueue{SID: have.SID, MaxSize: row.MaxSize}
	}
	for name := range queues(d.Records) {
		_, shared := theirs[name]
		if !needed[name] && !shared && d.Waiting[name] == 0 && len(d.Damaged) == 0 {
			delete(d.state, Address{KindQueue, name})
		}
	}
}

// emptyStore refuses a store that remembers nothing, although calls are answered
// from the base URL already: it may be another one, or not tell what it holds.
func (d *desiring) emptyStore() {
	if len(d.all.All) > 0 || len(d.Damaged) > 0 || d.target.AllowEmptyStore {
		return
	}
	for _, phone := range d.State.Names(KindNumber) {
		n, _ := d.State.number(phone)
		if directory, name, _ := strings.Cut(d.owner.path(n.VoiceURL), "/"); d.owner.answers(n) && name != "" && bundle.KindOf(directory) == bundle.KindNumber {
			d.problem(Address{KindNumber, phone}, "it is answered from %s, but %s has no record of any release. Check that this is the right store. If its records are lost, use -allow-empty-store.", d.owner.BaseURL, d.target.storeName(d.store))
		}
	}
}

// objects lists the files of a bundle by their keys in the store, without the
// manifest of the release, which is written last.
func objects(b *bundle.Bundle) map[string]Object {
	files := map[string]Object{}
	for _, f := range b.Manifest.Files {
		files["public/"+f.Path] = Object{f.SHA256, int64(f.Size)}
	}
	for name, data := range b.Private() {
		if strings.HasPrefix(name, "components/") {
			files["private/"+name] = Object{digest(data), int64(len(data))}
		}
	}
	return files
}
