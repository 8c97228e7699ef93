package twilio

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/ivrc/ivrc/runtime/quote"
)

// An APIError is something that Twilio refused, or that could not be asked. It
// shows no credential, and no phone number but those of the account.
type APIError struct {
	Op        string `json:"op"`                   // what was asked: "update number main (PN…)"
	Status    int    `json:"status,omitempty"`     // of the reply; 0 where there was none
	Code      int    `json:"code,omitempty"`       // of Twilio's error, https://www.twilio.com/docs/api/errors
	RequestID string `json:"request_id,omitempty"` // by which Twilio's support finds it
	Reason    string `json:"reason"`               // what is wrong
	Advice    string `json:"advice"`               // what to do
	Unknown   bool   `json:"unknown,omitempty"`    // the request may have been carried out all the same
	Tries     int    `json:"tries"`

	cancelled error // the context's error, if that ended it
}

// Error says what was asked, what is wrong, and what to do.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Op, e.Reason)
	var known []string
	if e.Status != 0 {
		known = append(known, fmt.Sprintf("status %d", e.Status))
	}
	if e.Code != 0 {
		known = append(known, fmt.Sprintf("error %d", e.Code))
	}
	if e.RequestID != "" {
		known = append(known, "request "+e.RequestID)
	}
	if e.Tries > 1 {
		known = append(known, fmt.Sprintf("%d tries", e.Tries))
	}
	if len(known) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(known, ", "))
	}
	b.WriteString(". ")
	if e.Unknown {
		b.WriteString("Twilio may have done it anyway. ")
	}
	b.WriteString(e.Advice)
	return b.String()
}

// Unwrap returns the context's error, if that ended the request.
func (e *APIError) Unwrap() error { return e.cancelled }

// advice says what to do about Twilio's error codes.
var advice = map[int]string{
	10001: "The account is not active; see Twilio's console.",
	20003: "Check TWILIO_ACCOUNT_SID, and TWILIO_API_KEY with TWILIO_API_SECRET or TWILIO_AUTH_TOKEN. Credentials belong to one account and one region.",
	20404: "It is no longer in the account, or these credentials belong to another account. Make a new plan.",
	20429: "The account makes more requests at once than Twilio allows. Wait, or lower -parallelism, and run the command again.",
	21201: "Give the user an address that can be rung.",
	21202: "Twilio does not call numbers of this kind.",
	21205: "Twilio does not accept this URL.",
	21210: "The caller ID must be a number of the account, or one that is verified in Twilio's console.",
	21211: "Write the number as E.164: a plus sign, the country code, the number.",
	21212: "The caller ID must be a number of the account, or one that is verified in Twilio's console.",
	21214: "Twilio cannot reach this number.",
	21215: "Allow calls to this country in the geographic permissions of Twilio's console.",
	21216: "Twilio does not call this number.",
	21217: "Write the number as E.164: a plus sign, the country code, the number.",
	21219: "A trial account can only call verified numbers.",
	21402: "The base URL must be an absolute https URL whose host name has no underscore and can be reached from the internet.",
	21403: "This is a bug in ivrc; please report it.",
	21405: "Set a voice URL together with the fallback URL.",
	22003: "Somebody has just created it. Make a new plan.",
	22105: "The base URL must be an absolute https URL whose host name has no underscore and can be reached from the internet.",
	22106: "This is a bug in ivrc; please report it.",
	32018: "Twilio accepts at most 4000 characters of TwiML with a call.",
}

// What to do about replies that no code explains.
const (
	adviceTrouble = "Twilio, or the network on the way to it, has a problem; see https://status.twilio.com. Run the command again later: it does not repeat what is already done."
	adviceProxy   = "Something other than Twilio seems to answer, such as a proxy or a login page: check the network and HTTPS_PROXY."
	adviceRights  = "These credentials do not allow this. Give the API key permission to read and update phone numbers and queues."
	adviceRefused = "Correct it and run the command again."
	adviceTLS     = "The certificate cannot be trusted. Check the clock of this machine, its certificates, and any proxy between it and Twilio."
	adviceStopped = "Run the command again: it does not repeat what is already done."
)

// adviceFor says what to do about a reply.
func adviceFor(status, code int) string {
	if text, ok := advice[code]; ok {
		return text
	}
	switch {
	case status == http.StatusUnauthorized:
		return advice[20003]
	case status == http.StatusForbidden:
		return adviceRights
	case status == http.StatusNotFound:
		return advice[20404]
	case status == http.StatusTooManyRequests:
		return advice[20429]
	case status >= http.StatusInternalServerError:
		return adviceTrouble
	}
	return adviceRefused
}

// explain reads a reply that is no success. Only Twilio's own form is quoted:
// what a proxy writes may hold anything.
func (e *APIError) explain(body []byte, hide *redaction) {
	var said struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	switch err := json.Unmarshal(body, &said); {
	case err == nil && said.Message != "":
		e.Code = said.Code
		e.Reason = "Twilio answers: " + hide.clean(said.Message)
		e.Advice = adviceFor(e.Status, e.Code)
	case e.Status >= 300 && e.Status < 400:
		e.Reason = "the reply is a redirect, and Twilio's API has none"
		e.Advice = adviceProxy
	default:
		e.Reason = "the reply does not look like one from Twilio"
		e.Advice = adviceProxy
		if e.Status == http.StatusTooManyRequests || e.Status >= http.StatusInternalServerError {
			e.Advice = adviceFor(e.Status, 0)
		}
	}
}

// A redaction takes out of texts what nobody else may read.
type redaction struct{ secrets []string }

// newRedaction hides the password, also as the header of Basic authentication
// carries it, and the SID of an API key.
func newRedaction(c Credentials) *redaction {
	basic := base64.StdEncoding.EncodeToString([]byte(c.User + ":" + c.Password.reveal()))
	h := &redaction{secrets: []string{c.Password.reveal(), basic}}
	if c.User != c.Account {
		h.secrets = append(h.secrets, c.User)
	}
	return h
}

// also hides more, of one request.
func (h *redaction) also(values []string) *redaction {
	return &redaction{secrets: append(append([]string(nil), h.secrets...), values...)}
}

// clean makes a text from outside fit to be shown: without secrets, phone
// numbers, and characters that control a terminal. Quoting can join what stood apart
// in the text, as \xaa and "lice" do, so secrets are taken out of its result, too.
func (h *redaction) clean(text string) string {
	return strings.TrimRight(h.without(quote.Discreet(h.without(text))), ".")
}

// without returns the text without the secrets.
func (h *redaction) without(text string) string {
	for _, secret := range h.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return text
}
