package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ivrc/ivrc/runtime/sandbox"
)

// canary is the password of every account in these tests: nothing may show it.
const canary = "CANARY0TOKEN0CANARY0TOKEN"

// agent is somebody's telephone: nothing may show it either.
const agent = "+14155550177"

// newSandbox is an emulated account whose password is the canary.
func newSandbox(numbers ...string) *sandbox.Account {
	s := sandbox.New(numbers...)
	s.Token = canary
	return s
}

// open opens an emulated account in this process, unless the options say how
// else to reach it.
func open(t testing.TB, s *sandbox.Account, o Options) *Client {
	t.Helper()
	if o.Transport == nil && o.Endpoint == "" {
		o.Transport = s
	}
	o.Version = "1.2.3"
	a, err := OpenClient(Credentials{Account: sandbox.SID, User: sandbox.SID, Password: NewSecret(canary)}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

// phones lists n phone numbers that nobody has.
func phones(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("+1%03d55501%02d", 201+i/100, i%100))
	}
	return list
}

// read reads an account, which must succeed.
func read(t testing.TB, a *Client) *Inventory {
	t.Helper()
	l, err := a.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// number reads one number.
func number(t testing.TB, a *Client, phone string) PhoneNumber {
	t.Helper()
	n, ok := read(t, a).Numbers[phone]
	if !ok {
		t.Fatalf("%s is not in the account", phone)
	}
	return n
}

// pointed is a number with a flow of ours.
func pointed(n PhoneNumber, release string) PhoneNumber {
	n.VoiceURL, n.VoiceMethod = "https://calls.zillum.example/"+release+"/answer.xml", "GET"
	n.FallbackURL, n.FallbackMethod = "https://calls.zillum.example/"+release+"/fallback.xml", "GET"
	return n
}

// writes lists the requests that were carried out and are no reads.
func writes(s *sandbox.Account) []sandbox.LoggedRequest {
	var list []sandbox.LoggedRequest
	for _, r := range s.Requests() {
		if r.Method != http.MethodGet && r.Carried {
			list = append(list, r)
		}
	}
	return list
}

func TestReadAsksForEachPageOnce(t *testing.T) {
	for _, test := range []struct{ numbers, queues, want int }{
		{0, 0, 2}, {1, 1, 2}, {1000, 1000, 2}, {1001, 1000, 3}, {2500, 2001, 6},
	} {
		t.Run(fmt.Sprintf("%d numbers, %d queues", test.numbers, test.queues), func(t *testing.T) {
			s := newSandbox(phones(test.numbers)...)
			for i := range test.queues {
				s.Wait(fmt.Sprintf("zillum/%d", i), i)
			}
			a := open(t, s, Options{})
			l := read(t, a)
			if got := len(s.Requests()); got != test.want {
				t.Errorf("%d requests, want %d", got, test.want)
			}
			if numbers, queues := len(l.Numbers), len(l.Queues); numbers != test.numbers || queues != test.queues {
				t.Errorf("read %d numbers and %d queues", numbers, queues)
			}
			for i := range test.queues {
				if got := l.Waiting[fmt.Sprintf("zillum/%d", i)]; got != i {
					t.Errorf("%d wait in queue %d", got, i)
				}
			}
		})
	}
}

// The whole of a plan and an apply: P1 and the second promise of the issue.
func TestRequestsAreTheFewestPossible(t *testing.T) {
	s := newSandbox(phones(10000)...)
	a := open(t, s, Options{})
	l := read(t, a)
	for _, phone := range phones(3) {
		before := l.Numbers[phone]
		if err := a.UpdateNumber(t.Context(), phone, before, pointed(before, "r1")); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := len(s.Requests()), 10+1+3; got != want {
		t.Errorf("%d requests, want %d", got, want)
	}
}

func TestReadKnowsEverySetting(t *testing.T) {
	s := newSandbox("+14155550100")
	want := PhoneNumber{
		VoiceURL: "https://a.example/v", VoiceMethod: "GET", FallbackURL: "https://a.example/f", FallbackMethod: "GET",
		StatusCallback: "https://a.example/s", StatusCallbackMethod: "GET",
		TrunkSID: "TK" + strings.Repeat("a", 32), ReceiveMode: "fax",
	}
	edit(t, s, "+14155550100", url.Values{
		"VoiceUrl": {want.VoiceURL}, "VoiceMethod": {"GET"}, "VoiceFallbackUrl": {want.FallbackURL}, "VoiceFallbackMethod": {"GET"},
		"StatusCallback": {want.StatusCallback}, "StatusCallbackMethod": {"GET"}, "TrunkSid": {want.TrunkSID}, "VoiceReceiveMode": {"fax"},
	})
	a := open(t, s, Options{})
	got := number(t, a, "+14155550100")
	want.SID = got.SID
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	edit(t, s, "+14155550100", url.Values{"VoiceApplicationSid": {"AP" + strings.Repeat("b", 32)}})
	want.TrunkSID, want.ApplicationSID = "", "AP"+strings.Repeat("b", 32)
	if diff := cmp.Diff(want, number(t, a, "+14155550100")); diff != "" {
		t.Error(diff)
	}
}

// edit changes a number behind everybody's back.
func edit(t *testing.T, s *sandbox.Account, phone string, settings url.Values) {
	t.Helper()
	if err := s.Edit(phone, settings); err != nil {
		t.Fatal(err)
	}
}

// A list whose pages lead in a circle, or to another list, is an error: what is
// missing on it would look as if the account had no such number.
func TestReadTrustsNoCircle(t *testing.T) {
	account := "/2010-04-01/Accounts/" + sandbox.SID
	for next, reason := range map[string]string{
		account + "/IncomingPhoneNumbers.json?PageSize=1000": "do not end",
		account + "/Queues.json?PageSize=1000":               "belongs to another list",
		"https://elsewhere.example/":                         "belongs to another list",
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newSandbox()
			s.Fault = func(_ int, r *http.Request) sandbox.RequestFault {
				if strings.HasSuffix(r.URL.Path, "/Queues.json") {
					return sandbox.RequestFault{}
				}
				return reply(200, `{"incoming_phone_numbers":[],"next_page_uri":"`+next+`"}`)
			}
			_, err := open(t, s, Options{}).Read(t.Context())
			if failed := checkError(t, err); failed.Op != "list phone numbers" || !strings.Contains(failed.Reason, reason) {
				t.Errorf("%s: got %v", next, err)
			}
		})
	}
}

