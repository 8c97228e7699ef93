package command

// The public host of an emulated account.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/store"
)

// A fakePublicHost answers in place of the public host while an emulated account is
// used: requests to the base URL from the store, by the rule of the router, and
// requests to a remote router as that router would.
type fakePublicHost struct {
	store        store.Store
	baseURL      string
	decisionsURL string // "" if decisions are answered beside the documents
}

func (h *fakePublicHost) RoundTrip(r *http.Request) (*http.Response, error) {
	if address, query, _ := strings.Cut(r.URL.String(), "?"); h.decisionsURL != "" && address == h.decisionsURL {
		at := r.URL.Query().Get(bundle.AtParameter)
		redirect := fmt.Sprintf("<Response><Redirect method=\"GET\">%s/%s</Redirect></Response>", h.baseURL, router.Route("/"+at, query))
		return answer(r, http.StatusOK, "text/xml", []byte(redirect)), nil
	}
	base, err := url.Parse(h.baseURL)
	if err != nil || r.URL.Host != base.Host {
		return nil, errors.New("with -sandbox, only the host of the base URL can be reached")
	}
	path := strings.TrimPrefix(r.URL.EscapedPath(), strings.TrimSuffix(base.EscapedPath(), "/"))
	document := router.Route(path, r.URL.RawQuery)
	data, _, err := h.store.Get(r.Context(), "public/"+document)
	if errors.Is(err, store.ErrNotFound) || document == "" {
		return answer(r, http.StatusNotFound, "text/plain", nil), nil
	} else if err != nil {
		return nil, err
	}
	response := answer(r, http.StatusOK, bundle.ContentType(document), data)
	if bundle.IsTimed(path) {
		response.Header.Set("Cache-Control", router.KeepNever)
	}
	return response, nil
}

// answer is a response of a host.
func answer(r *http.Request, status int, contentType string, data []byte) *http.Response {
	return &http.Response{
		Status: fmt.Sprint(status, " ", http.StatusText(status)), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {contentType}}, Request: r,
		Body: io.NopCloser(bytes.NewReader(data)), ContentLength: int64(len(data)),
	}
}
