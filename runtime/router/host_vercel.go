package router

import (
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Vercel has rules and no code, as Netlify has: the first whose path and
// parameters fit answers, unless there is a file at the address. Each name of an
// answer has one rule, with the values that mean it:
//
//	/:component/:decision(digits…)  Digits is 2  →  /:component/:decision.2.xml
//	/:component/:decision(digits…)               →  /:component/:decision._.xml
//
// JSON has no comments, so what an operator must know is in the documentation.

var vercel = Host{
	Name: "vercel", Title: "Vercel",
	Deviations: []Deviation{
		{Case: CaseRepeated, Answer: "the answer to the last of the values", Why: "rules do not see that a parameter is repeated. Twilio does not repeat one"},
		{Case: CaseEncoded, Answer: "the answer to the value", Why: "Vercel decodes values before it compares them. Twilio does not encode these"},
		{Case: CaseEncodedName, Answer: "the answer to the value", Why: "Vercel decodes the names of parameters. Twilio does not encode them"},
		{Case: CasePost, Answer: "the document", Why: "rewrites do not see the method. Vercel documents that it [refuses](https://vercel.com/docs/errors/INVALID_REQUEST_METHOD) methods that it does not support, but not which"},
		{Case: CasePostNothing, Status: 404, Answer: "404", Why: "rewrites do not see the method"},
		{Case: CaseOtherMethod, Answer: "the document", Why: "rewrites do not see the method"},
	},
	files: []hostFile{{"vercel.json", vercelText, vercelParts}},
}

const vercelText = `
{
  "$schema": "https://openapi.vercel.sh/vercel.json",
  "framework": null,
  "buildCommand": "",
  "outputDirectory": «published»,
  "cleanUrls": false,
  "headers": [
«headers»
    {
      "source": "/(.*)",
      "headers": [{ "key": "X-Content-Type-Options", "value": "nosniff" }]
    }
  ],
  "rewrites": [
«rewrites»
  ]
}
`

func vercelParts(d *hostData) holes {
	header := func(source, contentType string) string {
		return d.fill(`
    {
      "source": «source»,
      "headers": [
        { "key": "Cache-Control", "value": «kept» },
        { "key": "Content-Type", "value": «type» }
      ]
    },`, holes{"source": inJSON(source), "kept": inJSON(forEver[0]), "type": inJSON(contentType)})
	}
	var headers, rewrites []string
	for _, t := range d.types {
		headers = append(headers, header(d.prefix+`/(.*)\.`+t.extension, t.full))
	}
	for _, decision := range d.decisions {
		headers = append(headers, header(vercelSource(d, decision), d.types[0].full))
	}
	for _, decision := range d.decoded {
		rewrites = append(rewrites, vercelRewrites(d, decision)...)
	}
	return holes{
		"published": inJSON(d.published()), "headers": strings.Join(headers, "\n"), "rewrites": strings.Join(rewrites, ",\n"),
	}
}

// vercelSource fits the paths of a decision.
func vercelSource(d *hostData, decision bundle.Decision) string {
	return d.prefix + "/:component/:decision(" + segment(decision) + ")"
}

func vercelRewrites(d *hostData, decision bundle.Decision) []string {
	rewrite := func(has, name string) string {
		return d.fill(`
    {
      "source": «source»,
«has»
      "destination": «destination»
    }`, holes{
			"source": inJSON(vercelSource(d, decision)), "has": has,
			"destination": inJSON(d.prefix + "/:component/:decision." + name + ".xml"),
		})
	}
	query := func(parameter, pattern string) string {
		return d.fill(`{ "type": "query", "key": «parameter», "value": «pattern» }`,
			holes{"parameter": inJSON(parameter), "pattern": inJSON(pattern)})
	}
	var rewrites []string
	if u := decision.Unless; u != nil {
		rewrites = append(rewrites, rewrite(d.fill(`
      "has": [
        «first»,
        «second»
      ],`, holes{
			"first": query(decision.Parameter, quoteRegexp(u.Is)), "second": query(u.Parameter, quoteRegexp(u.Equals)),
		}), u.Then))
	}
	for _, value := range decision.Values {
		has := d.fill(`      "has": [«query»],`, holes{"query": query(decision.Parameter, alternatives(value.Spellings))})
		rewrites = append(rewrites, rewrite(has, value.Name))
	}
	return append(rewrites, rewrite("", bundle.Otherwise))
}
