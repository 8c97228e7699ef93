package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// version2010 is the version of the API, and root where this account's part of
// it begins.
const (
	version2010 = "2010-04-01"
	root        = "/" + version2010 + "/Accounts/" + SID
)

// maxForm is how many bytes of a request's body are read.
const maxForm = 1 << 20

// A LoggedRequest is one request that arrived.
type LoggedRequest struct {
	Method  string
	Path    string
	Query   url.Values
	Form    url.Values // of the body
	Status  int        // of the reply; 0 where there was none
	Carried bool       // out, whatever the reply said
}

// Requests lists what was asked so far, in the order of arrival.
func (a *Account) Requests() []LoggedRequest {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return append([]LoggedRequest(nil), a.requests...)
}

// A reply is an answer of the API. The zero value is none, and no failure.
type reply struct {
	status  int
	body    []byte
	message string // of a failure
}

func (p reply) failed() bool { return p.status >= http.StatusBadRequest }

// failure is a reply in the form of Twilio's errors.
func failure(status, code int, message string) reply {
	return reply{status, marshal(map[string]any{
		"code": code, "message": message, "status": status,
		"more_info": fmt.Sprintf("https://www.twilio.com/docs/errors/%d", code),
	}), message}
}

func (a *Account) notFound(path string) reply {
	return failure(http.StatusNotFound, 20404, "The requested resource "+root+path+" was not found")
}

// unknownParameter refuses what Twilio would ignore or this account does not
// emulate; either way the program that sends it is mistaken.
func unknownParameter(name string) reply {
	return failure(http.StatusBadRequest, 20001, "The emulated account does not know the parameter "+name)
}

// ServeHTTP answers a request of the API.
func (a *Account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxForm))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		form = url.Values{}
	}
	index, running := a.arrive(r, form)
	defer a.leave()
	var fault RequestFault
	if a.Fault != nil {
		fault = a.Fault(index, r)
	}
	if a.Concurrency > 0 && running > a.Concurrency {
		fault = Refuse("")
	}
	if a.sleep(r.Context(), a.Latency+fault.Delay) != nil {
		panic(http.ErrAbortHandler)
	}
	if fault.Hang {
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
	answer := a.carryOut(index, fault, r, form)
	if fault.Lost {
		panic(http.ErrAbortHandler)
	}
	a.mutex.Lock()
	a.requests[index].Status = answer.status
	a.mutex.Unlock()
	write(w, answer, fault, index, running)
}

// arrive notes a request, and counts those that are being answered.
func (a *Account) arrive(r *http.Request, form url.Values) (index, running int) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.requests = append(a.requests, LoggedRequest{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Form: form})
	a.running++
	return len(a.requests) - 1, a.running
}

func (a *Account) leave() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.running--
}

// carryOut does what a request asks, unless it is to stay undone, and keeps the
// account where it is kept.
func (a *Account) carryOut(index int, fault RequestFault, r *http.Request, form url.Values) reply {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	var answer reply
	if fault.Undone {
		status := max(fault.Status, http.StatusBadRequest)
		code := 20000 + status
		answer = failure(status, code, http.StatusText(status))
	} else {
		answer = a.route(r, form)
		a.requests[index].Carried = !answer.failed()
		if a.requests[index].Carried && r.Method != http.MethodGet {
			if err := a.save(); err != nil {
				answer = failure(http.StatusInternalServerError, 20500, err.Error())
			}
		}
	}
	if fault.Status != 0 {
		answer.status = fault.Status
	}
	if fault.Reply != nil {
		answer.body = fault.Reply(answer.body)
	}
	return answer
}

