// middleware.js, made by "ivrc router vercel". Do not change it; make it again.
//
// How a decision of a call is answered: …/digits-1~1.2?Digits=2 with
// …/digits-1.2.xml. It is Routing Middleware of Vercel, which runs before the files.

import { next, rewrite } from '@vercel/functions';

«file javascript/answer.js»

«file javascript/query.js»

«file javascript/timed.js»

export default function middleware(request) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response('«refusal»\n', {
      status: 405,
      headers: { 'Allow': '«allow»', 'Cache-Control': '«forget»', 'Content-Type': 'text/plain; charset=utf-8' },
    });
  }
  const url = new URL(request.url);
  const document = documentOf(url.pathname, valueIn(url.search.slice(1)));
  if (document !== url.pathname && isTimed(url.pathname)) {
    return new Response(redirectTo(document), { headers: { 'Cache-Control': '«forget»', 'Content-Type': '«document type»' } });
  }
  return document === url.pathname ? next() : rewrite(new URL(document, url.origin));
}
