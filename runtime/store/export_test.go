package store

import (
	"net/http"
	"testing"
)

// FakeS3 opens object storage that is emulated in this process. Requests lists
// what it was asked.
func FakeS3(t *testing.T) (s Store, requests func() []*http.Request) {
	f := newFakeS3(t)
	f.script(never)
	return f.open(t), f.log
}

// RealS3 opens a bucket of a real server.
func RealS3(t *testing.T, location string) Store { return openRealS3(t, startRealS3(t), location) }
