package router

import (
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

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
	files: []hostFile{{"ivrc.conf", apacheText, apacheParts}},
}

const apacheText = `
# ivrc.conf, made by "ivrc router apache". Do not change it; make it again.
#
# How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
# Include it in the virtual host for «host name», together with your
# certificate. It needs mod_rewrite and mod_headers (a2enmod rewrite headers):
#
#     <VirtualHost *:443>
#         ServerName «host name»
#         SSLEngine on
#         Include /etc/apache2/ivrc.conf
#     </VirtualHost>
#
# There must be no redirect in front of it: Twilio follows one, but without the
# key that the caller pressed.

# public/ of the bundle, and nothing above it.
«root»
<Directory "«folder»">
    Options None
    AllowOverride None
    Require all granted
    DirectorySlash Off
    Header set Cache-Control "«keep»"
    Header set X-Content-Type-Options nosniff
«types»
</Directory>

RewriteEngine On

# Documents are read and nothing else.
RewriteCond %{REQUEST_METHOD} !^(?:GET|HEAD)$
RewriteRule ^«prefix pattern»/ - [R=405,L]
ErrorDocument 405 "«quoted refusal»"
Header always set Allow "«allow»" "expr=%{REQUEST_STATUS} -eq 405"
Header always set Cache-Control "«forget»" "expr=%{REQUEST_STATUS} -ge 400"

«decisions»

# Everything else is a document, or nothing.
RewriteCond %{REQUEST_URI} "^«prefix pattern»/"
RewriteRule "!\.(?:«extensions»)$" - [R=404,L]
`

func apacheParts(d *hostData) holes {
	root := `DocumentRoot "«folder»"`
	if d.prefix != "" {
		root = `Alias "«prefix»/" "«folder»/"`
	}
	var types, decisions []string
	for _, t := range d.types {
		types = append(types, d.fill(`
    <FilesMatch "\.«extension»$">
        ForceType "«type»"
    </FilesMatch>`, holes{"extension": t.extension, "type": t.full}))
	}
	for _, decision := range d.decisions {
		decisions = append(decisions, apacheDecision(d, decision))
	}
	return holes{
		"root": d.fill(root, nil), "types": strings.Join(types, "\n"), "decisions": strings.Join(decisions, "\n\n"),
		"quoted refusal": strings.ReplaceAll(methodRefusal, `"`, `\"`),
	}
}

func apacheDecision(d *hostData, decision bundle.Decision) string {
	// A rule belongs to the conditions above it.
	rule := func(name string) string {
		return d.fill(`RewriteRule "^(«prefix pattern»/(?:.+/)?«segment»)$" "$1.«name».xml" [PT]`,
			holes{"segment": segment(decision), "name": name})
	}
	var lines []string
	if u := decision.Unless; u != nil {
		lines = append(lines, d.fill(`
RewriteCond %{ENV:IVRC_SENT} "^«is»$"
RewriteCond %{QUERY_STRING} "«once»«equals»(?![^&])«not again»"`, holes{
			"is": quoteRegexp(u.Is), "equals": quoteRegexp(u.Equals), "once": once(u.Parameter), "not again": notAgain(u.Parameter),
		}), rule(u.Then))
	}
	for _, value := range decision.Values {
		lines = append(lines, d.fill(`RewriteCond %{ENV:IVRC_SENT} "^«spellings»$"`,
			holes{"spellings": alternatives(value.Spellings)}), rule(value.Name))
	}
	return d.fill(`
# What «parameter» means, if it is there exactly once: the closed list, and «otherwise» for
# everything else.
RewriteCond %{QUERY_STRING} "«once»([^&]*+)«not again»"
RewriteRule "^«prefix pattern»/(?:.+/)?«segment»$" - [E=IVRC_SENT:%1]
«values»
«rule»`, holes{
		"parameter": decision.Parameter, "once": once(decision.Parameter), "not again": notAgain(decision.Parameter),
		"segment": segment(decision), "values": strings.Join(lines, "\n"), "rule": rule(bundle.Otherwise),
	})
}
