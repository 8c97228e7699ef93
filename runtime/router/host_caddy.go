package router

import "strings"

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
	files: []hostFile{{"ivrc.caddy", caddyText, caddyParts}},
}

const caddyText = `
# ivrc.caddy, made by "ivrc router caddy". Do not change it; make it again.
#
# How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
# Put this file beside the Caddyfile and import it into the site:
#
#     «host name» {
#         import ivrc.caddy
#     }
#
# There must be no redirect in front of it: Twilio follows one, but without the
# key that the caller pressed.

«handle» {
	root * «folder» # public/ of the bundle, and nothing above it

	# A parameter as it was sent, if it is there exactly once; otherwise nothing.
«parameters»

	# What its value means: the closed list, and «otherwise» for everything else.
«answers»

	route {
		# Documents are read and nothing else.
		@ivrc_refused not method GET HEAD
		header @ivrc_refused Allow "«allow»"
		header @ivrc_refused Cache-Control "«forget»"
		respond @ivrc_refused ` + "`«refusal»`" + ` 405

		# The document that answers a decision.
«documents»

		@ivrc_found {
			path«names»
			file {path}
		}
		handle @ivrc_found {
			header Cache-Control "«keep»"
			header X-Content-Type-Options nosniff
«types»
			file_server
		}
		header Cache-Control "«forget»"
		respond 404
	}
}
`

func caddyParts(d *hostData) holes {
	handle := "handle"
	if d.prefix != "" {
		handle = d.fill(`handle_path «prefix»/*`, nil)
	}
	names, types := "", []string{}
	for _, t := range d.types {
		names += " *." + t.extension
		types = append(types, d.fill(`
			@ivrc_«extension» path *.«extension»
			header @ivrc_«extension» Content-Type "«type»"`, holes{"extension": t.extension, "type": t.full}))
	}
	return holes{
		"handle": handle, "parameters": caddyParameters(d), "answers": caddyAnswers(d), "documents": caddyDocuments(d),
		"names": names, "types": strings.Join(types, "\n"),
	}
}

func caddyParameters(d *hostData) string {
	var blocks []string
	for _, parameter := range d.parameters() {
		blocks = append(blocks, d.fill(`
	map {query} {ivrc_sent_«name»} {
		"~(?:^|&)«parameter»(?:[=&].*)?&«parameter»(?:[=&]|$)" ""
		"~(?:^|&)«parameter»=([^&]*)" "${1}"
		default ""
	}`, holes{"name": strings.ToLower(parameter), "parameter": parameter}))
	}
	return strings.Join(blocks, "\n")
}

func caddyAnswers(d *hostData) string {
	var blocks []string
	for _, decision := range d.decisions {
		asked := "{ivrc_sent_" + strings.ToLower(decision.Parameter) + "}"
		sent := func(spelling string) string { return spelling }
		var lines []string
		if u := decision.Unless; u != nil {
			asked = `"` + asked + "&{ivrc_sent_" + strings.ToLower(u.Parameter) + `}"`
			sent = func(spelling string) string { return "~^" + quoteRegexp(spelling) + "&" }
			lines = append(lines, d.fill(`		"«is»&«equals»" «then»`, holes{"is": u.Is, "equals": u.Equals, "then": u.Then}))
		}
		for _, value := range decision.Values {
			for _, spelling := range value.Spellings {
				lines = append(lines, d.fill(`		"«sent»" «name»`, holes{"sent": sent(spelling), "name": value.Name}))
			}
		}
		blocks = append(blocks, d.fill(`
	map «asked» {ivrc_«decision»} {
«values»
		default «otherwise»
	}`, holes{"asked": asked, "decision": decision.Prefix, "values": strings.Join(lines, "\n")}))
	}
	return strings.Join(blocks, "\n")
}

func caddyDocuments(d *hostData) string {
	var blocks []string
	for _, decision := range d.decisions {
		blocks = append(blocks, d.fill(`
		@ivrc_«decision» path_regexp ivrc_«decision» ^(/(?:.+/)?«segment»)$
		rewrite @ivrc_«decision» {re.ivrc_«decision».1}.{ivrc_«decision»}.xml`,
			holes{"decision": decision.Prefix, "segment": segment(decision)}))
	}
	return strings.Join(blocks, "\n")
}
