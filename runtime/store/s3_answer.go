package store

// What a store answers, and whether to ask again. The library's own errors name
// neither the request's number nor what to do; so a transport below it listens
// to each answer.
//
// What may pass by itself is tried up to six times, after a random part of
// 0.25, 0.5, 1, 2 and 4 seconds (full jitter), or when the store says. Every
// call may be repeated: reading and deleting by nature, writing because the
// contents are the same and a condition cannot hold twice.

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ivrc/ivrc/runtime/quote"
	"github.com/ivrc/ivrc/runtime/retry"
)

const (
	s3Tries     = 6
	s3Pause     = 250 * time.Millisecond // doubled after each try
	s3MaxWait   = 30 * time.Second       // that a store may ask for
	s3MaxTry    = 10 * time.Minute       // for one try, however well it goes on
	s3Patience  = time.Minute            // with a connection on which nothing moves
	s3Budget    = 2 * time.Minute        // after which nothing is tried again
	s3MaxAnswer = 64 << 10               // bytes of an error that are read
)

// An s3Request is a call, for errors.
type s3Request struct {
	call        string
	key         string // or prefix
	conditional bool
}

// An s3Answer is what came for one try.
type s3Answer struct {
	tries   int
	now     time.Time // the store's clock
	status  int       // of HTTP; 0 if none came
	failure error     // why none came
	wait    time.Duration
	region  string // where the bucket is, if the store says so
	id      string // the store's number of the request
	fault   struct{ Code, Message, Region string }

	noListing bool // it should list objects, and does not

	moved func() // to be called when anything moves
	end   func() // ends the try
}

type s3AnswerKey struct{}

// answerOf is the answer of the try that a context is for, or nil.
func answerOf(ctx context.Context) *s3Answer {
	a, _ := ctx.Value(s3AnswerKey{}).(*s3Answer)
	return a
}

// An s3Listener is the transport below the library.
type s3Listener struct{ base http.RoundTripper }

func (l s3Listener) RoundTrip(r *http.Request) (*http.Response, error) {
	a := answerOf(r.Context())
	if a == nil {
		return l.base.RoundTrip(r)
	}
	if r.Body != nil {
		own := *r
		own.Body = moving{r.Body, a.moved}
		r = &own
	}
	a.moved()
	response, err := l.base.RoundTrip(r)
	a.hear(response, err)
	if a.status == http.StatusOK && r.URL.Query().Has("list-type") {
		a.noListing = !isListing(response)
	}
	if a.status == 0 || a.status >= 300 && !r.URL.Query().Has("location") {
		a.end() // or the library would sleep before it returns; without a location it goes on
	}
	return response, err
}

// isListing reports whether a response lists objects, by the root of its XML:
// whatever else comes, such as the page of a proxy, the library would take for a
// list without any object.
func isListing(r *http.Response) bool {
	body := bufio.NewReader(r.Body)
	r.Body = struct {
		io.Reader
		io.Closer
	}{body, r.Body}
	head, _ := body.Peek(1024)
	decoder := xml.NewDecoder(bytes.NewReader(head))
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		if root, ok := token.(xml.StartElement); ok {
			return root.Name.Local == "ListBucketResult"
		}
	}
}

// moving tells when something is read.
type moving struct {
	io.ReadCloser
	moved func()
}

func (m moving) Read(b []byte) (int, error) {
	m.moved()
	return m.ReadCloser.Read(b)
}

// hear keeps what a response says, and gives an error's body back.
func (a *s3Answer) hear(response *http.Response, err error) {
	*a = s3Answer{tries: a.tries, failure: err, moved: a.moved, end: a.end}
	if err != nil {
		return
	}
	a.status = response.StatusCode
	a.id = response.Header.Get("x-amz-request-id")
	a.region = response.Header.Get("x-amz-bucket-region")
	if now, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		a.now = now
	}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 {
		a.wait = min(time.Duration(seconds)*time.Second, s3MaxWait)
	}
	if a.status < 300 {
		response.Body = moving{response.Body, a.moved}
		return
	}
	body, _ := io.ReadAll(io.LimitReader(response.Body, s3MaxAnswer))
	response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	if xml.Unmarshal(body, &a.fault) != nil {
		a.fault.Code, a.fault.Message = "", "" // not S3's, but perhaps a proxy's page
	}
	a.region = cmp.Or(a.region, a.fault.Region)
}

// passingCodes are errors of the client's side that are not its fault.
var passingCodes = []string{"RequestTimeout", "BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch", "InternalError", "SlowDown"}

// passing reports whether what went wrong may pass by itself.
func (a *s3Answer) passing(r s3Request) bool {
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	switch {
	case a.failure != nil:
		return !errors.As(a.failure, &certificate) && !(errors.As(a.failure, &name) && name.IsNotFound)
	case a.status == 0, a.status == http.StatusNotImplemented:
		return false
	case a.status >= 500, a.status == http.StatusTooManyRequests, a.status == http.StatusRequestTimeout:
		return true
	case a.status == http.StatusConflict:
		return r.conditional // two writes at the same time, of which S3 lets neither win
	}
	return a.status >= 300 && slices.Contains(passingCodes, a.fault.Code)
}

