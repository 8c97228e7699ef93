package router

import "strings"

// CloudFront runs a function before it looks into its cache. The function turns
// the path of a decision into that of the document and drops the query, so that
// each document is kept once at the edge and not once for each call.

var cloudfront = Host{
	Name: "cloudfront", Title: "Amazon CloudFront",
	Deviations: []Deviation{
		{Case: CaseLong, Status: 413, Answer: "413", Why: "CloudFront takes [URLs of 8 kB](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorS3Origin.html), and refuses this one before the function sees it. Twilio sends about 1 kB"},
	},
	files: []hostFile{{"ivrc-cloudfront.js", cloudfrontText, cloudfrontParts}},
}

const cloudfrontText = `
// ivrc-cloudfront.js, made by "ivrc router cloudfront". Do not change it; make
// it again.
//
// How a decision of a call is answered: …/digits-1?Digits=2 with …/digits-1.2.xml.
// It is a CloudFront function for the runtime cloudfront-js-2.0, associated with
// the event viewer-request of the behaviour for «host name»«prefix»/*:
//
//   origin           the bucket «bucket», with the origin path «origin path»
//   bucket policy    the distribution may do s3:GetObject on «key prefix»*, nobody else and nothing else
//   cache policy     CachingOptimized: no query string in the cache key
//   viewer protocol  HTTPS and HTTP, or HTTPS only; never a redirect, with which
//                    Twilio would lose the key that the caller pressed
//   methods          all, so that this function can say why it refuses a POST;
//                    otherwise CloudFront says 403

«decisions»

«answer»

«document»

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
  request.uri = documentOf(request.uri, queryOf(request))«below»;
  request.querystring = {};
  return request;
}
`

func cloudfrontParts(d *hostData) holes {
	return holes{
		"decisions": scriptDecisions(d, d.decisions), "answer": scriptAnswer(d), "document": scriptDocument(d), "below": scriptBelow(d),
		"origin path": "/" + strings.TrimSuffix(d.keyPrefix, "/"),
	}
}
