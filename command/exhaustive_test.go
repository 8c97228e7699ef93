package command

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/runtime/explorer"
)

// A bundle in which one answer was altered by hand: the report says which law
// that breaks, where, and by which call it is met.
func TestWalkReportShowsTheCall(t *testing.T) {
	result := compiled(t, compiler.Input{Files: os.DirFS("examples/zillum"), BaseURL: simulatedHost})
	b := result.Bundle
	for path, text := range b.Data {
		if strings.Contains(path, "/digits-1-menu_main.1.xml") {
			b.Data[path] = bytes.Replace(text, []byte("</Response>"), []byte("  <Hangup/>\n</Response>"), 1)
			b.Data[path] = append(b.Data[path][:bytes.Index(b.Data[path], []byte("<Response>"))+11], []byte("  <Hangup/>\n</Response>\n")...)
		}
	}
	site := offline(b)
	found, err := explorer.Explore(t.Context(), explorer.Survey{Handler: site.Handler, BaseURL: site.BaseURL, Bundle: b})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	walk := report.Walk{
		Names: report.Names{Directory: "zillum", Origin: origins(result, site)}, Report: found,
		Called: map[string]string{"+14155550100": "main", "+14155550109": "old"},
	}
	if err := walk.Write(report.Output{Stdout: &out, Width: 80}, "text"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"  FAIL  spoken", "digits-1-menu_main.1.xml", "configured at zillum/main.ivr.hcl:",
		"caller  presses 1", "ivrc simulate -number main -press '1' zillum", "Failure! ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, out.String())
		}
	}
}
