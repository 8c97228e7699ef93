package compiler

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// Mutants of what addresses carry: the lists of decisions, the tables of hours, and
// what an application is told; and of the language of a call.

var (
	listText     = regexp.MustCompile(`([a-z]+(?:-[^/.~"<]*)?~)([a-z0-9_.]+)(["<&])`)
	tableText    = regexp.MustCompile(`(time~)([a-z0-9_.-]+)(<)`)
	spanText     = regexp.MustCompile(`_\d{8}`)
	offsetText   = regexp.MustCompile(`^m?\d+`)
	weekText     = regexp.MustCompile(`(?:^|[.-])[1-7]{2,}_`)
	dayText      = regexp.MustCompile(`y\d{0,2}(?:_\d+)+(?:_[a-z])?\.`)
	returnText   = regexp.MustCompile(`((?:&amp;|\?)return=)([^"<&]+)`)
	markText     = regexp.MustCompile(`(ivrc_application=)([a-z0-9_]+)`)
	languageText = regexp.MustCompile(`( language=")([a-zA-Z-]+)"`)
	voiceText    = regexp.MustCompile(`( voice=")([\w.-]+)"`)
	finishText   = regexp.MustCompile(`( finishOnKey=")([^"]*)"`)
	reasonText   = regexp.MustCompile(`<Reject[^>]*>`)
)

// listMutations are ways in which somebody alters these.
var listMutations = []mutation{
	{"value missing in a list", sub(listText, 2, func(m *mutator, s string) string {
		words := strings.Split(s, ".")
		i := m.IntN(len(words))
		return strings.Join(slices.Delete(words, i, i+1), ".")
	})},
	{"value added to a list", sub(listText, 2, func(m *mutator, s string) string { return s + ".777" })},
	{"values of a list exchanged for others", sub(listText, 2, func(m *mutator, s string) string {
		return m.replace(regexp.MustCompile(`[a-z0-9]`), s, func(c string) string { return map[bool]string{true: "8", false: "9"}[c == "9"] })
	})},
	{"list removed", func(m *mutator, _, text string) (string, bool) {
		return m.replaced(regexp.MustCompile(`~[a-z0-9_.]+(?:["<])`), text, func(s string) string { return s[len(s)-1:] })
	}},
	{"hours moved", inTable(layersPart, func(m *mutator, s string) string {
		return m.replace(spanText, s, func(span string) string {
			at := []int{2, 6}[m.IntN(2)] // the last digit of an hour
			return span[:at] + m.otherDigit(span[at:at+1]) + span[at+1:]
		})
	})},
	{"minutes moved", inTable(layersPart, func(m *mutator, s string) string {
		return m.replace(spanText, s, func(span string) string { return span[:8] + m.otherDigit(span[8:]) })
	})},
	{"hours removed", inTable(layersPart, func(m *mutator, s string) string { return m.replace(spanText, s, nothing) })},
	{"weekday removed", inTable(layersPart, func(m *mutator, s string) string {
		return m.replace(weekText, s, func(days string) string {
			i := strings.IndexAny(days, "1234567") + m.IntN(2)
			return days[:i] + days[i+1:]
		})
	})},
	{"holiday removed", inTable(layersPart, func(m *mutator, s string) string { return m.replace(dayText, s, nothing) })},
	{"offset from UTC altered", inTable(zonePart, func(m *mutator, s string) string {
		return m.replace(offsetText, s, func(minutes string) string {
			return minutes[:len(minutes)-2] + m.otherDigit(minutes[len(minutes)-2:len(minutes)-1]) + "0"
		})
	})},
	{"change of offset removed", inTable(zonePart, func(m *mutator, s string) string {
		return m.replace(regexp.MustCompile(`\.[0-9][a-z0-9]{4,}`), s, nothing)
	})},
	{"answers of hours exchanged", inTable(namesPart, func(_ *mutator, s string) string {
		names := strings.Split(s, ".")
		slices.Reverse(names)
		return strings.Join(names, ".")
	})},
	{"return to another document", sub(returnText, 2, func(m *mutator, s string) string {
		return m.replace(regexp.MustCompile(`[a-z]`), s, func(string) string { return "q" })
	})},
	{"application's mark altered", sub(markText, 2, func(_ *mutator, s string) string { return s + "s" })},
	{"language altered", sub(languageText, 2, func(_ *mutator, s string) string {
		if s == "fr-FR" {
			return "de-DE"
		}
		return "fr-FR"
	})},
	{"voice altered", sub(voiceText, 2, func(_ *mutator, s string) string {
		if s == "Polly.Lea" {
			return "Polly.Vicki"
		}
		return "Polly.Lea"
	})},
	{"finish key altered", sub(finishText, 2, func(_ *mutator, s string) string { return map[bool]string{true: "*", false: "#"}[s == "#"] })},
	{"refusal altered", func(m *mutator, _, text string) (string, bool) {
		return m.replaced(reasonText, text, func(s string) string {
			if strings.Contains(s, "busy") {
				return "<Reject/>"
			}
			return `<Reject reason="busy"/>`
		})
	}},
}

