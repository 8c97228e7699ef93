package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"
	openapi "github.com/twilio/twilio-go/rest/api/v2010"
	"golang.org/x/sync/errgroup"
)

// A Reader reads an account. It has no method that writes, and its requests
// could not: planning and drift hold a Reader.
type Reader struct {
	credentials Credentials
	transport   *transport
	guard       func(context.Context) error // of writes
}

// A Client reads and writes an account: the voice settings of its numbers, its
// queues, and calls.
type Client struct{ Reader }

// OpenReader prepares to read an account. It asks nothing yet.
func OpenReader(c Credentials, o Options) (*Reader, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	t, err := newTransport(c, o)
	if err != nil {
		return nil, err
	}
	return &Reader{credentials: c, transport: t}, nil
}

// OpenClient prepares to read and write an account. It asks nothing yet.
func OpenClient(c Credentials, o Options) (*Client, error) {
	r, err := OpenReader(c, o)
	if err != nil {
		return nil, err
	}
	return &Client{*r}, nil
}

// SID names the account.
func (r *Reader) SID() string { return r.credentials.Account }

// Close lets go of connections that nobody uses.
func (r *Reader) Close() {
	if t, ok := r.transport.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Guarded returns the same account, whose writes ask permission before each
// try: an error ends the operation before it is sent. An apply asks whether it
// still has the lock, which may be lost while a write waits to be tried again.
func (a *Client) Guarded(guard func(context.Context) error) *Client {
	guarded := *a
	guarded.guard = guard
	return &guarded
}

// The forms of SIDs. A reply without the right one is damaged.
var (
	numberSID = regexp.MustCompile(`^PN[0-9a-fA-F]{32}$`)
	queueSID  = regexp.MustCompile(`^QU[0-9a-fA-F]{32}$`)
	callSID   = regexp.MustCompile(`^CA[0-9a-fA-F]{32}$`)
)

// pageSize is the largest page that Twilio gives.
const pageSize = 1000

// Read lists all numbers and all queues of the account: one request for each
// page of 1,000, numbers and queues side by side.
func (r *Reader) Read(ctx context.Context) (*Inventory, error) {
	var numbers []openapi.ApiV2010IncomingPhoneNumber
	var queues []openapi.ApiV2010Queue
	group, ctx := errgroup.WithContext(ctx) // the first error stops the other list
	group.Go(func() (err error) {
		numbers, err = r.numbers(ctx)
		return err
	})
	group.Go(func() (err error) {
		queues, err = r.queues(ctx)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return inventory(numbers, queues), nil
}

func (r *Reader) numbers(ctx context.Context) ([]openapi.ApiV2010IncomingPhoneNumber, error) {
	var all []openapi.ApiV2010IncomingPhoneNumber
	err := r.list(ctx, "list phone numbers", "IncomingPhoneNumbers", func(page []byte) (string, error) {
		var p openapi.ListIncomingPhoneNumberResponse
		if err := json.Unmarshal(page, &p); err != nil {
			return "", err
		}
		if p.IncomingPhoneNumbers == nil {
			return "", errors.New("it has no incoming_phone_numbers")
		}
		for _, n := range p.IncomingPhoneNumbers {
			if !numberSID.MatchString(value(n.Sid)) || value(n.PhoneNumber) == "" {
				return "", errors.New("one of its numbers has no sid or no phone_number")
			}
		}
		all = append(all, p.IncomingPhoneNumbers...)
		return value(p.NextPageUri), nil
	})
	return all, err
}

func (r *Reader) queues(ctx context.Context) ([]openapi.ApiV2010Queue, error) {
	var all []openapi.ApiV2010Queue
	err := r.list(ctx, "list queues", "Queues", func(page []byte) (string, error) {
		var p openapi.ListQueueResponse
		if err := json.Unmarshal(page, &p); err != nil {
			return "", err
		}
		if p.Queues == nil {
			return "", errors.New("it has no queues")
		}
		for _, q := range p.Queues {
			if !queueSID.MatchString(value(q.Sid)) {
				return "", errors.New("one of its queues has no sid")
			}
		}
		all = append(all, p.Queues...)
		return value(p.NextPageUri), nil
	})
	return all, err
}

// CallerIDs lists the verified caller IDs of the account: numbers that it does not own,
// and may call from (https://www.twilio.com/docs/voice/api/outgoing-caller-ids).
func (r *Reader) CallerIDs(ctx context.Context) (map[string]bool, error) {
	verified := map[string]bool{}
	err := r.list(ctx, "list verified caller IDs", "OutgoingCallerIds", func(page []byte) (string, error) {
		var p openapi.ListOutgoingCallerIdResponse
		if err := json.Unmarshal(page, &p); err != nil {
			return "", err
		}
		if p.OutgoingCallerIds == nil {
			return "", errors.New("it has no outgoing_caller_ids")
		}
		for _, c := range p.OutgoingCallerIds {
			verified[value(c.PhoneNumber)] = true
		}
		return value(p.NextPageUri), nil
	})
	return verified, err
}

// list reads the pages of a list, one after the other: where the next page is
// stands on the page. decode reads a page once it is whole. The next page's
// address is followed to the letter, because twilio-go's own encoder cuts what
// looks like an index out of values (".1").
func (r *Reader) list(ctx context.Context, name, resource string, decode func(page []byte) (next string, err error)) error {
	path := fmt.Sprintf("/2010-04-01/Accounts/%s/%s.json?", r.SID(), resource)
	uri := fmt.Sprintf("%sPageSize=%d", path, pageSize)
	seen := map[string]bool{}
	for uri != "" {
		if seen[uri] {
			return &APIError{Op: name, Reason: "the pages of the list do not end", Advice: adviceTrouble}
		}
		seen[uri] = true
		op := operation{name: name, check: func(page []byte) error {
			next, err := decode(page)
			switch {
			case err != nil:
				return err
			case next != "" && !strings.HasPrefix(next, path):
				return errors.New("its next page belongs to another list")
			}
			uri = next
			return nil
		}}
		response, err := r.client(ctx, op).SendRequest(http.MethodGet, "https://api.twilio.com"+uri, nil, nil)
		if err != nil {
			return op.failure(err)
		}
		response.Body.Close()
	}
	return nil
}

// client is twilio-go's for one operation: it has a context and a name through
// its transport, which also sends its requests where they belong.
func (r *Reader) client(ctx context.Context, op operation) *client.Client {
	return &client.Client{
		Credentials: client.NewCredentials(r.credentials.User, r.credentials.Password.reveal()),
		HTTPClient:  &http.Client{Transport: &retryingTransport{r.transport, ctx, op}},
	}
}

// api is twilio-go's API for one operation. It is no method: what a type can do is
// compiled into each package that uses the type, and that would be each of the 700 requests that the API knows.
func api(ctx context.Context, r *Reader, op operation) *openapi.ApiService {
	return openapi.NewApiServiceWithClient(r.client(ctx, op))
}

// failure takes an error of the transport out of what http and twilio-go put
// around it.
func (op *operation) failure(err error) error {
	var ours *APIError
	var around *url.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &ours):
		return ours
	case errors.As(err, &around):
		return fmt.Errorf("%s: %w", op.name, around.Err)
	}
	return fmt.Errorf("%s: %w", op.name, err)
}

// confirmation is how long a write may take to show in what is read.
const confirmation = 10 * time.Second

// poll asks until the answer is yes, at most for the time of a confirmation:
// after 0.5, 1.5, 3.5, 5.5 s and so on.
func (r *Reader) poll(ctx context.Context, ask func() (bool, error)) (bool, error) {
	start := r.transport.Now()
	for wait := 500 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		if yes, err := ask(); yes || err != nil {
			return yes, err
		}
		left := confirmation - r.transport.Now().Sub(start)
		if left <= 0 {
			return false, nil
		}
		if err := r.transport.Sleep(ctx, min(wait, left)); err != nil {
			return false, err
		}
	}
}
