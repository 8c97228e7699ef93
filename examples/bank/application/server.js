// The application of examples/bank in Node, without any library; it does what main.go does.
//
//   node server.js
const crypto = require('crypto'), fs = require('fs'), http = require('http');

const { PUBLIC_URL: home = '', TWILIO_AUTH_TOKEN: token = '', PORT: port = '9000' } = process.env;
const accounts = fs.readFileSync(__dirname + '/accounts.csv', 'utf8').trim().split('\n').map((row) => row.split(','));
const asked = new Map(); // the account, by CallSid

// signature is what Twilio sends with a form for an address.
function signature(address, form) {
  const text = [...form.keys()].sort().reduce((text, name) => text + name + form.get(name), address);
  return Buffer.from(crypto.createHmac('sha1', token).update(text, 'utf8').digest('base64'));
}

function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}

// answer is what a caller hears, and the result with which they go back.
function answer(path, call, digits) {
  const account = asked.get(call);
  if (path === '/account') {
    const found = accounts.find((row) => row[0] === digits);
    asked.set(call, found);
    return ['', found ? 'known' : 'unknown'];
  }
  if (path === '/code') return ['', account && account[1] === digits ? 'known' : 'unknown'];
  if (path === '/balance' && account) return [`<Say>Your balance is ${escaped(account[2])}.</Say>`, 'done'];
  return ['', 'unknown'];
}

http.createServer((request, reply) => {
  let body = '';
  request.on('data', (part) => { body += part; });
  request.on('end', () => {
    const form = new URLSearchParams(body), address = new URL(request.url, 'http://localhost');
    const sent = Buffer.from(request.headers['x-twilio-signature'] || ''), right = signature(home + request.url, form);
    if (token && !(sent.length === right.length && crypto.timingSafeEqual(sent, right))) {
      reply.writeHead(403).end('This is not signed by Twilio.');
      return;
    }
    const digits = form.get('Digits') || '', keys = address.searchParams.get('keys') || '';
    const [words, result] = digits && keys.includes(digits) ? ['', digits] : answer(address.pathname, form.get('CallSid'), digits);
    const back = address.searchParams.get('return') + '?Result=' + encodeURIComponent(result);
    reply.writeHead(200, { 'Content-Type': 'text/xml' });
    reply.end(`<Response>${words}<Redirect method="GET">${escaped(back)}</Redirect></Response>`);
  });
}).listen(port, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });
