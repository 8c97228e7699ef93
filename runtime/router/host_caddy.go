package router

// Caddy's maps are evaluated when something asks for them. The first finds a
// parameter in the raw query, because {query.Digits} is decoded and joins several
// values by commas; the second turns its value into the answer; a rewrite does
// the rest:
//
//	/menu.main-x/digits-1?Digits=2   {ivrc_sent_digits} 2, {ivrc_digits} 2, /menu.main-x/digits-1.2.xml
//
// Headers are set where a file exists and not before, because Caddy keeps them
// when an error follows.

var caddy = Host{
	Name: "caddy", Title: "Caddy",
	Deviations: []Deviation{
		{Case: CaseUnclean, Answer: "the document of the clean path", Why: "Caddy cleans a path before it looks at it. Twilio sends the paths that documents name, and they are clean"},
	},
	files: []hostFile{{"ivrc.caddy", hostTemplate(caddyText)}},
}

const caddyText = `
# ivrc.caddy, made by "ivrc router caddy". Do not change it; make it again.
#
# How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
# Put this file beside the Caddyfile and import it into the site:
#
#     {{.HostName}} {
#         import ivrc.caddy
#     }
#
# There must be no redirect in front of it: Twilio follows one, but without the
# key that the caller pressed.

handle{{if .Prefix}}_path {{.Prefix}}/*{{end}} {
	root * {{.Folder}} # public/ of the bundle, and nothing above it

	# A parameter as it was sent, if it is there exactly once; otherwise nothing.
{{- range .Parameters}}
	map {query} {ivrc_sent_{{lower .}}} {
		"~(?:^|&){{.}}(?:[=&].*)?&{{.}}(?:[=&]|$)" ""
		"~(?:^|&){{.}}=([^&]*)" "${1}"
		default ""
	}
{{- end}}

	# What its value means: the closed list, and {{.Otherwise}} for everything else.
{{- range .Decisions}}
{{- $unless := .Unless}}
	map {{if $unless}}"{ivrc_sent_{{lower .Parameter}}}&{ivrc_sent_{{lower $unless.Parameter}}}"{{else}}{ivrc_sent_{{lower .Parameter}}}{{end}} {ivrc_{{.Prefix}}} {
{{- with $unless}}
		"{{.Is}}&{{.Equals}}" {{.Then}}
{{- end}}
{{- range .Values}}{{$name := .Name}}{{range .Spellings}}
		{{if $unless}}"~^{{quote .}}&"{{else}}"{{.}}"{{end}} {{$name}}
{{- end}}{{end}}
		default {{$.Otherwise}}
	}
{{- end}}

	route {
		# Documents are read and nothing else.
		@ivrc_refused not method GET HEAD
		header @ivrc_refused Allow "{{.Allow}}"
		header @ivrc_refused Cache-Control "{{.Forget}}"
		respond @ivrc_refused ` + "`{{.Refusal}}`" + ` 405

		# The document that answers a decision.
{{- range .Decisions}}
		@ivrc_{{.Prefix}} path_regexp ivrc_{{.Prefix}} ^(/(?:.+/)?{{segment .}})$
		rewrite @ivrc_{{.Prefix}} {re.ivrc_{{.Prefix}}.1}.{ivrc_{{.Prefix}}}.xml
{{- end}}

		@ivrc_found {
			path{{range .Types}} *.{{.Extension}}{{end}}
			file {path}
		}
		handle @ivrc_found {
			header Cache-Control "{{.Keep}}"
			header X-Content-Type-Options nosniff
{{- range .Types}}
			@ivrc_{{.Extension}} path *.{{.Extension}}
			header @ivrc_{{.Extension}} Content-Type "{{.Type}}"
{{- end}}
			file_server
		}
		header Cache-Control "{{.Forget}}"
		respond 404
	}
}
`
