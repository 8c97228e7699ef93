// Which parameter decides, and what its values mean.
const decisions = {
«each decision»
  «decision»: {
    parameter: '«parameter»',
    answers: {
«each spelling»
      '«spelling»': '«name»',
«end»
    },
«each pattern»
    pattern: { like: /«pattern»/, name: '«name»' },
«end»
«if exception»
    unless: { is: '«usual»', parameter: '«second»', equals: '«equals»', then: '«exception»' },
«end»
  },
«end»
};

// The name of the answer to a decision. only(parameter) is the value of a
// parameter that is there exactly once, and otherwise nothing.
function answer(decision, only) {
  const value = only(decision.parameter);
  const listed = Object.prototype.hasOwnProperty.call(decision.answers, value);
  const pattern = decision.pattern;
  const other = pattern && pattern.like.test(value) ? pattern.name : '«otherwise»';
  const name = listed ? decision.answers[value] : other;
  const unless = decision.unless;
  return unless && name === unless.is && only(unless.parameter) === unless.equals ? unless.then : name;
}
