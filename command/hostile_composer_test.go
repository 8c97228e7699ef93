//go:build linux

package command

// Hostile evaluations at random. A composer puts together what the language has:
// functions, for, templates, conditionals, splats, spread arguments, types with
// defaults, dynamic blocks and files. Half of its configurations are chains, in which
// each value is made of several of the value before it; that is how a few lines
// become large.

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"strings"
)

// phrases are ways to write an expression of a kind: T a text, N a number, B a truth
// value, L a list, O an object, A any of them. In a phrase, $T and so on stand for
// another expression, $# for a small number, $+ for a new variable of a loop, which
// can be used from $: on, $F for the name of a file, and $$ for a dollar.
var phrases = map[byte][]string{
	'T': {
		`"$#"`, `"${$A}${$A}"`, `"${$T}-${$T}-${$N}"`, `join($T, $L)`, `join("", [$T, $T, $T])`, `format("%s%s", $T, $T)`,
		`format("%#v", $A)`, `format("%0$#d${$T}", $N)`, `replace($T, $T, $T)`, `replace($T, "a", $T)`, `upper($T)`, `title($T)`, `strrev($T)`,
		`jsonencode($A)`, `jsonencode([$A, $A])`, `file($F)`, `"%{for $+ in $L$:}${$T}%{endfor}"`, `"%{if $B}${$T}%{else}${$A}%{endif}"`,
		`tostring($A)`, `regex_replace($T, $T, $T)`, `regex_replace($T, "(.)", "$$1$$1${$T}")`,
		`indent($#, $T)`, `trim($T, $T)`, `trimspace($T)`, `substr($T, $N, $N)`, `substr($T, 0, $#)`, `chomp($T)`,
		`trimprefix($T, $T)`, `trimsuffix($T, $T)`, `lower($T)`, `regex("(?:a?){$#}", $T)`, `regex($T, $T)`, `timeadd($T, $T)`,
		`formatdate("YYYY", $T)`, `$L[0]`, `element($L, $N)`, `coalesce($T, $T)`, `try($A, $T)`, `lookup($O, $T, $T)`, `$B ? $T : $T`, `max($L...)`,
		`format($T, $L...)`,
	},
	'N': {
		`$#`, `length($L)`, `length($O)`, `strlen($T)`, `$N + $N`, `$N * $N`, `$N / $N`, `$N % $N`, `-$N`, `pow($N, $N)`, `abs($N)`, `log($N, 2)`,
		`parseint($T, $N)`, `max($N, $N)`, `min($L...)`, `index($L, $A)`, `tonumber($T)`, `ceil($N)`, `signum($N)`, `$B ? $N : $N`, `try($N, $#)`,
	},
	'B': {
		`true`, `false`, `$A == $A`, `$L == $L`, `$O != $O`, `$N < $N`, `$B && $B`, `!$B`, `contains($L, $A)`, `can($A)`, `can(regex($T, $T))`,
		`fileexists($F)`, `$L == reverse($L)`, `tobool($T)`,
	},
	'L': {
		`[]`, `[$A, $A]`, `[$L, $L]`, `[$T, $N, null]`, `concat($L, $L)`, `concat([$L, $L]...)`, `flatten([$L, $L])`, `flatten([$L, [$A]])`,
		`[for $+ in $L$: $A]`, `[for $+ in $L$: [$A, $A] if $B]`, `[for $+, $+ in $O$: $A]`, `$L[*]`, `$L[*].a`, `$A[*]`, `($L).*.a`, `[for $+ in range($#)$: $A]`,
		`setproduct($L, $L)`, `setproduct($L, [$A, $A], $L)`, `toset($L)`, `tolist($L)`, `distinct($L)`, `sort($L)`, `compact($L)`,
		`reverse($L)`, `slice($L, 0, $#)`, `slice(tolist([$L]), 0, 0)`, `slice($L, $N, $N)`, `chunklist($L, $#)`, `coalescelist($L, $L)`, `range($N)`, `range($#)`, `range(0, $N, $N)`,
		`split($T, $T)`, `split("", $T)`, `regexall($T, $T)`, `regexall(".", $T)`, `regexall("(a)(b)?", $T)`, `csvdecode($T)`, `csvdecode(file($F))`,
		`jsondecode($T)`, `jsondecode(jsonencode($L))`, `yamldecode(file($F))`, `formatlist("%s${$T}", $L)`, `formatlist($T, $L, $L)`,
		`keys($O)`, `values($O)`, `setunion($L, $L)`, `setintersection($L, $L)`, `setsubtract($L, $L)`, `setunion([$L, $L]...)`,
		`$B ? $L : $L`, `$B ? [$A, $A] : null`, `false ? [$A, $A] : null`, `try($L, [])`, `[[$A, $A], $L][0]`, `[$L, $L][*]`, `$O[*]`,
	},
	'O': {
		`{}`, `{ a = $A }`, `{ a = $A, b = $A }`, `{ (tostring($T)) = $A, b = $O }`, `merge($O, $O)`, `merge([$O, $O]...)`, `merge({ a = $A }, { b = $O })`,
		`{ for $+ in $L$: $T => $A }`, `{ for $+ in $L$: $T => $A... }`, `{ for $+, $+ in $O$: $T => $A if $B }`, `zipmap($L, $L)`, `zipmap(range($#), $L)`, `tomap($O)`, `tomap({ a = $A, b = $A })`,
		`jsondecode($T)`, `jsondecode(file($F))`, `yamldecode($T)`, `yamldecode(file($F))`, `csvdecode(file($F))[0]`, `$B ? $O : $O`, `false ? { a = $A, b = $A } : null`,
		`try($O, {})`, `{ a = null, b = [$A, $A] }`, `[$O, $O][0]`, `lookup({ a = $O }, "a", $O)`, `var.v$#`,
	},
	'A': {`$T`, `$N`, `$B`, `$L`, `$O`, `null`, `($A).a`, `($A)[0]`, `($A)["a"]`, `($A)[$N]`, `try($A, $A)`, `element($L, $#)`, `$B ? $A : $A`, `coalesce($A, $A)`, `var.v$#`, `local.a$#`},
}

