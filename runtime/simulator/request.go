package simulator

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A request is one that Twilio makes for a document.
type request struct {
	method string // GET or POST
	url    *url.URL
	extra  url.Values // beside the standard parameters
	inline string     // the document itself, where the call was placed with one
}

// follow makes the request that an attribute of a document asks for. The
// method is POST unless the document says otherwise, as all of Twilio's are. An
// empty link is the document itself.
func (d *document) follow(link, method string, extra url.Values) (*request, error) {
	if method == "" {
		method = "POST"
	}
	if d.url == nil { // a document that came with the call has no address
		u, err := url.Parse(link)
		if err != nil || !u.IsAbs() {
			return nil, &fault{code: 11100, text: "the link " + strconv.Quote(link) +
				" is relative, but its document was given with the call and has no address"}
		}
		return &request{method: method, url: u, extra: extra}, nil
	}
	if strings.TrimSpace(link) == "" {
		return &request{method: method, url: d.url, extra: extra}, nil
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return nil, &fault{code: 11100, text: "the link " + strconv.Quote(link) + " is not a URL", document: d.path}
	}
	return &request{method: method, url: d.base.ResolveReference(u), extra: extra}, nil
}

// parameters merges the standard parameters of a leg with those of a request.
func (r *request) parameters(l *leg) url.Values {
	all := l.standard()
	for name, values := range r.extra {
		all[name] = values
	}
	return all
}

// encode writes parameters as Twilio does: names in order, and the star, which
// form encoding leaves alone, literally unless the scenario reads otherwise.
func (x *exchange) encode(v url.Values) string {
	s := v.Encode()
	if !x.other[StarDigit] {
		s = strings.ReplaceAll(s, "%2A", "*")
	}
	return s
}

// address is the URL with the parameters behind those that it has already, and
// without its fragment, which holds connection overrides and is never sent.
func (r *request) address(query string) *url.URL {
	u := *r.url
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

// place is the address for other eyes: without credentials.
func (r *request) place() string {
	u := r.address("")
	u.User = nil
	return u.String()
}

// sign computes X-Twilio-Signature: the HMAC-SHA1 of the whole URL followed by
// the names and values of the form in the order of the names
// (https://www.twilio.com/docs/usage/security#validating-requests).
func sign(token, address string, form url.Values) string {
	var s strings.Builder
	s.WriteString(address)
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range form[name] {
			s.WriteString(name + value)
		}
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(s.String()))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// sid names something as Twilio would: two letters and 32 hexadecimal digits,
// which depend on the seed and on what is named.
func (x *exchange) sid(prefix string, of ...string) string {
	sum := sha256.Sum256([]byte(strconv.FormatUint(x.Seed, 10) + "\x00" + prefix + "\x00" + strings.Join(of, "\x00")))
	return prefix + hex.EncodeToString(sum[:16])
}
