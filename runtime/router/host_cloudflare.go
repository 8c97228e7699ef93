package router

import "strings"

// Cloudflare runs a Worker for each request, which reads the documents from an
// R2 bucket: the store to which ivrc apply uploads.

var cloudflare = Host{
	Name: "cloudflare", Title: "Cloudflare Workers",
	Deviations: []Deviation{
		{Case: CaseLong, Status: 414, Answer: "414", Why: "Cloudflare takes [URLs of 16 kB](https://developers.cloudflare.com/workers/platform/limits/), and refuses this one before the Worker sees it. Twilio sends about 1 kB"},
		{Case: CaseUnclean, Answer: "the document of the clean path", Why: "a Worker sees the path after Cloudflare has cleaned it. Twilio sends the paths that documents name, and they are clean"},
	},
	files: []hostFile{
		{"worker.js", cloudflareWorker, cloudflareWorkerParts},
		{"wrangler.toml", cloudflareSettings, cloudflareSettingsParts},
	},
}

const cloudflareWorker = `
// worker.js, made by "ivrc router cloudflare". Do not change it; make it again.
//
// How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
// It reads public/ of the bundle from the R2 bucket that wrangler.toml binds, and
// nothing above it. Publish both with: npx wrangler deploy

«decisions»

«answer»

«document»

const types = {
«types»
};

// What does not exist may exist after the next release.
function refusal(status, text) {
  const headers = { 'Cache-Control': '«forget»', 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  if (status === 405) {
    headers.Allow = '«allow»';
  }
  return new Response(text + '\n', { status: status, headers: headers });
}

export default {
  async fetch(request, env) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refusal(405, '«refusal»');
    }
    const url = new URL(request.url);
    const path = documentOf(url.pathname, url.search.slice(1))«below»;
    const type = types[path.slice(path.lastIndexOf('.') + 1)];
    const document = type ? await env.BUNDLE.get('«key prefix»' + path.slice(1), { range: request.headers }) : null;
    if (!document) {
      return refusal(404, '404: the bundle has no document at this address.');
    }
    const headers = {
      'Accept-Ranges': 'bytes',
      'Cache-Control': '«keep»',
      'Content-Length': String(document.size),
      'Content-Type': type,
      'ETag': document.httpEtag,
      'X-Content-Type-Options': 'nosniff',
    };
    const part = request.headers.has('Range') ? document.range : null;
    if (part) { // players ask for parts of a sound
      headers['Content-Length'] = String(part.length);
      headers['Content-Range'] = 'bytes ' + part.offset + '-' + (part.offset + part.length - 1) + '/' + document.size;
    }
    return new Response(document.body, { status: part ? 206 : 200, headers: headers });
  },
};
`

func cloudflareWorkerParts(d *hostData) holes {
	var types []string
	for _, t := range d.types {
		types = append(types, d.fill(`  «extension»: '«type»',`, holes{"extension": t.extension, "type": t.full}))
	}
	return holes{
		"decisions": scriptDecisions(d, d.decisions), "answer": scriptAnswer(d), "document": scriptDocument(d), "below": scriptBelow(d),
		"types": strings.Join(types, "\n"),
	}
}

const cloudflareSettings = `
# wrangler.toml, made by "ivrc router cloudflare". Do not change it; make it again.

name = "ivrc-router"
main = "worker.js"
compatibility_date = "2025-01-01"
workers_dev = false

# Where Twilio reaches it. Turn off "Always Use HTTPS" and other redirects for
# this host: Twilio follows one, but without the key that the caller pressed.
routes = [{ «route» }]

[[r2_buckets]]
binding = "BUNDLE"
bucket_name = "«bucket»"
`

func cloudflareSettingsParts(d *hostData) holes {
	route := `pattern = "«host name»", custom_domain = true`
	if d.prefix != "" {
		route = `pattern = "«host name»«prefix»/*", zone_name = "«host name»"`
	}
	return holes{"route": d.fill(route, nil)}
}
