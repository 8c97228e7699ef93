// Runs Routing Middleware of Vercel in Node, with Vercel's own package of what
// middleware returns, and compiles vercel.json with the one that reads it. A rewrite
// is answered with the file at its address; the headers are those of the address
// that was requested.
//
// Standard input: {"file", "documents": {path: content}, "rows": [{method, path, query}]}
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import url from 'node:url';

const require = createRequire(path.join(process.env.IVRC_HOSTS, 'x.js'));
const { getTransformedRoutes } = require('@vercel/routing-utils');

const input = JSON.parse(fs.readFileSync(0, 'utf8'));
const folder = path.dirname(input.file);
const { routes, error } = getTransformedRoutes(JSON.parse(fs.readFileSync(path.join(folder, 'vercel.json'), 'utf8')));
if (error) {
  throw new Error(JSON.stringify(error));
}
fs.symlinkSync(path.join(process.env.IVRC_HOSTS, 'node_modules'), path.join(folder, 'node_modules'));
const middleware = (await import(url.pathToFileURL(input.file))).default;

const answers = [];
for (const row of input.rows) {
  if (row.at) {
    Date.now = () => row.at;
  }
  const request = new Request('https://calls.zillum.example' + row.path + (row.query ? '?' + row.query : ''), { method: row.method });
  const asked = new URL(request.url);
  const header = {};
  for (const route of routes) {
    if (route.status >= 300 && new RegExp(route.src).test(asked.pathname)) {
      throw new Error('it redirects ' + asked.pathname);
    }
    if (route.headers && new RegExp(route.src).test(asked.pathname)) {
      Object.entries(route.headers).forEach(([name, value]) => { header[name] = [value]; });
    }
  }
  const answer = await middleware(request);
  const to = answer.headers.get('x-middleware-rewrite');
  if (!to && !answer.headers.get('x-middleware-next')) {
    answers.push({ status: answer.status, document: await answer.text(), header: Object.fromEntries([...answer.headers].map(([k, v]) => [k, [v]])) });
    continue;
  }
  const target = to ? new URL(to) : asked;
  if (target.origin !== asked.origin) {
    throw new Error('it leads to another host: ' + target);
  }
  const content = input.documents[decodeURIComponent(target.pathname.slice(1))];
  answers.push(content === undefined ? { status: 404 } : { status: 200, document: content, header });
}
process.stdout.write(JSON.stringify(answers));
