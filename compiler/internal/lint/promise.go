package lint

// Times that callers are told. An announcement that says "your call will be
// answered within five minutes" is a promise, which a queue with a max_wait of
// ten minutes does not keep. A text names a time by a number, in digits or in
// words, and a unit:
//
//	"two to five minutes"   5 min, the longer of the two
//	"twenty-five minutes"   25 min, the sum of the words
//	"in a minute"           nothing; nobody takes it for a minute
//
// The languages are those with built-in texts. Texts in others promise nothing.

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/model"
	"github.com/ivrc/ivrc/compiler/script"
)

// promises finds queues whose callers can wait longer than they were told, by the
// announcement or on the way there.
func (l *linter) promises() {
	said := map[model.Node][]*model.MessageNode{}
	for _, ways := range l.graph.Ways {
		for _, w := range ways {
			l.graph.Steps++
			if q, ok := w.To.(*model.QueueNode); ok && w.Said != nil {
				said[q] = append(said[q], w.Said.Each()...)
			}
		}
	}
	names := timeNames{}
	for _, n := range l.graph.Nodes {
		q, ok := n.(*model.QueueNode)
		if !ok {
			continue
		}
		reported := map[*model.MessageNode]bool{nil: true}
		for _, m := range append(said[q], q.Announce.Each()...) {
			if reported[m] {
				continue
			}
			reported[m] = true
			l.diags.Within = saidBy(m, q.Address())
			if told := names.longest(m.Language, m.Text); told > 0 && told < q.MaxWait {
				l.diags.Report(diagnostic.FindPromise.Code, m.At, "Callers are told of %s, and can wait for %s in %s. Say a time that is kept, or none; or shorten max_wait.", script.Duration(told), script.Duration(q.MaxWait), q.Address())
			}
		}
	}
}

// timeWords is how a language names durations: seconds, minutes and hours
// as regular expressions, and numbers as words.
type timeWords struct {
	units   [3]string
	numbers string // of numberValues, in their order
}

// numberValues are the numbers that are known as words.
var numberValues = []int{2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 40}

// languageTimes is by primary language tag. In Japanese numbers are digits.
var languageTimes = map[string]timeWords{
	"de": {[3]string{"sekunden?", "minuten?", "stunden?"}, "zwei drei vier fünf sechs sieben acht neun zehn fünfzehn zwanzig dreißig vierzig"},
	"en": {[3]string{"seconds?", "min(?:ute)?s?", "hours?"}, "two three four five six seven eight nine ten fifteen twenty thirty forty"},
	"es": {[3]string{"segundos?", "minutos?", "horas?"}, "dos tres cuatro cinco seis siete ocho nueve diez quince veinte treinta cuarenta"},
	"fr": {[3]string{"secondes?", "minutes?", "heures?"}, "deux trois quatre cinq six sept huit neuf dix quinze vingt trente quarante"},
	"it": {[3]string{"second[io]", "minut[io]", "or[ae]"}, "due tre quattro cinque sei sette otto nove dieci quindici venti trenta quaranta"},
	"ja": {[3]string{"秒", "分", "時間"}, ""},
	"nl": {[3]string{"seconden?", "minu(?:ut|ten)", "uur"}, "twee drie vier vijf zes zeven acht negen tien vijftien twintig dertig veertig"},
	"pt": {[3]string{"segundos?", "minutos?", "horas?"}, "dois três quatro cinco seis sete oito nove dez quinze vinte trinta quarenta"},
}

// timeNames finds named times, by language; each language is made ready once.
type timeNames map[string]*[3]*regexp.Regexp

// longest is the longest time that a text names, 0 if it names none.
func (names timeNames) longest(language, text string) time.Duration {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	words, known := languageTimes[primary]
	if !known || text == "" {
		return 0
	}
	numbers := strings.Fields(words.numbers)
	if names[primary] == nil {
		number := strings.Join(append(numbers, `\d+`), "|")
		forms := &[3]*regexp.Regexp{}
		for i, unit := range words.units {
			forms[i] = regexp.MustCompile(`(?:^|[^\p{L}\d])((?:(?:` + number + `)[\s-]*)+)(?:` + unit + `)(?:$|\PL|\p{Han}|\p{Hiragana})`)
		}
		names[primary] = forms
	}
	longest := time.Duration(0)
	for i, unit := range []time.Duration{time.Second, time.Minute, time.Hour} {
		for _, match := range names[primary][i].FindAllStringSubmatch(strings.ToLower(text), -1) {
			longest = max(longest, time.Duration(sumOf(match[1], numbers))*unit)
		}
	}
	return longest
}

// sumOf adds the words for numbers, as in "twenty-five"; digits stand for
// themselves, the last ones of a range.
func sumOf(text string, words []string) int {
	sum := 0
	for _, word := range strings.FieldsFunc(text, func(c rune) bool { return c == '-' || c == ' ' }) {
		if n, err := strconv.Atoi(word); err == nil {
			sum = min(n, 10_000)
		} else if i := slices.Index(words, word); i >= 0 {
			sum += numberValues[i]
		}
	}
	return sum
}
