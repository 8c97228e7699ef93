// Runs a Twilio Function in Node, with as much of Twilio as it needs, and reads the
// document that its answer leads to.
//
// Standard input: {"file", "documents": {path: content}, "rows": [{path, at}]}
import fs from 'node:fs';
import vm from 'node:vm';

const input = JSON.parse(fs.readFileSync(0, 'utf8'));

class Response {
  constructor() {
    this.header = {};
    this.status = 200;
  }
  appendHeader(name, value) { this.header[name] = [value]; }
  setStatusCode(status) { this.status = status; }
  setBody(body) { this.body = body; }
}

const context = vm.createContext({ exports: {}, Twilio: { Response } });
vm.runInContext(fs.readFileSync(input.file, 'utf8') + '\nthis.setNow = (at) => { Date.now = () => at; };', context);

process.stdout.write(JSON.stringify(input.rows.map((row) => {
  context.setNow(row.at);
  let answer;
  context.exports.handler({}, { ask: 'time', at: row.path.slice(1) }, (error, response) => { answer = response; });
  const to = /<Redirect method="GET">https:\/\/[^\/]*\/([^<]*)</.exec(answer.body);
  const content = to && input.documents[to[1]];
  return content ? { status: 200, document: content, header: answer.header } : { status: 404, header: answer.header };
})));
