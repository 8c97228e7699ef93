package compiler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
)

// A few lines in which nothing is large but types and lists of arguments. Without a
// charge for these, each takes minutes.
func TestTypesAndArgumentsAreCharged(t *testing.T) {
	chain := func(first, step string) string {
		text := "a0 = " + first + "\n"
		for i := range 60 {
			text += fmt.Sprintf("a%d = %s\n", i+1, strings.ReplaceAll(step, "@", fmt.Sprintf("local.a%d", i)))
		}
		return text
	}
	for name, text := range map[string]string{
		"null tuples":  chain("null", "false ? [@, @] : null"),
		"null objects": chain("null", "false ? { a = @, b = @ } : null"),
		"empty lists":  chain(`"x"`, "slice(tolist([[@, @]]), 0, 0)"),
		"spread":       "l = range(1000)\nx = [for i in range(1000) : [for j in range(9) : max(local.l...)]]\n",
	} {
		_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte("locals {\n" + text + "}\n")}}})
		if !slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return CodeOf(d) == "IVR317" }) {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// The library that converts values panics at a null of one type where another is
// wanted.
func TestConversionThatPanics(t *testing.T) {
	text := "variable \"v\" {\n  type    = object({ a = optional(tuple([string, any])) })\n  default = false ? {} : false ? { a = \"a\" } : null\n}\n"
	_, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(text)}}})
	if !slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return CodeOf(d) == "IVR205" && d.Subject.Start.Line == 3 }) {
		t.Errorf("reported is %v", diags)
	}
}
