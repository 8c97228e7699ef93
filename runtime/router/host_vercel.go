package router

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
	files: []hostFile{{"vercel.json", hostTemplate(vercelText)}},
}

const vercelText = `
{
  "$schema": "https://openapi.vercel.sh/vercel.json",
  "framework": null,
  "buildCommand": "",
  "outputDirectory": {{json .Published}},
  "cleanUrls": false,
  "headers": [
{{- range .Types}}
    {
      "source": {{json (print $.Prefix "/(.*)\\." .Extension)}},
      "headers": [
        { "key": "Cache-Control", "value": {{json $.Keep}} },
        { "key": "Content-Type", "value": {{json .Type}} }
      ]
    },
{{- end}}
{{- range .Decisions}}
    {
      "source": {{json (print $.Prefix "/:component/:decision(" (segment .) ")")}},
      "headers": [
        { "key": "Cache-Control", "value": {{json $.Keep}} },
        { "key": "Content-Type", "value": {{json (index $.Types 0).Type}} }
      ]
    },
{{- end}}
    {
      "source": "/(.*)",
      "headers": [{ "key": "X-Content-Type-Options", "value": "nosniff" }]
    }
  ],
  "rewrites": [
{{- range $i, $d := .Decoded}}{{if $i}},{{end}}
{{- $source := json (print $.Prefix "/:component/:decision(" (segment .) ")")}}
{{- with .Unless}}
    {
      "source": {{$source}},
      "has": [
        { "type": "query", "key": {{json $d.Parameter}}, "value": {{json (quote .Is)}} },
        { "type": "query", "key": {{json .Parameter}}, "value": {{json (quote .Equals)}} }
      ],
      "destination": {{json (print $.Prefix "/:component/:decision." .Then ".xml")}}
    },
{{- end}}
{{- range .Values}}
    {
      "source": {{$source}},
      "has": [{ "type": "query", "key": {{json $d.Parameter}}, "value": {{json (alternatives .Spellings)}} }],
      "destination": {{json (print $.Prefix "/:component/:decision." .Name ".xml")}}
    },
{{- end}}
    {
      "source": {{$source}},
      "destination": {{json (print $.Prefix "/:component/:decision." $.Otherwise ".xml")}}
    }
{{- end}}
  ]
}
`
