"""The application "payment" in Python, without any library.

python3 payment.py
"""
import base64, csv, hashlib, hmac, html, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit

PUBLIC, TOKEN = os.environ.get('PUBLIC_URL', ''), os.environ.get('TWILIO_AUTH_TOKEN', '')
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'accounts.csv')) as file:
    AMOUNTS = dict(csv.reader(file))


def signature(address, form):
    """What Twilio sends with a form for an address."""
    text = address + ''.join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()


def answer(query, form):
    """The verb with which the call goes on."""
    asked, digits = dict(parse_qsl(query)), form.get('Digits', '')
    result = 'unknown'
    if 'paid' in asked:  # Twilio says how the payment has ended
        result = 'paid' if form.get('Result') == 'success' else 'refused'
    elif digits and digits in asked.get('keys', ''):
        result = digits  # a key of the entry
    elif digits in AMOUNTS:
        return f'<Pay chargeAmount="{AMOUNTS[digits]}" action="{html.escape("?paid=yes&" + query)}"/>'
    return f'<Redirect method="GET">{html.escape(asked["return"])}?Result={quote(result)}</Redirect>'


class Application(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0))).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        sent = self.headers.get('X-Twilio-Signature', '')
        if TOKEN and not hmac.compare_digest(sent.encode(), signature(PUBLIC + self.path, form).encode()):
            return self.reply(403, 'text/plain', 'This is not signed by Twilio.')
        self.reply(200, 'text/xml', '<Response>' + answer(urlsplit(self.path).query, form) + '</Response>')

    def reply(self, status, kind, text):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        """Writes no log: what callers enter is nobody else's business."""


server = ThreadingHTTPServer(('127.0.0.1', int(os.environ.get('PORT', '9000'))), Application)
print('http://127.0.0.1:%d' % server.server_port, flush=True)
server.serve_forever()
