package twilio

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

// description is Twilio's own, of the API that we use.
const description = "../../../shared/twilio-openapi/twilio_api_v2010.json"

// A contract carries requests to an emulated account, and holds both them and
// the replies to Twilio's description.
type contract struct {
	t      *testing.T
	inner  http.RoundTripper
	routes map[*regexp.Regexp]*routers.Route // by "METHOD path"

	mutex sync.Mutex
	seen  map[string]bool // operations, such as "CreateQueue 201"
}

// newContract reads the description.
func newContract(t *testing.T) *contract {
	t.Helper()
	data, err := os.ReadFile(description)
	if os.IsNotExist(err) {
		t.Skipf("%s is not here: it is spec/json/twilio_api_v2010.json of the repository twilio/twilio-oai", description)
	}
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil
	c := &contract{routes: map[*regexp.Regexp]*routers.Route{}, seen: map[string]bool{}}
	variable := regexp.MustCompile(`\\{(\w+)\\}`)
	for path, item := range doc.Paths.Map() {
		item.Servers = nil
		pattern := variable.ReplaceAllString(regexp.QuoteMeta(path), `(?P<$1>[^/.]+)`)
		for method, operation := range item.Operations() {
			c.routes[regexp.MustCompile(`^`+method+` `+pattern+`$`)] = &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: operation}
		}
	}
	return c
}

// find finds the operation that a request is, and the variables in its path.
func (c *contract) find(r *http.Request) (*routers.Route, map[string]string) {
	for pattern, route := range c.routes {
		if found := pattern.FindStringSubmatch(r.Method + " " + r.URL.Path); found != nil {
			variables := map[string]string{}
			for i, name := range pattern.SubexpNames()[1:] {
				variables[name] = found[i+1]
			}
			return route, variables
		}
	}
	return nil, nil
}

// RoundTrip carries a request and checks both sides.
func (c *contract) RoundTrip(r *http.Request) (*http.Response, error) {
	var form []byte
	if r.Body != nil {
		form, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(form))
	}
	route, variables := c.find(r)
	if route == nil {
		c.t.Errorf("%s %s is not in Twilio's description", r.Method, r.URL.Path)
		return c.inner.RoundTrip(r)
	}
	c.request(r, route, variables, form)
	response, err := c.inner.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(body))
	if err == nil {
		c.reply(route, response, body)
	}
	return response, nil
}

// request holds a request to the description. Validators do not see a misspelt
// field of a form, so the names are compared here.
func (c *contract) request(r *http.Request, route *routers.Route, variables map[string]string, form []byte) {
	sent, err := url.ParseQuery(string(form))
	if err != nil {
		c.t.Error(err)
	}
	clone := r.Clone(r.Context())
	clone.Body, clone.GetBody = io.NopCloser(strings.NewReader(withoutCleared(sent).Encode())), nil
	err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: clone, PathParams: variables, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
	})
	if err != nil {
		c.t.Errorf("%s: the request is not as described: %v", route.Operation.OperationID, err)
	}
	if _, _, ok := r.BasicAuth(); !ok {
		c.t.Errorf("%s: the request has no credentials", route.Operation.OperationID)
	}
	for name, values := range sent {
		if !slices.Contains(fieldsOf(route.Operation), name) || len(values) != 1 {
			c.t.Errorf("%s: the form has %s %d times", route.Operation.OperationID, name, len(values))
		}
	}
	for name := range r.URL.Query() {
		if route.Operation.Parameters.GetByInAndName("query", name) == nil {
			c.t.Errorf("%s: the query has %s", route.Operation.OperationID, name)
		}
	}
}

// withoutCleared leaves SIDs out that are cleared: the description asks for 34
// characters, and says in words that setting one clears the other.
func withoutCleared(form url.Values) url.Values {
	form = maps.Clone(form)
	for _, name := range []string{"VoiceApplicationSid", "TrunkSid"} {
		if form.Get(name) == "" {
			form.Del(name)
		}
	}
	return form
}

// fieldsOf lists the fields that the form of an operation may have.
func fieldsOf(o *openapi3.Operation) []string {
	if o.RequestBody == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(o.RequestBody.Value.Content["application/x-www-form-urlencoded"].Schema.Value.Properties))
}

