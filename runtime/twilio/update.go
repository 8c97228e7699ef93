package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	openapi "github.com/twilio/twilio-go/rest/api/v2010"
)

// UpdateNumber changes the voice settings of a number from what they were to
// what they should be, in one request, so that no call ever meets half of it.
// The name is for errors.
//
// The voice URL, the fallback URL and both methods are always sent, because they
// belong together; other settings only where they change. Twilio's reply shows
// the number as it is then. If it differs from what should be, somebody changed
// something else at the same time, or Twilio needs a moment: see [Reader.Confirm].
func (a *Client) UpdateNumber(ctx context.Context, name string, before, after PhoneNumber) error {
	var now PhoneNumber
	op := operation{name: fmt.Sprintf("update number %s (%s)", name, before.SID), guard: a.guard, check: readNumber(before.SID, &now)}
	if _, err := api(ctx, &a.Reader, op).UpdateIncomingPhoneNumber(before.SID, a.numberParams(before, after)); err != nil {
		return op.failure(err)
	}
	if after.SID = before.SID; len(shortfall(after, now)) == 0 {
		return nil
	}
	return a.Confirm(ctx, name, after)
}

// numberParams are the parameters of an update.
func (a *Client) numberParams(before, after PhoneNumber) *openapi.UpdateIncomingPhoneNumberParams {
	account := a.SID()
	p := &openapi.UpdateIncomingPhoneNumberParams{PathAccountSid: &account}
	p.SetVoiceUrl(after.VoiceURL).SetVoiceFallbackUrl(after.FallbackURL)
	p.VoiceMethod, p.VoiceFallbackMethod = given(after.VoiceMethod), given(after.FallbackMethod)
	if before.StatusCallback != after.StatusCallback || before.StatusCallbackMethod != after.StatusCallbackMethod {
		p.SetStatusCallback(after.StatusCallback)
		p.StatusCallbackMethod = given(after.StatusCallbackMethod)
	}
	if before.ReceiveMode != after.ReceiveMode {
		p.VoiceReceiveMode = given(after.ReceiveMode)
	}
	switch { // a trunk and an app exclude each other: setting one clears the other
	case before.TrunkSID == after.TrunkSID && before.ApplicationSID == after.ApplicationSID:
	case after.TrunkSID != "":
		p.SetTrunkSid(after.TrunkSID)
	case after.ApplicationSID != "":
		p.SetVoiceApplicationSid(after.ApplicationSID)
	default:
		if before.TrunkSID != "" {
			p.SetTrunkSid("")
		}
		if before.ApplicationSID != "" {
			p.SetVoiceApplicationSid("")
		}
	}
	return p
}

