// Serves a TwiML Bin as Twilio does: a template to which the parameters of the
// request are given, by whatever method they come. It says its address first.
//
// Arguments: FILE
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(process.env.IVRC_HOSTS, 'x.js'));
const mustache = require('mustache');

const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const part of request) {
    body += part;
  }
  const parameters = new URLSearchParams(new URL(request.url, 'http://bin').search);
  new URLSearchParams(body).forEach((value, name) => parameters.set(name, value));
  const template = fs.readFileSync(process.argv[2], 'utf8'); // what is there now
  response.setHeader('Content-Type', 'text/xml');
  response.end(mustache.render(template, Object.fromEntries(parameters)));
});
server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
