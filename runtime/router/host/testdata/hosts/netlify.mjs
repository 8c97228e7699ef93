// Puts rows to Netlify's own parser of netlify.toml and its own matcher, as its
// command line does. A file at the address comes before any rule.
//
// Standard input: {"file", "documents": {path: content}, "rows": [{method, path, query}]}
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import url from 'node:url';

const require = createRequire(path.join(process.env.IVRC_HOSTS, 'x.js'));
const redirector = require('netlify-redirector');
const parser = path.join(process.env.IVRC_HOSTS, 'node_modules/@netlify/redirect-parser/lib/index.js');
const { parseAllRedirects } = await import(url.pathToFileURL(parser));

const input = JSON.parse(fs.readFileSync(0, 'utf8'));
const { redirects, errors } = await parseAllRedirects({ redirectsFiles: [], netlifyConfigPath: input.file, minimal: false, configRedirects: [] });
if (errors.length > 0) {
  throw errors[0];
}
const rules = redirects.map(({ from, query, ...rest }) => ({ ...rest, origin: from, params: query }));
const matcher = await redirector.parseJSON(JSON.stringify(rules), {});

function answer(row) {
  const at = (name) => input.documents[decodeURIComponent(name.slice(1))];
  if (at(row.path) !== undefined) {
    return { status: 200, document: at(row.path) };
  }
  const match = matcher.match({
    scheme: 'https', host: 'calls.zillum.example', path: row.path, query: row.query,
    getHeader: () => '', getCookie: () => '',
  });
  if (!match) {
    return { status: 404 };
  }
  if (match.status !== 200) {
    return { status: match.status };
  }
  const content = at(match.to);
  return content === undefined ? { status: 404 } : { status: 200, document: content };
}

process.stdout.write(JSON.stringify(input.rows.map(answer)));