// reply holds a reply to the description, or, since errors are not described, to
// the form that all of Twilio's have.
func (c *contract) reply(route *routers.Route, response *http.Response, body []byte) {
	id := fmt.Sprintf("%s %d", route.Operation.OperationID, response.StatusCode)
	c.mutex.Lock()
	c.seen[id] = true
	c.mutex.Unlock()
	if response.StatusCode >= 400 {
		var e struct {
			Code, Status int
			Message      string
			MoreInfo     string `json:"more_info"`
		}
		if err := json.Unmarshal(body, &e); err != nil || e.Status != response.StatusCode || e.Code < 10000 || e.Message == "" || !strings.HasSuffix(e.MoreInfo, fmt.Sprint(e.Code)) {
			c.t.Errorf("%s: the error is not in Twilio's form: %s", id, body)
		}
		return
	}
	described := route.Operation.Responses.Status(response.StatusCode)
	if described == nil {
		c.t.Errorf("%s: the status is not described", id)
		return
	}
	if response.StatusCode == http.StatusNoContent {
		if len(body) > 0 {
			c.t.Errorf("%s: has a body", id)
		}
		return
	}
	var content any
	if err := json.Unmarshal(body, &content); err != nil {
		c.t.Errorf("%s: %v", id, err)
		return
	}
	schema := described.Value.Content["application/json"].Schema.Value
	content = c.tidy(id, schema, content)
	if err := schema.VisitJSON(content, openapi3.MultiErrors(), openapi3.VisitAsResponse()); err != nil {
		c.t.Errorf("%s: the reply is not as described: %v", id, err)
	}
}

// emptySIDs are SIDs that Twilio writes as "" where its description wants null:
// so do the description's own examples.
var emptySIDs = []string{"voice_application_sid", "sms_application_sid"}

// tidy checks what a schema cannot say, and returns a value without the known
// differences between the description and its own examples.
func (c *contract) tidy(id string, schema *openapi3.Schema, v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = c.tidy(id, schema.Items.Value, v[i])
		}
	case map[string]any:
		for name, value := range v {
			property := schema.Properties[name]
			text, isText := value.(string)
			switch {
			case property == nil && len(schema.Properties) > 0:
				c.t.Errorf("%s: the reply has %s, which is not described", id, name)
			case isText && text == "" && slices.Contains(emptySIDs, name):
				v[name] = nil
			case isText && strings.HasPrefix(name, "date_"):
				if _, err := mail.ParseDate(text); err != nil {
					c.t.Errorf("%s: %s is %q: %v", id, name, text, err)
				}
			case isText && strings.HasSuffix(name, "uri") && !strings.HasPrefix(text, "/2010-04-01/Accounts/AC"):
				c.t.Errorf("%s: %s is %q", id, name, text)
			case property != nil:
				v[name] = c.tidy(id, property.Value, value)
			}
		}
	}
	return v
}

