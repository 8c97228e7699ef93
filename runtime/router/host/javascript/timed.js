// A redirect in TwiML to the document beside the address, which may be kept when this
// may not.
function redirectTo(document) {
  return '<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n  <Redirect method="GET">' + document.slice(document.lastIndexOf('/') + 1) + '</Redirect>\n</Response>\n';
}
