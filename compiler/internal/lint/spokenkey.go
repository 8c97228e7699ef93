package lint

// Keys that texts name. "For Ndebele, press 3" tells a caller of a key, whether it
// stands in a prompt, a welcome or an announcement:
//
//	"For sales, press 1 or two."                  1, 2
//	"Drücken Sie bitte die Rautetaste."           #
//	"スペイン語は３番を押してください。"               3
//	"If you are in danger, hang up and dial 911." none: no key is named 911
//	"Please call 4 1 5, 5 5 5, 0 1 2 0, and press 3." none: that is another line's
//
// The languages are those with built-in texts, and a text is read in all of them,
// because the welcome of a bilingual line is often one text. What a recording says
// is not known.

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/ivrc/ivrc/compiler/internal/model"
)

// keyWords is how a language tells callers to press a key.
type keyWords struct {
	before string // the verbs and nouns that come before the key, as a regular expression
	filler string // what can stand between them
	or     string // what stands between two keys
	after  string // what comes behind the key, where nothing comes before it
	own    string // verbs that are other words in other languages
	names  string // of the keys 0 to 9, * and #; several with a stroke, a space as _; "-" for a word that is also an article
}

// languageKeys is by primary language tag.
var languageKeys = map[string]keyWords{
	"de": {`drücken sie|drücke|drücken|tippen sie|wählen sie|taste`, `bitte|auf|die|taste|ziffer|zahl|nummer|jetzt`, `oder`, `drücken|wählen`, "", `null eins zwei drei|drei vier fünf sechs sieben acht neun sterntaste|sternchen|stern rautetaste|raute`},
	"en": {`press|push|hit|dial`, `the|number|key|button|digit|option|on`, `or`, "", "", `zero one two three four five six seven eight nine star|asterisk pound|hash`},
	"es": {`pulse|pulsa|pulsar|marque|marcar|oprima|oprimir|presione|presionar|digite|tecla`, `el|la|tecla|número|opción`, `o|u`, "", "", `cero uno dos tres cuatro cinco seis siete ocho nueve asterisco|estrella almohadilla|numeral|cuadrado`},
	"fr": {`appuyez sur|appuyer sur|tapez|taper|composez|faites|pressez|touche`, `la|le|touche|chiffre|numéro`, `ou`, "", "", `zéro - deux trois quatre cinq six sept huit neuf étoile|astérisque dièse|carré`},
	"it": {`prema|premi|premere|digiti|digita|digitare|tasto`, `il|lo|la|tasto|numero`, `o`, "", "", `zero uno due tre quattro cinque sei sette otto nove asterisco|stella cancelletto`},
	"ja": {"", "", "", `番を押|番のボタンを押|を押|ボタンを押|キーを押|をプッシュ`, "", `０|ゼロ １|一 ２|二 ３|三 ４|四 ５|五 ６|六 ７|七 ８|八 ９|九 こめじるし|米印|アスタリスク シャープ`},
	"nl": {`toets|druk|kies`, `op|de|toets|het|nummer|cijfer`, `of`, "", "", `nul één twee drie vier vijf zes zeven acht negen sterretje hekje`},
	"pt": {`digite|tecle|pressione|aperte|tecla`, `o|a|tecla|número|opção`, `ou`, "", `prima`, `zero - dois três quatro cinco seis sete oito nove asterisco|estrela cardinal|quadrado|sustenido|jogo_da_velha`},
}

// allKeys are the keys in the order of their names.
const allKeys = "0123456789*#"

// A keyReader finds the keys that texts name. A language is made ready when a text
// may be in it.
type keyReader struct {
	forms  map[string]*regexp.Regexp // that tell to press a key
	begins map[string][]string       // the first words of alternatives
	names  map[string]model.Key
	said   map[*model.MessageNode][]model.Key
}

func newKeyReader() *keyReader {
	r := &keyReader{map[string]*regexp.Regexp{}, map[string][]string{}, map[string]model.Key{}, map[*model.MessageNode][]model.Key{}}
	for _, w := range languageKeys {
		for i, list := range strings.Fields(w.names) {
			for _, name := range append(strings.Split(list, "|"), allKeys[i:i+1]) {
				r.names[strings.ReplaceAll(name, "_", " ")] = model.Key(allKeys[i : i+1])
			}
		}
	}
	delete(r.names, "-")
	return r
}

