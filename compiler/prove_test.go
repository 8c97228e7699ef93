package compiler

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/ivrc/ivrc/compiler/internal/config"
	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/internal/proof"
	"github.com/ivrc/ivrc/compiler/internal/resolve"
)

// A shape is a configuration of n menus that lead to each other in some way.
type shape struct {
	name string
	menu func(w *strings.Builder, i, n int) // what is in the i-th menu
}

var shapes = []shape{
	{"a tree", func(w *strings.Builder, i, n int) {
		for k := 1; k <= 3; k++ {
			writeOption(w, k, menuOr(3*i+k, n))
		}
	}},
	{"a tree with ways back", func(w *strings.Builder, i, n int) {
		for k := 1; k <= 3; k++ {
			writeOption(w, k, menuOr(3*i+k, n))
		}
		writeOption(w, 9, fmt.Sprintf("menu.m%d", max(0, i-1)/3))
	}},
	{"a net", func(w *strings.Builder, i, n int) {
		for k := 1; k <= 3; k++ {
			writeOption(w, k, fmt.Sprintf("menu.m%d", (k*i+1)%n))
		}
	}},
	{"a row without keys", func(w *strings.Builder, i, n int) {
		writeOption(w, 1, "voicemail.desk")
		fmt.Fprintf(w, "on_failure = %s\n", menuOr(i+1, n))
	}},
	{"a circle without keys", func(w *strings.Builder, i, n int) {
		writeOption(w, 1, "voicemail.desk")
		fmt.Fprintf(w, "on_failure = menu.m%d\n", (i+1)%n)
	}},
	{"ends without a word", func(w *strings.Builder, i, n int) {
		writeOption(w, 1, "hangup")
		fmt.Fprintf(w, "on_failure = %s\n", menuOr(i+1, n))
	}},
}

func writeOption(w *strings.Builder, key int, to string) {
	fmt.Fprintf(w, "option \"%d\" {\nlabel = \"the option %d\"\nto = %s\n}\n", key, key, to)
}

func menuOr(i, n int) string {
	if i < n {
		return fmt.Sprintf("menu.m%d", i)
	}
	return "voicemail.desk"
}

// files writes the configuration, a thousand menus to a file.
func (s shape) files(n int) fstest.MapFS {
	files := fstest.MapFS{}
	var w strings.Builder
	w.WriteString("project \"large\" { limits = \"twilio\" }\nvoicemail \"desk\" {}\n")
	w.WriteString("number \"main\" {\nphone_number = \"+14155550100\"\nto = menu.m0\n}\n")
	for i := range n {
		fmt.Fprintf(&w, "menu \"m%d\" {\n", i)
		s.menu(&w, i, n)
		w.WriteString("}\n")
		if i%1000 == 999 {
			files[fmt.Sprintf("%d.ivr.hcl", i)] = &fstest.MapFile{Data: []byte(w.String())}
			w.Reset()
		}
	}
	return files
}

// modelOf is the model of a configuration.
func modelOf(t testing.TB, files fstest.MapFS) *model.Model {
	r := &diagnostic.Collector{}
	sources := config.ReadFiles(r, files, nil)
	e := config.NewEvaluator(r, files, model.StockNames())
	e.FirstFile = sources[0].Name
	m := resolve.Resolve(e, e.Load(sources, config.Assignments{}), resolve.Serving{})
	if r.Found.HasErrors() {
		t.Fatal(listed(r.Found))
	}
	return m
}

// Twice as many menus are proved, and figured, in twice as many steps, whatever
// their shape. Steps are counted, because time depends on the machine.
func TestProofIsLinear(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			work := func(n int) (proving, figures int) {
				g := proof.Prove((&diagnostic.Collector{}), modelOf(t, s.files(n)))
				proving = g.Work()
				if !strings.Contains(s.name, "circle") {
					g.WorstCases(1)
				}
				return proving, g.Work() - proving
			}
			proving, figures := work(1000)
			proving2, figures2 := work(2000)
			if proving2 > 2*proving+100+proof.MaxShown || figures2 > 2*figures+100 {
				t.Errorf("1,000 menus take %d and %d steps, 2,000 take %d and %d", proving, figures, proving2, figures2)
			}
			if ways := 2000 * 5; proving2-proof.MaxShown > 30*ways {
				t.Errorf("2,000 menus take %d steps", proving2)
			}
		})
	}
}

// BenchmarkProve compares the proof of 10,000 menus with parsing them.
func BenchmarkProve(b *testing.B) {
	for _, s := range shapes[:3] {
		files := s.files(10_000)
		b.Run("parse "+s.name, func(b *testing.B) {
			for b.Loop() {
				for name, file := range files {
					if _, diags := hclsyntax.ParseConfig(file.Data, name, hcl.InitialPos); diags.HasErrors() {
						b.Fatal(diags)
					}
				}
			}
		})
		m := modelOf(b, files)
		b.Run("prove "+s.name, func(b *testing.B) {
			for b.Loop() {
				proof.Prove((&diagnostic.Collector{}), m)
			}
		})
		b.Run("figures "+s.name, func(b *testing.B) {
			g := proof.Prove((&diagnostic.Collector{}), m)
			for b.Loop() {
				g.WorstCases(1)
			}
		})
	}
}
