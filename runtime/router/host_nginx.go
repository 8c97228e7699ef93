package router

import "strings"

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
		{"ivrc-maps.conf", nginxMaps, nginxMapsParts},
		{"ivrc-server.conf", nginxServer, nginxServerParts},
	},
}

const nginxMaps = `
# ivrc-maps.conf, made by "ivrc router nginx". Do not change it; make it again.
#
# How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
# Put this file where nginx reads the http block, as a rule in /etc/nginx/conf.d/.
# ivrc-server.conf goes into the server block.

# A parameter as it was sent, if it is there exactly once; otherwise nothing.
«parameters»

# What its value means: the closed list, and «otherwise» for everything else.
«answers»

# The document below public/ that answers a path.
map $uri $ivrc_document {
    default "";
«documents»
    "~^«prefix pattern»(?<ivrc_path>/.+\.(?:«extensions»))$" $ivrc_path;
}

# Documents are read and nothing else.
map $request_method $ivrc_refused { default 1; GET 0; HEAD 0; }
map $ivrc_refused $ivrc_allow { default ""; 1 "«allow»"; }

# What exists never changes; what does not may exist after the next release.
map $status $ivrc_cache { default "«forget»"; 200 "«keep»"; 206 "«keep»"; 304 "«keep»"; }
`

func nginxMapsParts(d *hostData) holes {
	return holes{"parameters": nginxParameters(d), "answers": nginxAnswers(d), "documents": nginxDocuments(d)}
}

func nginxParameters(d *hostData) string {
	var blocks []string
	for _, parameter := range d.parameters() {
		blocks = append(blocks, d.fill(`
map $args $ivrc_sent_«name» {
    default "";
    "~«once»(?<ivrc_raw_«name»>[^&]*+)«not again»" $ivrc_raw_«name»;
}`, holes{"name": strings.ToLower(parameter), "once": once(parameter), "not again": notAgain(parameter)}))
	}
	return strings.Join(blocks, "\n")
}

func nginxAnswers(d *hostData) string {
	var blocks []string
	for _, decision := range d.decisions {
		asked, end := "$ivrc_sent_"+strings.ToLower(decision.Parameter), "$"
		var lines []string
		if u := decision.Unless; u != nil {
			asked, end = `"`+asked+"&$ivrc_sent_"+strings.ToLower(u.Parameter)+`"`, "&"
			lines = append(lines, d.fill(`    "~^«is»&«equals»$" «then»;`,
				holes{"is": quoteRegexp(u.Is), "equals": quoteRegexp(u.Equals), "then": u.Then}))
		}
		for _, value := range decision.Values {
			for _, spelling := range value.Spellings {
				lines = append(lines, d.fill(`    "~^«spelling»«end»" «name»;`,
					holes{"spelling": quoteRegexp(spelling), "end": end, "name": value.Name}))
			}
		}
		blocks = append(blocks, d.fill(`
map «asked» $ivrc_«decision» {
    default «otherwise»;
«values»
}`, holes{"asked": asked, "decision": decision.Prefix, "values": strings.Join(lines, "\n")}))
	}
	return strings.Join(blocks, "\n")
}

func nginxDocuments(d *hostData) string {
	var lines []string
	for _, decision := range d.decisions {
		lines = append(lines, d.fill(
			`    "~^«prefix pattern»(?<ivrc_«decision»_path>/(?:.+/)?«segment»)$" $ivrc_«decision»_path.$ivrc_«decision».xml;`,
			holes{"decision": decision.Prefix, "segment": segment(decision)}))
	}
	return strings.Join(lines, "\n")
}

const nginxServer = `
# ivrc-server.conf, made by "ivrc router nginx". Do not change it; make it again.
#
# Include it in the server block for «host name», together with your
# certificate:
#
#     server {
#         listen 443 ssl;
#         server_name «host name»;
#         include /etc/nginx/ivrc-server.conf;
#     }
#
# There must be no redirect in front of it: Twilio follows one, but without the
# key that the caller pressed.

location «prefix»/ {
    root «folder»;    # public/ of the bundle, and nothing above it

    if ($ivrc_refused) {
        return 405 '«refusal»\n';
    }
    try_files $ivrc_document =404;

    types {
«types»
    }
    default_type text/plain;
    charset utf-8;
    charset_types «document type»;
    add_header Cache-Control $ivrc_cache always;
    add_header X-Content-Type-Options nosniff always;
    add_header Allow $ivrc_allow always;
}
`

func nginxServerParts(d *hostData) holes {
	var lines []string
	for _, t := range d.types {
		lines = append(lines, d.fill(`        «type» «extension»;`, holes{"type": t.bare, "extension": t.extension}))
	}
	return holes{"types": strings.Join(lines, "\n"), "document type": d.types[0].bare}
}
