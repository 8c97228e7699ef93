//go:build linux

package command

// Ten causes of endless work, each of which was once found by somebody who looked for
// a hole in what is counted beforehand.

import (
	"fmt"
	"strings"
)

// defaults is a variable of a type in which each object has two others by default.
func defaults(levels int) string {
	t := "string"
	for range levels {
		t = fmt.Sprintf("object({ a = optional(%s), b = optional(any), c = optional(string, \"x\") })", t)
	}
	for range 3 {
		t = fmt.Sprintf("object({ a = optional(%s, {}), b = optional(%s, {}) })", t, t)
	}
	return "variable \"v\" {\n  type    = list(" + t + ")\n  default = [for i in range(1000) : {}]\n}\n"
}

// unknownNames are so many users that no block declares.
func unknownNames(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "user.nobody%d, ", i)
	}
	return b.String()
}

// silence is a recording of so many bytes.
func silence(bytes int) string {
	size := func(n int) string { return string([]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}) }
	return "RIFF" + size(bytes+36) + "WAVEfmt " + size(16) + "\x01\x00\x01\x00" + size(8000) + size(16000) + "\x02\x00\x10\x00data" + size(bytes) + strings.Repeat("\x00", bytes)
}

// allAudio is as many bytes of recordings as a configuration may have.
func allAudio() files {
	f, b := files{}, strings.Builder{}
	for i := range 6 { // each plays for half an hour
		f[fmt.Sprintf("%d.wav", i)] = silence(31 << 20)
		fmt.Fprintf(&b, "message \"m%d\" {\n  audio = \"%d.wav\"\n}\nnumber \"n%d\" {\n  phone_number = \"+1415555010%d\"\n  to = message.m%d\n}\n", i, i, i, i, i)
	}
	f["main.ivr.hcl"] = "project \"x\" {}\nhosting {\n  base_url = \"https://x.example\"\n}\n" + b.String()
	return f
}

// manyFiles are small files of a configuration.
func manyFiles(n int) files {
	f := files{}
	for i := range n {
		f[fmt.Sprintf("f%d.ivr.hcl", i)] = ""
	}
	return f
}

// estimated are calls of functions for which there is no estimate, on lists as long as
// they may be.
const estimated = `
  keys  = flatten([for i in range(1000) : ["k${i}", "l${i}", "m${i}"]])
  flags = zipmap(local.keys, local.keys)
  a     = [for i in range(900) : merge(local.flags, local.flags)]
  b     = [for i in range(900) : lookup(local.flags, "k${i}", local.flags)]
  c     = [for i in range(900) : chunklist(local.keys, 1)]
  d     = [for i in range(900) : index(local.keys, "m999")]
  e     = [for i in range(900) : coalescelist([], local.keys)]
  f     = [for i in range(900) : sort(reverse(local.keys))]
  g     = [for i in range(900) : zipmap(local.keys, values(local.flags))]
  h     = [for i in range(900) : jsonencode(local.flags)]
`

var hostileCauses = []hostileCase{
	{name: "null-tuples", files: inLocals(chain("null", "false ? [@, @] : null", 24))},
	{name: "null-objects", files: inLocals(chain("null", "false ? { a = @, b = @ } : null", 24))},
	{name: "empty-lists", files: inLocals(chain(`"x"`, "slice(tolist([[@, @]]), 0, 0)", 24))},
	{name: "nested-defaults", files: func() files { return fragment(defaults(9)) }},
	{name: "no-estimate", files: inLocals(estimated)},
	{name: "spread", files: inLocals("l = range(1000)\nx = [for i in range(1000) : [for j in range(9) : max(local.l...)]]")},
	{name: "spread-types", files: inLocals(chain("[{ a = 1 }, { b = 1 }]", "concat([@, @]...)", 24) + "m = merge(local.a24...)\n")},
	{name: "unknown-names", files: func() files {
		return fragment("project \"x\" {}\n" + strings.Repeat("ring_group \"r\" {\n  users = ["+unknownNames(2400)+"]\n}\n", 12))
	}},
	{name: "all-audio", files: allAudio, memory: mostEvaluationMemory},
	{name: "files-100000", files: func() files { return manyFiles(100_000) }},
}