// call makes a call, several times if need be. It returns the last answer.
func (s *s3Store) call(ctx context.Context, r s3Request, do func(context.Context) error) (s3Answer, error) {
	var a s3Answer
	var last error
	policy := retry.Policy{Tries: s3Tries, Budget: s3Budget, First: s3Pause, Sleep: s.pause}
	explain := func() error { return s.explain(ctx, r, &a, last) }
	err := policy.Do(ctx, func(n int) *retry.Verdict {
		a, last = s.try(ctx, do)
		if a.tries = n; last == nil {
			return nil
		}
		damaged := a.status != 0 && a.status < 300 && !errors.Is(last, errNoVersion) && !errors.Is(last, errTooLarge)
		return &retry.Verdict{Err: explain(), Again: damaged || a.passing(r), Wait: a.wait}
	}, func(error, int) error { return explain() })
	return a, err
}

// try makes one try, and ends it when nothing moves any longer.
func (s *s3Store) try(ctx context.Context, do func(context.Context) error) (s3Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, s3MaxTry)
	defer cancel()
	patience := s.patience
	timer := time.AfterFunc(patience, cancel)
	defer timer.Stop()
	a := s3Answer{end: cancel, moved: func() { timer.Reset(patience) }}
	err := do(context.WithValue(ctx, s3AnswerKey{}, &a))
	return a, err
}

// explain makes an error of the last answer.
func (s *s3Store) explain(ctx context.Context, r s3Request, a *s3Answer, err error) error {
	e := &Error{Call: r.call, Key: quote.Line(r.key), Store: s.location, Cause: ctx.Err()}
	switch {
	case ctx.Err() != nil:
		e.Answer = ctx.Err().Error()
	case a.failure != nil:
		e.Answer = "there was no answer: " + noAnswer(a.failure)
		e.Advice = "Check that the endpoint is right and can be reached, and run the command again"
	case a.status < 300:
		e.Answer = noAnswer(err)
		if errors.Is(err, errNoListing) {
			e.Advice = adviceNoS3
		}
	default:
		e.Answer = "the store answered " + a.text()
		e.Advice = s.advice(r, a)
		e.Cause = r.meaning(a)
	}
	if a.tries > 1 {
		e.Answer += fmt.Sprintf(" (tried %d times)", a.tries)
	}
	e.Answer, e.Advice = quote.Line(s.keys.redact(e.Answer)), s.keys.redact(e.Advice) // nor a part of a secret
	return e
}

// noAnswer says why no answer came, where Go's words do not.
func noAnswer(err error) string {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "nothing arrived for too long"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed"
	}
	return err.Error()
}

// text writes an answer that is an error: "403 AccessDenied: Access Denied (request 44B2)".
func (a *s3Answer) text() string {
	text := strconv.Itoa(a.status) + " " + cmp.Or(a.fault.Code, http.StatusText(a.status))
	if a.fault.Message != "" {
		text += ": " + strings.TrimSuffix(quote.Discreet(a.fault.Message), ".") // a document could be repeated in it
	}
	if a.id != "" {
		text += " (request " + a.id + ")"
	}
	return text
}

// meaning returns the error of this package that an answer stands for, or nil.
func (r s3Request) meaning(a *s3Answer) error {
	missing := a.status == http.StatusNotFound && a.fault.Code == "NoSuchKey"
	switch {
	case a.status == http.StatusPreconditionFailed, missing && r.conditional:
		return ErrConflict
	case missing:
		return ErrNotFound
	}
	return nil
}

// s3Permissions are what a policy must allow for each call.
var s3Permissions = map[string]string{
	"list":   "s3:ListBucket on the bucket",
	"read":   "s3:GetObject on the objects, and s3:ListBucket on the bucket, without which a store answers the same for objects that do not exist,",
	"write":  "s3:PutObject on the objects",
	"delete": "s3:DeleteObject on the objects",
}

// s3Advice says what to do about an answer, by its code.
var s3Advice = map[string]string{
	"NoSuchBucket":          "Create the bucket, or correct its name in the store's location",
	"InvalidAccessKeyId":    "The store does not know this access key; check that the credentials belong to this store",
	"SignatureDoesNotMatch": "The secret does not belong to the access key; see AWS_SECRET_ACCESS_KEY or the profile",
	"ExpiredToken":          "The credentials have expired; get new ones and run the command again",
	"InvalidToken":          "The session token is not valid; see AWS_SESSION_TOKEN or the profile",
	"RequestTimeTooSkewed":  "This machine's clock is wrong; set it",
	"NotImplemented":        "The store does not know this request. A store without conditional writes (If-None-Match, If-Match) cannot be deployed to",
	"EntityTooLarge":        "The store does not accept objects of this size; shorten the audio",
	"QuotaExceeded":         "The store is full; make room and run the command again",
	"MethodNotAllowed":      "The endpoint may be one for websites; use the one for the S3 API",
}

const adviceNoS3 = "This is not how S3 answers; check that the endpoint is one for the S3 API"

// advice says what to do about an answer.
func (s *s3Store) advice(r s3Request, a *s3Answer) string {
	moved := a.status == http.StatusMovedPermanently || a.status == http.StatusTemporaryRedirect ||
		a.fault.Code == "AuthorizationHeaderMalformed" || a.fault.Code == "InvalidRegion"
	switch advice := s3Advice[a.fault.Code]; {
	case advice != "":
		return advice
	case moved && a.region != "":
		return fmt.Sprintf("The bucket is in the region %s; add region=%[1]s to the store's location", quote.Line(a.region))
	case moved:
		return "The bucket is in another region; add region=… to the store's location"
	case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden:
		return fmt.Sprintf("Allow %s to these credentials (%s)", s3Permissions[r.call], s.keys.source)
	case a.passing(r):
		return "Wait a moment and run the command again"
	case a.fault.Code == "" && a.status != http.StatusPreconditionFailed:
		return adviceNoS3
	}
	return ""
}