// A page without its list is damaged, and not an account without numbers.
func TestReadTrustsNoPageWithoutAList(t *testing.T) {
	for _, list := range []string{"/IncomingPhoneNumbers.json", "/Queues.json"} {
		for _, body := range []string{"{}", `{"queues":null,"incoming_phone_numbers":null}`, `{"queues":[{}],"incoming_phone_numbers":[{}]}`} {
			synctest.Test(t, func(t *testing.T) {
				s := newSandbox("+14155550100")
				s.Fault = func(_ int, r *http.Request) sandbox.RequestFault {
					if strings.HasSuffix(r.URL.Path, list) {
						return reply(200, body)
					}
					return sandbox.RequestFault{}
				}
				_, err := open(t, s, Options{}).Read(t.Context())
				if failed := checkError(t, err); !strings.Contains(failed.Reason, "damaged") {
					t.Errorf("%s with %s: got %v", list, body, err)
				}
			})
		}
	}
}

func TestReadNamesQueuesThatAreThereTwice(t *testing.T) {
	s := newSandbox()
	s.SameNames = true
	a := open(t, s, Options{})
	for _, size := range []int{10, 20} {
		if err := a.CreateQueue(t.Context(), "zillum/sales", size); err != nil {
			t.Fatal(err)
		}
	}
	s.Wait("other", 2)
	l := read(t, a)
	if diff := cmp.Diff([]string{"zillum/sales"}, l.Twice); diff != "" {
		t.Error(diff)
	}
	if q := l.Queues["zillum/sales"]; q.MaxSize != 10 {
		t.Errorf("the state has the queue of size %d, want the first", q.MaxSize)
	}
}

