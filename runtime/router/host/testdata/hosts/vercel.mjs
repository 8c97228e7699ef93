// Compiles vercel.json with Vercel's own package, and matches the parameters of
// rewrites with the matcher that Vercel publishes in Next.js. A file at the
// address comes before any rewrite. There is no package of the whole router:
// "vercel dev" passes over conditions on parameters.
//
// Standard input: {"file", "documents": {path: content}, "rows": [{method, path, query}]}
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import querystring from 'node:querystring';

const require = createRequire(path.join(process.env.IVRC_HOSTS, 'x.js'));
const { getTransformedRoutes } = require('@vercel/routing-utils');
const { matchHas } = require('next/dist/shared/lib/router/utils/prepare-destination.js');

const input = JSON.parse(fs.readFileSync(0, 'utf8'));
const { routes, error } = getTransformedRoutes(JSON.parse(fs.readFileSync(input.file, 'utf8')));
if (error) {
  throw new Error(JSON.stringify(error));
}
const filesystem = routes.findIndex((route) => route.handle === 'filesystem');
const at = (name) => input.documents[decodeURIComponent(name.slice(1))];

function answer(row) {
  const header = {};
  for (const route of routes.slice(0, filesystem)) {
    if (route.status >= 300 && new RegExp(route.src).test(row.path)) {
      return { status: route.status, header: { location: ['somewhere'] } };
    }
    if (route.headers && new RegExp(route.src).test(row.path)) {
      Object.entries(route.headers).forEach(([name, value]) => { header[name] = [value]; });
    }
  }
  if (at(row.path) !== undefined) {
    return { status: 200, document: at(row.path), header };
  }
  const query = querystring.parse(row.query);
  for (const route of routes.slice(filesystem + 1)) {
    const match = new RegExp(route.src).exec(row.path);
    if (!match || !matchHas({ headers: {} }, query, route.has)) {
      continue;
    }
    const to = route.dest.replace(/\$(\d)/g, (_, n) => match[Number(n)]);
    if (at(to) !== undefined) {
      return { status: 200, document: at(to), header };
    }
  }
  return { status: 404 };
}

process.stdout.write(JSON.stringify(input.rows.map(answer)));
