package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

const root = "/2010-04-01/Accounts/" + sandbox.SID

// A response is a reply as these tests look at it.
type response struct {
	status int
	header http.Header
	body   map[string]any
	err    error // of the connection
}

// ask sends a request with the right credentials.
func ask(carrier http.RoundTripper, host, method, path string, form url.Values) response {
	r, err := http.NewRequest(method, host+path, strings.NewReader(form.Encode()))
	if err != nil {
		return response{err: err}
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(sandbox.SID, "sandbox")
	return send(carrier, r)
}

func send(carrier http.RoundTripper, r *http.Request) response {
	reply, err := carrier.RoundTrip(r)
	if err != nil {
		return response{err: err}
	}
	defer reply.Body.Close()
	data, err := io.ReadAll(reply.Body)
	got := response{status: reply.StatusCode, header: reply.Header, err: err}
	if len(data) > 0 && err == nil {
		got.err = json.Unmarshal(data, &got.body)
	}
	return got
}

// do sends a request within this process, which must be answered.
func do(t *testing.T, a *sandbox.Account, method, path string, form url.Values) response {
	t.Helper()
	got := ask(a, "http://sandbox.example", method, path, form)
	if got.err != nil {
		t.Fatal(got.err)
	}
	return got
}

// code is the code of an error reply.
func (r response) code() int {
	n, _ := r.body["code"].(float64)
	return int(n)
}

func numberPath(a *sandbox.Account, i int) string {
	return root + "/IncomingPhoneNumbers/" + a.Numbers()[i].SID + ".json"
}

func TestCredentials(t *testing.T) {
	a := sandbox.New("+14155550100")
	for _, test := range []struct {
		user, password string
		status         int
	}{
		{sandbox.SID, "sandbox", 200}, {"SK00000000000000000000000000000001", "sandbox", 200},
		{sandbox.SID, "wrong", 401}, {"AC1", "sandbox", 401}, {"", "", 401},
	} {
		r, err := http.NewRequest(http.MethodGet, "http://sandbox.example"+root+"/Queues.json", nil)
		if err != nil {
			t.Fatal(err)
		}
		if test.user != "" {
			r.SetBasicAuth(test.user, test.password)
		}
		got := send(a, r)
		if got.status != test.status || test.status == 401 && got.code() != 20003 {
			t.Errorf("%s with %s: got %d, %d", test.user, test.password, got.status, got.code())
		}
	}
}

// All pages together are the list, whatever is made or removed between them.
func TestPages(t *testing.T) {
	var phones []string
	for i := range 25 {
		phones = append(phones, fmt.Sprintf("+1415555%04d", i))
	}
	a := sandbox.New(phones...)
	var got []string
	path := root + "/IncomingPhoneNumbers.json?PageSize=10"
	for page := 0; path != ""; page++ {
		reply := do(t, a, http.MethodGet, path, nil)
		items := reply.body["incoming_phone_numbers"].([]any)
		for _, item := range items {
			got = append(got, item.(map[string]any)["phone_number"].(string))
		}
		if reply.body["page"] != float64(page) || reply.body["page_size"] != 10.0 || reply.body["start"] != float64(10*page) || reply.body["end"] != float64(10*page+len(items)-1) {
			t.Errorf("page %d: got %v", page, reply.body)
		}
		path, _ = reply.body["next_page_uri"].(string)
		if page == 0 { // neither shifts what follows
			a.Remove(phones[3])
			a.Add("+14155559999")
		}
	}
	if diff := cmp.Diff(append(phones, "+14155559999"), got); diff != "" {
		t.Error(diff)
	}
	for query, want := range map[string]int{"": 25, "?PageSize=1000": 25, "?PageSize=9999": 25, "?PageSize=7&Page=3": 4, "?PageSize=7&Page=99": 0, "?PageSize=x&Page=-1": 25} {
		reply := do(t, a, http.MethodGet, root+"/IncomingPhoneNumbers.json"+query, nil)
		if items := reply.body["incoming_phone_numbers"].([]any); len(items) != want {
			t.Errorf("%s: %d numbers, want %d", query, len(items), want)
		}
	}
}

// A refusal is a request that must be refused.
type refusal struct {
	method, path string // below the account, unless it begins with two slashes
	form         url.Values
	status, code int
}

// checkRefusals holds refusals to their codes, and to changing nothing.
func checkRefusals(t *testing.T, a *sandbox.Account, refusals []refusal) {
	t.Helper()
	numbers, queues := a.Numbers(), a.Queues()
	for _, test := range refusals {
		path := root + test.path
		if elsewhere, ok := strings.CutPrefix(test.path, "//"); ok {
			path = "/" + elsewhere
		}
		got := do(t, a, test.method, path, test.form)
		if got.status != test.status || got.code() != test.code || got.body["status"] != float64(test.status) || got.body["message"] == "" {
			t.Errorf("%s %s %v: got %d %v", test.method, test.path, test.form, got.status, got.body)
		}
	}
	if diff := cmp.Diff(numbers, a.Numbers()) + cmp.Diff(queues, a.Queues()); diff != "" || len(a.Calls()) != 0 {
		t.Errorf("something changed: %s", diff)
	}
	for _, r := range a.Requests() {
		if r.Carried {
			t.Errorf("%s %s is noted as carried out", r.Method, r.Path)
		}
	}
}

func TestRefusalsOfNumbers(t *testing.T) {
	a := sandbox.New("+14155550100")
	number := "/IncomingPhoneNumbers/" + a.Numbers()[0].SID + ".json"
	checkRefusals(t, a, []refusal{
		{"POST", number, url.Values{"VoiceUrl": {"x"}}, 400, 21402},
		{"POST", number, url.Values{"VoiceUrl": {"https://under_score.example/"}}, 400, 21402},
		{"POST", number, url.Values{"StatusCallback": {"ftp://x.example/"}}, 400, 21402},
		{"POST", number, url.Values{"VoiceMethod": {""}}, 400, 21403},
		{"POST", number, url.Values{"VoiceUrl": {""}, "VoiceFallbackUrl": {"https://x.example/"}}, 400, 21405},
		{"POST", number, url.Values{"VoiceApplicationSid": {"AP1"}}, 400, 21218},
		{"POST", number, url.Values{"TrunkSid": {"TK1"}}, 400, 20001},
		{"POST", number, url.Values{"VoiceReceiveMode": {"sms"}}, 400, 20001},
		{"POST", number, url.Values{"VoiceCallerIdLookup": {"yes"}}, 400, 20001},
		{"POST", number, url.Values{"FriendlyName": {strings.Repeat("x", 65)}}, 400, 20001},
		{"POST", number, url.Values{"VoiceURL": {"https://x.example/"}}, 400, 20001},
		{"POST", number, url.Values{"AccountSid": {"AC1"}}, 400, 20001},
		{"POST", "/IncomingPhoneNumbers/PN1.json", nil, 404, 20404},
		{"GET", "/IncomingPhoneNumbers/PN1.json", nil, 404, 20404},
		{"GET", "/IncomingPhoneNumbers.json?PhoneNumber=1", nil, 400, 20001},
		{"POST", "/IncomingPhoneNumbers.json", url.Values{"PhoneNumber": {"+14155550101"}}, 403, 20403},
		{"DELETE", number, nil, 403, 20403},
		{"GET", "/Messages.json", nil, 405, 20004},
		{"GET", "//2010-04-01/Accounts/AC1/Queues.json", nil, 404, 20404},
		{"GET", "/Queues", nil, 404, 20404},
	})
}

func TestRefusalsOfQueues(t *testing.T) {
	a := sandbox.New()
	a.Wait("zillum/sales", 1)
	a.Wait("zillum/support", 0)
	sales := "/Queues/" + a.Queues()[0].SID + ".json"
	checkRefusals(t, a, []refusal{
		{"POST", "/Queues.json", nil, 400, 20001},
		{"POST", "/Queues.json", url.Values{"FriendlyName": {"zillum/sales"}}, 400, 22003},
		{"POST", "/Queues.json", url.Values{"FriendlyName": {"x"}, "MaxSize": {"5001"}}, 400, 20001},
		{"POST", "/Queues.json", url.Values{"FriendlyName": {strings.Repeat("x", 65)}}, 400, 20001},
		{"POST", "/Queues.json", url.Values{"FriendlyName": {"x"}, "Size": {"1"}}, 400, 20001},
		{"POST", sales, url.Values{"FriendlyName": {"zillum/support"}}, 400, 22003},
		{"POST", sales, url.Values{"MaxSize": {"0"}}, 400, 20001},
		{"POST", "/Queues/QU1.json", nil, 404, 20404},
		{"DELETE", "/Queues/QU1.json", nil, 404, 20404},
		{"DELETE", sales, nil, 400, 20001},
		{"DELETE", "/Queues.json", nil, 405, 20004},
	})
}

func TestRefusalsOfCalls(t *testing.T) {
	var refusals []refusal
	for _, test := range []struct {
		field, value string
		code         int
	}{
		{"To", "", 21201}, {"To", "0415", 21211}, {"From", "", 21213}, {"From", "+14155550177", 21210},
		{"Twiml", "", 21205}, {"Twiml", strings.Repeat("x", 4001), 32018}, {"Url", "x", 21205},
		{"Timeout", "601", 20001}, {"Record", "true", 20001},
	} {
		form := url.Values{"To": {"+14155550101"}, "From": {"+14155550100"}, "Twiml": {"<Response/>"}}
		form.Set(test.field, test.value)
		refusals = append(refusals, refusal{"POST", "/Calls.json", form, 400, test.code})
	}
	checkRefusals(t, sandbox.New("+14155550100"), refusals)
}

// A trunk and an app exclude each other, as at Twilio.
func TestTrunkAndApp(t *testing.T) {
	a := sandbox.New("+14155550100")
	trunk, app := "TK"+strings.Repeat("a", 32), "AP"+strings.Repeat("b", 32)
	for _, test := range []struct {
		form       url.Values
		trunk, app any
	}{
		{url.Values{"TrunkSid": {trunk}}, trunk, ""},
		{url.Values{"VoiceApplicationSid": {app}}, nil, app},
		{url.Values{"TrunkSid": {trunk}}, trunk, ""},
		{url.Values{"TrunkSid": {""}}, nil, ""},
	} {
		got := do(t, a, http.MethodPost, numberPath(a, 0), test.form)
		if got.body["trunk_sid"] != test.trunk || got.body["voice_application_sid"] != test.app {
			t.Errorf("%v: got %v and %v", test.form, got.body["trunk_sid"], got.body["voice_application_sid"])
		}
	}
}

// What was written shows after the lag, and not before; who writes sees it at once.
func TestLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sandbox.New("+14155550100")
		time.Sleep(time.Minute)
		a.Lag = 3 * time.Second
		shown := func() []any {
			number := do(t, a, http.MethodGet, numberPath(a, 0), nil).body["voice_url"]
			queues := do(t, a, http.MethodGet, root+"/Queues.json", nil).body["queues"].([]any)
			return []any{number, len(queues)}
		}
		before := shown()
		if got := do(t, a, http.MethodPost, numberPath(a, 0), url.Values{"VoiceUrl": {"https://x.example/"}}); got.body["voice_url"] != "https://x.example/" {
			t.Errorf("the reply shows %v", got.body["voice_url"])
		}
		queue := do(t, a, http.MethodPost, root+"/Queues.json", url.Values{"FriendlyName": {"x"}}).body["sid"].(string)
		time.Sleep(3*time.Second - 1)
		if diff := cmp.Diff(before, shown()); diff != "" {
			t.Error(diff)
		}
		time.Sleep(1)
		if diff := cmp.Diff([]any{"https://x.example/", 1}, shown()); diff != "" {
			t.Error(diff)
		}
		do(t, a, http.MethodDelete, root+"/Queues/"+queue+".json", nil)
		if got := shown(); got[1] != 1 || len(a.Queues()) != 0 {
			t.Errorf("after deleting, %v are shown and %v are there", got[1], a.Queues())
		}
		time.Sleep(3 * time.Second)
		if got := shown(); got[1] != 0 {
			t.Errorf("%v are shown", got[1])
		}
	})
}