// plain are the expressions at which a phrase ends.
var plain = map[byte]string{'T': `"ha"`, 'N': `7`, 'B': `true`, 'L': `["a", "b"]`, 'O': `{ a = "x", b = "y" }`, 'A': `"a"`}

// A line of a configuration, of which a part was made at random. If that is
// mistaken, something plain takes its place.
type line struct {
	before, made, plain string
}

// A composer composes one configuration.
type composer struct {
	*rand.Rand
	files  files
	head   []line            // the variables
	locals []line            // the values beside the chain
	blocks []line            // a call flow in which the values are used
	step   string            // from one value of the chain to the next
	first  string            // value of the chain
	links  int               // how many values follow it, 0 for no chain
	made   map[byte][]string // the names of what there is already, by kind
	scope  []string          // the variables of the loops around
	loops  int               // how many these are
	next   int               // of which the names are numbered
	leaf   string            // in a chain, the value before; "" elsewhere
	length int               // of the expression at hand, in phrases
}

// newComposer composes the configuration of a number.
func newComposer(seed uint64) *composer {
	c := &composer{Rand: rand.New(rand.NewPCG(seed, 5)), files: files{}, made: map[byte][]string{}}
	for i := range c.IntN(4) {
		c.files[fmt.Sprintf("f%d", i)] = c.data()
	}
	for i := range 3 {
		c.variable(i)
	}
	if c.IntN(3) > 0 {
		c.chain()
	}
	for i := range c.IntN(20) {
		kind := c.kind()
		c.locals = append(c.locals, line{fmt.Sprintf("b%d = ", i), c.whole(kind, 1+c.IntN(5)), plain[kind]})
		c.made[kind] = append(c.made[kind], fmt.Sprint("local.b", i))
	}
	c.flow()
	return c
}

// configuration returns the files, with so many links of the chain made, and what is
// in each line of the first file, nil for what is as it must be.
func (c *composer) configuration(links int) (files, []*line) {
	var b strings.Builder
	var all []*line
	write := func(lines []line) {
		for i, l := range lines {
			b.WriteString(l.before + l.made + "\n")
			for range 1 + strings.Count(l.before, "\n") {
				all = append(all, &lines[i])
			}
		}
	}
	write(c.head)
	fmt.Fprintf(&b, "locals {\na0 = %s\n", cmp.Or(c.first, "null"))
	all = append(all, nil, nil)
	for i := range c.links {
		step := c.step
		if i >= links {
			step = "@"
		}
		fmt.Fprintf(&b, "a%d = %s\n", i+1, strings.ReplaceAll(step, "@", fmt.Sprint("local.a", i)))
		all = append(all, nil)
	}
	write(c.locals)
	b.WriteString("}\n")
	all = append(all, nil)
	write(c.blocks)
	made := maps.Clone(c.files)
	made["main.ivr.hcl"] = b.String()
	return made, all
}

