package command

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/ivrc/ivrc/compiler"
	"github.com/ivrc/ivrc/runtime/router/host"
)

// The compiler accepts the hosts that the router knows, and asks for an address
// of their own for those that answer elsewhere.
func TestEveryHostIsKnownToTheCompiler(t *testing.T) {
	for _, h := range host.All() {
		source := `
project "office" {}
hosting {
  base_url = "https://calls.zillum.example"
  router   = "` + h.Name + `"
}
number "main" {
  phone_number = "+14155550100"
  to           = message.hours
}
message "hours" { text = "We are open from nine to five." }
`
		_, diags := compiler.Compile(compiler.Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(source)}}})
		var codes []string
		for _, d := range diags {
			codes = append(codes, compiler.CodeOf(d))
		}
		var want []string
		if h.Remote {
			want = []string{"IVR425"}
		}
		if !slices.Equal(codes, want) {
			t.Errorf("%s: the compiler reports %v, want %v", h.Name, codes, want)
		}
	}
}
