package command_test

// A stage is all that a deploying command can reach: an emulated account behind
// Twilio's name, a bucket of object storage, and the public host that serves
// it. What goes wrong on the way is a fault of one of them; whoever fails
// repeats what it was told, credentials and telephone numbers, as a proxy does
// that shows a request to explain itself.

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/sandbox"
)

// The hosts of a stage.
const (
	twilioHost = "api.twilio.com"
	bucketHost = "s3.zillum.example"
	publicHost = "calls.zillum.example"
)

type stage struct {
	account *sandbox.Account

	mutex   sync.Mutex
	objects map[string]stored // of the bucket, by key
	fault   stageFault
}

// A stored object is one in the bucket.
type stored struct {
	data       []byte
	etag, kind string
	modified   time.Time
}

// A stageFault spoils the replies of one host. A nil reply is a connection that
// breaks.
type stageFault struct {
	host  string
	spoil func(r *http.Request, reply func() *http.Response) *http.Response
}

func newStage(phones ...string) *stage {
	return &stage{account: sandbox.New(phones...), objects: map[string]stored{}}
}

// RoundTrip is the network.
func (s *stage) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.mutex.Lock()
	fault := s.fault
	s.mutex.Unlock()
	reply := func() *http.Response {
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		return s.answer(again, body)
	}
	if fault.spoil == nil || fault.host != r.URL.Host {
		return reply(), nil
	}
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	if response := fault.spoil(again, reply); response != nil {
		return response, nil
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return nil, errors.New("read: connection reset by peer")
}

// answer answers as each host does on a good day.
func (s *stage) answer(r *http.Request, body []byte) *http.Response {
	switch r.URL.Host {
	case twilioHost:
		response, err := s.account.RoundTrip(r)
		if err != nil {
			return says(r, http.StatusBadGateway, err.Error())
		}
		return response
	case bucketHost:
		s.mutex.Lock()
		defer s.mutex.Unlock()
		return s.bucket(r, body)
	case publicHost:
		s.mutex.Lock()
		defer s.mutex.Unlock()
		store, path := "main/public/", r.URL.EscapedPath()
		if below, ok := strings.CutPrefix(path, "/staging"); ok {
			store, path = "main/staging/public/", below
		}
		document := router.Route(path, r.URL.RawQuery)
		o, ok := s.objects[store+document]
		if !ok {
			return says(r, http.StatusNotFound, "nothing is here")
		}
		response := says(r, http.StatusOK, string(o.data))
		response.Header.Set("Content-Type", bundle.ContentType(document))
		return response
	}
	return says(r, http.StatusBadGateway, "nobody knows the host "+r.URL.Host)
}

// says is a response.
func says(r *http.Request, status int, text string) *http.Response {
	return &http.Response{
		Status: fmt.Sprint(status, " ", http.StatusText(status)), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"text/plain"}, "Date": {time.Now().UTC().Format(http.TimeFormat)}},
		Body:   io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)), Request: r,
	}
}

// bucket answers as object storage does that keeps conditions.
func (s *stage) bucket(r *http.Request, body []byte) *http.Response {
	key := strings.TrimPrefix(r.URL.Path, "/ivr/")
	before, exists := s.objects[key]
	switch {
	case r.Method == http.MethodPut:
		none, match := r.Header.Get("If-None-Match"), strings.Trim(r.Header.Get("If-Match"), `"`)
		if none == "*" && exists || match != "" && match != before.etag {
			return says(r, http.StatusPreconditionFailed, "<Error><Code>PreconditionFailed</Code></Error>")
		}
		sum := md5.Sum(body)
		s.objects[key] = stored{body, hex.EncodeToString(sum[:]), r.Header.Get("Content-Type"), time.Now().Truncate(time.Second)}
		return s.described(says(r, http.StatusOK, ""), key)
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		return says(r, http.StatusNoContent, "")
	case r.URL.Query().Has("list-type"):
		return says(r, http.StatusOK, s.listing(r.URL.Query().Get("prefix"), r.URL.Query().Get("start-after")))
	case !exists:
		return says(r, http.StatusNotFound, "<Error><Code>NoSuchKey</Code></Error>")
	}
	return s.described(says(r, http.StatusOK, string(before.data)), key)
}

// described adds what object storage says of an object.
func (s *stage) described(response *http.Response, key string) *http.Response {
	o := s.objects[key]
	response.Header.Set("Content-Type", o.kind)
	response.Header.Set("ETag", strconv.Quote(o.etag))
	response.Header.Set("Last-Modified", o.modified.UTC().Format(http.TimeFormat))
	return response
}

