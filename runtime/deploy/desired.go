package deploy

// What should be. Desired starts from what is live: whatever is not ours, and
// whatever must outlive the deployment, is copied from there, so that Diff and
// Apply need no exceptions.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// A Target is where a bundle is deployed to.
type Target struct {
	Project string
	BaseURL string          // under which the documents are served, without a final slash
	Account string          // SID
	Adopt   map[string]bool // numbers that are taken from a TwiML app or a trunk
	Store   string          // how plans name the store; "" is as the store names itself

	DecisionsURL string // where decisions are answered, if not beside the documents
}

// storeName is how plans name a store: as the configuration does, so that a
// plan may be made in one directory and applied in another.
func (t Target) storeName(s store.Store) string { return cmp.Or(t.Store, s.String()) }

// path is what a URL names below the base URL, or "".
func (t Target) path(url string) string {
	path, _ := strings.CutPrefix(url, t.BaseURL+"/")
	if path == url {
		return ""
	}
	return path
}

// ours reports whether a number's calls are answered by documents of ours.
func (t Target) ours(n twilio.PhoneNumber) bool {
	return n.ApplicationSID == "" && n.TrunkSID == "" && strings.HasPrefix(n.VoiceURL, t.BaseURL+"/")
}

// oursQueue reports whether a queue belongs to the project.
func (t Target) oursQueue(name string) bool { return strings.HasPrefix(name, t.Project+"/") }

// A Problem is a reason why something cannot be deployed: which resource, what
// is wrong with it, and what to do.
type Problem struct {
	Address Address `json:"address"`
	Text    string  `json:"text"`
}

func (p Problem) Error() string { return p.Address.String() + ": " + p.Text }

// A History is what is known about numbers and queues from earlier releases.
type History struct {
	Settings map[string]twilio.PhoneNumber // of numbers before they were adopted, by E.164
	Queues   map[string]bool               // that a live release names
	Waiting  map[string]int                // callers who wait in a queue now
}

// Desired is the state once a bundle is deployed.
func Desired(live State, b *bundle.Bundle, t Target, h History) (State, []Problem) {
	w := desiring{live: live, desired: State{}, target: t, history: h}
	for address, resource := range live {
		w.desired[address] = resource
	}
	for name, file := range objects(b) {
		address := Address{KindObject, name}
		if _, there := live[address]; !there {
			w.desired[address] = file
		}
	}
	named := map[string]bool{}
	for _, n := range b.Manifest.Numbers {
		named[n.PhoneNumber] = true
		w.number(n, b.Manifest.Fallback)
	}
	for _, phone := range live.Names(KindNumber) {
		if !named[phone] {
			w.letGo(phone)
		}
	}
	w.queues(b.Manifest.Queues)
	slices.SortFunc(w.problems, func(a, b Problem) int { return strings.Compare(a.Error(), b.Error()) })
	return w.desired, w.problems
}

type desiring struct {
	live, desired State
	target        Target
	history       History
	problems      []Problem
}

func (w *desiring) problem(a Address, format string, args ...any) {
	w.problems = append(w.problems, Problem{a, fmt.Sprintf(format, args...)})
}

// number points a number at its document.
func (w *desiring) number(n bundle.NumberRow, fallback string) {
	address := Address{KindNumber, n.PhoneNumber}
	have, there := w.live.number(n.PhoneNumber)
	switch {
	case !there:
		w.problem(address, "the account has no such number. Buy it, or move it to this account, and make a new plan.")
		return
	case have.TrunkSID != "" && !w.target.Adopt[n.PhoneNumber]:
		w.problem(address, "a SIP trunk answers this number, so its voice URL would be ignored. Remove it from the trunk, or set adopt = true in the number block.")
		return
	case have.ApplicationSID != "" && !w.target.Adopt[n.PhoneNumber]:
		w.problem(address, "a TwiML app answers this number, so its voice URL would be ignored. Remove it from the app, or set adopt = true in the number block.")
		return
	case have.ReceiveMode == "fax":
		w.problem(address, "this number receives faxes and does not answer calls. Set it to receive voice calls in Twilio's console.")
		return
	}
	if n.Fallback != "" {
		fallback = n.Fallback
	}
	want := have
	want.ApplicationSID, want.TrunkSID = "", ""
	want.VoiceURL, want.VoiceMethod = w.target.BaseURL+"/"+n.Answer, "GET"
	want.FallbackURL, want.FallbackMethod = w.target.BaseURL+"/"+fallback, "GET"
	w.desired[address] = want
}

// letGo gives a number of ours that the configuration does not name any longer
// its former settings back. It is never released.
func (w *desiring) letGo(phone string) {
	address := Address{KindNumber, phone}
	have, _ := w.live.number(phone)
	if !w.target.ours(have) {
		return
	}
	want, known := w.history.Settings[phone]
	if !known {
		want = have
		want.VoiceURL, want.FallbackURL = "", ""
	}
	want.SID, want.ReceiveMode = have.SID, have.ReceiveMode
	w.desired[address] = want
}

// queues makes and sizes the queues that the bundle names, and removes those of
// the project that nothing needs any longer.
func (w *desiring) queues(named []bundle.QueueRow) {
	needed := map[string]bool{}
	for _, q := range named {
		needed[q.FriendlyName] = true
		address := Address{KindQueue, q.FriendlyName}
		have, _ := w.live[address].(twilio.CallQueue)
		w.desired[address] = twilio.CallQueue{SID: have.SID, MaxSize: q.MaxSize}
	}
	for _, name := range w.live.Names(KindQueue) {
		if w.target.oursQueue(name) && !needed[name] && !w.history.Queues[name] && w.history.Waiting[name] == 0 {
			delete(w.desired, Address{KindQueue, name})
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
