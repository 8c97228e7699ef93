// ivrc-cloudfront.js, made by "ivrc router cloudfront". Do not change it; make
// it again.
//
// How a decision of a call is answered: …/digits-1~1.2?Digits=2 with
// …/digits-1.2.xml. It is a CloudFront function for the runtime cloudfront-js-2.0, associated with
// the event viewer-request of the behaviour for «host name»«prefix»/*:
//
//   origin           the bucket «bucket», with the origin path «origin path»
//   bucket policy    the distribution may do s3:GetObject on «key prefix»*, nobody else and nothing else
//   cache policy     CachingOptimized: no query string in the cache key
//   viewer protocol  HTTPS and HTTP, or HTTPS only; never a redirect, with which
//                    Twilio would lose the key that the caller pressed
//   methods          all, so that this function can say why it refuses a POST;
//                    otherwise CloudFront says 403

«file javascript/answer.js»

«file javascript/query.js»

«file javascript/timed.js»

// The query as it was sent. In tests in the console there is only the object.
function queryOf(request) {
  const raw = request.rawQueryString ? request.rawQueryString() : '';
  if (raw) {
    return raw;
  }
  const parameters = request.querystring || {};
  return Object.keys(parameters).map(function (name) {
    const values = parameters[name].multiValue || [parameters[name]];
    return values.map(function (v) { return name + '=' + v.value; }).join('&');
  }).join('&');
}

function handler(event) {
  const request = event.request;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return {
      statusCode: 405,
      statusDescription: 'Method Not Allowed',
      headers: {
        'allow': { value: '«allow»' },
        'cache-control': { value: '«forget»' },
        'content-type': { value: 'text/plain; charset=utf-8' },
      },
      body: '«refusal»',
    };
  }
  const document = documentOf(request.uri, valueIn(queryOf(request)));
  if (document !== request.uri && isTimed(request.uri)) {
    return {
      statusCode: 200,
      statusDescription: 'OK',
      headers: { 'cache-control': { value: '«forget»' }, 'content-type': { value: '«document type»' } },
      body: redirectTo(document),
    };
  }
  request.uri = document«if prefix».replace(/^«slashed prefix»\//, '/')«end»;
  request.querystring = {};
  return request;
}
