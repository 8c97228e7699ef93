package store

// A bucket behind HTTP, as S3's API, with faults on the way.

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A fakeS3 serves the bucket "ivr".
type fakeS3 struct {
	*fakeBucket
	*httptest.Server

	page    int  // keys in one page of a listing, at most
	forgets bool // where the list is to go on

	mutex    sync.Mutex
	fault    func(n int) string // names what goes wrong with the nth request, from 0; see respond
	requests []*http.Request    // in the order of their arrival
}

const (
	fakeKey    = "AKIATESTCANARY"
	fakeSecret = "canary-secret-canary"
)

// newFakeS3 starts a server on the loopback interface.
func newFakeS3(t *testing.T) *fakeS3 {
	f := &fakeS3{fakeBucket: newFakeBucket(time.Now), page: 1000, fault: never}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// never is what goes wrong when nothing does.
func never(int) string { return "" }

// script says what goes wrong from now on.
func (f *fakeS3) script(fault func(n int) string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.fault, f.requests = fault, nil
}

// log returns the requests since the last script.
func (f *fakeS3) log() []*http.Request {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return slices.Clone(f.requests)
}

// open opens the bucket as a store that does not wait between tries.
func (f *fakeS3) open(t *testing.T) *s3Store {
	t.Helper()
	return openS3Test(t, "s3://ivr/main?endpoint="+f.URL)
}

// openS3Test opens object storage with the credentials of tests.
func openS3Test(t *testing.T, location string) *s3Store {
	t.Helper()
	env := map[string]string{"AWS_ACCESS_KEY_ID": fakeKey, "AWS_SECRET_ACCESS_KEY": fakeSecret}
	network := http.DefaultTransport.(*http.Transport).Clone()
	network.DisableKeepAlives = true // or the transport, too, tries again
	s, err := Open(t.Context(), location, func(name string) string { return env[name] }, network)
	if err != nil {
		t.Fatal(err)
	}
	store := s.(*s3Store)
	store.pause = recorded(new([]time.Duration))
	return store
}

func (f *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mutex.Lock()
	n := len(f.requests)
	f.requests = append(f.requests, r)
	fault := f.fault(n)
	f.mutex.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	f.respond(w, r, body, fault)
}

// respond answers a request, with a fault: a status of HTTP that comes instead
// of an answer, an S3 error ("403 AccessDenied"), or one of these words.
func (f *fakeS3) respond(w http.ResponseWriter, r *http.Request, body []byte, fault string) {
	code, name, _ := strings.Cut(fault, " ")
	status, _ := strconv.Atoi(code)
	switch {
	case fault == "reset": // nothing happens, no answer comes
		panic(http.ErrAbortHandler)
	case fault == "lost": // it happens, no answer comes
		f.answer(httptest.NewRecorder(), r, body)
		panic(http.ErrAbortHandler)
	case fault == "hang": // no answer comes, and the connection stays
		<-r.Context().Done()
	case fault == "truncate" || fault == "alter" || fault == "no etag":
		f.spoil(w, r, body, fault)
	case fault == "page": // a proxy answers
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprint(w, "<html><body><h1>Bad gateway</h1></body></html>")
	case status != 0:
		w.Header().Set("Retry-After", "7")
		w.Header().Set("x-amz-request-id", "REQ1")
		w.Header().Set("x-amz-bucket-region", "eu-central-1")
		w.WriteHeader(status)
		if name != "" {
			fmt.Fprintf(w, "<Error><Code>%s</Code><Message>About %s: %s %s.</Message></Error>", name, name, fakeKey, fakeSecret)
		}
	default:
		f.answer(w, r, body)
	}
}

// spoil sends a right answer wrongly.
func (f *fakeS3) spoil(w http.ResponseWriter, r *http.Request, body []byte, fault string) {
	right := httptest.NewRecorder()
	f.answer(right, r, body)
	for name, values := range right.Header() {
		w.Header()[name] = values
	}
	content := right.Body.Bytes()
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	switch {
	case fault == "truncate" && len(content) > 0:
		content = content[:len(content)/2]
	case fault == "alter" && len(content) > 0:
		content[len(content)/2] ^= 1
	case fault == "no etag":
		w.Header().Del("ETag")
	}
	w.WriteHeader(right.Code)
	_, _ = w.Write(content) // too few bytes make the server break the connection
}

// answer answers as S3 does.
func (f *fakeS3) answer(w http.ResponseWriter, r *http.Request, body []byte) {
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	sum := sha256.Sum256(body)
	announced := r.Header.Get("x-amz-checksum-sha256")
	switch {
	case !strings.Contains(r.Header.Get("Authorization"), "Credential="+fakeKey+"/"):
		fail(w, 403, "AccessDenied")
	case name != "ivr":
		fail(w, 404, "NoSuchBucket")
	case r.Header.Get("x-amz-content-sha256") != hex.EncodeToString(sum[:]):
		fail(w, 400, "XAmzContentSHA256Mismatch")
	case announced != "" && announced != base64.StdEncoding.EncodeToString(sum[:]):
		fail(w, 400, "BadDigest")
	case r.Method == http.MethodPut:
		etag, status := f.put(key, fakeObject{data: body, kind: r.Header.Get("Content-Type"), cache: r.Header.Get("Cache-Control")},
			r.Header.Get("If-None-Match"), strings.Trim(r.Header.Get("If-Match"), `"`))
		if status != 200 {
			fail(w, status, map[int]string{404: "NoSuchKey", 412: "PreconditionFailed"}[status])
			return
		}
		w.Header().Set("ETag", `"`+etag+`"`)
	case r.Method == http.MethodDelete:
		f.remove(key)
		w.WriteHeader(http.StatusNoContent)
	case key == "":
		f.list(w, r)
	default:
		f.read(w, key)
	}
}

func (f *fakeS3) read(w http.ResponseWriter, key string) {
	o, ok := f.get(key)
	if !ok {
		fail(w, 404, "NoSuchKey")
		return
	}
	sum := sha256.Sum256(o.data)
	w.Header().Set("ETag", `"`+o.etag+`"`)
	w.Header().Set("Last-Modified", o.modified.UTC().Format(http.TimeFormat))
	w.Header().Set("Content-Type", o.kind)
	w.Header().Set("Cache-Control", o.cache)
	w.Header().Set("x-amz-checksum-sha256", base64.StdEncoding.EncodeToString(sum[:]))
	_, _ = w.Write(o.data)
}

// list answers ListObjectsV2.
func (f *fakeS3) list(w http.ResponseWriter, r *http.Request) {
	type content struct {
		Key, ETag, LastModified string
		Size                    int
	}
	var result struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []content
	}
	query := r.URL.Query()
	most, _ := strconv.Atoi(query.Get("max-keys"))
	after := max(query.Get("start-after"), query.Get("continuation-token"))
	if f.forgets {
		after = ""
	}
	keys := slices.DeleteFunc(f.keys(query.Get("prefix")), func(key string) bool { return key <= after })
	if most = min(most, f.page); len(keys) > most {
		keys, result.IsTruncated, result.NextContinuationToken = keys[:most], true, keys[most-1]
	}
	for _, key := range keys {
		o, _ := f.get(key)
		result.Contents = append(result.Contents, content{key, `"` + o.etag + `"`, o.modified.UTC().Format(time.RFC3339), len(o.data)})
	}
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(result)
}

// fail answers with an error of S3.
func fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("x-amz-request-id", "REQ0")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%[1]s.</Message></Error>", code)
}
