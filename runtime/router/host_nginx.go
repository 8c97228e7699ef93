package router

// nginx chooses by maps, which are evaluated when a request needs them and not
// before. The first finds a parameter in the query, because nginx's own $arg_
// variables take the first of several and do not tell Digits from digits. The
// second turns its value into the answer, and the third the path of the request
// into that of the document:
//
//	/menu.main-x/digits-1?Digits=2   $ivrc_sent_digits 2, $ivrc_digits 2, $ivrc_document /menu.main-x/digits-1.2.xml
//
// Maps belong into the http block and the rest into a server block, so there are
// two files.

var nginx = Host{
	Name: "nginx", Title: "nginx",
	Deviations: []Deviation{
		{Case: CaseLong, Status: 414, Answer: "414", Why: "nginx takes request lines of 8 kB (`large_client_header_buffers`). Twilio sends about 1 kB"},
		{Case: CaseUnclean, Answer: "the document of the clean path", Why: "nginx cleans a path before it looks at it. Twilio sends the paths that documents name, and they are clean"},
	},
	files: []hostFile{
		{"ivrc-maps.conf", hostTemplate(nginxMaps)},
		{"ivrc-server.conf", hostTemplate(nginxServer)},
	},
}

const nginxMaps = `
# ivrc-maps.conf, made by "ivrc router nginx". Do not change it; make it again.
#
# How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
# Put this file where nginx reads the http block, as a rule in /etc/nginx/conf.d/.
# ivrc-server.conf goes into the server block.

# A parameter as it was sent, if it is there exactly once; otherwise nothing.
{{- range .Parameters}}
map $args $ivrc_sent_{{lower .}} {
    default "";
    "~{{once .}}(?<ivrc_raw_{{lower .}}>[^&]*+){{notAgain .}}" $ivrc_raw_{{lower .}};
}
{{- end}}

# What its value means: the closed list, and {{.Otherwise}} for everything else.
{{- range .Decisions}}
{{- $unless := .Unless}}
map {{if $unless}}"$ivrc_sent_{{lower .Parameter}}&$ivrc_sent_{{lower $unless.Parameter}}"{{else}}$ivrc_sent_{{lower .Parameter}}{{end}} $ivrc_{{.Prefix}} {
    default {{$.Otherwise}};
{{- with $unless}}
    "~^{{quote .Is}}&{{quote .Equals}}$" {{.Then}};
{{- end}}
{{- range .Values}}{{$name := .Name}}{{range .Spellings}}
    "~^{{quote .}}{{if $unless}}&{{else}}${{end}}" {{$name}};
{{- end}}{{end}}
}
{{- end}}

# The document below public/ that answers a path.
map $uri $ivrc_document {
    default "";
{{- range .Decisions}}
    "~^{{quote $.Prefix}}(?<ivrc_{{.Prefix}}_path>/(?:.+/)?{{segment .}})$" $ivrc_{{.Prefix}}_path.$ivrc_{{.Prefix}}.xml;
{{- end}}
    "~^{{quote $.Prefix}}(?<ivrc_path>/.+\.(?:{{range $i, $t := .Types}}{{if $i}}|{{end}}{{$t.Extension}}{{end}}))$" $ivrc_path;
}

# Documents are read and nothing else.
map $request_method $ivrc_refused { default 1; GET 0; HEAD 0; }
map $ivrc_refused $ivrc_allow { default ""; 1 "{{.Allow}}"; }

# What exists never changes; what does not may exist after the next release.
map $status $ivrc_cache { default "{{.Forget}}"; 200 "{{.Keep}}"; 206 "{{.Keep}}"; 304 "{{.Keep}}"; }
`

const nginxServer = `
# ivrc-server.conf, made by "ivrc router nginx". Do not change it; make it again.
#
# Include it in the server block for {{.HostName}}, together with your
# certificate:
#
#     server {
#         listen 443 ssl;
#         server_name {{.HostName}};
#         include /etc/nginx/ivrc-server.conf;
#     }
#
# There must be no redirect in front of it: Twilio follows one, but without the
# key that the caller pressed.

location {{.Prefix}}/ {
    root {{.Folder}};    # public/ of the bundle, and nothing above it

    if ($ivrc_refused) {
        return 405 '{{.Refusal}}\n';
    }
    try_files $ivrc_document =404;

    types {
{{- range .Types}}
        {{.Bare}} {{.Extension}};
{{- end}}
    }
    default_type text/plain;
    charset utf-8;
    charset_types {{(index .Types 0).Bare}};
    add_header Cache-Control $ivrc_cache always;
    add_header X-Content-Type-Options nosniff always;
    add_header Allow $ivrc_allow always;
}
`
