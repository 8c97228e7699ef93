package twilio

// What this program may ask of Twilio at all. The list is short, and enforced
// where every request passes: whatever the rest of the program does, it cannot
// buy, release or move a phone number, nor change anything of one but how its
// calls are answered.

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// An allowedRequest is one kind of request.
type allowedRequest struct {
	method string
	path   *regexp.Regexp // below the account
	fields []string       // that its form may have
}

// allowlist is every kind of request that may leave the program.
var allowlist = []allowedRequest{
	{http.MethodGet, regexp.MustCompile(`^/IncomingPhoneNumbers\.json$`), nil},
	{http.MethodGet, regexp.MustCompile(`^/IncomingPhoneNumbers/PN[0-9a-fA-F]{32}\.json$`), nil},
	{http.MethodGet, regexp.MustCompile(`^/OutgoingCallerIds\.json$`), nil},
	{http.MethodGet, regexp.MustCompile(`^/Queues\.json$`), nil},
	{http.MethodPost, regexp.MustCompile(`^/IncomingPhoneNumbers/PN[0-9a-fA-F]{32}\.json$`), []string{
		"VoiceUrl", "VoiceMethod", "VoiceFallbackUrl", "VoiceFallbackMethod", "StatusCallback",
		"StatusCallbackMethod", "VoiceApplicationSid", "TrunkSid", "VoiceReceiveMode",
	}},
	{http.MethodPost, regexp.MustCompile(`^/Queues\.json$`), []string{"FriendlyName", "MaxSize"}},
	{http.MethodPost, regexp.MustCompile(`^/Queues/QU[0-9a-fA-F]{32}\.json$`), []string{"MaxSize"}},
	{http.MethodDelete, regexp.MustCompile(`^/Queues/QU[0-9a-fA-F]{32}\.json$`), nil},
	{http.MethodPost, regexp.MustCompile(`^/Calls\.json$`), []string{"To", "From", "Twiml", "Timeout"}},
}

// allowed refuses a request that is not on the list.
func (c *retryingTransport) allowed(r *http.Request) error {
	path, ok := strings.CutPrefix(r.URL.Path, "/2010-04-01/Accounts/"+c.account)
	fields, err := formFields(r)
	if err != nil {
		return err
	}
	for _, p := range allowlist {
		if ok && p.method == r.Method && p.path.MatchString(path) && !slices.ContainsFunc(fields, func(f string) bool { return !slices.Contains(p.fields, f) }) {
			return nil
		}
	}
	return fmt.Errorf("ivrc never sends this request to Twilio: %s %s. This is a bug in ivrc; please report it", r.Method, path)
}

// formFields lists the names in a request's form.
func formFields(r *http.Request) ([]string, error) {
	if r.GetBody == nil {
		return nil, nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(data))
	var names []string
	for name := range form {
		names = append(names, name)
	}
	return names, err
}
