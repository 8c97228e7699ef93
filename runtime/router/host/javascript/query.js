// The value of a parameter in a query as it was sent, if it is there exactly once;
// otherwise nothing.
function valueIn(query) {
  return function (parameter) {
    const found = query.split('&').filter(function (pair) {
      return pair === parameter || pair.startsWith(parameter + '=');
    });
    return found.length === 1 ? found[0].slice(parameter.length + 1) : '';
  };
}
