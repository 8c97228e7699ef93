// Serves a Worker with workerd, Cloudflare's own runtime, until it is told to
// stop. The bucket is one in memory.
//
// Arguments: HOST PORT INPUT, a file of {"file", "documents": {key: content}}
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(process.env.IVRC_HOSTS, 'x.js'));
const { Miniflare } = require('miniflare');
const [host, port, file] = process.argv.slice(2);
const input = JSON.parse(fs.readFileSync(file, 'utf8'));
// It listens at a port of its own until the bucket is filled.
const options = { modules: true, script: fs.readFileSync(input.file, 'utf8'), compatibilityDate: '2025-01-01', r2Buckets: ['BUNDLE'] };
const miniflare = new Miniflare({ ...options, host, port: 0 });
const bucket = await miniflare.getR2Bucket('BUNDLE');
for (const [key, content] of Object.entries(input.documents)) {
  await bucket.put(key, content);
}
await miniflare.setOptions({ ...options, host, port: Number(port) });
process.on('SIGINT', async () => {
  await miniflare.dispose();
  process.exit(0);
});