// An update sends what belongs together, and nothing that stays as it is.
func TestUpdateSendsTheNeededFields(t *testing.T) {
	trunk, app := "TK"+strings.Repeat("a", 32), "AP"+strings.Repeat("b", 32)
	always := url.Values{
		"VoiceUrl": {"https://calls.zillum.example/r1/answer.xml"}, "VoiceMethod": {"GET"},
		"VoiceFallbackUrl": {"https://calls.zillum.example/r1/fallback.xml"}, "VoiceFallbackMethod": {"GET"},
	}
	tests := map[string]struct {
		edit   url.Values
		change func(*PhoneNumber)
		also   url.Values
	}{
		"adopted from a URL":     {nil, nil, nil},
		"adopted from a trunk":   {url.Values{"TrunkSid": {trunk}}, func(n *PhoneNumber) { n.TrunkSID = "" }, url.Values{"TrunkSid": {""}}},
		"adopted from an app":    {url.Values{"VoiceApplicationSid": {app}}, func(n *PhoneNumber) { n.ApplicationSID = "" }, url.Values{"VoiceApplicationSid": {""}}},
		"given back to a trunk":  {nil, func(n *PhoneNumber) { n.TrunkSID = trunk }, url.Values{"TrunkSid": {trunk}}},
		"from a trunk to an app": {url.Values{"TrunkSid": {trunk}}, func(n *PhoneNumber) { n.TrunkSID, n.ApplicationSID = "", app }, url.Values{"VoiceApplicationSid": {app}}},
		"with a status callback": {nil, func(n *PhoneNumber) { n.StatusCallback, n.StatusCallbackMethod = "https://s.example/", "GET" },
			url.Values{"StatusCallback": {"https://s.example/"}, "StatusCallbackMethod": {"GET"}}},
		"without its status callback": {url.Values{"StatusCallback": {"https://s.example/"}}, func(n *PhoneNumber) { n.StatusCallback = "" },
			url.Values{"StatusCallback": {""}, "StatusCallbackMethod": {"POST"}}},
		"to voice from fax": {url.Values{"VoiceReceiveMode": {"fax"}}, func(n *PhoneNumber) { n.ReceiveMode = "voice" }, url.Values{"VoiceReceiveMode": {"voice"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSandbox("+14155550100")
			edit(t, s, "+14155550100", test.edit)
			a := open(t, s, Options{})
			before := number(t, a, "+14155550100")
			after := pointed(before, "r1")
			if test.change != nil {
				test.change(&after)
			}
			if err := a.UpdateNumber(t.Context(), "main", before, after); err != nil {
				t.Fatal(err)
			}
			sent := writes(s)
			if len(sent) != 1 {
				t.Fatalf("%d writes, want 1", len(sent))
			}
			want := url.Values{}
			for _, form := range []url.Values{always, test.also} {
				for name, values := range form {
					want[name] = values
				}
			}
			if diff := cmp.Diff(want, sent[0].Form); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(after, number(t, a, "+14155550100")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Letting a number go without knowing what it was clears its URLs.
func TestUpdateClearsURLs(t *testing.T) {
	s := newSandbox("+14155550100")
	a := open(t, s, Options{})
	before := number(t, a, "+14155550100")
	ours := pointed(before, "r1")
	cleared := ours
	cleared.VoiceURL, cleared.FallbackURL = "", ""
	for _, step := range [][2]PhoneNumber{{before, ours}, {ours, cleared}, {cleared, before}} {
		if err := a.UpdateNumber(t.Context(), "main", step[0], step[1]); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step[1], number(t, a, "+14155550100")); diff != "" {
			t.Error(diff)
		}
	}
}

// Somebody edits the number in the console between our reading and our writing.
func TestUpdateReportsWhatSomebodyElseChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSandbox("+14155550100")
		a := open(t, s, Options{})
		before := number(t, a, "+14155550100")
		edit(t, s, "+14155550100", url.Values{"TrunkSid": {"TK" + strings.Repeat("a", 32)}})
		start := time.Now()
		err := a.UpdateNumber(t.Context(), "main", before, pointed(before, "r1"))
		var unconfirmed *UnconfirmedError
		if !errors.As(err, &unconfirmed) {
			t.Fatalf("got %v", err)
		}
		want := []Difference{{"trunk_sid", "TK" + strings.Repeat("a", 32), ""}}
		if diff := cmp.Diff(want, unconfirmed.Differences); diff != "" {
			t.Error(diff)
		}
		if took := time.Since(start); took != confirmation {
			t.Errorf("gave up after %v", took)
		}
	})
}

// Twilio shows a write only after a while.
func TestConfirmToleratesLag(t *testing.T) {
	for _, lag := range []time.Duration{0, time.Second, 8 * time.Second, 60 * time.Second} {
		t.Run(lag.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSandbox("+14155550100")
				a := open(t, s, Options{})
				before := number(t, a, "+14155550100")
				s.Lag = lag
				after := pointed(before, "r1")
				if err := a.UpdateNumber(t.Context(), "main", before, after); err != nil {
					t.Fatal(err)
				}
				err := a.Confirm(context.Background(), "main", after)
				var unconfirmed *UnconfirmedError
				if late := lag > confirmation; errors.As(err, &unconfirmed) != late || (err != nil) != late {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// A number that is gone is an error that says so (F13).
func TestUpdateOfANumberThatIsGone(t *testing.T) {
	s := newSandbox("+14155550100")
	a := open(t, s, Options{})
	before := number(t, a, "+14155550100")
	s.Remove("+14155550100")
	err := a.UpdateNumber(t.Context(), "main", before, pointed(before, "r1"))
	var refused *APIError
	if !errors.As(err, &refused) || refused.Code != 20404 || refused.Unknown || refused.Tries != 1 {
		t.Fatalf("got %#v", err)
	}
	want := fmt.Sprintf("update number main (%s): Twilio answers: The requested resource", before.SID)
	if !strings.HasPrefix(err.Error(), want) || !strings.HasSuffix(err.Error(), advice[20404]) {
		t.Errorf("got %q", err)
	}
}
