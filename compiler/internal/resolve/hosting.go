package resolve

// Resolving the hosting block: where the bundle is served, and by whom decisions
// are answered. Most hosts answer them beside the documents. Two answer at an
// address of their own, for buckets that can answer none; links to decisions are
// then absolute:
//
//	serve        action="digits-1~1.2"
//	twiml-bin    action="https://handler.twilio.com/twiml/EH…?ask=digits&at=menu.main-<hash>/digits-1"

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
)

// routers are the hosts that can answer decisions; see docs/hosting.md.
var routers = []string{
	"serve", "nginx", "nginx-njs", "caddy", "apache", "cloudfront", "cloudflare", "netlify", "vercel", routerBin, RouterFunction,
}

// The routers that answer at an address of their own.
const (
	routerBin      = model.RouterBin
	RouterFunction = "twilio-function"
)

// A Serving says what is known of where the bundle is served, beside what the
// configuration says.
type Serving struct {
	BaseURL string // "" as the hosting block says
	Answers bool   // decisions are answered beside the documents, whatever the hosting block says
}

// hosting resolves where the bundle is served.
func (r *resolver) hosting(in Serving) {
	h, e := &r.model.Hosting, r.eval.Chosen
	for i, b := range r.config.Hosting {
		if i > 0 {
			r.diags.Report("IVR111", b.Range, "There is a hosting block already, at %s.", diagnostic.Place(r.config.Hosting[0].Range))
			break
		}
		h.At = b.Range
		if text, at, ok := r.text(b.BaseURL); ok && checkPlainURL(r.diags, text, at) {
			h.BaseURL = bundle.CanonicalURL(text) + "/"
		}
		store, at, _ := r.text(b.Store)
		h.Deployment.Store = store
		h.Deployment.Router = routers[r.choice(b.Router, "router", routers)]
		if e == nil || e.Store == "" {
			r.checkStore(at)
		}
		r.decisions(b, in.BaseURL != "" || e != nil && e.BaseURL != "")
	}
	r.chosen()
	if in.BaseURL != "" {
		h.BaseURL = bundle.CanonicalURL(in.BaseURL) + "/"
	}
	if !in.Answers {
		h.DecisionsURL = h.Deployment.Decisions
	}
}

// Where routers read the documents that others upload. The rest read from either.
var (
	readObjects = []string{"cloudfront", "cloudflare"}
	readFiles   = []string{"nginx", "nginx-njs", "caddy", "apache", "netlify", "vercel"}
)

// checkStore reports a store from which the router does not read.
func (r *resolver) checkStore(at hcl.Range) {
	d := &r.model.Hosting.Deployment
	objects := strings.HasPrefix(d.Store, "s3://")
	switch {
	case d.Store == "":
	case objects && slices.Contains(readFiles, d.Router):
		r.diags.Report("IVR607", at, "The router %s reads files, and the store is a bucket. Use a directory, or see to it that the bucket is mounted where the router reads.", d.Router)
	case !objects && slices.Contains(readObjects, d.Router):
		r.diags.Report("IVR607", at, "The router %s reads from a bucket, and the store is a directory. Use the bucket: store = \"s3://bucket/prefix\".", d.Router)
	}
}

// decisions resolves where decisions are answered. Located says that the address
// of the documents comes from outside.
func (r *resolver) decisions(b config.HostingBlock, located bool) {
	d := &r.model.Hosting.Deployment
	text, at, ok := r.text(b.DecisionsURL)
	remote := slices.Contains([]string{routerBin, RouterFunction}, d.Router)
	switch {
	case ok && !remote:
		r.diags.Report("IVR426", at, "The router %s answers decisions beside the documents, so this address would never be asked. Remove it, or choose the router %s or %s.", d.Router, routerBin, RouterFunction)
	case ok && checkPlainURL(r.diags, text, at):
		d.Decisions = text
	case ok || !remote:
	case b.DecisionsURL == nil:
		r.diags.Report("IVR425", b.Router.Expr.Range(), "The router %s answers decisions at an address of its own. Create it at Twilio and say where it is: decisions_url = %q.", d.Router, exampleDecisionsURL[d.Router])
	}
	if remote && b.BaseURL == nil && !located {
		r.diags.Report("IVR425", b.Router.Expr.Range(), "The router %s has to name the documents by their addresses, and the configuration does not say where they are. Add base_url = \"https://calls.example.com\".", d.Router)
	}
}

