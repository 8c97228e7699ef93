// Runs a Netlify Edge Function in Node. The address that it returns is answered with
// the file there, as is a request that it lets pass.
//
// Standard input: {"file", "documents": {path: content}, "rows": [{method, path, query}]}
import fs from 'node:fs';
import path from 'node:path';
import url from 'node:url';

const input = JSON.parse(fs.readFileSync(0, 'utf8'));
const module = path.join(path.dirname(input.file), 'ivrc.mjs');
fs.copyFileSync(input.file, module);
const { default: edge, config } = await import(url.pathToFileURL(module));
const served = new RegExp('^' + config.path.replace('*', '.*') + '$');

const answers = [];
for (const row of input.rows) {
  if (row.at) {
    Date.now = () => row.at;
  }
  const request = new Request('https://calls.zillum.example' + row.path + (row.query ? '?' + row.query : ''), { method: row.method });
  const asked = new URL(request.url);
  const answer = served.test(asked.pathname) ? await edge(request, {}) : undefined;
  if (answer instanceof Response) {
    const header = Object.fromEntries([...answer.headers].map(([k, v]) => [k, [v]]));
    answers.push({ status: answer.status, document: await answer.text(), header });
    continue;
  }
  if (answer && answer.origin !== asked.origin) {
    throw new Error('it leads to another host: ' + answer);
  }
  const content = input.documents[decodeURIComponent((answer ?? asked).pathname.slice(1))];
  answers.push(content === undefined ? { status: 404 } : { status: 200, document: content });
}
process.stdout.write(JSON.stringify(answers));
