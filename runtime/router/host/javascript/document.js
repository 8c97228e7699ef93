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
}
