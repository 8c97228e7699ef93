// Renders a TwiML Bin, follows the redirects in it as Twilio does, and reads the
// document from the bucket. Twilio names Mustache in one page of its
// documentation and Handlebars in another, so the engine is an argument.
//
// Standard input: {"file", "documents": {address: content}, "rows": [{method, path: link, query}]}
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(process.env.IVRC_HOSTS, 'x.js'));
const input = JSON.parse(fs.readFileSync(0, 'utf8'));
const template = fs.readFileSync(input.file, 'utf8');
const engines = {
  mustache: () => {
    const mustache = require('mustache');
    return (parameters) => mustache.render(template, parameters);
  },
  handlebars: () => require('handlebars').compile(template),
};
const render = engines[process.argv[2]]();

// unescape reads text as an XML parser does.
function unescape(text) {
  const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (all, name) => {
    if (name[0] !== '#') {
      return named[name] ?? all;
    }
    return String.fromCodePoint(name[1].toLowerCase() === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1)));
  });
}

function answer(row) {
  let address = row.path + '&' + row.query;
  for (let hops = 0; hops < 5; hops++) {
    const url = new URL(address);
    url.hash = '';
    if (!row.path.startsWith(url.origin + url.pathname + '?')) {
      const content = input.documents[url.href];
      return content === undefined ? { status: 404, document: url.href } : { status: 200, document: content };
    }
    const parameters = Object.fromEntries(url.searchParams);
    const twiml = render(parameters).replace(/<!--.*?-->/s, '');
    const redirect = /<Redirect method="GET">([^<]*)<\/Redirect>/.exec(twiml); // the first ends the document
    address = unescape(redirect[1]);
  }
  return { status: 508 };
}

process.stdout.write(JSON.stringify(input.rows.map(answer)));
