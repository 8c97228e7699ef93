// The application "payment" as a Twilio Function: it looks an account up in accounts.csv,
// which is a private asset of the same service, and takes a payment. "protected" in its
// name means that it answers Twilio and nobody else.
//
//   application "payment" { url = "https://payments-1234.twil.io/payment" }

// escaped writes a text into XML.
function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}

// address is that of this Function for the outcome of a payment, with what brings the
// call back.
function address(event) {
  const query = [['paid', 'yes'], ['return', event.return]];
  for (const name of [].concat(event.ivrc_application)) { // there can be two
    query.push(['ivrc_application', name]);
  }
  return '?' + query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
}

exports.handler = function (context, event, callback) {
  const response = new Twilio.Response();
  response.appendHeader('Content-Type', 'text/xml');
  const accounts = Runtime.getAssets()['/accounts.csv'].open().trim().split('\n').map((row) => row.split(','));
  const account = accounts.find((row) => row[0] === event.Digits);
  let result = 'unknown';
  if (event.paid) { // Twilio says how the payment has ended
    result = event.Result === 'success' ? 'paid' : 'refused';
  } else if (event.Digits && (event.keys || '').includes(event.Digits)) {
    result = event.Digits; // a key of the entry
  } else if (account) {
    response.setBody(`<Response><Pay chargeAmount="${account[1]}" action="${escaped(address(event))}"/></Response>`);
    return callback(null, response);
  }
  const back = event.return + '?Result=' + encodeURIComponent(result);
  response.setBody(`<Response><Redirect method="GET">${escaped(back)}</Redirect></Response>`);
  return callback(null, response);
};