// Of the requests that are under way together, all above the limit are refused.
func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sandbox.New()
		a.Concurrency, a.Latency = 3, time.Second
		var mutex sync.Mutex
		got := map[int]int{}
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				reply := ask(a, "http://sandbox.example", http.MethodPost, root+"/Queues.json", url.Values{"FriendlyName": {"x"}})
				mutex.Lock()
				defer mutex.Unlock()
				got[reply.status*100000+reply.code()]++
			})
		}
		group.Wait()
		if diff := cmp.Diff(map[int]int{20100000: 1, 40022003: 2, 42920429: 7}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A fault is the same over a network as within this process.
func TestFaults(t *testing.T) {
	tests := map[string]struct {
		fault   sandbox.RequestFault
		status  int  // 0: no reply
		carried bool // out
		body    bool // is whole and JSON
	}{
		"none":             {sandbox.RequestFault{}, 201, true, true},
		"refused":          {sandbox.Refuse("7"), 429, false, true},
		"500":              {sandbox.Fail(500), 500, false, true},
		"page":             {sandbox.Page(502), 502, false, false},
		"truncated":        {sandbox.Truncate(), 201, true, false},
		"broken":           {sandbox.Break(), 201, true, false},
		"lost":             {sandbox.Lose(), 0, true, false},
		"reset":            {sandbox.Reset(), 0, false, false},
		"hang":             {sandbox.Hang(), 0, false, false},
		"500 after":        {sandbox.RequestFault{Status: 500}, 500, true, true},
		"refused for ever": {sandbox.RequestFault{Undone: true}, 400, false, true},
	}
	for name, test := range tests {
		for _, network := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, network %v", name, network), func(t *testing.T) {
				a := sandbox.New()
				ctx, cancel := context.WithCancel(t.Context())
				a.Fault = func(index int, r *http.Request) sandbox.RequestFault {
					if index != 0 || r.Method != http.MethodPost {
						t.Errorf("asked about request %d, %s", index, r.Method)
					}
					if test.fault.Hang {
						cancel()
					}
					return test.fault
				}
				var carrier http.RoundTripper = a
				host := "http://sandbox.example"
				if network {
					server := httptest.NewServer(a)
					defer server.Close()
					carrier, host = server.Client().Transport, server.URL
				}
				r, err := http.NewRequestWithContext(ctx, http.MethodPost, host+root+"/Queues.json", strings.NewReader("FriendlyName=x"))
				if err != nil {
					t.Fatal(err)
				}
				r.SetBasicAuth(sandbox.SID, "sandbox")
				got := send(carrier, r)
				cancel()
				if got.status != test.status || (got.err == nil) != test.body || len(a.Queues()) == 1 != test.carried {
					t.Errorf("got %d, %v; %d queues", got.status, got.err, len(a.Queues()))
				}
				if test.fault.Hang && !errors.Is(got.err, context.Canceled) {
					t.Errorf("got %v", got.err)
				}
				if name == "refused" && (got.header.Get("Retry-After") != "7" || got.code() != 20429) {
					t.Errorf("got %v, %d", got.header, got.code())
				}
				if log := a.Requests(); len(log) != 1 || log[0].Carried != test.carried || log[0].Status != test.status || log[0].Form.Get("FriendlyName") != "x" {
					t.Errorf("the log is %+v", log)
				}
			})
		}
	}
}

// The same requests give the same account, down to the SIDs.
func TestDeterministic(t *testing.T) {
	var runs [2][]any
	for i := range runs {
		a := sandbox.New("+14155550100", "+14155550101", "+14155550100")
		a.Now = func() time.Time { return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) }
		for _, name := range []string{"x", "y"} {
			runs[i] = append(runs[i], do(t, a, http.MethodPost, root+"/Queues.json", url.Values{"FriendlyName": {name}}).body)
		}
		for _, n := range a.Numbers() {
			runs[i] = append(runs[i], n.SID)
		}
		runs[i] = append(runs[i], do(t, a, http.MethodGet, root+".json", nil).header.Get("Twilio-Request-Id"))
	}
	if diff := cmp.Diff(runs[0], runs[1]); diff != "" {
		t.Error(diff)
	}
	if len(runs[0]) != 5 || slices.Contains(runs[0], nil) {
		t.Errorf("got %v", runs[0])
	}
}