// exampleDecisionsURL is what the addresses of routers look like.
var exampleDecisionsURL = map[string]string{
	routerBin:      "https://handler.twilio.com/twiml/EH00000000000000000000000000000000",
	RouterFunction: "https://calls-1234.twil.io/decide",
}

// checkRouter reports what the router cannot do for users and numbers. What a
// user is asked who confirms may be made of Say, Play, Gather and Hangup:
// https://www.twilio.com/docs/voice/twiml/number#attributes-url.
func (r *resolver) checkRouter() {
	router := r.model.Hosting.Deployment.Router
	for _, u := range r.model.Users {
		if u.Confirm && (router == routerBin || router == RouterFunction) {
			r.diags.Report("IVR609", u.At, "The router %s answers what the user presses with a redirect, which Twilio does not document for this question. Call the user and try it, or choose a router that answers beside the documents.", router)
		}
	}
	r.checkClock(router)
	for _, n := range r.model.Nodes {
		if a, ok := n.(*model.ApplicationNode); ok && (router == routerBin || router == RouterFunction) {
			r.diags.Report("IVR426", a.At, "The router %s is not asked when an application fails, because numbers fall back to documents, so callers could not go on. Choose a router that answers beside the documents.", router)
		}
	}
	if router != routerBin {
		return
	}
	for _, n := range r.model.Nodes {
		if m, ok := n.(*model.MenuNode); ok && len(m.Extensions) > 0 {
			r.diags.Report("IVR426", m.Extensions[0].At, "The router %s tells single keys apart and no numbers of several digits, because templates of TwiML Bins compare no values. Remove them, or choose another router, such as %s.", routerBin, RouterFunction)
		}
		if split, ok := n.(*model.SplitNode); ok {
			r.diags.Report("IVR426", split.At, "The router %s cannot share calls out, because templates of TwiML Bins compare no values. Choose another router: %s, with its decisions_url, or one that answers beside the documents: %s.", routerBin, RouterFunction, strings.Join(routers[:len(routers)-2], ", "))
		}
		if c, ok := n.(*model.CallersNode); ok {
			r.diags.Report("IVR426", c.At, "The router %s cannot tell callers apart by their numbers, because templates of TwiML Bins compare no values. Choose another router: %s, with its decisions_url, or one that answers beside the documents: %s.", routerBin, RouterFunction, strings.Join(routers[:len(routers)-2], ", "))
		}
	}
	for _, n := range r.model.Numbers {
		if n.Anonymous != nil {
			r.diags.Report("IVR426", n.Anonymous.At, "The router %s cannot tell callers apart by their numbers, because templates of TwiML Bins compare no values. Remove anonymous, or choose another router, such as %s.", routerBin, RouterFunction)
		}
	}
}

// clockless are the routers that cannot look at a clock when they answer.
var clockless = []string{"nginx", "caddy", "apache", routerBin}

// checkClock reports hours that the router cannot answer.
func (r *resolver) checkClock(router string) {
	if !slices.Contains(clockless, router) {
		return
	}
	var can []string
	for _, other := range routers {
		if !slices.Contains(clockless, other) {
			can = append(can, other)
		}
	}
	last := len(can) - 1
	for _, n := range r.model.Nodes {
		if h, ok := n.(*model.HoursNode); ok {
			r.diags.Report("IVR469", h.At, "The router %s answers without looking at a clock. These can: %s and %s. Where the documents have to stay, router = %q answers at an address of its own, its decisions_url.", router, strings.Join(can[:last], ", "), can[last], RouterFunction)
			return
		}
	}
}
