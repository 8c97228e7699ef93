// functions/decide.protected.js, made by "ivrc router twilio-function". Do not
// change it; make it again.
//
// How a decision of a call is answered. It is the Function /decide of a service
// at Twilio; "protected" in its name means that it answers Twilio and nobody
// else. Publish it with: twilio serverless:deploy
//
// hosting.decisions_url is its address. The documents are at
// «base URL».

«file javascript/answer.js»

exports.handler = function (context, event, callback) {
  const response = new Twilio.Response();
  response.appendHeader('Cache-Control', '«forget»');
  const only = function (parameter) {
    return typeof event[parameter] === 'string' ? event[parameter] : '';
  };
  const at = typeof event.«at» === 'string' ? event.«at» : '';
  const document = documentOf(at, only);
  if (document === at || !/^\w[\w.+-]*\/[\w.+-]+$/.test(document)) {
    response.appendHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setStatusCode(404);
    response.setBody('404: this is no decision of the bundle.\n');
    return callback(null, response);
  }
  response.appendHeader('Content-Type', '«document type»');
  response.setBody('<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n' +
    '  <Redirect method="GET">«base URL»/' + document + '</Redirect>\n</Response>\n');
  return callback(null, response);
};