// get asks for something that package deploy does not.
func (c *contract) get(path string) {
	c.t.Helper()
	r, err := http.NewRequest(http.MethodGet, "http://sandbox.example"+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.SetBasicAuth(sandbox.SID, canary)
	if _, err := c.RoundTrip(r); err != nil {
		c.t.Error(err)
	}
}

// clocked replaces the clock by one that jumps whenever somebody waits.
func clocked(o Options) Options {
	var mutex sync.Mutex
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	o.Now = func() time.Time {
		mutex.Lock()
		defer mutex.Unlock()
		return now
	}
	o.Sleep = func(ctx context.Context, d time.Duration) error {
		mutex.Lock()
		defer mutex.Unlock()
		now = now.Add(d)
		return ctx.Err()
	}
	return o
}

// Every request that an account can make, and every reply that the emulated
// account can give, is as Twilio describes it.
func TestContract(t *testing.T) {
	c := newContract(t)
	for name, test := range map[string]func(*testing.T){
		"good days": c.goodDays, "bad days": c.badDays, "allowlist": c.allowlist,
	} {
		t.Run(name, func(t *testing.T) {
			c.t = t
			test(t)
		})
	}
}

// goodDays asks for everything once.
func (c *contract) goodDays(t *testing.T) {
	s := newSandbox(phones(60)...)
	s.Wait("zillum/sales", 3)
	s.Verify(phones(62)[61])
	c.inner = s
	a := open(t, s, clocked(Options{Transport: c}))
	c.settings(t, a, s.Numbers()[0].SID)
	if err := operations["delete queue"].run(t.Context(), a, s); err == nil {
		t.Error("a queue was deleted in which somebody waits")
	}
	s.Wait("zillum/sales", 0)
	for _, name := range slices.Sorted(maps.Keys(operations)) {
		if err := operations[name].run(t.Context(), a, s); err != nil && name != "confirm number" && name != "call" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := a.Call(t.Context(), "bob", OutboundCall{User: "client:bob", CallerID: phones(1)[0], Number: "+14155550123"}); err != nil {
		t.Error(err)
	}
	account := "/2010-04-01/Accounts/" + sandbox.SID
	for _, path := range []string{
		".json", "/IncomingPhoneNumbers.json", "/IncomingPhoneNumbers.json?PageSize=7&Page=1", "/Queues.json?PageSize=1",
		"/OutgoingCallerIds.json",
		"/Queues/" + s.Queues()[0].SID + ".json", "/Queues/QU" + strings.Repeat("0", 32) + ".json",
	} {
		c.get(account + path)
	}
	for _, name := range []string{"FetchAccount 200", "ListIncomingPhoneNumber 200", "FetchIncomingPhoneNumber 200", "UpdateIncomingPhoneNumber 200",
		"ListQueue 200", "FetchQueue 200", "FetchQueue 404", "CreateQueue 201", "UpdateQueue 200", "DeleteQueue 204", "DeleteQueue 400",
		"CreateCall 201", "CreateCall 400", "ListOutgoingCallerId 200"} {
		if !c.seen[name] {
			t.Errorf("%s was not tried; tried were %v", name, slices.Sorted(maps.Keys(c.seen)))
		}
	}
}

// settings writes every setting of a number, and clears it.
func (c *contract) settings(t *testing.T, a *Client, sid string) {
	everything := pointed(PhoneNumber{SID: sid}, "r1")
	everything.StatusCallback, everything.StatusCallbackMethod, everything.ReceiveMode = "https://s.example/", "GET", "fax"
	trunk, app := everything, everything
	trunk.TrunkSID, app.ApplicationSID = "TK"+strings.Repeat("a", 32), "AP"+strings.Repeat("b", 32)
	cleared := app
	cleared.ApplicationSID, cleared.VoiceURL, cleared.FallbackURL, cleared.StatusCallback = "", "", "", ""
	states := []PhoneNumber{{SID: sid}, everything, trunk, app, cleared}
	for i, after := range states[1:] {
		if err := a.UpdateNumber(t.Context(), "main", states[i], after); err != nil {
			t.Error(err)
		}
	}
}

// badDays asks for everything while something goes wrong.
func (c *contract) badDays(t *testing.T) {
	faults := map[string]sandbox.RequestFault{"429": sandbox.Refuse("1"), "500": sandbox.Fail(500), "503": sandbox.Fail(503), "404": sandbox.Fail(404), "lost": sandbox.Lose()}
	for _, fault := range slices.Sorted(maps.Keys(faults)) {
		for _, name := range slices.Sorted(maps.Keys(operations)) {
			s := stage()
			c.inner, s.Fault = s, always(faults[fault])
			if err := operations[name].run(t.Context(), open(t, s, clocked(Options{Transport: c})), s); err == nil && (name != "delete queue" || fault != "404") {
				t.Errorf("%s, %s: succeeded", name, fault)
			}
		}
	}
}

// allowlist looks up, field by field, everything that this program may ask.
func (c *contract) allowlist(t *testing.T) {
	zeros := strings.Repeat("0", 32)
	for _, p := range allowlist {
		path := strings.NewReplacer(`^`, "", `$`, "", `\.`, ".", `[0-9a-fA-F]{32}`, zeros).Replace(p.path.String())
		r, err := http.NewRequest(p.method, "http://sandbox.example/2010-04-01/Accounts/"+sandbox.SID+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		route, _ := c.find(r)
		if route == nil {
			t.Errorf("%s %s is not described", p.method, path)
			continue
		}
		for _, field := range p.fields {
			if !slices.Contains(fieldsOf(route.Operation), field) {
				t.Errorf("%s has no field %s", route.Operation.OperationID, field)
			}
		}
	}
}