// given is a parameter that is not sent if it is empty: a method is GET or POST.
func given(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// readNumber reads a number out of a reply.
func readNumber(sid string, into *PhoneNumber) func([]byte) error {
	return func(reply []byte) error {
		var n openapi.ApiV2010IncomingPhoneNumber
		if err := json.Unmarshal(reply, &n); err != nil {
			return err
		}
		if value(n.Sid) != sid {
			return errors.New("it is not about this number")
		}
		*into = phoneNumber(&n)
		return nil
	}
}

// An UnconfirmedError is a write that Twilio took, and that does not show.
type UnconfirmedError struct {
	Op          string       `json:"op"`
	Differences []Difference `json:"differences"` // New is what should be, Old what is shown
}

// Error says what does not show, and what to do.
func (e *UnconfirmedError) Error() string {
	var parts []string
	for _, d := range e.Differences {
		parts = append(parts, fmt.Sprintf("%s is %q and should be %q", d.Name, d.Old, d.New))
	}
	return fmt.Sprintf("%s: not confirmed: after %v, %s. Somebody may be changing it at the same time: make a new plan to see what is left to do.",
		e.Op, confirmation, strings.Join(parts, "; "))
}

// Confirm reads a number until it is as it should be, for up to 10 s. What does
// not show by then is an [UnconfirmedError].
func (r *Reader) Confirm(ctx context.Context, name string, after PhoneNumber) error {
	var now PhoneNumber
	account := r.SID()
	op := operation{name: fmt.Sprintf("read number %s (%s)", name, after.SID), check: readNumber(after.SID, &now)}
	shown, err := r.poll(ctx, func() (bool, error) {
		_, err := api(ctx, r, op).FetchIncomingPhoneNumber(after.SID, &openapi.FetchIncomingPhoneNumberParams{PathAccountSid: &account})
		return len(shortfall(after, now)) == 0, err
	})
	if err != nil || shown {
		return op.failure(err)
	}
	return &UnconfirmedError{fmt.Sprintf("update number %s (%s)", name, after.SID), shortfall(after, now)}
}

// shortfall lists what a number lacks of what it should be. A method or mode
// that is not said may be any.
func shortfall(should, is PhoneNumber) []Difference {
	return slices.DeleteFunc(is.Differences(should), func(d Difference) bool {
		return d.New == "" && (strings.HasSuffix(d.Name, "_method") || d.Name == "voice_receive_mode")
	})
}

// CreateQueue makes a queue, exactly once. If nobody knows whether Twilio made
// it, or if there is one of that name already, it is looked up, for up to 10 s;
// if it does not show, the error says that it is unknown. It is not made again
// then: two queues of one name would part the callers.
func (a *Client) CreateQueue(ctx context.Context, name string, maxSize int) error {
	var q openapi.ApiV2010Queue
	op := operation{name: "create queue " + name, once: true, guard: a.guard, check: readQueue("", &q)}
	account := a.SID()
	params := &openapi.CreateQueueParams{PathAccountSid: &account}
	_, err := api(ctx, &a.Reader, op).CreateQueue(params.SetFriendlyName(name).SetMaxSize(maxSize))
	err = op.failure(err)
	var refused *APIError
	if !errors.As(err, &refused) || refused.cancelled != nil || !refused.Unknown && refused.Code != codeQueueExists {
		return err
	}
	found, lookup := a.findQueue(ctx, name)
	switch {
	case lookup != nil:
		return errors.Join(err, lookup)
	case found.SID == "":
		return err
	case found.MaxSize != maxSize:
		return a.UpdateQueue(ctx, found.SID, name, maxSize)
	}
	return nil
}

// codeQueueExists is what Twilio answers to a second queue of a name.
const codeQueueExists = 22003

// findQueue looks for a queue until it shows. The zero CallQueue is none.
func (r *Reader) findQueue(ctx context.Context, name string) (CallQueue, error) {
	var found CallQueue
	_, err := r.poll(ctx, func() (bool, error) {
		queues, err := r.queues(ctx)
		found = inventory(nil, queues).Queues[name]
		return found.SID != "", err
	})
	return found, err
}

// UpdateQueue sets how many callers can wait in a queue.
func (a *Client) UpdateQueue(ctx context.Context, sid, name string, maxSize int) error {
	var now openapi.ApiV2010Queue
	op := operation{name: fmt.Sprintf("update queue %s (%s)", name, sid), guard: a.guard, check: readQueue(sid, &now)}
	account := a.SID()
	params := &openapi.UpdateQueueParams{PathAccountSid: &account}
	_, err := api(ctx, &a.Reader, op).UpdateQueue(sid, params.SetMaxSize(maxSize))
	return op.failure(err)
}

// DeleteQueue deletes a queue. Twilio refuses if somebody waits in it. A queue
// that is gone already is no error.
func (a *Client) DeleteQueue(ctx context.Context, sid, name string) error {
	op := operation{name: fmt.Sprintf("delete queue %s (%s)", name, sid), guard: a.guard}
	account := a.SID()
	err := op.failure(api(ctx, &a.Reader, op).DeleteQueue(sid, &openapi.DeleteQueueParams{PathAccountSid: &account}))
	var refused *APIError
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound && refused.Code == 20404 {
		return nil
	}
	return err
}

// readQueue reads a queue out of a reply; with a SID, that one.
func readQueue(sid string, into *openapi.ApiV2010Queue) func([]byte) error {
	return func(reply []byte) error {
		*into = openapi.ApiV2010Queue{}
		if err := json.Unmarshal(reply, into); err != nil {
			return err
		}
		if got := value(into.Sid); !queueSID.MatchString(got) || sid != "" && got != sid {
			return errors.New("it is not about this queue")
		}
		return nil
	}
}
