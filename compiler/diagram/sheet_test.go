package diagram

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Whatever a bundle says, the table of a sheet is a table, every row of it has
// all columns, and no cell of it is a formula.
func TestSheetsAreTables(t *testing.T) {
	texts := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+\-@"',;|\n\r\t ＝]{1,4}[A-Z(]{0,3}`))
	rapid.Check(t, func(t *rapid.T) {
		b := flows(texts).Draw(t, "flow")
		for _, s := range Sheets(b) {
			rows, err := csv.NewReader(strings.NewReader(s.CSV)).ReadAll()
			if err != nil {
				t.Fatalf("%v in\n%s", err, s.CSV)
			}
			for _, row := range rows {
				if len(row) != len(csvHeader) {
					t.Fatalf("a row has %d columns, want %d: %q", len(row), len(csvHeader), row)
				}
				for _, cell := range row {
					if cell != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n", []rune(cell)[0]) {
						t.Fatalf("a spreadsheet would run %q", cell)
					}
				}
			}
			for _, line := range strings.Split(s.Markdown, "\n") {
				if strings.HasPrefix(line, "| ") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 5 {
					t.Fatalf("a row of the page does not have four columns: %s", line)
				}
			}
		}
	})
}

// Every exit of a menu that a call can come to has its row, once.
func TestSheetsHaveEveryKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := flows(words).Draw(t, "flow")
		described := blocksOf(b)
		for i, s := range Sheets(b) {
			w := sheetWriter{blocks: described}
			keys := 0
			for _, stop := range w.walk("number." + b.Manifest.Numbers[i].Name) {
				for _, e := range stop.Exits {
					if kind := stop.Kind(); kind == bundle.KindNumber || kind == bundle.KindMenu && bundle.IsKey(e.On) {
						keys++
					}
				}
			}
			rows, err := csv.NewReader(strings.NewReader(s.CSV)).ReadAll()
			if err != nil || len(rows) != keys+1 {
				t.Fatalf("%d rows for %d keys (%v):\n%s", len(rows)-1, keys, err, s.CSV)
			}
		}
	})
}

// The files of numbers whose names differ in case only do not overwrite each
// other on a disk that does not tell them apart, nor the list of all.
func TestSheetNamesDiffer(t *testing.T) {
	b := &bundle.Bundle{Manifest: bundle.Manifest{Numbers: []bundle.NumberRow{{Name: "index"}, {Name: "Main"}, {Name: "main"}}}}
	seen := map[string]bool{"index": true}
	for _, s := range Sheets(b) {
		if name := strings.ToLower(s.Name); seen[name] {
			t.Errorf("two files are called %q", name)
		} else {
			seen[name] = true
		}
	}
}
