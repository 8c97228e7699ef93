// ivrc-clock.js, made by "ivrc router nginx-njs". Do not change it; make it again.
//
// How nginx looks at the clock: ivrc-maps.conf asks it for the answer of the table of
// hours at the end of an address.

export default { answer };

function answer(r) {
  return answerAt(r.uri.slice(r.uri.lastIndexOf('~') + 1), Date.now());
}

«file javascript/clock.js»
