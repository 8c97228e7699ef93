package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/deploy"
	"github.com/ivrc/ivrc/runtime/router"
)

// A rehearsal stands in for the public host while an emulated account is used:
// it answers requests to the base URL from the store, by the rule of the router.
type rehearsal struct {
	store   deploy.Store
	baseURL string
}

func (h *rehearsal) RoundTrip(r *http.Request) (*http.Response, error) {
	base, err := url.Parse(h.baseURL)
	if err != nil || r.URL.Host != base.Host {
		return nil, errors.New("a rehearsal reaches no other host than the base URL's")
	}
	path := strings.TrimPrefix(r.URL.EscapedPath(), strings.TrimSuffix(base.EscapedPath(), "/"))
	document := router.Route(path, r.URL.RawQuery)
	response := &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {bundle.ContentType(document)}}, Request: r,
	}
	data, _, err := h.store.Get(r.Context(), "public/"+document)
	if errors.Is(err, deploy.ErrNotFound) || document == "" {
		response.Status, response.StatusCode = "404 Not Found", http.StatusNotFound
	} else if err != nil {
		return nil, err
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	return response, nil
}