// listing is the keys with a prefix behind another one, all on one page.
func (s *stage) listing(prefix, after string) string {
	var b bytes.Buffer
	b.WriteString("<ListBucketResult><IsTruncated>false</IsTruncated>")
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		if o := s.objects[key]; strings.HasPrefix(key, prefix) && key > after {
			b.WriteString("<Contents><Key>")
			_ = xml.EscapeText(&b, []byte(key))
			fmt.Fprintf(&b, "</Key><ETag>&quot;%s&quot;</ETag><LastModified>%s</LastModified><Size>%d</Size></Contents>",
				o.etag, o.modified.UTC().Format(time.RFC3339), len(o.data))
		}
	}
	b.WriteString("</ListBucketResult>")
	return b.String()
}

// told is all that a request says: what the worst proxy could show.
func told(r *http.Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", r.Method, r.URL)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		fmt.Fprintf(&b, " %s: %s", name, strings.Join(r.Header[name], ", "))
	}
	if user, password, ok := r.BasicAuth(); ok {
		fmt.Fprintf(&b, " %s %s", user, password)
	}
	if strings.Contains(r.Header.Get("Authorization"), canaryS3Key) { // and what the store knows
		fmt.Fprintf(&b, " %s %s", canaryS3, canaryS3Long)
	}
	body, _ := io.ReadAll(r.Body)
	return fmt.Sprintf("%s %s", body, b.String())
}

// stageFaults are what may go wrong, by what it is.
func stageFaults() map[string]stageFault {
	faults := map[string]stageFault{"a good day": {}}
	for _, host := range []string{twilioHost, bucketHost, publicHost} {
		for name, spoil := range spoils {
			faults[host+" "+name] = stageFault{host, spoil}
		}
	}
	return faults
}

// spoils are the ways in which a host fails.
var spoils = map[string]func(r *http.Request, reply func() *http.Response) *http.Response{
	"401":       echo(http.StatusUnauthorized),
	"403":       echo(http.StatusForbidden),
	"404":       echo(http.StatusNotFound),
	"429":       echo(http.StatusTooManyRequests),
	"500":       echo(http.StatusInternalServerError),
	"redirects": echo(http.StatusFound),
	"an HTML page": func(r *http.Request, _ func() *http.Response) *http.Response {
		return says(r, 200, "<html>"+told(r)+"</html>")
	},
	"other content":   func(r *http.Request, _ func() *http.Response) *http.Response { return says(r, 200, told(r)) },
	"an S3 error":     func(r *http.Request, _ func() *http.Response) *http.Response { return says(r, 403, s3Error(r)) },
	"broken before":   func(*http.Request, func() *http.Response) *http.Response { return nil },
	"broken after":    func(_ *http.Request, reply func() *http.Response) *http.Response { reply(); return nil },
	"half a reply":    func(_ *http.Request, reply func() *http.Response) *http.Response { return half(reply()) },
	"no answer":       func(r *http.Request, _ func() *http.Response) *http.Response { <-r.Context().Done(); return nil },
	"fails to write":  writesOnly(echo(http.StatusBadRequest)),
	"loses a write":   writesOnly(func(_ *http.Request, reply func() *http.Response) *http.Response { reply(); return nil }),
	"forbids a write": writesOnly(echo(http.StatusForbidden)),
	"an S3 error that repeats a document": func(r *http.Request, reply func() *http.Response) *http.Response {
		body, _ := io.ReadAll(r.Body)
		if !bytes.Contains(body, []byte(aliceCanary)) || !strings.HasSuffix(r.URL.Path, ".xml") {
			return reply()
		}
		r.Body = io.NopCloser(bytes.NewReader(body[bytes.Index(body, []byte("<Dial")):]))
		return says(r, 400, s3Error(r))
	},
}

// echo answers a status, and everything that it was told, in Twilio's form.
func echo(status int) func(*http.Request, func() *http.Response) *http.Response {
	return func(r *http.Request, _ func() *http.Response) *http.Response {
		all := told(r)
		response := says(r, status, fmt.Sprintf(`{"code":%d,"message":%q,"status":%d}`, 20000+status, all, status))
		response.Header.Set("Twilio-Request-Id", all)
		response.Header.Set("Location", "https://elsewhere.example/?"+url.QueryEscape(all))
		return response
	}
}

// s3Error is an error of object storage that repeats what it was told.
func s3Error(r *http.Request) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(told(r)))
	return "<Error><Code>AccessDenied</Code><Message>" + b.String() + "</Message></Error>"
}

// half is a reply of which half arrives.
func half(response *http.Response) *http.Response {
	data, _ := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(data[:len(data)/2]))
	return response
}

// writesOnly spoils what is no read.
func writesOnly(spoil func(*http.Request, func() *http.Response) *http.Response) func(*http.Request, func() *http.Response) *http.Response {
	return func(r *http.Request, reply func() *http.Response) *http.Response {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return reply()
		}
		return spoil(r, reply)
	}
}
