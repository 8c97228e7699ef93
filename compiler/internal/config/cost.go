package config

// What functions cost. Most functions go through their arguments once and make
// no more than they were given. The others are estimated before they are called:
//
//	replace(text, "a", "…")     is as long as text, and longer by … for each a
//	regex("(a?){500}", text)    takes as many steps as the program of the pattern
//	                            has instructions, for each byte
//	jsondecode(text)            makes an element of each comma
//
// so that none makes more, or takes longer, than the budget has left.

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/ivrc/ivrc/compiler/internal/source"
)

// A functionCost is what a call takes and makes at most.
type functionCost struct {
	steps, elements, text int
}

// functionCosts are the functions that cost more than going through what they are
// given.
var functionCosts = map[string]func(a arguments) (functionCost, error){
	"replace":         replaceCost,
	"trim":            trimCost,
	"regex":           patternCost,
	"regexall":        patternAllCost,
	"regex_replace":   patternReplaceCost,
	"join":            joinCost,
	"split":           splitCost,
	"indent":          indentCost,
	"format":          formatCost,
	"formatlist":      formatListCost,
	"setproduct":      productCost,
	"setunion":        setCost,
	"setintersection": setCost,
	"setsubtract":     setCost,
	"toset":           setCost,
	"distinct":        distinctCost,
	"strrev":          graphemeCost,
	"strlen":          graphemeCost,
	"substr":          graphemeCost,
	"pow":             powerCost,
	"csvdecode":       csvCost,
	"jsondecode":      jsonCost,
	"yamldecode":      yamlCost,
}

// textSteps is how many bytes of text a function goes through in a step, unless it is
// known better. Those that look at each letter are the slowest.
const textSteps = 4

// chargeCall refuses a call whose arguments or result are too large, and takes what
// it costs from the budget.
func chargeCall(b *source.Budget, name string, args []cty.Value) error {
	b.Steps -= len(args) * (source.ArgumentSteps + len(args)/16) // which are compared in pairs
	for _, arg := range args {
		s, err := b.Measure(arg)
		b.Steps -= s.Text / textSteps
		switch {
		case err != nil:
			return err
		case s.Elements > source.MaxValueElements:
			return fmt.Errorf("a list has more than %d elements", source.MaxValueElements)
		case s.Text > source.MaxResultText:
			return fmt.Errorf("a string is longer than %d bytes", source.MaxResultText)
		}
	}
	cost, known := functionCosts[name]
	if !known {
		return nil
	}
	e, err := cost(args)
	switch {
	case err != nil:
		return err
	case e.elements > source.MaxValueElements:
		return fmt.Errorf("the result would have more than %d elements", source.MaxValueElements)
	case e.text > source.MaxResultText:
		return fmt.Errorf("the result would be longer than %d bytes", source.MaxResultText)
	}
	b.Steps -= e.steps
	return b.Left()
}

// arguments are those of a call; some may be missing, null or unknown.
type arguments []cty.Value

func (a arguments) text(i int) string {
	if i >= len(a) || a[i].Type() != cty.String || a[i].IsNull() || !a[i].IsKnown() {
		return ""
	}
	value, _ := a[i].Unmark()
	return value.AsString()
}

func (a arguments) number(i int) float64 {
	if i >= len(a) || a[i].Type() != cty.Number || a[i].IsNull() || !a[i].IsKnown() {
		return 0
	}
	value, _ := a[i].Unmark()
	number, _ := value.AsBigFloat().Float64()
	return number
}

func (a arguments) length(i int) int {
	if i >= len(a) || a[i].IsNull() || !a[i].IsKnown() || !a[i].CanIterateElements() {
		return 0
	}
	value, _ := a[i].Unmark()
	return value.LengthInt()
}

// all is the size of all arguments.
func (a arguments) all() (s source.Size) {
	for _, arg := range a {
		s.Add(arg, source.MaxValueElements)
	}
	return s
}

// trimCost looks for each letter in the set of those that are cut off.
func trimCost(a arguments) (functionCost, error) {
	return functionCost{steps: len(a.text(0)) * (len(a.text(1)) / 16)}, nil
}

func replaceCost(a arguments) (functionCost, error) {
	text, old := a.text(0), a.text(1)
	return functionCost{text: len(text) + strings.Count(text, old)*len(a.text(2))}, nil
}

// patternCost compiles the pattern as the function will; a pattern that is wrong
// costs nothing, and the function says so.
func patternCost(a arguments) (functionCost, error) {
	return costOfPattern(a.text(0), a.text(1)), nil
}

// patternAllCost expects a match at every byte.
func patternAllCost(a arguments) (functionCost, error) {
	e := costOfPattern(a.text(0), a.text(1))
	e.elements = len(a.text(1)) + 1
	return e, nil
}

func patternReplaceCost(a arguments) (functionCost, error) {
	e := costOfPattern(a.text(1), a.text(0))
	e.text = len(a.text(0)) * (1 + len(a.text(2)))
	return e, nil
}

func costOfPattern(pattern, text string) functionCost {
	if len(pattern) > 1000 {
		return functionCost{steps: math.MaxInt32}
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return functionCost{}
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return functionCost{}
	}
	return functionCost{steps: len(program.Inst) * (100 + (2+tree.MaxCap())*len(text)/8)}
}

func joinCost(a arguments) (functionCost, error) {
	s := a.all()
	return functionCost{text: s.Text + s.Elements*len(a.text(0))}, nil
}

func splitCost(a arguments) (functionCost, error) {
	return functionCost{elements: 1 + strings.Count(a.text(1), a.text(0))}, nil
}

