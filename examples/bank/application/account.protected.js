// The application "account" of examples/bank as a Twilio Function: it looks an account up
// in accounts.csv, which is a private asset of the same service. "protected" in its name
// means that it answers Twilio and nobody else.
//
//   application "account" { url = "https://bank-1234.twil.io/account" }

// accounts lists the numbers in a CSV file.
function accounts(csv) {
  return csv.trim().split('\n').map(function (row) { return row.split(',')[0]; });
}

// escaped writes a text into XML.
function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}

exports.handler = function (context, event, callback) {
  const digits = event.Digits || '';
  let result = 'unknown';
  if (digits && (event.keys || '').includes(digits)) {
    result = digits; // a key of the entry, and no account
  } else if (accounts(Runtime.getAssets()['/accounts.csv'].open()).includes(digits)) {
    result = 'known';
  }
  const response = new Twilio.Response();
  response.appendHeader('Content-Type', 'text/xml');
  response.setBody('<Response><Redirect method="GET">' +
    escaped(event.return + '?Result=' + encodeURIComponent(result)) + '</Redirect></Response>');
  return callback(null, response);
};
