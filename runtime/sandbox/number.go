package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A setting is one of a phone number's, by the parameter that writes it and the
// field that shows it.
type setting struct {
	parameter string
	field     string
	initial   string // of a number that was just bought
	kind      kind
}

// A kind is what a setting may be.
type kind int

const (
	text   kind = iota // at most 64 characters
	webURL             // absolute, or empty
	method             // GET or POST
	appSID             // of a TwiML app, or empty
	trunkSID
	receive // "voice" or "fax"
	boolean
)

// settings are those that can be written, and their values on a new number.
// https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
var settings = []setting{
	{"FriendlyName", "friendly_name", "", text},
	{"VoiceUrl", "voice_url", "https://demo.twilio.com/welcome/voice/", webURL},
	{"VoiceMethod", "voice_method", "POST", method},
	{"VoiceFallbackUrl", "voice_fallback_url", "", webURL},
	{"VoiceFallbackMethod", "voice_fallback_method", "POST", method},
	{"StatusCallback", "status_callback", "", webURL},
	{"StatusCallbackMethod", "status_callback_method", "POST", method},
	{"VoiceApplicationSid", "voice_application_sid", "", appSID},
	{"TrunkSid", "trunk_sid", "", trunkSID},
	{"VoiceReceiveMode", "voice_receive_mode", "voice", receive},
	{"VoiceCallerIdLookup", "voice_caller_id_lookup", "false", boolean},
	{"SmsUrl", "sms_url", "https://demo.twilio.com/welcome/sms/reply/", webURL},
	{"SmsMethod", "sms_method", "POST", method},
	{"SmsFallbackUrl", "sms_fallback_url", "", webURL},
	{"SmsFallbackMethod", "sms_fallback_method", "POST", method},
	{"SmsApplicationSid", "sms_application_sid", "", appSID},
}

var (
	appPattern   = regexp.MustCompile(`^AP[0-9a-fA-F]{32}$`)
	trunkPattern = regexp.MustCompile(`^TK[0-9a-fA-F]{32}$`)
)

// refuse says what is wrong with a value, with Twilio's code, or nothing.
func (s *setting) refuse(value string) reply {
	switch s.kind {
	case text:
		if len([]rune(value)) > 64 {
			return failure(http.StatusBadRequest, 20001, s.parameter+" is longer than 64 characters")
		}
	case webURL:
		if value != "" && !isWebURL(value) {
			return failure(http.StatusBadRequest, 21402, s.parameter+" is not valid: "+value)
		}
	case method:
		if value != "GET" && value != "POST" {
			return failure(http.StatusBadRequest, 21403, s.parameter+" is not valid: "+value)
		}
	case appSID:
		if value != "" && !appPattern.MatchString(value) {
			return failure(http.StatusBadRequest, 21218, s.parameter+" is not valid: "+value)
		}
	case trunkSID:
		if value != "" && !trunkPattern.MatchString(value) {
			return failure(http.StatusBadRequest, 20001, s.parameter+" is not valid: "+value)
		}
	case receive:
		if value != "voice" && value != "fax" {
			return failure(http.StatusBadRequest, 20001, s.parameter+" is not valid: "+value)
		}
	case boolean:
		if value != "true" && value != "false" {
			return failure(http.StatusBadRequest, 20001, s.parameter+" is not valid: "+value)
		}
	}
	return reply{}
}

// isWebURL reports whether Twilio would take a URL for a webhook's: absolute,
// http or https, and a host name without an underscore.
func isWebURL(value string) bool {
	u, err := url.Parse(value)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") &&
		u.Hostname() != "" && !strings.Contains(u.Hostname(), "_")
}

// updateNumber changes the settings that the form names; all or none.
func (a *Account) updateNumber(id string, form url.Values) reply {
	n, ok := a.numbers.latest(id)
	if !ok {
		return a.notFound("/IncomingPhoneNumbers/" + id + ".json")
	}
	n.Settings = maps.Clone(n.Settings)
	for _, parameter := range slices.Sorted(maps.Keys(form)) {
		i := slices.IndexFunc(settings, func(s setting) bool { return s.parameter == parameter })
		if i < 0 {
			return unknownParameter(parameter)
		}
		value := form.Get(parameter)
		if problem := settings[i].refuse(value); problem.failed() {
			return problem
		}
		n.Settings[parameter] = value
	}
	if n.Settings["VoiceFallbackUrl"] != "" && n.Settings["VoiceUrl"] == "" {
		return failure(http.StatusBadRequest, 21405, "Cannot set VoiceFallbackUrl without setting VoiceUrl")
	}
	switch { // each of the two clears the other
	case form.Get("TrunkSid") != "":
		n.Settings["VoiceApplicationSid"] = ""
	case form.Get("VoiceApplicationSid") != "":
		n.Settings["TrunkSid"] = ""
	}
	n.Updated = a.now()
	encoded := n.encode()
	a.numbers.put(n.Updated, id, n, encoded)
	return reply{status: http.StatusOK, body: encoded}
}

// encode writes a number as the API does.
func (n *EmulatedNumber) encode() []byte {
	fields := map[string]any{
		"sid": n.SID, "account_sid": SID, "phone_number": n.PhoneNumber,
		"uri":         fmt.Sprintf("%s/IncomingPhoneNumbers/%s.json", root, n.SID),
		"api_version": version2010, "beta": false, "origin": "twilio", "status": "in-use", "type": "local",
		"capabilities": map[string]bool{"voice": true, "sms": true, "mms": false, "fax": true},
		"date_created": rfc2822(n.Created), "date_updated": rfc2822(n.Updated),
		"address_requirements": "none", "address_sid": nil, "identity_sid": nil, "bundle_sid": nil,
		"emergency_status": "Active", "emergency_address_sid": nil, "emergency_address_status": "unregistered",
	}
	for _, s := range settings {
		value := n.Settings[s.parameter]
		switch {
		case s.kind == boolean:
			fields[s.field] = value == "true"
		case s.kind == trunkSID && value == "":
			fields[s.field] = nil
		default:
			fields[s.field] = value
		}
	}
	return marshal(fields)
}

// marshal writes JSON. Nothing that is written here can fail.
func marshal(fields map[string]any) []byte {
	encoded, err := json.Marshal(fields)
	if err != nil {
		panic("sandbox: a reply that cannot be written: " + err.Error())
	}
	return encoded
}