// mend replaces what is mistaken according to a run with three links, so that what
// is not is evaluated, too.
func (c *composer) mend(r hostileRun, lines []*line) {
	anew := false
	for _, d := range r.Diagnostics {
		if d.Range == nil || d.Range.Filename != filepath.Join(r.directory, "main.ivr.hcl") || d.Severity != "error" || d.Range.Start.Line > len(lines) {
			continue
		}
		if l := lines[d.Range.Start.Line-1]; l != nil {
			l.made = l.plain
		} else {
			anew = c.links > 0
		}
	}
	if anew {
		c.chain()
	}
}

func (c *composer) kind() byte { return "TNBLLLOOOAA"[c.IntN(11)] }

// chain is values each of which is made of the one before it in the same way.
func (c *composer) chain() {
	kind := "TLLOOA"[c.IntN(6)]
	c.first = []string{plain[kind], plain[kind], plain[kind], "null"}[c.IntN(4)]
	c.leaf = "@"
	if c.step = c.whole(kind, 1+c.IntN(3)); c.IntN(4) == 0 {
		c.step = "try(" + c.step + ", @)"
	}
	c.leaf = ""
	if c.links == 0 {
		c.links = 4 + c.IntN(60)
		for i := range c.links / 5 {
			c.made[kind] = append(c.made[kind], fmt.Sprint("local.a", 5*i+3))
		}
	}
}

// whole is an expression for itself.
func (c *composer) whole(kind byte, depth int) string {
	c.length, c.loops, c.scope = 0, 0, nil
	return c.expression(kind, depth)
}

// phrase chooses a phrase of a kind. There are at most two loops inside each other.
func (c *composer) phrase(kind byte) string {
	for {
		if phrase := phrases[kind][c.IntN(len(phrases[kind]))]; c.loops < 2 || !strings.Contains(phrase, "$:") {
			return phrase
		}
	}
}

// expression is an expression of a kind, of at most so many phrases inside each other.
func (c *composer) expression(kind byte, depth int) string {
	c.length++
	if depth == 0 || c.length > 60 {
		return c.end(kind)
	}
	if kind == 'A' && c.IntN(2) == 0 {
		kind = "TNBLO"[c.IntN(5)]
	}
	phrase, outer, loops := c.phrase(kind), len(c.scope), c.loops
	defer func() { c.scope, c.loops = c.scope[:outer], loops }()
	var b strings.Builder
	var fresh []string
	for i := 0; i < len(phrase); i++ {
		if phrase[i] != '$' || phrase[i+1] == '{' {
			b.WriteByte(phrase[i])
			continue
		}
		i++
		switch mark := phrase[i]; mark {
		case '$':
			b.WriteByte('$')
		case '#':
			fmt.Fprint(&b, []int{0, 1, 2, 3, 10, 30, 100, 999}[c.IntN(8)])
		case '+':
			c.next++
			c.loops = loops + 1
			fresh = append(fresh, fmt.Sprint("x", c.next))
			b.WriteString(fresh[len(fresh)-1])
		case ':':
			c.scope = append(c.scope, fresh...)
			if phrase[0] != '"' {
				b.WriteByte(':')
			}
		case 'F':
			fmt.Fprintf(&b, `"f%d"`, c.IntN(4))
		default:
			b.WriteString(c.expression(mark, depth-1))
		}
	}
	return b.String()
}

// end is an expression that holds no other.
func (c *composer) end(kind byte) string {
	switch names := c.made[kind]; {
	case len(c.scope) > 0 && c.IntN(2) == 0:
		return c.scope[c.IntN(len(c.scope))]
	case c.leaf != "" && c.IntN(4) > 0:
		return c.leaf
	case len(names) > 0 && c.IntN(3) > 0:
		return names[c.IntN(len(names))]
	case c.IntN(12) == 0:
		return "null"
	}
	return plain[kind]
}

