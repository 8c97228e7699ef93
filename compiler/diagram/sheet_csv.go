package diagram

import (
	"encoding/csv"
	"slices"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// A sheetRow is one way through the menus: a key of a menu, or what happens before any
// key.
type sheetRow struct {
	keys, option, to string
	stop             // where it leads
}

// rows lists what happens before any key, and then every key of every menu that a call
// can come to.
func (w *sheetWriter) rows(stops []stop) []sheetRow {
	var rows []sheetRow
	for _, s := range stops {
		kind := s.Kind()
		for _, e := range s.Exits {
			if kind != bundle.KindNumber && kind != bundle.KindCallers && kind != bundle.KindSplit && !((kind == bundle.KindMenu || kind == bundle.KindEntry) && bundle.IsKey(e.On)) {
				continue
			}
			to := w.stop(destination(w.blocks, e), "", "")
			if kind == bundle.KindMenu && e.On == s.setting("back") { // no welcome is heard again
				to.Messages = slices.DeleteFunc(slices.Clone(to.Messages), func(m bundle.Message) bool { return m.Role == "welcome" })
			}
			row := sheetRow{s.then(e.On), w.words.label(s.Block, e), to.name(), to}
			if row.keys == "" {
				row.keys = w.words.of("(at once)")
			}
			rows = append(rows, row)
		}
		if repeat, ok := s.RepeatExit(); ok {
			rows = append(rows, sheetRow{s.then(repeat.On), w.words.of("repeat"), s.name(), stop{}})
		}
	}
	return rows
}

// csvHeader names the columns of the table, in English.
var csvHeader = []string{
	"number", "keys", "option", "leads to", "says", "who is rung", "for at most",
	"if all are busy", "if nobody answers", "if the queue is full", "after the longest wait", "if nothing is pressed",
}

// csv writes the rows of a sheet as comma-separated values.
func (w *sheetWriter) csv(number string, stops []stop) string {
	var out strings.Builder
	table := csv.NewWriter(&out) // into memory, which cannot fail
	header := make([]string, len(csvHeader))
	for i, column := range csvHeader {
		header[i] = w.words.of(column + "|column")
	}
	_ = table.Write(header)
	for _, r := range w.rows(stops) {
		says, silent := "", ""
		switch r.Kind() {
		case "menu", "entry":
			says, silent = strings.TrimSpace(r.said("welcome")+" "+r.said("prompt")), r.silent()
		case "voicemail":
			says = r.said("greeting")
		case "message":
			says = r.said("message")
		}
		cells := []string{
			number, r.keys, r.option, r.to, says, w.rung(r.stop), w.atMost(r.stop),
			r.exit("busy", "busy"), r.exit("unavailable", "unavailable"), r.exit("full", "full"), r.exit("timeout", "timeout"), silent,
		}
		for i := range cells {
			cells[i] = cell(cells[i])
		}
		_ = table.Write(cells)
	}
	table.Flush()
	return out.String()
}

// cell keeps a text from being a formula. When a spreadsheet opens a file, it runs
// cells that begin with one of these characters, no matter who wrote them
// (https://owasp.org/www-community/attacks/CSV_Injection).
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n", []rune(text)[0]) {
		return "'" + text
	}
	return text
}
