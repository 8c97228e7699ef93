package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	openapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/ivrc/ivrc/compiler/twiml"
)

// An OutboundCall is a call that ivrc places for a user (click to call): the user's own
// telephone rings first; who answers it is connected to the number.
type OutboundCall struct {
	User     string // who is rung first: E.164, "client:bob" or "sip:carol@zillum.example"
	CallerID string // what both sides see: E.164, a number of the account or a verified one
	Number   string // who is called then: E.164
	Record   string // as the attribute of the Dial verb: "record-from-answer-dual"; "" is no recording
}

// maxTwiml is how many characters of TwiML Twilio takes with a call.
const maxTwiml = 4000

// The forms of telephone numbers, and of the other addresses that can be rung.
var (
	e164     = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	callable = regexp.MustCompile(`^(client:[^\s]+|sips?:[^\s@]+@[^\s@]+)$`)
)

// recordings are the ways to record.
// https://www.twilio.com/docs/voice/twiml/dial#record
var recordings = []string{"", "do-not-record", "record-from-answer", "record-from-ringing", "record-from-answer-dual", "record-from-ringing-dual"}

// Call places a call and returns its SID once Twilio has taken it; the
// telephone rings after that. A call is never asked for twice: if the reply is
// lost, the error says that the telephone may ring all the same.
func (a *Client) Call(ctx context.Context, name string, c OutboundCall) (sid string, err error) {
	document, err := c.twiml()
	if err != nil {
		return "", fmt.Errorf("call for %s: %w", name, err)
	}
	var call openapi.ApiV2010Call
	op := operation{
		name: "call for " + name, once: true, guard: a.guard, hide: []string{c.User, bare(c.User), c.Number, c.CallerID},
		check: func(reply []byte) error {
			if err := json.Unmarshal(reply, &call); err != nil {
				return err
			}
			if !callSID.MatchString(value(call.Sid)) {
				return errors.New("it does not name a call")
			}
			return nil
		},
	}
	account := a.SID()
	params := &openapi.CreateCallParams{PathAccountSid: &account}
	if _, err := api(ctx, &a.Reader, op).CreateCall(params.SetTo(c.User).SetFrom(c.CallerID).SetTwiml(document)); err != nil {
		return "", op.failure(err)
	}
	return *call.Sid, nil
}

// bare is an address without what it begins with: "bob" of "client:bob".
func bare(user string) string {
	_, rest, _ := strings.Cut(user, ":")
	return rest
}

// twiml is what the user hears on answering: the number rings. It says so for
// anything that would not work.
func (c *OutboundCall) twiml() (string, error) {
	switch {
	case !e164.MatchString(c.User) && !callable.MatchString(c.User):
		return "", errors.New("the user's address is not a phone number in E.164, a client: address or a sip: address")
	case !e164.MatchString(c.CallerID):
		return "", errors.New("the user's outbound number is not in E.164, such as +14155550100")
	case !e164.MatchString(c.Number):
		return "", errors.New("the number to call is not in E.164, such as +14155550100: a plus sign, the country code, the number")
	case !slices.Contains(recordings, c.Record):
		return "", fmt.Errorf("%q is not a way to record", c.Record)
	}
	document := string(twiml.Response{Verbs: []twiml.Verb{
		&twiml.Dial{CallerID: c.CallerID, Record: c.Record, Nouns: []twiml.Noun{&twiml.Number{Number: c.Number}}},
	}}.Append(nil, nil))
	if utf8.RuneCountInString(document) > maxTwiml {
		return "", fmt.Errorf("its TwiML would have more than %d characters", maxTwiml)
	}
	return document, nil
}
