//go:build linux

package command

// Configurations of which a few lines cause endless work when they are evaluated.

import (
	"fmt"
	"strings"
)

// inLocals is a configuration of nothing but a locals block.
func inLocals(text string) func() files {
	return func() files { return fragment("locals {\n" + text + "\n}\n") }
}

// besideFile is one that reads another file.
func besideFile(name string, data func() string, text string) func() files {
	return func() files {
		f := inLocals(text)()
		f[name] = data()
		return f
	}
}

// chain is n local values, each made in one step from the one before it, which
// the step calls @.
func chain(first, step string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "a0 = %s\n", first)
	for i := range n {
		fmt.Fprintf(&b, "a%d = %s\n", i+1, strings.ReplaceAll(step, "@", fmt.Sprintf("local.a%d", i)))
	}
	return b.String()
}

// longList is a local value of 2,400 elements.
var longList = "l = [" + strings.Repeat("\"a\",", 2400) + "]\n"

var hostileEvaluation = []hostileCase{
	{name: "fanout", files: inLocals("x = [for a in [1,2,3,4,5,6,7,8,9,10] : [for b in [1,2,3,4,5,6,7,8,9,10] : [for c in [1,2,3,4,5,6,7,8,9,10] : [for d in [1,2,3,4,5,6,7,8,9,10] : [for e in [1,2,3,4,5,6,7,8,9,10]: e]]]]]")},
	{name: "fanout-locals", files: inLocals("a = [for i in [1,2,3,4,5,6,7,8,9,10] : i]\n" + chain("[for i in local.a: i]", "[for i in local.a: @]", 9))},
	{name: "laugh-strings", files: inLocals(chain("\"ha\"", "\"${@}${@}${@}${@}${@}${@}${@}${@}${@}${@}\"", 30))},
	{name: "laugh-strings2", files: inLocals(chain("\"ha\"", "\"${@}${@}\"", 60))},
	{name: "laugh-lists", files: inLocals(chain("[1]", "[@, @]", 60))},
	{name: "laugh-objects", files: inLocals(chain("{a=1}", "{a=@, b=@}", 60))},
	{name: "laugh-concat", files: inLocals(chain("[1]", "concat(@, @)", 60))},
	{name: "laugh-flatten", files: inLocals(chain("[1]", "flatten([@, @])", 60))},
	{name: "laugh-json", files: inLocals(chain("[1]", "jsonencode([@, @, @])", 60))},
	{name: "laugh-format", files: inLocals(chain("\"ha\"", "format(\"%s%s%s\", @, @, @)", 60))},
	{name: "laugh-merge", files: inLocals(chain("{a=1}", "merge(@, {b=@})", 60))},
	{name: "laugh-cond", files: inLocals(chain("[1]", "true ? [@, @] : [@, @]", 60))},
	{name: "laugh-eq", files: inLocals(chain("[1]", "[@, @] == [@, @] ? [@,@] : [@,@]", 60))},
	{name: "laugh-join", files: inLocals(chain("\"ha\"", "join(@, [@,@,@,@])", 60))},
	{name: "laugh-replace", files: inLocals(chain("\"ha\"", "replace(@, \"a\", @)", 60))},
	{name: "laugh-heredoc", files: inLocals(chain("\"ha\"", "<<E\n%{for x in [1,2,3,4,5,6,7,8,9]}${@}%{endfor}\nE\n", 20))},
	{name: "laugh-index", files: inLocals(chain("[[1]]", "[@,@][0]", 60))},
	{name: "numbers", files: inLocals("a = 1e999999999\nb = 1e-999999999\nc=" + strings.Repeat("9", 10000))},
	{name: "numbers-string", files: inLocals("a = \"1e999999999\" + 1\nb = pow(2, 100000)\nc = pow(10, 400)\nd=tonumber(\"" + strings.Repeat("9", 100000) + "\")")},
	{name: "files-16", files: func() files {
		f := files{}
		for i := range 16 {
			b := strings.Builder{}
			for j := range 50 {
				fmt.Fprintf(&b, "variable \"x%dx%d\" {\ndefault=[%s]\n}\n", i, j, strings.Repeat("1,", 4900))
			}
			f[fmt.Sprintf("f%d.ivr.hcl", i)] = b.String()
		}
		return f
	}},
	{name: "files-8", files: func() files {
		f := files{}
		for i := range 8 {
			b := strings.Builder{}
			for j := range 50 {
				fmt.Fprintf(&b, "variable \"x%dx%d\" {\ndefault=[%s]\n}\n", i, j, strings.Repeat("1,", 4900))
			}
			f[fmt.Sprintf("f%d.ivr.hcl", i)] = b.String()
		}
		return f
	}},
	{name: "squaring", files: inLocals(chain("99", "@ * @", 60))},
	{name: "squaring-pow", files: inLocals(chain("99", "pow(@, 300)", 60))},
	{name: "digits-file", files: besideFile("d", func() string { return strings.Repeat("9", 1<<20) }, "a = abs(file(\"d\"))\nb = file(\"d\") + 1\nc = -file(\"d\")\nd=parseint(file(\"d\"), 10)\ne=[for i in range(10): file(\"d\") * i]")},
	{name: "widths", files: inLocals("a = format(\"%999999999d\", 1)\nb = format(\"%.999999999f\", 1)\nc = format(\"%*d\", 999999999, 1)\nd = format(\"" + strings.Repeat("%999d", 1000) + "\", 1)\ne = format(\"%[1]999999d\",1)")},
	{name: "format-arg", files: inLocals(chain("\"ha\"", "\"${@}${@}\"", 18) + "x = format(\"" + strings.Repeat("%[1]s", 9000) + "\", local.a18)")},
	{name: "setproduct", files: inLocals(longList + "x = setproduct(local.l, local.l)\ny = setproduct(range(100), range(100), range(100))\n")},
	{name: "sets", files: inLocals("a=[for i in range(1000): [for j in range(9): \"x${i}-${j}\"]]\nx = [for i in range(900): setunion(local.a[0], local.a[i])]\ny=[for i in range(50): toset(flatten(local.a))]")},
	{name: "range", files: inLocals("x = range(1000000000)\ny = range(0, 1, 0.0000001)\nz=[for i in range(1000): range(1024)]")},
	{name: "join", files: inLocals(longList + "x = join(\"" + strings.Repeat("y", 10000) + "\", local.l)\ny=[for i in range(1000): join(\"" + strings.Repeat("y", 1000) + "\", local.l)]")},
	{name: "replace", files: inLocals("x = replace(\"" + strings.Repeat("y", 10000) + "\", \"\", \"" + strings.Repeat("y", 10000) + "\")\n")},
	{name: "regex-replace", files: inLocals("x = regex_replace(\"" + strings.Repeat("y", 10000) + "\", \"\", \"" + strings.Repeat("y", 10000) + "\")\ny = regex_replace(\"" + strings.Repeat("y", 10000) + "\", \"(y+)\", \"" + strings.Repeat("$${1}", 4000) + "\")")},
	{name: "distinct", files: inLocals("l=flatten([for i in range(1000): [for j in range(8): \"x${i}-${j}\"]])\nx=distinct(local.l)\n")},
	{name: "distinct-objects", files: inLocals("l=[for i in range(1000): {a=i}]\nx=distinct(local.l)\ny=[for i in range(1000): distinct(local.l)]")},
	{name: "contains", files: inLocals("l=[for i in range(1000): \"x${i}\"]\ny=[for i in local.l: [for j in range(7): contains(local.l, \"z\")]]")},
	{name: "equality", files: inLocals("l=[for i in range(1000): [for j in range(5): \"${i}\"]]\ny=[for i in range(1000): local.l == local.l]")},
	{name: "conditional", files: inLocals("l=[for i in range(1000): [for j in range(5): \"${i}\"]]\ny=[for i in range(1000): true ? local.l : local.l]")},
	{name: "literal-in-loop", files: inLocals("y=[for i in range(1000): [for j in range(9): length([" + strings.Repeat("1,", 4000) + "])]]")},
	{name: "literal-in-loop2", files: inLocals("y=[for i in range(1000): [" + strings.Repeat("1,", 4900) + "]]")},
	{name: "index-in-loop", files: inLocals("y=[for i in range(1000): [for j in range(9): [" + strings.Repeat("1,", 4000) + "][0]]]")},
	{name: "splat", files: inLocals(longList + "y=local.l[*][*][*]\nz=[for i in range(100): local.l[*].a]")},
	{name: "template-for", files: inLocals(longList + "y=\"%{for a in local.l}%{for b in local.l}${a}%{endfor}%{endfor}\"\n")},
	{name: "template-for2", files: besideFile("d", func() string { return strings.Repeat("y", 1<<20) }, longList+"f=file(\"d\")\ny=\"%{for a in local.l}${local.f}%{endfor}\"\n")},
	{name: "regex", files: besideFile("d", func() string { return strings.Repeat("a", 1<<20) }, "f=file(\"d\")\nx=regex(\"(a?){1000}b\", local.f)\ny=regexall(\"\", local.f)\nz=regexall(\"(((((((a)))))))\", local.f)\nw=regex(\"((a{1,30}){1,30})*b\", local.f)")},
	{name: "regex-loop", files: besideFile("d", func() string { return strings.Repeat("a", 1<<20) }, "f=file(\"d\")\nx=[for i in range(1000): regexall(\"a*b\", local.f)]")},
	{name: "strlen-loop", files: besideFile("d", func() string { return strings.Repeat("a", 1<<20) }, "f=file(\"d\")\nx=[for i in range(1000): strlen(local.f)]")},
	{name: "substr-loop", files: besideFile("d", func() string { return strings.Repeat("a", 1<<20) }, "f=file(\"d\")\nx=[for i in range(1000): substr(local.f, 1000000, 1)]")},
	{name: "trim-loop", files: besideFile("d", func() string { return strings.Repeat("a", 1<<20) }, "f=file(\"d\")\nx=[for i in range(1000): trim(local.f, local.f)]\ny=[for i in range(1000): trimspace(local.f)]")},
	{name: "strings-loop", files: besideFile("d", func() string { return strings.Repeat("é", 1<<19) }, "f=file(\"d\")\nx=[for i in range(3): title(local.f)]\ny=[for i in range(3): strrev(local.f)]\nz=upper(local.f)")},
	{name: "file-loop", files: besideFile("d", func() string { return strings.Repeat("a", 1<<20) }, "x=[for i in range(1000): file(\"d\")]")},
	{name: "fileexists-loop", files: besideFile("d", func() string { return strings.Repeat("a", 1<<20) }, "x=[for i in range(1000): fileexists(\"d\")]")},
	{name: "split", files: besideFile("d", func() string { return strings.Repeat(",", 1<<20) }, "x=split(\",\", file(\"d\"))\ny=split(\"\", file(\"d\"))")},
	{name: "csv", files: besideFile("d", func() string { return strings.Repeat("a,", 1<<18) }, "x=csvdecode(file(\"d\"))")},
	{name: "csv-rows", files: besideFile("d", func() string { return "a\n" + strings.Repeat("1\n", 1<<18) }, "x=csvdecode(file(\"d\"))")},
	{name: "csv-rows-ok", files: besideFile("d", func() string { return "a,b\n" + strings.Repeat("1,2\n", 49000) }, "x=csvdecode(file(\"d\"))")},
	{name: "csv-wide", files: besideFile("d", func() string {
		b := strings.Builder{}
		for i := range 45000 {
			fmt.Fprintf(&b, "c%d,", i)
		}
		return b.String() + "x\n" + strings.Repeat("1,", 45000) + "1\n"
	}, "x=csvdecode(file(\"d\"))")},
	{name: "json-deep", files: besideFile("d", func() string { return strings.Repeat("[", 1<<20) }, "x=jsondecode(file(\"d\"))")},
	{name: "json-deep2", files: besideFile("d", func() string { return strings.Repeat("{\"a\":", 1<<17) + "1" + strings.Repeat("}", 1<<17) }, "x=jsondecode(file(\"d\"))")},
	{name: "json-wide", files: besideFile("d", func() string { return "[" + strings.Repeat("1,", 1<<18) + "1]" }, "x=jsondecode(file(\"d\"))")},
	{name: "json-wide-ok", files: besideFile("d", func() string { return "[" + strings.Repeat("1,", 99000) + "1]" }, "x=jsondecode(file(\"d\"))")},
	{name: "json-digits", files: besideFile("d", func() string { return "[" + strings.Repeat("1", 1<<18) + "]" }, "x=jsondecode(file(\"d\"))")},
	{name: "json-exp", files: besideFile("d", func() string { return "[1e999999999]" }, "x=jsondecode(file(\"d\"))")},
	{name: "json-loop", files: besideFile("d", func() string { return "[" + strings.Repeat("1,", 90000) + "1]" }, "f=file(\"d\")\nx=[for i in range(1000): jsondecode(local.f)]")},
	{name: "yaml-laughs", files: besideFile("d", func() string {
		b := strings.Builder{}
		b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
		for i := range 9 {
			fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
		}
		return b.String()
	}, "x=yamldecode(file(\"d\"))")},
	{name: "yaml-merge", files: besideFile("d", func() string {
		b := strings.Builder{}
		b.WriteString("a: &a\n  x: 1\n  y: 2\n")
		for i := range 30 {
			fmt.Fprintf(&b, "b%d:\n  <<: *a\n  z: 1\n", i)
		}
		return b.String()
	}, "x=yamldecode(file(\"d\"))")},
	{name: "yaml-flow", files: besideFile("d", func() string { return strings.Repeat("[", 1<<20) }, "x=yamldecode(file(\"d\"))")},
	{name: "yaml-flow2", files: besideFile("d", func() string { return strings.Repeat("[", 9990) + strings.Repeat("]", 9990) }, "x=yamldecode(file(\"d\"))")},
	{name: "yaml-block", files: besideFile("d", func() string { return strings.Repeat("- ", 1<<19) }, "x=yamldecode(file(\"d\"))")},
	{name: "yaml-indent", files: besideFile("d", func() string {
		b := strings.Builder{}
		for i := range 1400 {
			b.WriteString(strings.Repeat(" ", i) + "a:\n")
		}
		return b.String()
	}, "x=yamldecode(file(\"d\"))")},
	{name: "yaml-lines", files: besideFile("d", func() string {
		b := strings.Builder{}
		for i := range 90000 {
			fmt.Fprintf(&b, "a%d: 1\n", i)
		}
		return b.String()
	}, "x=yamldecode(file(\"d\"))")},
	{name: "yaml-digits", files: besideFile("d", func() string { return strings.Repeat("9", 1<<20) }, "x=yamldecode(file(\"d\"))")},
	{name: "yaml-string", files: besideFile("d", func() string { return "\"" + strings.Repeat("x ", 1<<19) + "\"" }, "x=yamldecode(file(\"d\"))")},
	{name: "dynamic-huge", files: func() files {
		return fragment("locals {\nl=[for i in range(1000): [for j in range(8): \"x${i}-${j}\"]]\n}\ndynamic \"user\" {\nfor_each = flatten(local.l)\niterator=each\nlabels=[each.value]\ncontent {\nclient=each.value\n}\n}\n")
	}},
	{name: "dynamic-nested", files: func() files {
		return fragment("locals {\nl=range(1000)\n}\ndynamic \"menu\" {\nfor_each = local.l\niterator=each\nlabels=[\"m${each.value}\"]\ncontent {\ndynamic \"option\" {\nfor_each=local.l\niterator=o\nlabels=[\"1\"]\ncontent {\nlabel=\"x\"\nto=hangup\n}\n}\n}\n}\n")
	}},
	{name: "dynamic-body", files: func() files {
		b := strings.Builder{}
		for i := range 9000 {
			fmt.Fprintf(&b, "a%d=1\n", i)
		}
		return fragment("locals {\nl=range(1000)\n}\ndynamic \"menu\" {\nfor_each = local.l\niterator=each\nlabels=[\"m${each.value}\"]\ncontent {\n" + b.String() + "}\n}\n")
	}},
	{name: "dynamic-many", files: func() files {
		b := strings.Builder{}
		for i := range 5000 {
			fmt.Fprintf(&b, "dynamic \"user\" {\nfor_each=local.l\niterator=e\nlabels=[\"u%d${e.value}\"]\ncontent {\nclient=\"x\"\n}\n}\n", i)
		}
		return fragment("locals {\nl=range(1000)\n}\n" + b.String())
	}},
	{name: "big-locals", files: func() files {
		b := strings.Builder{}
		for i := range 5000 {
			fmt.Fprintf(&b, "x%d = local.big\n", i)
		}
		return fragment("locals {\nbig = [for i in range(1000): range(9)]\n" + b.String() + "}\n")
	}},
	{name: "many-range", files: func() files {
		b := strings.Builder{}
		for i := range 5000 {
			fmt.Fprintf(&b, "x%d = range(1024)\n", i)
		}
		return fragment("locals {\n" + b.String() + "}\n")
	}},
	{name: "many-sets", files: func() files {
		b := strings.Builder{}
		for i := range 5000 {
			fmt.Fprintf(&b, "x%d = toset(range(1024))\n", i)
		}
		return fragment("locals {\n" + b.String() + "}\n")
	}},
	{name: "var-sets", files: func() files {
		b := strings.Builder{}
		for i := range 50 {
			fmt.Fprintf(&b, "variable \"x%d\" {\ntype=set(string)\ndefault=[%s]\n}\n", i, strings.Repeat("1,", 4900))
		}
		return fragment(b.String())
	}},
	{name: "var-lists", files: func() files {
		b := strings.Builder{}
		for i := range 50 {
			fmt.Fprintf(&b, "variable \"x%d\" {\ntype=list(any)\ndefault=[%s]\n}\n", i, strings.Repeat("{a=1},", 1900))
		}
		return fragment(b.String())
	}},
	{name: "var-unify", files: func() files {
		b := strings.Builder{}
		for i := range 1900 {
			fmt.Fprintf(&b, "{a%d=1},", i)
		}
		return fragment("variable \"x\" {\ntype=list(any)\ndefault=[" + b.String() + "]\n}\n")
	}},
	{name: "tolist-unify", files: func() files {
		b := strings.Builder{}
		for i := range 1900 {
			fmt.Fprintf(&b, "{a%d=1},", i)
		}
		return fragment("locals {\nx=tolist([" + b.String() + "])\n}\n")
	}},
	{name: "values-file", files: func() files {
		f := fragment("variable \"x\" {}\n")
		f["ivrc.ivrvars"] = "x = [for a in [" + strings.Repeat("1,", 2000) + "]: [for b in [" + strings.Repeat("1,", 2000) + "]: 1]]\n"
		return f
	}},
	{name: "var-flag", files: func() files { return fragment("variable \"x\" {\ntype=list(list(number))\n}\n") }, args: []string{"-var=x=[for a in [" + strings.Repeat("1,", 2000) + "]: [for b in [" + strings.Repeat("1,", 2000) + "]: 1]]"}},
	{name: "var-digits", files: func() files { return fragment("variable \"x\" {\ntype=number\n}\n") }, args: []string{"-var=x=" + strings.Repeat("9", 100_000)}},
	{name: "cycles-digits", files: func() files {
		return fragment("project \"x\" {}\nuser \"a\" {\nclient=\"a\"\n}\nring_group \"r\" {\nusers=[user.a]\ncycles=\"" + strings.Repeat("9", 1<<19) + "\"\n}\n")
	}},
}
