//go:build linux

package command

// Texts that are meant to exhaust a scanner or a parser.

import (
	"fmt"
	"strings"
)

// hostileSyntax makes texts of any size.
var hostileSyntax = map[string]func(n int) string{
	"parentheses": func(n int) string {
		return "locals {\n  x = " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + "\n}\n"
	},
	"templates": func(n int) string {
		return "locals {\n  x = " + strings.Repeat("\"${", n) + "1" + strings.Repeat("}\"", n) + "\n}\n"
	},
	"blocks":        func(n int) string { return strings.Repeat("a {\n", n) + strings.Repeat("}\n", n) },
	"minus":         func(n int) string { return "locals {\n  x = " + strings.Repeat("-", n) + "1\n}\n" },
	"not":           func(n int) string { return "locals {\n  x = " + strings.Repeat("!", n) + "true\n}\n" },
	"conditional":   func(n int) string { return "locals {\n  x = " + strings.Repeat("true ? 1 : ", n) + "1\n}\n" },
	"conditionalnl": func(n int) string { return "locals {\n  x = (" + strings.Repeat("true ? 1 :\n", n) + "1)\n}\n" },
	"indexes":       func(n int) string { return "locals {\n  x = a" + strings.Repeat("[0]", n) + "\n}\n" },
	"attrs":         func(n int) string { return "locals {\n  x = a" + strings.Repeat(".b", n) + "\n}\n" },
	"splats":        func(n int) string { return "locals {\n  x = a" + strings.Repeat("[*]", n) + "\n}\n" },
	"calls": func(n int) string {
		return "locals {\n  x = " + strings.Repeat("abs(", n) + "1" + strings.Repeat(")", n) + "\n}\n"
	},
	"heredocs": func(n int) string { return "locals {\n" + strings.Repeat("  x = <<A\n${\n", n) + "\n}\n" },
	"heredocsflat": func(n int) string {
		b := strings.Builder{}
		b.WriteString("locals {\n")
		for i := range n {
			fmt.Fprintf(&b, "x%d = <<A\nA\n", i)
		}
		b.WriteString("}\n")
		return b.String()
	},
	"objects": func(n int) string {
		return "locals {\n  x = " + strings.Repeat("{a=", n) + "1" + strings.Repeat("}", n) + "\n}\n"
	},
	"tuples": func(n int) string {
		return "locals {\n  x = " + strings.Repeat("[", n) + "1" + strings.Repeat("]", n) + "\n}\n"
	},
	"sum":          func(n int) string { return "locals {\n  x = " + strings.Repeat("1 + ", n) + "1\n}\n" },
	"sumnl":        func(n int) string { return "locals {\n  x = (" + strings.Repeat("a +\n", n) + "a)\n}\n" },
	"and":          func(n int) string { return "locals {\n  x = " + strings.Repeat("true && ", n) + "true\n}\n" },
	"emptyblocks":  func(n int) string { return strings.Repeat("menu \"a\" {}\n", n) },
	"emptyblocks1": func(n int) string { return strings.Repeat("a{}\n", n) },
	"attributes":   func(n int) string { return strings.Repeat("a=1\n", n) },
	"attributes2": func(n int) string {
		b := strings.Builder{}
		b.WriteString("locals {\n")
		for i := range n {
			fmt.Fprintf(&b, "a%d=1\n", i)
		}
		b.WriteString("}\n")
		return b.String()
	},
	"locchain": func(n int) string {
		b := strings.Builder{}
		b.WriteString("locals {\n")
		for i := range n {
			fmt.Fprintf(&b, "a%d=local.a%d\n", i, i+1)
		}
		b.WriteString("}\n")
		return b.String()
	},
	"locchain2": func(n int) string {
		b := strings.Builder{}
		b.WriteString("locals {\na0=0\n")
		for i := range n {
			fmt.Fprintf(&b, "a%d=local.a%d\n", i+1, i)
		}
		b.WriteString("}\n")
		return b.String()
	},
	"unknowns": func(n int) string {
		b := strings.Builder{}
		b.WriteString("locals {\n")
		for i := range n {
			fmt.Fprintf(&b, "a%d=b\n", i)
		}
		b.WriteString("}\n")
		return b.String()
	},
	"longlist": func(n int) string { return "locals {\n  x = [\n" + strings.Repeat("a,\n", n) + "]\n}\n" },
	"longobj":  func(n int) string { return "locals {\n  x = {\n" + strings.Repeat("a=1\n", n) + "}\n}\n" },
	"users": func(n int) string {
		b := strings.Builder{}
		for i := range n {
			fmt.Fprintf(&b, "user \"u%d\" {}\n", i)
		}
		return b.String()
	},
	"idents":   func(n int) string { return strings.Repeat("a", n) + "=1\n" + strings.Repeat("a", n) + "1=1\n" },
	"comments": func(n int) string { return strings.Repeat("#\n", n) },
	"newlines": func(n int) string { return strings.Repeat("\n", n) },
	"garbage":  func(n int) string { return strings.Repeat("@", n) },
	"garbage2": func(n int) string { return strings.Repeat("=", n) },
	"quotes":   func(n int) string { return strings.Repeat("\"", n) },
	"quotes2":  func(n int) string { return strings.Repeat("\"\n", n) },
	"closing":  func(n int) string { return strings.Repeat("}", n) },
}
