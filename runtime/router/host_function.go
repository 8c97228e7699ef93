package router

import "github.com/ivrc/ivrc/compiler/bundle"

// A Twilio Function answers for a bucket that can answer no decisions. It is
// asked at an address of its own, which says what is asked and where the
// documents are, and answers with a redirect of TwiML:
//
//	…/decide?ask=digits&at=menu.main-x/digits-1&Digits=2
//	→  <Redirect method="GET">https://calls.example/menu.main-x/digits-1.2.xml</Redirect>
//
// Functions see parameters decoded, and one that is repeated as a list.

var twilioFunction = Host{
	Name: "twilio-function", Title: "Twilio Functions", Elsewhere: true,
	Deviations: []Deviation{
		{Case: CaseEncoded, Answer: "the answer to the value", Why: "Functions see values decoded. Twilio does not encode these"},
		{Case: CaseEncodedName, Answer: "the answer to the value", Why: "Functions see the names of parameters decoded. Twilio does not encode them"},
		{Case: CaseLong, Status: 431, Answer: "431", Why: "Node takes headers of 16 kB. Twilio sends about 1 kB"},
		{Case: CasePost, Answer: "the document", Why: "Functions do not see the method"},
	},
	files: []hostFile{{"functions/decide.protected.js", functionText, functionParts}},
}

const functionText = `
// functions/decide.protected.js, made by "ivrc router twilio-function". Do not
// change it; make it again.
//
// How a decision of a call is answered. It is the Function /decide of a service
// at Twilio; "protected" in its name means that it answers Twilio and nobody
// else. Publish it with: twilio serverless:deploy
//
// hosting.decisions_url is its address. The documents are at
// «base URL».

«decisions»

«answer»

exports.handler = function (context, event, callback) {
  const response = new Twilio.Response();
  response.appendHeader('Cache-Control', '«forget»');
  const known = Object.prototype.hasOwnProperty.call(decisions, event.«ask»);
  if (!known || typeof event.«at» !== 'string' || !/^[\w.+-]+\/[\w+-]+$/.test(event.«at»)) {
    response.appendHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setStatusCode(404);
    response.setBody('404: this is no decision of the bundle.\n');
    return callback(null, response);
  }
  const only = function (parameter) {
    return typeof event[parameter] === 'string' ? event[parameter] : '';
  };
  const name = answer(decisions[event.«ask»], only);
  response.appendHeader('Content-Type', '«document type»');
  response.setBody('<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n' +
    '  <Redirect method="GET">«base URL»/' + event.«at» + '.' + name + '.xml</Redirect>\n</Response>\n');
  return callback(null, response);
};
`

func functionParts(d *hostData) holes {
	return holes{
		"decisions": scriptDecisions(d, d.decoded), "answer": scriptAnswer(d),
		"ask": bundle.AskParameter, "at": bundle.AtParameter, "document type": d.types[0].full,
	}
}