// form is how a language tells to press a key, of which the groups are the names.
func (r *keyReader) form(language, before string) *regexp.Regexp {
	if known := r.forms[before]; known != nil {
		return known
	}
	w := languageKeys[language]
	key := `([0-9]|` + strings.NewReplacer(" - ", "|", " ", "|", "_", " ").Replace(w.names) + `)`
	form := key + `\s*(?:` + w.after + `)`
	if before != w.after {
		between := `(?:[\s:]+(?:` + w.filler + `))*[\s:]+`
		form = `(?:^|[^\pL])(?:` + before + `)` + between + key + `(?:\s+(?:` + w.or + `)` + between + key + `)?`
	}
	r.forms[before] = regexp.MustCompile(form)
	return r.forms[before]
}

// tells reports whether a text has the beginning of one of some alternatives in it.
func (r *keyReader) tells(text, alternatives string) bool {
	if alternatives == "" {
		return false
	}
	beginnings, known := r.begins[alternatives]
	if !known {
		for _, a := range strings.Split(alternatives, "|") {
			first, _, _ := strings.Cut(a, " ")
			beginnings = append(beginnings, first)
		}
		r.begins[alternatives] = beginnings
	}
	return slices.ContainsFunc(beginnings, func(first string) bool { return strings.Contains(text, first) })
}

// keys lists the keys that a message tells callers to press, in their order on the
// keypad.
func (r *keyReader) keys(m *model.MessageNode) []model.Key {
	if m == nil || m.Text == "" {
		return nil
	}
	list, known := r.said[m]
	if !known {
		list = r.keysIn(m.Language, m.Text)
		r.said[m] = list
	}
	return list
}

// keysIn lists the keys that a text in a language tells to press.
func (r *keyReader) keysIn(language, text string) []model.Key {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	text = strings.ToLower(text)
	found := map[model.Key]bool{}
	for language, w := range languageKeys {
		for i, way := range [...]string{w.before, w.after, w.own} {
			if i == 2 && language != primary || !r.tells(text, way) { // its own way is used in the language alone
				continue
			}
			for _, match := range r.form(language, way).FindAllStringSubmatchIndex(text, -1) {
				for at := 2; at < len(match); at += 2 {
					if match[at] >= 0 && standsAlone(text, match[at], match[at+1]) {
						found[r.names[text[match[at]:match[at+1]]]] = true
					}
				}
			}
		}
	}
	var list []model.Key
	for _, k := range allKeys {
		if found[model.Key(k)] {
			list = append(list, model.Key(k))
		}
	}
	return list
}

// partitives follow a number that is no key: "press one of the keys".
var partitives = []string{"of", "more", "de", "dei", "degli", "delle", "van", "der"}

// standsAlone reports whether a name of a key in a text is a word of its own, and
// neither part of a telephone number nor said behind one.
func standsAlone(text string, from, to int) bool {
	rest := text[to:]
	if digits := strings.TrimLeft(rest, " -."); digits != "" && unicode.IsDigit([]rune(digits)[0]) && !strings.HasPrefix(rest, ". ") {
		return false
	}
	before, last := []rune(text[:from]), []rune(text[from:to])
	if len(before) > 0 && unicode.IsDigit(before[len(before)-1]) && unicode.IsDigit(last[0]) {
		return false
	}
	if next := []rune(rest); len(next) > 0 && unicode.Is(unicode.Latin, next[0]) {
		return false
	}
	if next := strings.FieldsFunc(rest, func(c rune) bool { return !unicode.IsLetter(c) }); len(next) > 0 && strings.HasPrefix(rest, " ") && slices.Contains(partitives, next[0]) {
		return false
	}
	dialled := 0
	for _, c := range before {
		if unicode.IsDigit(c) {
			dialled++
		}
	}
	return dialled < shortestNumber
}

// shortestNumber is how many digits a telephone number has at least that a text
// tells callers to dial; keys named behind it are those of who answers there.
const shortestNumber = 7

// namesKey reports whether a text has the name of a key in it, in any language and
// whatever it says of it.
func (r *keyReader) namesKey(m *model.MessageNode, k model.Key) bool {
	var texts []string
	for _, part := range m.Each() {
		texts = append(texts, strings.ToLower(part.Text))
	}
	text := strings.Join(texts, "\n")
	for name, key := range r.names {
		if key == k && wordIn(text, name) >= 0 {
			return true
		}
	}
	return false
}
