package router

import (
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
)

// The hosts that run JavaScript share the table and the rule. The rule is that
// of Route, line by line, in the JavaScript that CloudFront understands, which
// is the least of the three: no for…of, no destructuring.

// scriptDecisions is the table.
func scriptDecisions(d *hostData, decisions []bundle.Decision) string {
	var blocks []string
	for _, decision := range decisions {
		var lines []string
		for _, value := range decision.Values {
			for _, spelling := range value.Spellings {
				lines = append(lines, d.fill(`      '«spelling»': '«name»',`, holes{"spelling": spelling, "name": value.Name}))
			}
		}
		unless := ""
		if u := decision.Unless; u != nil {
			unless = d.fill(`    unless: { is: '«is»', parameter: '«parameter»', equals: '«equals»', then: '«then»' },`,
				holes{"is": u.Is, "parameter": u.Parameter, "equals": u.Equals, "then": u.Then})
		}
		blocks = append(blocks, d.fill(`
  «decision»: {
    parameter: '«parameter»',
    answers: {
«values»
    },
«unless»
  },`, holes{
			"decision": decision.Prefix, "parameter": decision.Parameter, "values": strings.Join(lines, "\n"), "unless": unless,
		}))
	}
	return d.fill(`
// Which parameter decides, and what its values mean.
const decisions = {
«decisions»
};`, holes{"decisions": strings.Join(blocks, "\n")})
}

// scriptAnswer chooses an answer from it.
func scriptAnswer(d *hostData) string {
	return d.fill(`
// The name of the answer to a decision. only(parameter) is the value of a
// parameter that is there exactly once, and otherwise nothing.
function answer(decision, only) {
  const value = only(decision.parameter);
  const listed = Object.prototype.hasOwnProperty.call(decision.answers, value);
  const name = listed ? decision.answers[value] : '«otherwise»';
  const unless = decision.unless;
  return unless && name === unless.is && only(unless.parameter) === unless.equals ? unless.then : name;
}`, nil)
}

// scriptDocument chooses a document, where the path says what is asked.
func scriptDocument(d *hostData) string {
	var names []string
	for _, decision := range d.decisions {
		names = append(names, decision.Prefix)
	}
	return d.fill(`
// The path of the document that answers a path and a query.
function documentOf(path, query) {
  const match = /\/(«decisions»)(?:-[^\/.]*)?$/.exec(path);
  if (!match) {
    return path;
  }
  const only = function (parameter) {
    const found = query.split('&').filter(function (pair) {
      return pair === parameter || pair.startsWith(parameter + '=');
    });
    return found.length === 1 ? found[0].slice(parameter.length + 1) : '';
  };
  return path + '.' + answer(decisions[match[1]], only) + '.xml';
}`, holes{"decisions": strings.Join(names, "|")})
}

// scriptBelow takes the path of the base URL from a path, if it has one.
func scriptBelow(d *hostData) string {
	if d.prefix == "" {
		return ""
	}
	return d.fill(`.replace(/^«slashes»\//, '/')`, holes{"slashes": strings.ReplaceAll(quoteRegexp(d.prefix), "/", `\/`)})
}
