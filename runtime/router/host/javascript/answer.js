// The kinds of decisions: the parameter that decides, the words that its values
// mean, the words that an address knows without a list, and the answers to values
// that are missing or in no list.
const kinds = {
«each decision»
  «decision»: {
«if table»
    list: /^«table»$/,
    clock: true,
«else»
    parameter: '«parameter»',
    words: {
«each spelling»
      '«spelling»': '«meaning»',
«end»
    },
«each pattern»
    like: { pattern: /«pattern»/, word: '«meaning»' },
«end»
«if sign»
    number: /^«sign»(«keys»)$/,
«else»
«if keys»
    own: /^«before»(«keys»)«after»$/,
«end»
«end»
    known: [«known quoted»],
«if listed»
    list: /^«list»$/,
«end»
    missing: '«missing»',
    unlisted: '«unlisted»',
«if exception»
    unless: { word: /^«usual»$/, parameter: '«second»', equals: '«equals»', then: '«exception»' },
«end»
«end»
  },
«end»
};

// The answer to a decision with a list. only(parameter) is the value of a parameter
// that is there exactly once, and otherwise nothing.
function answer(kind, list, only) {
  const value = only(kind.parameter);
  if (!value) {
    return kind.missing;
  }
  const unless = kind.unless;
  if (unless && unless.word.test(value) && only(unless.parameter) === unless.equals) {
    return unless.then;
  }
  let word = Object.prototype.hasOwnProperty.call(kind.words, value) ? kind.words[value] : '';
  const own = kind.own ? kind.own.exec(value) : null;
  if (own) {
    word = own[1];
  } else if (kind.like && kind.like.pattern.test(value)) {
    word = kind.like.word;
  }
  if (kind.number && !word) { // the longest word that the number begins with
    word = (kind.number.exec(value) || ['', ''])[1];
    while (word && list.indexOf(word) < 0) {
      word = word.slice(0, -1);
    }
  }
  return word && list.indexOf(word) >= 0 ? word : kind.unlisted;
}

// The path of the document that answers a path. What names no decision, or has a
// list that is none, is its own document, or nobody's.
function documentOf(path, only) {
  const match = /^(.*\/)?((«decisions»)(?:-[^\/.~]*)?)(?:(?:~|%7[Ee])([^\/~]*))?$/.exec(path);
  if (!match) {
    return path;
  }
  const kind = kinds[match[3]];
  const list = match[4];
  if (list === undefined ? kind.clock : !(kind.list && kind.list.test(list))) {
    return path;
  }
  const word = kind.clock ? answerAt(list, Date.now()) : answer(kind, list === undefined ? kind.known : list.split('.'), only);
  return (match[1] || '') + match[2] + '.' + word + '.xml';
}

«file javascript/clock.js»
