package sandbox

import (
	"net/http"
	"time"
)

// A RequestFault is what goes wrong with one request. Its parts combine; the zero value
// is a good day. The functions of this file make the usual ones.
type RequestFault struct {
	Delay      time.Duration            // before anything happens
	Hang       bool                     // nothing happens until the client gives up
	Undone     bool                     // the request is not carried out
	Lost       bool                     // the connection breaks instead of a reply
	Status     int                      // of the reply, instead of the true one
	RetryAfter string                   // the header, if not empty
	Reply      func(body []byte) []byte // changes the body of the reply
	Broken     bool                     // the connection breaks before the last byte of the body
}

// Refuse answers 429 and 20429, too many requests at once. Twilio has then done
// nothing: https://www.twilio.com/docs/api/errors/20429. The header Retry-After
// is sent unless it is empty.
func Refuse(retryAfter string) RequestFault {
	return RequestFault{Undone: true, Status: http.StatusTooManyRequests, RetryAfter: retryAfter}
}

// Fail answers a status in Twilio's form, and does nothing.
func Fail(status int) RequestFault { return RequestFault{Undone: true, Status: status} }

// Page answers a status with an HTML page, as something on the way to Twilio
// does, and does nothing.
func Page(status int) RequestFault {
	return RequestFault{Undone: true, Status: status, Reply: func([]byte) []byte {
		return []byte("<!DOCTYPE html><html><head><title>Bad gateway</title></head><body>nginx</body></html>")
	}}
}

// Empty carries the request out and answers with an empty body.
func Empty() RequestFault { return RequestFault{Reply: func([]byte) []byte { return nil }} }

// Truncate carries the request out and answers with half of the body, whose end
// nothing marks as missing.
func Truncate() RequestFault {
	return RequestFault{Reply: func(body []byte) []byte { return body[:len(body)/2] }}
}

// Break carries the request out; the connection breaks in the reply's body.
func Break() RequestFault { return RequestFault{Broken: true} }

// Lose carries the request out; the connection breaks before the reply.
func Lose() RequestFault { return RequestFault{Lost: true} }

// Reset breaks the connection, and does nothing.
func Reset() RequestFault { return RequestFault{Undone: true, Lost: true} }

// Hang never answers, and does nothing.
func Hang() RequestFault { return RequestFault{Undone: true, Hang: true} }
