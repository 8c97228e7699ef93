package router

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
	files: []hostFile{{"netlify.toml", hostTemplate(netlifyText)}},
}

const netlifyText = `
# netlify.toml, made by "ivrc router netlify". Do not change it; make it again.
#
# How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
# Put this file beside the folder {{.Published}} that is published{{if .Prefix}}. What the bundle has in
# public/ belongs into {{.Published}}{{.Prefix}}/, and nothing else is ever readable{{end}}: netlify deploy --prod
#
# Turn off "Force HTTPS" for the domain, if you do not give Twilio https://
# addresses: it follows a redirect, but without the key that the caller pressed.

[build]
publish = "{{.Published}}" # and nothing above it

[build.processing]
skip_processing = true # addresses stay as they are

[[headers]]
for = "/*"
[headers.values]
Cache-Control = "{{.Keep}}"
X-Content-Type-Options = "nosniff"
{{range .Decoded}}{{$d := .}}{{range $.NetlifyPaths .Prefix}}{{$path := .}}
{{- with $d.Unless}}
[[redirects]]
from = "{{$.Prefix}}/:component/{{$path.From}}"
query = { {{$d.Parameter}} = "{{.Is}}", {{.Parameter}} = "{{.Equals}}" }
to = "{{$.Prefix}}/:component/{{$path.To}}.{{.Then}}.xml"
status = 200
{{end}}
{{- range $d.Values}}{{$name := .Name}}{{range .Spellings}}
[[redirects]]
from = "{{$.Prefix}}/:component/{{$path.From}}"
query = { {{$d.Parameter}} = "{{.}}" }
to = "{{$.Prefix}}/:component/{{$path.To}}.{{$name}}.xml"
status = 200
{{end}}{{end}}
[[redirects]]
from = "{{$.Prefix}}/:component/{{$path.From}}"
to = "{{$.Prefix}}/:component/{{$path.To}}.{{$.Otherwise}}.xml"
status = 200
{{end}}{{end}}
`

// Published is the folder that hosts publish which take a folder as it is:
// public/, or one that holds it under the path of the base URL.
func (d *hostData) Published() string {
	if d.Prefix != "" {
		return "site"
	}
	return "public"
}

// A netlifyPath is the last segment of a decision's path in a rule.
type netlifyPath struct{ From, To string }

// NetlifyPaths are the two forms of a decision's last segment: with a hyphen and
// something behind it, and without.
func (d *hostData) NetlifyPaths(prefix string) []netlifyPath {
	return []netlifyPath{{prefix + "-*", prefix + "-:splat"}, {prefix, prefix}}
}
