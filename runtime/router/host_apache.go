package router

// Apache chooses by mod_rewrite. A first rule notes the parameter if the query
// holds it exactly once; then there is a rule for each listed value, and one for
// everything else:
//
//	/menu.main-x/digits-1?Digits=2   IVRC_SENT 2, /menu.main-x/digits-1.2.xml
//
// A path that was rewritten ends in .xml, so that no later rule fits it.

var apache = Host{
	Name: "apache", Title: "Apache",
	Deviations: []Deviation{
		{Case: CaseLong, Status: 414, Answer: "414", Why: "Apache takes request lines of 8 kB (`LimitRequestLine`). Twilio sends about 1 kB"},
		{Case: CaseUnclean, Answer: "the document of the clean path", Why: "Apache cleans a path before it looks at it. Twilio sends the paths that documents name, and they are clean"},
	},
	files: []hostFile{{"ivrc.conf", hostTemplate(apacheText)}},
}

const apacheText = `
# ivrc.conf, made by "ivrc router apache". Do not change it; make it again.
#
# How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
# Include it in the virtual host for {{.HostName}}, together with your
# certificate. It needs mod_rewrite and mod_headers (a2enmod rewrite headers):
#
#     <VirtualHost *:443>
#         ServerName {{.HostName}}
#         SSLEngine on
#         Include /etc/apache2/ivrc.conf
#     </VirtualHost>
#
# There must be no redirect in front of it: Twilio follows one, but without the
# key that the caller pressed.

# public/ of the bundle, and nothing above it.
{{if .Prefix}}Alias "{{.Prefix}}/" "{{.Folder}}/"{{else}}DocumentRoot "{{.Folder}}"{{end}}
<Directory "{{.Folder}}">
    Options None
    AllowOverride None
    Require all granted
    DirectorySlash Off
    Header set Cache-Control "{{.Keep}}"
    Header set X-Content-Type-Options nosniff
{{- range .Types}}
    <FilesMatch "\.{{.Extension}}$">
        ForceType "{{.Type}}"
    </FilesMatch>
{{- end}}
</Directory>

RewriteEngine On

# Documents are read and nothing else.
RewriteCond %{REQUEST_METHOD} !^(?:GET|HEAD)$
RewriteRule ^{{quote .Prefix}}/ - [R=405,L]
ErrorDocument 405 "{{.QuotedRefusal}}"
Header always set Allow "{{.Allow}}" "expr=%{REQUEST_STATUS} -eq 405"
Header always set Cache-Control "{{.Forget}}" "expr=%{REQUEST_STATUS} -ge 400"
{{range .Decisions}}{{$d := .}}
# What {{.Parameter}} means, if it is there exactly once: the closed list, and {{$.Otherwise}} for
# everything else.
RewriteCond %{QUERY_STRING} "{{once .Parameter}}([^&]*+){{notAgain .Parameter}}"
RewriteRule "^{{quote $.Prefix}}/(?:.+/)?{{segment .}}$" - [E=IVRC_SENT:%1]
{{- with .Unless}}
RewriteCond %{ENV:IVRC_SENT} "^{{quote .Is}}$"
RewriteCond %{QUERY_STRING} "{{once .Parameter}}{{quote .Equals}}(?![^&]){{notAgain .Parameter}}"
RewriteRule "^({{quote $.Prefix}}/(?:.+/)?{{segment $d}})$" "$1.{{.Then}}.xml" [PT]
{{- end}}
{{- range .Values}}
RewriteCond %{ENV:IVRC_SENT} "^{{alternatives .Spellings}}$"
RewriteRule "^({{quote $.Prefix}}/(?:.+/)?{{segment $d}})$" "$1.{{.Name}}.xml" [PT]
{{- end}}
RewriteRule "^({{quote $.Prefix}}/(?:.+/)?{{segment .}})$" "$1.{{$.Otherwise}}.xml" [PT]
{{end}}
# Everything else is a document, or nothing.
RewriteCond %{REQUEST_URI} "^{{quote .Prefix}}/"
RewriteRule "!\.(?:{{range $i, $t := .Types}}{{if $i}}|{{end}}{{$t.Extension}}{{end}})$" - [R=404,L]
`
