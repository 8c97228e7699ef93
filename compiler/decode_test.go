package compiler

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/source"
)

// parsed parses a file, and fails the test if that is not possible.
func parsed(t rapid.TB, name string, text []byte) *hclsyntax.Body {
	t.Helper()
	file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %s", name, diags)
	}
	return file.Body.(*hclsyntax.Body)
}

// sameAsGohcl checks that a file decodes to the same configuration, with the same
// diagnostics, as by gohcl alone; without gohcl if there is no mistake in it.
func sameAsGohcl(t rapid.TB, file *hclsyntax.Body) hcl.Diagnostics {
	t.Helper()
	var d config.Declarations
	if diags := gohcl.DecodeBody(file, nil, &d); diags.HasErrors() {
		t.Fatal(diags)
	}
	var want config.Config
	wanted := gohcl.DecodeBody(d.Rest, nil, &want)
	rest := d.Rest
	if len(wanted) == 0 && !config.HasDynamic(file) {
		rest = nil // nothing may look at it
	}
	got, diags := config.DecodeBlocks(file, rest)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("decoded to\n%+v\nand by gohcl to\n%+v", got, want)
	}
	if len(diags) != len(wanted) {
		t.Errorf("got diagnostics %v, by gohcl %v", diags, wanted)
	}
	return diags
}

func TestExamplesDecodeAsByGohcl(t *testing.T) {
	names, err := filepath.Glob("../examples/*/*" + source.ConfigurationSuffix)
	if err != nil || len(names) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sameAsGohcl(t, parsed(t, name, text))
	}
}

func TestLawDecodesAsByGohcl(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for name, file := range drafts().Draw(t, "configuration").files() {
			if filepath.Ext(name) == ".hcl" {
				sameAsGohcl(t, parsed(t, name, file.Data))
			}
		}
	})
}

func TestDecodeFits(t *testing.T) {
	tests := map[string]struct {
		text string
		fits bool
	}{
		"every kind": {`
			variable "x" { default = 1 }
			locals { y = 2 }
			project "p" { language = "en-US" }
			hosting { base_url = "https://calls.example.com" }
			user "u" {
				phone = "+14155550101"
				outbound { record = true }
			}
			menu "m" {
				attempts = 2
				option "1" {
					label = "A"
					menu {
						option "1" { label = "B" }
						option "2" { label = "C" }
					}
				}
			}
			number "n" { phone_number = "+14155550100" }`, true},
		"nothing":             {``, true},
		"unknown attribute":   {`menu "m" { attemps = 2 }`, false},
		"attribute at top":    {`attempts = 2`, false},
		"unknown block":       {`menus "m" {}`, false},
		"unknown inner block": {"menu \"m\" {\noptions \"1\" {}\n}", false},
		"no label":            {`menu {}`, false},
		"two labels":          {`menu "m" "n" {}`, false},
		"a label too many":    {`hosting "h" {}`, false},
		"two of one":          {"user \"u\" {\noutbound {}\noutbound {}\n}", false},
		"block as attribute":  {`menu "m" { option = 1 }`, false},
		"attribute as block":  {"menu \"m\" {\nattempts {}\n}", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			file := parsed(t, "main.ivr.hcl", []byte(test.text))
			if diags := sameAsGohcl(t, file); diags.HasErrors() == test.fits {
				t.Errorf("got diagnostics %v", diags)
			}
		})
	}
}