// route finds what a request is about.
func (a *Account) route(r *http.Request, form url.Values) reply {
	if !a.authentic(r) {
		return failure(http.StatusUnauthorized, 20003, "Authenticate")
	}
	path, ok := strings.CutPrefix(r.URL.Path, root)
	if path == ".json" && r.Method == http.MethodGet {
		return a.fetchAccount()
	}
	path, json := strings.CutSuffix(path, ".json")
	parts := strings.Split(path, "/")
	if !ok || !json || len(parts) < 2 || len(parts) > 3 {
		return failure(http.StatusNotFound, 20404, "The requested resource "+r.URL.Path+" was not found")
	}
	id := ""
	if len(parts) == 3 {
		id = parts[2]
	}
	moment := a.now().Add(-a.Lag)
	switch r.Method + " " + parts[1] {
	case "GET IncomingPhoneNumbers":
		return read(&a.numbers, id, "/IncomingPhoneNumbers", "incoming_phone_numbers", r.URL.Query(), moment, a)
	case "GET OutgoingCallerIds":
		return read(&a.verified, id, "/OutgoingCallerIds", "outgoing_caller_ids", r.URL.Query(), moment, a)
	case "GET Queues":
		return read(&a.queues, id, "/Queues", "queues", r.URL.Query(), moment, a)
	}
	return a.change(r.Method+" "+parts[1], id, form)
}

// read answers with one thing, or with a page of a kind.
func read[T any](s *laggedTable[T], id, folder, key string, query url.Values, moment time.Time, a *Account) reply {
	if id == "" {
		return list(s, folder+".json", key, query, moment)
	}
	v, ok := s.at(moment, id)
	if !ok {
		return a.notFound(folder + "/" + id + ".json")
	}
	return reply{status: http.StatusOK, body: v.json}
}

// change carries a write out.
func (a *Account) change(what, id string, form url.Values) reply {
	switch {
	case what == "POST IncomingPhoneNumbers" && id != "":
		return a.updateNumber(id, form)
	case what == "POST IncomingPhoneNumbers", what == "DELETE IncomingPhoneNumbers":
		return failure(http.StatusForbidden, 20403, "The emulated account buys and releases no numbers")
	case what == "POST Queues" && id == "":
		return a.createQueue(form)
	case what == "POST Queues":
		return a.updateQueue(id, form)
	case what == "DELETE Queues" && id != "":
		return a.deleteQueue(id)
	case what == "POST Calls" && id == "":
		return a.createCall(form)
	}
	return failure(http.StatusMethodNotAllowed, 20004, "Method not allowed")
}

// fetchAccount describes the account. As Twilio does, it tells the token.
func (a *Account) fetchAccount() reply {
	return reply{status: http.StatusOK, body: marshal(map[string]any{
		"sid": SID, "owner_account_sid": SID, "auth_token": a.Token, "friendly_name": "Sandbox",
		"status": "active", "type": "Full", "uri": root + ".json", "subresource_uris": map[string]string{},
		"date_created": rfc2822(time.Unix(0, 0)), "date_updated": rfc2822(time.Unix(0, 0)),
	})}
}

// authentic checks the Basic authentication: the account with its token, or any
// API key with the same secret.
func (a *Account) authentic(r *http.Request) bool {
	user, password, ok := r.BasicAuth()
	known := user == SID || strings.HasPrefix(user, "SK")
	return ok && known && subtle.ConstantTimeCompare([]byte(password), []byte(a.Token)) == 1
}

// write sends a reply, with the headers that Twilio sends.
func write(w http.ResponseWriter, answer reply, fault RequestFault, index, running int) {
	h := w.Header()
	sum := sha256.Sum256([]byte(strconv.Itoa(index)))
	h.Set("Twilio-Request-Id", "RQ"+hex.EncodeToString(sum[:16]))
	h.Set("Twilio-Concurrent-Requests", strconv.Itoa(running))
	h.Set("Content-Type", "application/json;charset=utf-8")
	if strings.HasPrefix(string(answer.body), "<") {
		h.Set("Content-Type", "text/html")
	}
	if fault.RetryAfter != "" {
		h.Set("Retry-After", fault.RetryAfter)
	}
	if answer.status == http.StatusNoContent {
		h.Del("Content-Type")
		w.WriteHeader(answer.status)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(answer.body)))
	w.WriteHeader(answer.status)
	if fault.Broken {
		answer.body = answer.body[:len(answer.body)/2]
	}
	_, _ = w.Write(answer.body) // a client that is gone needs no reply
	if fault.Broken {
		_ = http.NewResponseController(w).Flush() // what came before the break arrives
		panic(http.ErrAbortHandler)
	}
}

// rfc2822 is how the 2010-04-01 API writes times.
func rfc2822(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700") }
