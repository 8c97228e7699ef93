package fetch

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Request is one that Twilio makes for a document.
type Request struct {
	Method string // GET or POST
	URL    *url.URL
	Extra  url.Values // besides the standard parameters
	Inline string     // the document itself, where the call was placed with one
	At     time.Time  // when it is made, for a handler in this process; zero for now
}

// With adds parameters to a request. Those that it has already stay.
func (r *Request) With(extra url.Values) *Request {
	all := *r
	all.Extra = url.Values{}
	maps.Copy(all.Extra, extra)
	maps.Copy(all.Extra, r.Extra)
	return &all
}

// Address returns the URL with a query appended, and without its fragment, which
// holds connection overrides and is never sent.
func (r *Request) Address(query string) *url.URL {
	u := *r.URL
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	if query != "" && u.RawQuery != "" {
		query = u.RawQuery + "&" + query
	} else if query == "" {
		query = u.RawQuery
	}
	u.RawQuery = query
	return &u
}

// Place returns the address without credentials, for messages.
func (r *Request) Place() string {
	u := r.Address("")
	u.User = nil
	return u.String()
}

// Parameters are what Twilio says about a call in every request for TwiML.
type Parameters struct {
	AccountSID, CallSID string
	Status              string // CallStatus
	Direction           string // "inbound", "outbound-api" or "outbound-dial"
	From, To            string
	ParentSID           string // of the call that rang this one
}

// Values returns the parameters as Twilio sends them
// (https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application).
// The geographic ones are sent empty, as Twilio does where it knows nothing.
func (p Parameters) Values() url.Values {
	v := make(url.Values, 32)
	v["AccountSid"] = []string{p.AccountSID}
	v["ApiVersion"] = []string{"2010-04-01"}
	v["CallSid"] = []string{p.CallSID}
	v["CallStatus"] = []string{p.Status}
	v["Direction"] = []string{p.Direction}
	for _, side := range sides {
		address := p.From
		if side.to {
			address = p.To
		}
		v[side.name] = []string{address}
		for _, part := range side.parts {
			v[part] = unknownPlace
		}
	}
	if p.ParentSID != "" {
		v.Set("ParentCallSid", p.ParentSID)
	}
	return v
}

// sides is the names of the parameters about the two parties of a call, each with
// those about where the party is.
var sides = []struct {
	name  string
	to    bool
	parts []string
}{
	{"From", false, []string{"FromCity", "FromState", "FromZip", "FromCountry"}},
	{"Caller", false, []string{"CallerCity", "CallerState", "CallerZip", "CallerCountry"}},
	{"To", true, []string{"ToCity", "ToState", "ToZip", "ToCountry"}},
	{"Called", true, []string{"CalledCity", "CalledState", "CalledZip", "CalledCountry"}},
}

var unknownPlace = []string{""}

// sign computes X-Twilio-Signature: the HMAC-SHA1 of the whole URL followed by
// the names and values of the form in the order of the names
// (https://www.twilio.com/docs/usage/security#validating-requests).
func sign(token, address string, form url.Values) string {
	var s strings.Builder
	s.WriteString(address)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			s.WriteString(name + value)
		}
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(s.String()))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
