// worker.js, made by "ivrc router cloudflare". Do not change it; make it again.
//
// How a decision of a call is answered: …/digits-1~1.2?Digits=2 with
// …/digits-1.2.xml. It reads public/ of the bundle from the R2 bucket that wrangler.toml binds, and
// nothing above it. Publish both with: npx wrangler deploy

«file javascript/answer.js»

«file javascript/query.js»

const types = {
«each type»
  «extension»: '«type»',
«end»
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
    const path = documentOf(url.pathname, valueIn(url.search.slice(1)))«if prefix».replace(/^«slashed prefix»\//, '/')«end»;
    const type = types[path.slice(path.lastIndexOf('.') + 1)];
    const document = type ? await env.BUNDLE.get('«key prefix»' + path.slice(1), { range: request.headers }) : null;
    if (!document) {
      return refusal(404, '404: the bundle has no document at this address.');
    }
    const headers = {
      'Accept-Ranges': 'bytes',
      'Cache-Control': isTimed(url.pathname) ? '«forget»' : '«keep»',
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
