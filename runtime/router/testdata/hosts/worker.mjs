// Runs a Worker in Node, with a bucket that is an object in memory.
//
// Standard input: {"file", "documents": {key: content}, "rows": [{method, path, query}]}
import fs from 'node:fs';
import path from 'node:path';
import url from 'node:url';

const input = JSON.parse(fs.readFileSync(0, 'utf8'));
const module = path.join(path.dirname(input.file), 'worker.mjs');
fs.copyFileSync(input.file, module);
const worker = (await import(url.pathToFileURL(module))).default;

const BUNDLE = {
  async get(key) {
    const content = input.documents[key];
    return content === undefined ? null : { body: content, size: content.length, httpEtag: '"etag"' };
  },
};

const answers = [];
for (const row of input.rows) {
  if (row.path.length + row.query.length > 16 * 1024) { // Cloudflare does not let the Worker see it
    answers.push({ status: 414 });
    continue;
  }
  const target = 'https://calls.zillum.example' + row.path + (row.query ? '?' + row.query : '');
  const response = await worker.fetch(new Request(target, { method: row.method }), { BUNDLE });
  const header = Object.fromEntries([...response.headers].map(([k, v]) => [k, [v]]));
  answers.push({ status: response.status, document: await response.text(), header });
}
process.stdout.write(JSON.stringify(answers));