// The parts of a table, between hyphens.
const namesPart, zonePart, layersPart = 0, 1, 2

// inTable alters a part of a table of hours.
func inTable(part int, change func(*mutator, string) string) func(*mutator, string, string) (string, bool) {
	return sub(tableText, 2, func(m *mutator, table string) string {
		parts := strings.SplitN(table, "-", 3)
		parts[part] = change(m, parts[part])
		return strings.Join(parts, "-")
	})
}

// allKinds is a configuration with the kinds of blocks whose decisions carry lists.
const allKinds = `
project "kinds" {
  language = "en-US"
  salt     = "pepper"
}
hosting {
  base_url = "https://calls.example"
}
number "main" {
  phone_number = "+14155550100"
  to           = hours.door
}
schedule "office" {
  time_zone = "America/Chicago"
  week = {
    "mon-fri" = ["08:00-12:00", "13:00-17:30"]
    "sat"     = "22:00-02:00"
  }
  date "2026-12-24" { hours = "08:00-12:00" }
  date "12-25" { name = "christmas" }
  date "2031-07-04" {}
}
schedule "emergency" {
  time_zone = "America/Chicago"
  week      = { "sun" = "09:00-12:00" }
}
hours "door" {
  when "office" {
    schedule = schedule.office
    to       = callers.who
  }
  when "emergency" {
    schedule = schedule.emergency
    to       = split.offices
  }
  on "christmas" {
    language = "es-MX"
    to       = message.christmas
  }
  closed = message.closed
}
callers "who" {
  withheld = message.closed
  from "mexico" {
    prefixes = ["+52"]
    language = "es-MX"
    to       = menu.main
  }
  from "blocked" {
    numbers = ["+14155550177"]
    to      = reject("busy")
  }
  otherwise = menu.main
}
split "offices" {
  share "north" {
    parts = 12
    to    = entry.code
  }
  share "south" {
    parts = 4
    to    = message.closed
  }
}
entry "code" {
  prompt = { "en-US" = "Please enter your code.", "es-MX" = "Por favor, marque su clave." }
  finish = "#"
  code "4711" { to = menu.main }
  code "4712" { to = message.closed }
  option "*" {
    label = { "en-US" = "the menu", "es-MX" = "el menú" }
    to    = menu.main
  }
  on_failure = message.closed
}
menu "main" {
  extensions = { "301" = message.closed, "302" = message.christmas }
  option "1" {
    label = { "en-US" = "your account", "es-MX" = "su cuenta" }
    to    = entry.account
  }
  option "2" {
    label = { "en-US" = "our hours", "es-MX" = "nuestro horario" }
    to    = message.closed
  }
}
entry "account" {
  prompt     = { "en-US" = "Please enter your account number.", "es-MX" = "Por favor, marque su número de cuenta." }
  digits     = 8
  to         = application.account
  on_failure = message.closed
}
application "account" {
  url = "https://crm.example/account"
  result "known" { to = message.closed }
  result "unknown" { to = message.christmas }
  on_failure = message.closed
}
message "closed" { text = { "en-US" = "We are closed. Please call again tomorrow.", "es-MX" = "Está cerrado. Por favor, llame mañana." } }
message "christmas" { text = { "en-US" = "Merry Christmas.", "es-MX" = "Feliz Navidad." } }
`

// kindsBundle is its bundle.
func kindsBundle(t testing.TB) *bundle.Bundle {
	t.Helper()
	result, diags := Compile(Input{Files: fstest.MapFS{"main.ivr.hcl": {Data: []byte(allKinds)}}})
	if result.Bundle == nil {
		t.Fatal(diags)
	}
	for _, kind := range bundle.DecisionKinds() {
		found := false
		for name := range result.Bundle.Data {
			found = found || strings.Contains(name, "/"+kind.Name+"-") || strings.Contains(name, "/"+kind.Name+".")
		}
		if !found && !slices.Contains([]string{"dial", "queue", "record"}, kind.Name) { // the examples have those
			t.Errorf("no document answers a decision of the kind %s", kind.Name)
		}
	}
	return result.Bundle
}

// mutantOf alters the first of some bundles to which that can be done, beginning with
// one.
func mutantOf(t *testing.T, sources []*mutator, first int, kind mutation) *mutant {
	t.Helper()
	for i := range sources {
		if m := sources[(first+i)%len(sources)].mutant(kind); m != nil {
			return m
		}
	}
	t.Fatalf("there is nothing to be done by %q", kind.name)
	return nil
}
