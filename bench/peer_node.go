package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// node makes the documents with template strings, and with Twilio's package if it
// is installed: IVRC_BENCH_NODE names a directory that holds node_modules/twilio.
func (b *bench) node(data peerData) ([]peer, error) {
	if _, err := installed("node"); err != nil {
		return nil, err
	}
	directory, err := b.files("node", map[string]string{
		"data.json": data.asJSON(), "plain.js": nodePlain + nodeWrite, "twilio.js": nodeTwilio + nodeWrite,
	})
	if err != nil {
		return nil, err
	}
	out := filepath.Join(directory, "out")
	script := func(name, file string) program {
		return program{name: name, args: []string{"node", file, out}, directory: directory}
	}
	peers := []peer{{program: script("node, template strings", "plain.js"), out: out, against: 1, same: true}}
	modules := filepath.Join(os.Getenv("IVRC_BENCH_NODE"), "node_modules")
	if _, err := os.Stat(filepath.Join(modules, "twilio")); err != nil {
		return peers, fmt.Errorf("%w: npm's twilio is not installed where IVRC_BENCH_NODE says", errSkipped)
	}
	twilio := script("node, npm twilio", "twilio.js")
	twilio.env = []string{"NODE_PATH=" + modules}
	return append(peers, peer{program: twilio, out: out, against: 1}), nil
}

const nodePlain = `
const head = '<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n';
const say = (text) => '<Say voice="Polly.Joanna" language="en-US">' + text + '</Say>';
const prompt = (menu) => menu.options.map((o, i) => 'Press ' + (i + 1) + ' for ' + o.label + '.').join(' ');
const list = (menu) => menu.options.map((o, i) => i + 1).join('.');
const gather = (to, menu) => head + '  <Gather action="' + to + 'digits-1~' + list(menu) + '" method="GET" numDigits="1" finishOnKey="" timeout="5">\n    '
  + say(prompt(menu)) + '\n  </Gather>\n  <Redirect method="GET">' + to + 'digits-1._.xml</Redirect>\n</Response>\n';
const ends = (...texts) => head + texts.map((text) => '  ' + say(text) + '\n').join('') + '  <Hangup/>\n</Response>\n';
`

const nodeTwilio = `
const VoiceResponse = require('twilio/lib/twiml/VoiceResponse');
const voice = { voice: 'Polly.Joanna', language: 'en-US' };
const prompt = (menu) => menu.options.map((o, i) => 'Press ' + (i + 1) + ' for ' + o.label + '.').join(' ');
const list = (menu) => menu.options.map((o, i) => i + 1).join('.');
const gather = (to, menu) => {
  const r = new VoiceResponse();
  r.gather({ action: to + 'digits-1~' + list(menu), method: 'GET', numDigits: 1, finishOnKey: '', timeout: 5 }).say(voice, prompt(menu));
  r.redirect({ method: 'GET' }, to + 'digits-1._.xml');
  return r.toString();
};
const ends = (...texts) => {
  const r = new VoiceResponse();
  for (const text of texts) r.say(voice, text);
  r.hangup();
  return r.toString();
};
`

const nodeWrite = `
const fs = require('fs');
const out = process.argv[2];
const data = JSON.parse(fs.readFileSync('data.json', 'utf8'));
const bye = 'Thank you for calling. Goodbye.';
const enter = (address) => {
  const i = Number(address.slice(address.indexOf('.') + 2));
  return address[2] === 'n' ? gather('../' + data.dirs[address] + '/', data.menus[i]) : ends(data.messages[i]);
};
const folder = (address) => {
  const dir = out + '/' + data.dirs[address] + '/';
  fs.mkdirSync(dir, { recursive: true });
  return (name, text) => fs.writeFileSync(dir + name, text);
};
data.menus.forEach((m, i) => {
  const write = folder('menu.m' + i);
  write('menu-1.xml', gather('', m));
  write('digits-1.other.xml', ends('Sorry, that is not one of the options.', bye));
  write('digits-1._.xml', ends('Sorry, we did not receive a selection.', bye));
  m.options.forEach((o, k) => write('digits-1.' + (k + 1) + '.xml', enter(o.to)));
});
data.messages.forEach((text, i) => folder('message.t' + i)('message-1.xml', ends(text)));
data.numbers.forEach((to, i) => folder('number.n' + i)('answer.xml', enter(to)));
`
