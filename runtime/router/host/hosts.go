package host

// hosts is the table of hosts. The comment on each says how its configuration
// works.
var hosts = []Host{
	// nginx chooses by maps, which it evaluates only when a request needs them. The
	// first finds a parameter in the query, because nginx's own $arg_ variables take
	// the first of several and ignore case. The second turns its value into a word,
	// the third looks for that in the list, with a back-reference, and the fourth
	// turns the path of the request into that of the document:
	//
	//	/menu.main-x/digits-1~1.2?Digits=2   $ivrc_sent_digits 2, $ivrc_word_digits 2, $ivrc_digits 2, $ivrc_document /menu.main-x/digits-1.2.xml
	//
	// Maps belong in the http block and the rest in a server block, so there are two
	// files.
	{
		Name: "nginx", Title: "nginx",
		files: []string{"ivrc-maps.conf", "ivrc-server.conf"},
		deviations: []Deviation{
			{Case: CaseLong, Status: 414, Answer: "414", Why: "nginx takes request lines of 8 kB (`large_client_header_buffers`). Twilio sends about 1 kB"},
			{Case: CaseUnclean, Answer: "the document of the clean path", Why: "nginx cleans a path before it looks at it. Twilio sends the paths that documents name, and they are clean"},
		},
	},

	// nginx with njs is nginx that can look at a clock: the answer of a decision on the
	// time is a variable that a function in JavaScript sets, and only when an address
	// with a table needs it. Everything else is the maps of nginx.
	{
		Name: "nginx-njs", Title: "nginx with njs", clock: true,
		files: []string{"ivrc-maps.conf", "ivrc-server.conf", "ivrc-clock.js"},
		deviations: []Deviation{
			{Case: CaseLong, Status: 414, Answer: "414", Why: "nginx takes request lines of 8 kB (`large_client_header_buffers`). Twilio sends about 1 kB"},
			{Case: CaseUnclean, Answer: "the document of the clean path", Why: "nginx cleans a path before it looks at it. Twilio sends the paths that documents name, and they are clean"},
		},
	},

	// Caddy evaluates maps when something asks for them. The first finds a parameter
	// in the raw query, because {query.Digits} is decoded and joins several values
	// with commas. The second turns its value into a word. Caddy's regular expressions
	// have no back-references, so a condition in CEL looks for the word in the list,
	// and a rewrite does the rest:
	//
	//	/menu.main-x/digits-1~1.2?Digits=2   {ivrc_sent_digits} 2, {ivrc_word_digits} 2, {ivrc_list_digits} .1.2., /menu.main-x/digits-1.2.xml
	//
	// Headers are set only after a file was found, because Caddy keeps them when an
	// error follows.
	{
		Name: "caddy", Title: "Caddy",
		files: []string{"ivrc.caddy"},
		deviations: []Deviation{
			{Case: CaseUnclean, Answer: "the document of the clean path", Why: "Caddy cleans a path before it looks at it. Twilio sends the paths that documents name, and they are clean"},
		},
	},

	// Apache chooses with mod_rewrite. The first rule stores the parameter if the
	// query holds it exactly once, and the next ones the word that it means. A
	// condition looks for that in the list, with a back-reference; the last rule is
	// for everything else:
	//
	//	/menu.main-x/digits-1~1.2?Digits=2   IVRC_SENT 2, IVRC_WORD 2, /menu.main-x/digits-1.2.xml
	//
	// A rewritten path ends in .xml, so no later rule matches it.
	{
		Name: "apache", Title: "Apache",
		files: []string{"ivrc.conf"},
		deviations: []Deviation{
			{Case: CaseLong, Status: 414, Answer: "414", Why: "Apache takes request lines of 8 kB (`LimitRequestLine`). Twilio sends about 1 kB"},
			{Case: CaseUnclean, Answer: "the document of the clean path", Why: "Apache cleans a path before it looks at it. Twilio sends the paths that documents name, and they are clean"},
		},
	},

	// CloudFront runs a function before it looks in its cache. The function turns the
	// path of a decision into that of the document and drops the query, so that the
	// edge caches each document once and not once for each call. What the time decides
	// must not be kept by who asked, as documents are; so the function answers itself,
	// with a redirect in TwiML to the document.
	{
		Name: "cloudfront", Title: "Amazon CloudFront", clock: true, small: true,
		files: []string{"ivrc-cloudfront.js"},
		deviations: []Deviation{
			{Case: CaseLong, Status: 413, Answer: "413", Why: "CloudFront takes [URLs of 8 kB](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorS3Origin.html), and refuses this one before the function sees it. Twilio sends about 1 kB"},
		},
	},

	// Cloudflare runs a Worker for each request, which reads the documents from an
	// R2 bucket: the store to which ivrc apply uploads.
	{
		Name: "cloudflare", Title: "Cloudflare Workers", clock: true,
		files: []string{"worker.js", "wrangler.toml"},
		deviations: []Deviation{
			{Case: CaseLong, Status: 414, Answer: "414", Why: "Cloudflare takes [URLs of 16 kB](https://developers.cloudflare.com/workers/platform/limits/), and refuses this one before the Worker sees it. Twilio sends about 1 kB"},
			{Case: CaseUnclean, Answer: "the document of the clean path", Why: "a Worker sees the path after Cloudflare has cleaned it. Twilio sends the paths that documents name, and they are clean"},
		},
	},

	// Netlify runs an Edge Function before it looks for a file. The function answers
	// with the address of the document, which Netlify then serves as it is; of what the
	// time decides, with a redirect in TwiML to the document.
	{
		Name: "netlify", Title: "Netlify", clock: true,
		files: []string{"netlify.toml", "netlify/edge-functions/ivrc.js"},
		deviations: []Deviation{
			{Case: CaseUnclean, Answer: "the document of the clean path", Why: "an Edge Function sees the path after it has been cleaned. Twilio sends the paths that documents name, and they are clean"},
		},
	},

	// Vercel runs Routing Middleware before it looks for a file. The middleware
	// answers with a rewrite to the document. What is cached, and as what it is sent,
	// is decided in vercel.json, by the address that was requested. What the time
	// decides is answered with a redirect in TwiML to the document.
	{
		Name: "vercel", Title: "Vercel", clock: true,
		files: []string{"vercel.json", "package.json", "middleware.js"},
		deviations: []Deviation{
			{Case: CaseUnclean, Answer: "the document of the clean path", Why: "middleware sees the path after it has been cleaned. Twilio sends the paths that documents name, and they are clean"},
		},
	},

	// A TwiML Bin cannot compare a value, only ask whether a parameter is there; see
	// bin.go.
	{
		Name: "twiml-bin", Title: "a TwiML Bin", Remote: true, decodes: true,
		files: []string{"twiml-bin.xml"}, facts: binFacts,
		deviations: []Deviation{
			{Case: CaseUnknown, Answer: "of `Digits`, the answer to `*`", Why: "see [how it works](#how-it-works). Twilio sends one of the twelve keys"},
			{Case: CaseTraversal, Answer: "of `Digits`, the answer to `*`", Why: "the value is unknown. It reaches no path"},
			{Case: CaseRepeated, Answer: "the answer to one of the values", Why: "which one Twilio takes is not documented. It does not repeat one"},
			{Case: CaseEncoded, Answer: "the answer to the value", Why: "templates see values decoded. Twilio does not encode these"},
			{Case: CaseEncodedName, Answer: "the answer to the value", Why: "templates see the names of parameters decoded. Twilio does not encode them"},
			{Case: CaseLong, Answer: "of `Digits`, the answer to `*`", Why: "the value is unknown"},
			{Case: CasePost, Answer: "the document", Why: "Bins answer every method alike"},
		},
	},

	// A Twilio Function answers for a bucket that cannot answer decisions. Twilio
	// requests it at an address of its own, with the decision as a parameter, and it
	// answers with TwiML that redirects to the document:
	//
	//	…/decide?ask=digits&at=menu.main-x/digits-1~1.2&Digits=2
	//	→  <Redirect method="GET">https://calls.example/menu.main-x/digits-1.2.xml</Redirect>
	//
	// Functions see decoded parameters, and a repeated one as a list.
	{
		Name: "twilio-function", Title: "Twilio Functions", Remote: true, clock: true, decodes: true,
		files: []string{"functions/decide.protected.js"},
		deviations: []Deviation{
			{Case: CaseEncoded, Answer: "the answer to the value", Why: "Functions see values decoded. Twilio does not encode these"},
			{Case: CaseEncodedName, Answer: "the answer to the value", Why: "Functions see the names of parameters decoded. Twilio does not encode them"},
			{Case: CaseLong, Status: 431, Answer: "431", Why: "Node takes headers of 16 kB. Twilio sends about 1 kB"},
			{Case: CasePost, Answer: "the document", Why: "Functions do not see the method"},
		},
	},
}
