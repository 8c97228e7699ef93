package compiler

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
)

// However many warnings are silenced, each comment silences its own: they are not
// among those that are left out because nobody reads so many.
func TestManyWarningsAreSilenced(t *testing.T) {
	var b strings.Builder
	b.WriteString("project \"x\" {}\nnumber \"n\" {\n  phone_number = \"+14155550100\"\n  to           = message.m\n}\nmessage \"m\" {\n  text = \"Hello\"\n}\n")
	for i := range 30 * diagnostic.MaxDiagnostics {
		fmt.Fprintf(&b, "# ivrc:ignore IVR601 not in use yet\nvoicemail \"v%d\" {}\n", i)
	}
	if _, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(b.String())}}}); len(diags) > 0 {
		t.Errorf("%d warnings, the first is %v", len(diags), diags[0])
	}
}
