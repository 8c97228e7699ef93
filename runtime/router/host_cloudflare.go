package router

// Cloudflare runs a Worker for each request, which reads the documents from an
// R2 bucket: the store to which ivrc apply uploads.

var cloudflare = Host{
	Name: "cloudflare", Title: "Cloudflare Workers",
	Deviations: []Deviation{
		{Case: CaseLong, Status: 414, Answer: "414", Why: "Cloudflare takes [URLs of 16 kB](https://developers.cloudflare.com/workers/platform/limits/), and refuses this one before the Worker sees it. Twilio sends about 1 kB"},
		{Case: CaseUnclean, Answer: "the document of the clean path", Why: "a Worker sees the path after Cloudflare has cleaned it. Twilio sends the paths that documents name, and they are clean"},
	},
	files: []hostFile{
		{"worker.js", scriptTemplate(cloudflareWorker)},
		{"wrangler.toml", hostTemplate(cloudflareSettings)},
	},
}

const cloudflareWorker = `
// worker.js, made by "ivrc router cloudflare". Do not change it; make it again.
//
// How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
// It reads public/ of the bundle from the R2 bucket that wrangler.toml binds, and
// nothing above it. Publish both with: npx wrangler deploy

{{template "decisions" .Decisions}}

{{template "answer" .}}

{{template "document" .}}

const types = {
{{- range .Types}}
  {{.Extension}}: '{{.Type}}',
{{- end}}
};

// What does not exist may exist after the next release.
function refusal(status, text) {
  const headers = { 'Cache-Control': '{{.Forget}}', 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  if (status === 405) {
    headers.Allow = '{{.Allow}}';
  }
  return new Response(text + '\n', { status: status, headers: headers });
}

export default {
  async fetch(request, env) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refusal(405, '{{.Refusal}}');
    }
    const url = new URL(request.url);
    const path = documentOf(url.pathname, url.search.slice(1)){{with .Prefix}}.replace(/^{{slashes .}}\//, '/'){{end}};
    const type = types[path.slice(path.lastIndexOf('.') + 1)];
    const document = type ? await env.BUNDLE.get('{{.KeyPrefix}}' + path.slice(1), { range: request.headers }) : null;
    if (!document) {
      return refusal(404, '404: the bundle has no document at this address.');
    }
    const headers = {
      'Accept-Ranges': 'bytes',
      'Cache-Control': '{{.Keep}}',
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

const cloudflareSettings = `
# wrangler.toml, made by "ivrc router cloudflare". Do not change it; make it again.

name = "ivrc-router"
main = "worker.js"
compatibility_date = "2025-01-01"
workers_dev = false

# Where Twilio reaches it. Turn off "Always Use HTTPS" and other redirects for
# this host: Twilio follows one, but without the key that the caller pressed.
{{- if .Prefix}}
routes = [{ pattern = "{{.HostName}}{{.Prefix}}/*", zone_name = "{{.HostName}}" }]
{{- else}}
routes = [{ pattern = "{{.HostName}}", custom_domain = true }]
{{- end}}

[[r2_buckets]]
binding = "BUNDLE"
bucket_name = "{{.Bucket}}"
`
