package twiml

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// Whatever is written and keeps the rules is read back without a fault, equal,
// and written again as the same bytes.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Response{Verbs: rapid.SliceOfN(verbs(true), 0, 6).Draw(t, "verbs")}
		doc := r.Append(nil, nil)
		got, faults := Decode(doc)
		if len(faults) > 0 {
			t.Fatalf("faults %v in\n%s", faults, doc)
		}
		if diff := cmp.Diff(r, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("-written +read:\n%s\n%s", diff, doc)
		}
		if again := got.Append(nil, nil); string(again) != string(doc) {
			t.Fatalf("written again as\n%s\nnot\n%s", again, doc)
		}
	})
}

// verbs generates verbs that keep the rules, for a Response or for a prompt.
func verbs(top bool) *rapid.Generator[Verb] {
	return rapid.Custom(func(t *rapid.T) Verb {
		names := []string{"Say", "Play", "Pause"}
		if top {
			names = []string{"Say", "Play", "Pause", "Gather", "Dial", "Enqueue", "Record", "Redirect", "Hangup", "Leave", "Reject", "Foreign"}
		}
		name := rapid.SampledFrom(names).Draw(t, "verb")
		if name == "Foreign" {
			return &Foreign{Name: rapid.SampledFrom(foreignVerbs).Draw(t, "name"), Action: rapid.SampledFrom([]string{"", "/paid?a=1&b=2"}).Draw(t, "action")}
		}
		v := fill(t, grammar().verbs[name])
		switch verb := v.Interface().(type) {
		case *Say:
			if verb.Voice != "" {
				verb.Voice = rapid.SampledFrom(Voices()).Draw(t, "voice")
			}
			if spoken := VoiceLanguages(verb.Voice); len(spoken) > 0 && verb.Language != "" {
				verb.Language = spoken[0]
			}
			return verb
		case *Play:
			if !top {
				verb.Digits = ""
			}
			return verb
		case *Gather:
			verb.Prompt = rapid.SliceOfN(verbs(false), 0, 3).Draw(t, "prompt")
			return verb
		case *Dial:
			drawNouns(t, verb)
			return verb
		default:
			return verb.(Verb)
		}
	})
}

// drawNouns makes the Dial hold a number, a conference, some other nouns, or
// nothing.
func drawNouns(t *rapid.T, dial *Dial) {
	switch rapid.SampledFrom([]string{"number", "conference", "nouns"}).Draw(t, "whom") {
	case "conference":
		dial.Number = ""
		dial.Nouns = []Noun{fill(t, grammar().nouns["Conference"]).Interface().(*Conference)}
	case "nouns":
		dial.Number = ""
		dial.Nouns = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Noun {
			name := rapid.SampledFrom([]string{"Number", "Client", "Sip", "Queue", "Foreign"}).Draw(t, "noun")
			if name == "Foreign" {
				return &Foreign{Name: rapid.SampledFrom(foreignNouns).Draw(t, "name")}
			}
			noun := fill(t, grammar().nouns[name]).Interface().(Noun)
			if client, ok := noun.(*Client); ok {
				client.Parameters = rapid.SliceOfN(parameters, 0, 3).Draw(t, "parameters")
			}
			return noun
		}), 0, 10).Draw(t, "nouns")
	}
}

var parameters = rapid.Custom(func(t *rapid.T) Parameter {
	return Parameter{text.Draw(t, "name"), text.Draw(t, "value")}
})

// fill generates a struct with a value for some of the attributes that the plan
// names, and a text.
func fill(t *rapid.T, p *plan) reflect.Value {
	v := reflect.New(p.goType)
	for i := range p.attributes {
		if a := &p.attributes[i]; rapid.Bool().Draw(t, a.name) {
			if value := drawValue(t, a); value != "" || a.optional && a.kind == reflect.String {
				a.set(v.Elem(), value)
			}
		}
	}
	if p.text != nil {
		v.Elem().Field(p.text.index).SetString(strings.Trim("x"+text.Draw(t, "text"), blank))
	}
	return v
}

// drawValue generates a value that the attribute accepts.
func drawValue(t *rapid.T, a *attribute) string {
	r := a.rule
	var ways []*rapid.Generator[string]
	if r.ranged {
		ways = append(ways, rapid.Map(rapid.IntRange(r.low, r.high), strconv.Itoa))
	}
	for _, word := range r.values {
		ways = append(ways, rapid.Just(strings.Replace(word, "*", "Joanna", 1)))
	}
	if len(r.list) > 0 {
		ways = append(ways, rapid.Map(rapid.SliceOf(rapid.SampledFrom(r.list)), func(words []string) string { return strings.Join(words, " ") }))
	}
	if r.chars != "" {
		most := 20
		if r.longer != 0 {
			most = 1
		}
		ways = append(ways, rapid.StringOfN(rapid.SampledFrom([]rune(r.chars)), 0, most, -1))
	}
	if ways == nil {
		return text.Draw(t, a.name)
	}
	return rapid.OneOf(ways...).Draw(t, a.name)
}

// text generates strings that XML can carry, many with what it must escape.
var text = rapid.StringOfN(rapid.OneOf(
	rapid.SampledFrom([]rune("&<>\"' \t\n\r]é")),
	rapid.Rune().Filter(inXML),
), 0, 40, -1)

// FuzzDecode asserts, of any bytes: where Decode finds no fatal fault, what it
// read is written as a document that, unless escaping made it too large, reads
// as the same Response without a new kind of fault, and is its own canonical
// form.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0" encoding="UTF-8"?><Response><Say loop="0">a<p>b</p> &amp; c</Say><Hangup/></Response>`))
	f.Add([]byte(`<Response><Gather finishOnKey="" numDigits="01"><Play>u</Play></Gather>text</Response>`))
	f.Add([]byte(`<Response><Dial> 1 <Client><Identity>b</Identity><Parameter name="a" value="&#10;"/></Client>2</Dial></Response>`))
	f.Add([]byte(`<Response><Enqueue waitUrl=""><Task/></Enqueue><Pay><Prompt/></Pay><![CDATA[x]]></Response>`))
	f.Add(menu().Append(nil, nil))
	f.Fuzz(func(t *testing.T, doc []byte) {
		r, faults := Decode(doc)
		if slices.ContainsFunc(faults, func(f Fault) bool { return f.Fatal }) {
			if len(r.Verbs) > 0 {
				t.Errorf("%d verbs of a document that is refused", len(r.Verbs))
			}
			return
		}
		canonical := r.Append(nil, nil)
		if len(canonical) > maxDocument {
			return
		}
		again, more := Decode(canonical)
		if diff := cmp.Diff(r, again); diff != "" {
			t.Errorf("-first +again:\n%s\n%s", diff, canonical)
		}
		for _, m := range more {
			if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Code == m.Code }) {
				t.Errorf("a new fault %v in\n%s", m, canonical)
			}
		}
		if third := again.Append(nil, nil); string(third) != string(canonical) {
			t.Errorf("written again as\n%s\nnot\n%s", third, canonical)
		}
	})
}
