// Runs a CloudFront function on events as CloudFront makes them. What the
// function lets through is read from the bucket, literally as S3 reads it.
//
// Standard input: {"file", "documents": {key: content}, "rows": [{method, path, query}], "raw": bool}
import fs from 'node:fs';
import vm from 'node:vm';

const input = JSON.parse(fs.readFileSync(0, 'utf8'));
const context = vm.createContext({});
vm.runInContext(fs.readFileSync(input.file, 'utf8') + '\nthis.handler = handler;\nthis.setNow = (at) => { Date.now = () => at; };', context);

function parse(query) {
  const parameters = {};
  for (const pair of query.split('&').filter(Boolean)) {
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    const value = at < 0 ? '' : pair.slice(at + 1);
    if (!Object.hasOwn(parameters, name)) {
      parameters[name] = { value };
    } else {
      (parameters[name].multiValue ||= [{ value: parameters[name].value }]).push({ value });
    }
  }
  return parameters;
}

function answer(row) {
  if (row.path.length + row.query.length > 8192) {
    return { status: 413 };
  }
  const event = {
    version: '1.0',
    context: { distributionDomainName: 'd111111abcdef8.cloudfront.net', eventType: 'viewer-request', requestId: 'x' },
    viewer: { ip: '198.51.100.11' },
    request: {
      method: row.method, uri: row.path, querystring: parse(row.query),
      headers: { host: { value: 'd111111abcdef8.cloudfront.net' } }, cookies: {},
    },
  };
  if (input.raw) {
    event.request.rawQueryString = () => row.query || undefined;
  }
  if (row.at) {
    context.setNow(row.at);
  }
  const result = context.handler(event);
  if (result.statusCode) {
    const header = Object.fromEntries(Object.entries(result.headers).map(([k, v]) => [k, [v.value]]));
    return { status: result.statusCode, document: result.body, header };
  }
  if (Object.keys(result.querystring).length > 0) {
    throw new Error('the query is still there, and each call would miss the cache');
  }
  const key = decodeURIComponent(result.uri.slice(1));
  const content = input.documents[key];
  return content === undefined ? { status: 404 } : { status: 200, document: content };
}

process.stdout.write(JSON.stringify(input.rows.map(answer)));
