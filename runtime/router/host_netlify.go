package router

import (
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Netlify has rules and no code. The first rule whose path and parameters fit
// answers, unless there is a file at the address; so there is one rule for each
// listed value, and one without a parameter behind them:
//
//	/:component/digits-*  Digits=2  →  /:component/digits-:splat.2.xml
//	/:component/digits-*            →  /:component/digits-:splat._.xml
//
// A placeholder for the value would need one rule only, but would let any value
// into the path. Rules are for kinds of decisions, so their number does not grow
// with the bundle. Netlify decodes values before it compares them.

var netlify = Host{
	Name: "netlify", Title: "Netlify",
	Deviations: []Deviation{
		{Case: CaseRepeated, Answer: "the answer to the last of the values", Why: "rules do not see that a parameter is repeated. Twilio does not repeat one"},
		{Case: CaseEncoded, Answer: "the answer to the value", Why: "Netlify decodes values before it compares them. Twilio does not encode these"},
		{Case: CaseUnclean, Answer: "the document of the clean path", Why: "the matcher passes over empty segments. Twilio sends the paths that documents name, and they are clean"},
		{Case: CasePost, Answer: "the document", Why: "rules do not see the method. What Netlify itself says to a POST is not documented, so look at the method of each number when calls do not go on"},
		{Case: CasePostNothing, Status: 404, Answer: "404", Why: "rules do not see the method"},
		{Case: CaseOtherMethod, Answer: "the document", Why: "rules do not see the method"},
	},
	files: []hostFile{{"netlify.toml", netlifyText, netlifyParts}},
}

const netlifyText = `
# netlify.toml, made by "ivrc router netlify". Do not change it; make it again.
#
# How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
# Put this file beside the folder «published» that is published«below»: netlify deploy --prod
#
# Turn off "Force HTTPS" for the domain, if you do not give Twilio https://
# addresses: it follows a redirect, but without the key that the caller pressed.

[build]
publish = "«published»" # and nothing above it

[build.processing]
skip_processing = true # addresses stay as they are

[[headers]]
for = "/*"
[headers.values]
Cache-Control = "«keep»"
X-Content-Type-Options = "nosniff"

«rules»

`

func netlifyParts(d *hostData) holes {
	below := ""
	if d.prefix != "" {
		below = d.fill(`. What the bundle has in
# public/ belongs into «published»«prefix»/, and nothing else is ever readable`, holes{"published": d.published()})
	}
	var rules []string
	for _, decision := range d.decoded {
		// With a hyphen and something behind it, and without.
		rules = append(rules, netlifyRules(d, decision, decision.Prefix+"-*", decision.Prefix+"-:splat")...)
		rules = append(rules, netlifyRules(d, decision, decision.Prefix, decision.Prefix)...)
	}
	return holes{"published": d.published(), "below": below, "rules": strings.Join(rules, "\n\n")}
}

// published is the folder that hosts publish which take a folder as it is:
// public/, or one that holds it under the path of the base URL.
func (d *hostData) published() string {
	if d.prefix != "" {
		return "site"
	}
	return "public"
}

// netlifyRules are the rules for one form of a decision's last segment.
func netlifyRules(d *hostData, decision bundle.Decision, from, to string) []string {
	rule := func(query, name string) string {
		return d.fill(`
[[redirects]]
from = "«prefix»/:component/«from»"
«query»
to = "«prefix»/:component/«to».«name».xml"
status = 200`, holes{"from": from, "query": query, "to": to, "name": name})
	}
	var rules []string
	if u := decision.Unless; u != nil {
		rules = append(rules, rule(d.fill(`query = { «parameter» = "«is»", «second» = "«equals»" }`,
			holes{"parameter": decision.Parameter, "is": u.Is, "second": u.Parameter, "equals": u.Equals}), u.Then))
	}
	for _, value := range decision.Values {
		for _, spelling := range value.Spellings {
			rules = append(rules, rule(d.fill(`query = { «parameter» = "«spelling»" }`,
				holes{"parameter": decision.Parameter, "spelling": spelling}), value.Name))
		}
	}
	return append(rules, rule("", bundle.Otherwise))
}
