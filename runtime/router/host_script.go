package router

import "text/template"

// The hosts that run JavaScript share the table and the rule. The rule is that
// of Route, line by line, in the JavaScript that CloudFront understands, which
// is the least of the three: no for…of, no destructuring.

// scripts are the parts of a script that several hosts have in common.
const scripts = `
{{- define "decisions" -}}
// Which parameter decides, and what its values mean.
const decisions = {
{{- range .}}
  {{.Prefix}}: {
    parameter: '{{.Parameter}}',
    answers: {
{{- range .Values}}{{$name := .Name}}{{range .Spellings}}
      '{{.}}': '{{$name}}',
{{- end}}{{end}}
    },
{{- with .Unless}}
    unless: { is: '{{.Is}}', parameter: '{{.Parameter}}', equals: '{{.Equals}}', then: '{{.Then}}' },
{{- end}}
  },
{{- end}}
};
{{- end}}

{{- define "answer" -}}
// The name of the answer to a decision. only(parameter) is the value of a
// parameter that is there exactly once, and otherwise nothing.
function answer(decision, only) {
  const value = only(decision.parameter);
  const listed = Object.prototype.hasOwnProperty.call(decision.answers, value);
  const name = listed ? decision.answers[value] : '{{.Otherwise}}';
  const unless = decision.unless;
  return unless && name === unless.is && only(unless.parameter) === unless.equals ? unless.then : name;
}
{{- end}}

{{- define "document" -}}
// The path of the document that answers a path and a query.
function documentOf(path, query) {
  const match = /\/({{range $i, $d := .Decisions}}{{if $i}}|{{end}}{{$d.Prefix}}{{end}})(?:-[^\/.]*)?$/.exec(path);
  if (!match) {
    return path;
  }
  const only = function (parameter) {
    const found = query.split('&').filter(function (pair) {
      return pair === parameter || pair.startsWith(parameter + '=');
    });
    return found.length === 1 ? found[0].slice(parameter.length + 1) : '';
  };
  return path + '.' + answer(decisions[match[1]], only) + '.xml';
}
{{- end}}
`

// scriptTemplate parses a template that may use these parts.
func scriptTemplate(text string) *template.Template {
	return template.Must(hostTemplate(text).Parse(scripts))
}
