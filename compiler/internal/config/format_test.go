package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// A format may hold numbers, such as those of telephones, percent signs and stars; only
// what stands in a verb is a width. What a format makes is never longer than its cost.
func TestFormatCost(t *testing.T) {
	for _, c := range []struct {
		format string
		args   []cty.Value
		want   string // "" where the width is refused
	}{
		{"+141555501%02d", []cty.Value{cty.NumberIntVal(7)}, "+14155550107"},
		{"+1415555%04d", []cty.Value{cty.NumberIntVal(107)}, "+14155550107"},
		{"Call +14155550100 or +442079460%03d.", []cty.Value{cty.NumberIntVal(100)}, "Call +14155550100 or +442079460100."},
		{"Press * for %s, 100%% sure.", []cty.Value{cty.StringVal("sales")}, "Press * for sales, 100% sure."},
		{"100%%4155550100 %s", []cty.Value{cty.StringVal("a")}, "100%4155550100 a"},
		{"%[1]s, %[1]s * 99999999", []cty.Value{cty.StringVal("a")}, "a, a * 99999999"},
		{"%5000d", []cty.Value{cty.NumberIntVal(1)}, strings.Repeat(" ", 4999) + "1"},
		{"%4194305d", []cty.Value{cty.NumberIntVal(1)}, ""},
		{"%-04194305d", []cty.Value{cty.NumberIntVal(1)}, ""},
		{"%.4194305f", []cty.Value{cty.NumberIntVal(1)}, ""},
		{"%[1]4194305d", []cty.Value{cty.NumberIntVal(1)}, ""},
		{"%*d", []cty.Value{cty.NumberIntVal(9), cty.NumberIntVal(1)}, ""},
		{strings.Repeat("%999999d", 10), []cty.Value{cty.NumberIntVal(1)}, ""},
	} {
		args := append([]cty.Value{cty.StringVal(c.format)}, c.args...)
		cost, err := formatCost(args)
		refused := err != nil || cost.text > 4<<20
		if refused != (c.want == "") {
			t.Errorf("%q costs %d, %v", c.format, cost.text, err)
		}
		if refused {
			continue
		}
		got, err := stdlib.FormatFunc.Call(args)
		if err != nil || got.AsString() != c.want || len(c.want) > cost.text {
			t.Errorf("%q is %s, %v; it costs %d", c.format, fmt.Sprintf("%.60q", got.AsString()), err, cost.text)
		}
	}
}