func indentCost(a arguments) (functionCost, error) {
	text := a.text(1)
	lines := float64(strings.Count(text, "\n"))
	return functionCost{text: len(text) + int(min(lines*a.number(0), math.MaxInt32))}, nil
}

// formatVerb is what stands between a percent sign and its letter: flags, widths and the
// position of the argument. What else stands in a format is text.
var formatVerb = regexp.MustCompile(`%(?:%|[-+ #0-9.*\[\]]*)`)

// formatCost adds up the widths in a format. A width that is given by a star is
// not known.
func formatCost(a arguments) (functionCost, error) {
	format := a.text(0)
	longest := 0
	for _, arg := range a[min(1, len(a)):] {
		longest = max(longest, source.Weigh(arg, source.MaxValueElements).Text)
	}
	text := len(format)
	for _, verb := range formatVerb.FindAllString(format, -1) {
		if strings.Contains(verb, "*") {
			return functionCost{}, errors.New("a width given by a star is not allowed; write the number")
		}
		number := 0
		text += longest + 400
		for _, c := range []byte(verb) {
			if c < '0' || c > '9' {
				number = 0
				continue
			}
			number = min(10*number+int(c-'0'), source.MaxResultText)
			text += number
		}
	}
	return functionCost{steps: text / 32, text: text}, nil
}

func formatListCost(a arguments) (functionCost, error) {
	e, err := formatCost(a)
	n := 1
	for i := range a {
		n = max(n, a.length(i))
	}
	e.elements, e.text = n, int(min(float64(n)*float64(e.text), math.MaxInt32))
	e.steps = e.text / 32
	return e, err
}

func productCost(a arguments) (functionCost, error) {
	n := float64(len(a))
	for i := range a {
		n *= float64(a.length(i))
	}
	elements := int(min(n, math.MaxInt32))
	return functionCost{elements: elements, steps: min(elements, source.MaxSteps) * 300}, nil
}

// setCost is high because each element of a set is written out to be found again,
// and with every further set once more.
func setCost(a arguments) (functionCost, error) {
	return functionCost{steps: 300 * a.all().Elements * max(1, len(a)/2)}, nil
}

// distinctCost is the square, unless the elements are texts or numbers; see
// distinct.
func distinctCost(a arguments) (functionCost, error) {
	if n := min(a.length(0), source.MaxElements); n > 0 && !a[0].Type().ElementType().IsPrimitiveType() {
		return functionCost{steps: n * (12*n + a.all().Elements)}, nil
	}
	return functionCost{}, nil
}

func graphemeCost(a arguments) (functionCost, error) {
	return functionCost{steps: len(a.text(0))}, nil
}

func powerCost(a arguments) (functionCost, error) {
	if math.Abs(a.number(1)) > 400 {
		return functionCost{}, errors.New("the exponent is too large")
	}
	return functionCost{}, nil
}

func csvCost(a arguments) (functionCost, error) {
	text := a.text(0)
	elements := strings.Count(text, ",") + strings.Count(text, "\n")
	return functionCost{steps: len(text) + 10*elements, elements: elements}, nil
}

// jsonCost counts the elements of a JSON text and how deep they are.
func jsonCost(a arguments) (functionCost, error) {
	text := a.text(0)
	elements, depth, deepest, quoted := 0, 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[', c == '{':
			elements++
			depth++
			deepest = max(deepest, depth)
		case c == ']', c == '}':
			depth--
		case c == ',', c == ':':
			elements++
		}
	}
	switch {
	case deepest > source.MaxDepth:
		return functionCost{}, errors.New("the JSON is nested too deeply")
	case manyDigits(text):
		return functionCost{}, errors.New("a number in the JSON is too large")
	}
	return functionCost{steps: len(text) + 10*elements, elements: elements}, nil
}

// yamlCost bounds the elements of a YAML text from above. Its brackets and
// dashes may stand in texts, so they are counted wherever they are. An alias
// stands for all that its anchor holds: l aliases on k levels make (l/k)^k
// copies at most.
func yamlCost(a arguments) (functionCost, error) {
	text := a.text(0)
	elements, dashes := 1+strings.Count(text, ",")+strings.Count(text, "\n"), 0
	for line := range strings.Lines(text) {
		n := 0
		for line = strings.TrimLeft(line, " \t"); len(line) > 1 && strings.ContainsAny(line[:1], "-?") && strings.ContainsAny(line[1:2], " \t"); n++ {
			line = strings.TrimLeft(line[1:], " \t")
		}
		elements += n
		dashes = max(dashes, n)
	}
	brackets := strings.Count(text, "[") + strings.Count(text, "{")
	switch {
	case dashes > source.MaxDepth || brackets > source.MaxElements:
		return functionCost{}, errors.New("the YAML is nested too deeply, or holds too many brackets")
	case manyDigits(text):
		return functionCost{}, errors.New("a number in the YAML is too large")
	}
	copies, aliases := 1.0, float64(strings.Count(text, "*"))
	for level := 1.0; level <= min(aliases, float64(strings.Count(text, "&"))); level++ {
		copies = max(copies, math.Pow(math.Ceil(aliases/level), level))
	}
	return functionCost{steps: 8 * len(text), elements: int(min(copies*float64(elements+brackets), math.MaxInt32))}, nil
}

// manyDigits reports a row of more digits than any number needs, which takes
// seconds to convert when it is a million of them.
func manyDigits(text string) bool {
	digits := 0
	for _, c := range []byte(text) {
		if digits++; c < '0' || c > '9' {
			digits = 0
		}
		if digits > 400 {
			return true
		}
	}
	return false
}
