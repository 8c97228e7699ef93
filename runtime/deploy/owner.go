package deploy

// Whose a number, a queue or a release is. Several deployments may share an
// account and a store: production and staging, or two projects. What is ours is
// what the records in the store say, not what an address looks like:
//
//	20260102…  production  https://calls.zillum.example    +14155550100 ─▶ number.main-a/from
//	20260103…  staging     https://staging.zillum.example  +14155550101 ─▶ number.main-b/from
//
// A number belongs to the deployment that wrote the newest record which names it,
// for as long as its calls are answered below the base URL of that deployment.
//
// Where a store is not shared, its records do not know the other deployments. The
// configuration does: a number that is answered below the base URL of another
// environment of it belongs to that one.

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/store"
	"github.com/ivrc/ivrc/runtime/twilio"
)

// An Owner is a deployment, to which releases, numbers and queues belong. Two
// owners are the same if they are equal.
type Owner struct {
	Project     string
	Account     string // SID
	Environment string // "" if the project has one alone
	BaseURL     string // as [bundle.CanonicalURL] writes it
}

// String writes an owner for people: `project "zillum" at https://calls.zillum.example`.
func (o Owner) String() string {
	text := fmt.Sprintf("project %q", o.Project)
	if o.Environment != "" {
		text += fmt.Sprintf(", environment %q,", o.Environment)
	}
	return text + " at " + o.BaseURL
}

// path is what a URL names below the base URL, or "".
func (o Owner) path(address string) string {
	path, below := strings.CutPrefix(bundle.CanonicalURL(address), o.BaseURL+"/")
	if !below {
		return ""
	}
	return path
}

// answers reports whether the calls of a number are answered below the base URL.
func (o Owner) answers(n twilio.PhoneNumber) bool {
	return n.ApplicationSID == "" && n.TrunkSID == "" && o.path(n.VoiceURL) != ""
}

// A Target is where a bundle is deployed to.
type Target struct {
	Project     string
	Environment string          // "" if the project has one alone
	BaseURL     string          // under which the documents are served
	Account     string          // SID
	Adopt       map[string]bool // numbers that are taken from a TwiML app, a trunk or another deployment
	Store       string          // how plans name the store; "" is as the store names itself

	Others []Owner // the other environments of the configuration, as far as it says where they are

	DecisionsURL string // where decisions are answered, if not beside the documents

	// AllowEmptyStore lets a store without any record be deployed to although
	// numbers are answered from the base URL already.
	AllowEmptyStore bool
}

// Owner is the deployment that the target belongs to.
func (t Target) Owner() Owner {
	return Owner{t.Project, t.Account, t.Environment, bundle.CanonicalURL(t.BaseURL)}
}

// neighbour is the other environment of the configuration that answers a number, or
// nil. An address may lie below that of another one: the longest counts.
func (t Target) neighbour(n twilio.PhoneNumber) *Owner {
	var found *Owner
	longest := ""
	if own := t.Owner(); own.answers(n) {
		longest = own.BaseURL
	}
	for i, o := range t.Others {
		if o.BaseURL != "" && len(o.BaseURL) > len(longest) && o.answers(n) {
			found, longest = &t.Others[i], o.BaseURL
		}
	}
	return found
}

// storeName is how plans name a store: as the configuration does, so that a
// plan may be made in one directory and applied in another.
func (t Target) storeName(s store.Store) string { return cmp.Or(t.Store, s.String()) }

// Owner is the deployment that wrote the record.
func (r *ReleaseRecord) Owner() Owner {
	return Owner{r.Project, r.Account, r.Environment, bundle.CanonicalURL(r.BaseURL)}
}
