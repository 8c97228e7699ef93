package deploy

// Verification. Before any number moves, every new file is requested through
// the public address, as Twilio will request it, and so is one answer of each
// new decision. A bucket that is private, a wrong content type, a redirecting
// host or a router that is not installed is found here, while callers still
// reach the old flow.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/retry"
)

const (
	// verifiers is how many files are requested at the same time.
	verifiers = 16

	// webhookTimeout is how long Twilio waits for a document of a call, at most.
	// https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
	webhookTimeout = 15 * time.Second
)

// errSlow is a host that lets Twilio wait too long. One file is enough to say
// so: the rest would take as long each.
var errSlow = fmt.Errorf("the host does not answer within %v, the longest that Twilio waits", webhookTimeout)

// A verification requests the files of a bundle through its public address.
type verification struct {
	client       *http.Client
	baseURL      string
	decisionsURL string // of the router, if it answers elsewhere
	bundle       *bundle.Bundle
	sleep        func(context.Context, time.Duration) error // before a request is repeated; nil is the machine's clock
}

// errRedirected stops a client at the first redirect.
var errRedirected = errors.New("the host redirects, and Twilio would lose the keys that the caller pressed; serve every path without a redirect")

// verify requests the files with the given keys, and one answer of each
// decision among them. It returns the first failures, in the order of keys.
func (v *verification) verify(ctx context.Context, keys []string, progress func(done, all int)) []Problem {
	checks := v.checks(keys)
	problems := make([]*Problem, len(checks))
	done := 0
	var mutex sync.Mutex
	_ = inParallel(ctx, verifiers, len(checks), func(_ context.Context, i int) error {
		err := v.insist(ctx, checks[i])
		if err != nil {
			problems[i] = &Problem{Address{KindObject, "public/" + checks[i].path}, err.Error()}
		}
		mutex.Lock()
		defer mutex.Unlock()
		done++
		progress(done, len(checks))
		if errors.Is(err, errSlow) {
			return err // and ask for nothing more
		}
		return nil
	})
	var found []Problem
	for _, p := range problems {
		if p != nil {
			found = append(found, *p)
		}
	}
	return found
}

// A passingError is what may pass by itself.
type passingError struct{ error }

// insist checks a file, several times if what is wrong may pass.
func (v *verification) insist(ctx context.Context, c check) error {
	policy := retry.Policy{Tries: 4, Budget: 2 * webhookTimeout, First: 250 * time.Millisecond, Sleep: v.sleep}
	return policy.Do(ctx, func(int) *retry.Verdict {
		err := v.check(ctx, c)
		if err == nil {
			return nil
		}
		var passing passingError
		again := errors.As(err, &passing)
		if again {
			err = passing.error
		}
		return &retry.Verdict{Err: err, Again: again}
	}, func(err error, _ int) error { return err })
}

// A check is one request and the file that must answer it.
type check struct {
	path     string          // of the file below public/
	decision bundle.Decision // that the file answers, if the request is for a decision
	query    string          // for a decision
}

// checks lists the requests for the given keys.
func (v *verification) checks(keys []string) []check {
	var list []check
	asked := map[string]bool{}
	for _, key := range keys {
		name, public := strings.CutPrefix(key, "public/")
		if !public {
			continue
		}
		list = append(list, check{path: name})
		at, answer, kind := bundle.CutAnswer(name)
		if kind == nil || asked[at] {
			continue
		}
		if kind.Clock {
			if d, ok := v.timed(name, at); ok {
				asked[at] = true
				list = append(list, check{name, d, "CallStatus=in-progress"})
			}
			continue
		}
		if spellings := kind.Spellings(answer); len(spellings) > 0 {
			asked[at] = true
			list = append(list, check{name, v.bundle.Manifest.Decision(at), kind.Parameter + "=" + spellings[len(spellings)-1]})
		}
	}
	return list
}

// check requests one file and compares what comes.
func (v *verification) check(ctx context.Context, c check) error {
	address := v.baseURL + "/" + c.path
	if c.query != "" && v.decisionsURL != "" {
		return v.checkRemote(ctx, c)
	}
	if c.query != "" {
		address = v.baseURL + "/" + c.decision.Address() + "?CallSid=CA00000000000000000000000000000000&" + c.query
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := v.client.Do(request)
	if err != nil {
		switch {
		case errors.Is(err, errRedirected):
			return errRedirected
		case isTimeout(err):
			return errSlow
		}
		return passingError{fmt.Errorf("it cannot be requested: %w", errors.Unwrap(err))}
	}
	defer response.Body.Close()
	file := v.file(c.path)
	body, err := io.ReadAll(io.LimitReader(response.Body, max(int64(file.Size)+1, mostTwiML)))
	switch {
	case response.StatusCode == http.StatusForbidden:
		return errors.New("the host answers 403: not everybody can read public/; allow everybody to read objects below public/, and nothing else. If ivrc serve answers there, set TWILIO_AUTH_TOKEN to its token")
	case response.StatusCode == http.StatusNotFound && c.query != "":
		return errors.New("the host answers 404 to a decision: the router is not installed; see ivrc router")
	case response.StatusCode >= http.StatusInternalServerError, response.StatusCode == http.StatusTooManyRequests:
		return passingError{fmt.Errorf("the host answers %d", response.StatusCode)}
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("the host answers %d", response.StatusCode)
	case isTimeout(err):
		return errSlow
	case err != nil:
		return passingError{fmt.Errorf("it cannot be read to the end: %w", err)}
	case !sameType(response.Header.Get("Content-Type"), file.Type):
		return fmt.Errorf("the host says its type is %q, and Twilio needs %q", response.Header.Get("Content-Type"), file.Type)
	case c.decision.DecisionKind != nil && c.decision.Clock:
		return v.checkTimed(c, response.Header, body)
	case digest(body) != file.SHA256 && c.query != "":
		return errors.New("the decision is answered with another document: the router is not installed, or its version is different")
	case digest(body) != file.SHA256:
		return errors.New("the host serves other content")
	}
	return nil
}

// isTimeout reports whether an error means that something took too long.
func isTimeout(err error) bool {
	var slow net.Error
	return errors.As(err, &slow) && slow.Timeout()
}

// sameType compares content types without their parameters.
func sameType(got, want string) bool {
	got, _, _ = strings.Cut(got, ";")
	want, _, _ = strings.Cut(want, ";")
	return strings.EqualFold(strings.TrimSpace(got), want) || got == "application/xml" && want == "text/xml"
}

// file is the manifest's row of a path.
func (v *verification) file(name string) bundle.FileRow {
	files := v.bundle.Manifest.Files
	i, ok := slices.BinarySearchFunc(files, name, func(f bundle.FileRow, name string) int { return strings.Compare(f.Path, name) })
	if !ok {
		return bundle.FileRow{}
	}
	return files[i]
}

// publicClient is a client that follows no redirect.
func publicClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     transport,
		Timeout:       webhookTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirected },
	}
}
