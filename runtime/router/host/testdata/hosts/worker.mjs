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
  async get(key, options) {
    const content = input.documents[key];
    if (content === undefined) {
      return null;
    }
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(options.range.get('Range') ?? 'bytes=0-');
    const end = to ? Number(to) + 1 : content.length;
    const range = { offset: Number(from), length: end - Number(from) };
    return { body: content.slice(Number(from), end), size: content.length, httpEtag: '"etag"', range };
  },
};

const answers = [];
for (const row of input.rows) {
  if (row.at) {
    Date.now = () => row.at;
  }
  if (row.path.length + row.query.length > 16 * 1024) { // Cloudflare does not let the Worker see it
    answers.push({ status: 414 });
    continue;
  }
  const target = 'https://calls.zillum.example' + row.path + (row.query ? '?' + row.query : '');
  const response = await worker.fetch(new Request(target, { method: row.method, headers: row.part ? { Range: row.part } : {} }), { BUNDLE });
  const header = Object.fromEntries([...response.headers].map(([k, v]) => [k, [v]]));
  answers.push({ status: response.status, document: await response.text(), header });
}
process.stdout.write(JSON.stringify(answers));
