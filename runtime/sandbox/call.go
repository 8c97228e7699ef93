package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxTwiml is how many characters of TwiML a call can carry with it.
const maxTwiml = 4000

// createCall notes that a call was asked for. The caller ID of a call to a
// telephone must be a number of the account; Twilio also takes numbers that
// were verified, of which this account has none.
func (a *Account) createCall(form url.Values) reply {
	for _, parameter := range slices.Sorted(maps.Keys(form)) {
		if !slices.Contains([]string{"To", "From", "Twiml", "Url", "Method", "Timeout"}, parameter) {
			return unknownParameter(parameter)
		}
	}
	to, from, twiml, address := form.Get("To"), form.Get("From"), form.Get("Twiml"), form.Get("Url")
	timeout, err := strconv.Atoi(form.Get("Timeout"))
	switch _, owned := a.numbers.latest(sid("PN", from)); {
	case to == "":
		return failure(http.StatusBadRequest, 21201, "No 'To' number is specified")
	case from == "":
		return failure(http.StatusBadRequest, 21213, "No 'From' number is specified")
	case !strings.HasPrefix(to, "client:") && !strings.HasPrefix(to, "sip:") && !isPhone(to):
		return failure(http.StatusBadRequest, 21211, fmt.Sprintf("The phone number you are attempting to call, %s, is not valid.", to))
	case isPhone(to) && !owned:
		return failure(http.StatusBadRequest, 21210, fmt.Sprintf("The source phone number provided, %s, is not yet verified for your account.", from))
	case twiml == "" && address == "":
		return failure(http.StatusBadRequest, 21205, "Url parameter is required.")
	case address != "" && !isWebURL(address):
		return failure(http.StatusBadRequest, 21205, "Url is not valid: "+address)
	case len([]rune(twiml)) > maxTwiml:
		return failure(http.StatusBadRequest, 32018, fmt.Sprintf("Twiml is longer than %d characters", maxTwiml))
	case form.Has("Timeout") && (err != nil || timeout < 1 || timeout > 600):
		return failure(http.StatusBadRequest, 20001, "Timeout must be 1 to 600")
	}
	c := EmulatedCall{SID: a.nextSID("CA"), To: to, From: from, Twiml: twiml, URL: address, Created: a.now()}
	a.calls = append(a.calls, c)
	return reply{status: http.StatusCreated, body: c.encode()}
}

// isPhone reports whether an address is a phone number in E.164.
func isPhone(address string) bool {
	digits, plus := strings.CutPrefix(address, "+")
	return plus && len(digits) >= 7 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}

// encode writes a call as the API does, at the moment in which it was created.
func (c *EmulatedCall) encode() []byte {
	uri := fmt.Sprintf("%s/Calls/%s", root, c.SID)
	return marshal(map[string]any{
		"sid": c.SID, "account_sid": SID, "to": c.To, "to_formatted": c.To, "from": c.From, "from_formatted": c.From,
		"status": "queued", "direction": "outbound-api", "api_version": version2010, "uri": uri + ".json",
		"date_created": rfc2822(c.Created), "date_updated": rfc2822(c.Created), "start_time": nil, "end_time": nil,
		"duration": nil, "price": nil, "price_unit": "USD", "answered_by": nil, "forwarded_from": nil, "caller_name": nil,
		"group_sid": nil, "parent_call_sid": nil, "phone_number_sid": sid("PN", c.From), "queue_time": "0", "trunk_sid": nil,
		"subresource_uris": map[string]string{"recordings": uri + "/Recordings.json"},
	})
}