// data is what a file holds.
func (c *composer) data() string {
	n := 1 << c.IntN(20)
	pieces := []string{"a", "é", "👩‍👩‍👧", "a,b\n1,2\n", "[1,", "{\"a\":", "9", "x,", "\n- a", "{\"a\":1,\"b\":2},", " ", "\"", "(a*)", "%s", "é\u0301", "- &a [*a]\n"}
	piece := pieces[c.IntN(len(pieces))]
	text := strings.Repeat(piece, n/len(piece)+1)
	switch c.IntN(6) {
	case 0:
		return "[" + strings.TrimSuffix(strings.Repeat("{\"a\":1,\"b\":[2,3]},", n/18+1), ",") + "]"
	case 1:
		return "a,b,c\n" + strings.Repeat("1,2,3\n", n/6)
	case 2:
		var b strings.Builder
		for i := range min(n, 60_000) / 8 {
			fmt.Fprintf(&b, "c%d,", i)
		}
		return b.String() + "x\n" + strings.Repeat("1\n", c.IntN(300))
	case 3:
		depth := 1 << c.IntN(7)
		return strings.Repeat("[", depth) + "1" + strings.Repeat("]", depth)
	}
	return text[:min(len(text), 1<<20)]
}

// variable is a variable whose type has types with defaults inside it.
func (c *composer) variable(i int) {
	t := "string"
	for range c.IntN(12) {
		u := t
		if c.IntN(2) == 0 || len(t) > 50_000 {
			u = "any"
		}
		forms := []string{
			"object({ a = optional(%s, {}), b = optional(%s, {}) })", "object({ a = optional(%s), b = optional(%s, null) })", "list(object({ a = %s, b = optional(%s) }))",
			"map(tuple([%s, %s]))", "tuple([%s, %s])", "object({ a = %s, b = %s })",
		}
		form := forms[c.IntN(len(forms))]
		if !strings.HasPrefix(t, "object") || u != t { // for which an empty object is no default
			form = strings.ReplaceAll(form, ", {})", ")")
		}
		t = fmt.Sprintf(form, t, u)
	}
	value := strings.NewReplacer("var.", "", "local.", "").Replace(c.whole("OOLTA"[c.IntN(5)], 1+c.IntN(3)))
	if c.IntN(3) > 0 {
		value = []string{"{}", "[]", "[{}, {}, {}]", "{ a = {}, b = {} }", "[for i in range(999) : {}]", "{ for i in range(999) : i => {} }"}[c.IntN(6)]
	}
	c.head = append(c.head, line{before: fmt.Sprintf("variable \"v%d\" {", i)}, line{"type = ", t, "any"}, line{"default = ", value, "null"}, line{before: "}"})
}

// flow is a call flow in which the values are used.
func (c *composer) flow() {
	add := func(before, made, plain string) { c.blocks = append(c.blocks, line{before, made, plain}) }
	add("project \"x\" {\nlimits = \"twilio\"\n}\nmessage \"bye\" {\ntext = \"Goodbye.\"\n}", "", "")
	for i := range c.IntN(4) {
		add(fmt.Sprintf("message \"m%d\" {", i), "", "")
		add("text = ", c.whole('T', 2), `"a"`)
		add("}", "", "")
	}
	if c.IntN(2) == 0 {
		add(`dynamic "message" {`, "", "")
		add("for_each = ", c.whole('L', 2), "[1]")
		add("iterator = each", "", "")
		add(`labels = ["d${each.key}"]`, "", "")
		add("content {", "", "")
		add("text = ", c.whole('T', 2), `"a"`)
		add("}", "", "")
		add("}", "", "")
	}
	add(`menu "main" {`, "", "")
	add("welcome = ", c.whole('T', 2), `"a"`)
	if c.IntN(2) == 0 {
		add(`dynamic "option" {`, "", "")
		add("for_each = ", c.whole('L', 2), "[1]")
		add("iterator = o", "", "")
		add("labels = [o.key]", "", "")
		add("content {", "", "")
		add("label = ", c.whole('T', 2), `"a"`)
		add("to = ", c.whole('A', 2), "message.bye")
		add("}", "", "")
		add("}", "", "")
	}
	add("option \"9\" {\nlabel = \"nothing\"\nto = message.bye\n}\n}\nnumber \"n\" {\nphone_number = \"+14155550100\"\nto = menu.main\n}", "", "")
}
