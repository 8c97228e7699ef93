package main

import (
	"os"
	"os/exec"
	"path/filepath"
)

// jsonnet writes the documents as files (-m): Google's program in Go, which is
// built from this module, and the one in C++ if it is installed. The folders are
// there already, because not every version makes them. It ends each file with a
// line feed of its own, so the last one of the documents is left away.
func (b *bench) jsonnet(data peerData) ([]peer, error) {
	directory, err := b.files("jsonnet", map[string]string{"data.json": data.asJSON(), "main.jsonnet": jsonnetDocuments})
	if err != nil {
		return nil, err
	}
	out := filepath.Join(directory, "out")
	folders := func() error {
		err := os.RemoveAll(out)
		for _, name := range data.Dirs {
			if err == nil {
				err = os.MkdirAll(filepath.Join(out, name), 0o755)
			}
		}
		return err
	}
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", b.bin("jsonnet"), "github.com/google/go-jsonnet/cmd/jsonnet")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, err
	}
	peers := []peer{{program: program{name: "jsonnet -m (Go)", args: []string{b.bin("jsonnet")}}, target: 4}}
	if cpp, err := installed("jsonnet"); err == nil {
		peers = append(peers, peer{program: program{name: "jsonnet -m (C++)", args: []string{cpp}}})
	}
	for i := range peers {
		p := &peers[i]
		p.args = append(p.args, "-S", "-m", out+"/", "main.jsonnet")
		p.directory, p.before, p.out, p.against, p.same = directory, folders, out, 1, true
	}
	return peers, nil
}

const jsonnetDocuments = `
local data = import 'data.json';
local head = '<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n';
local say(text) = '<Say voice="Polly.Joanna" language="en-US">' + text + '</Say>';
local prompt(menu) = std.join(' ', std.mapWithIndex(function(i, o) 'Press ' + (i + 1) + ' for ' + o.label + '.', menu.options));
local list(menu) = std.join('.', std.mapWithIndex(function(i, o) std.toString(i + 1), menu.options));
local gather(to, menu) = head + '  <Gather action="' + to + 'digits-1~' + list(menu) + '" method="GET" numDigits="1" finishOnKey="" timeout="5">\n    '
                         + say(prompt(menu)) + '\n  </Gather>\n  <Redirect method="GET">' + to + 'digits-1._.xml</Redirect>\n</Response>';
local message(text) = head + '  ' + say(text) + '\n  <Hangup/>\n</Response>';
local bye = '\n  ' + say('Thank you for calling. Goodbye.') + '\n  <Hangup/>\n</Response>';
local wrong = head + '  ' + say('Sorry, that is not one of the options.') + bye;
local silent = head + '  ' + say('Sorry, we did not receive a selection.') + bye;

// What a call begins with at each block.
local entries = {
  ['menu.m' + i]: gather('../' + data.dirs['menu.m' + i] + '/', data.menus[i])
  for i in std.range(0, std.length(data.menus) - 1)
} + {
  ['message.t' + i]: message(data.messages[i])
  for i in std.range(0, std.length(data.messages) - 1)
};
local menu(i, m) =
  local dir = data.dirs['menu.m' + i];
  [
    [dir + '/menu-1.xml', gather('', m)],
    [dir + '/digits-1.other.xml', wrong],
    [dir + '/digits-1._.xml', silent],
  ] + std.mapWithIndex(function(k, o) [dir + '/digits-1.' + (k + 1) + '.xml', entries[o.to]], m.options);
{ [d[0]]: d[1] for d in std.flattenArrays(std.mapWithIndex(menu, data.menus)) } +
{ [data.dirs['message.t' + i] + '/message-1.xml']: entries['message.t' + i] for i in std.range(0, std.length(data.messages) - 1) } +
{ [data.dirs['number.n' + i] + '/answer.xml']: entries[data.numbers[i]] for i in std.range(0, std.length(data.numbers) - 1) }
`
