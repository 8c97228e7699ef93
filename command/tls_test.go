package command_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ivrc/ivrc/command/commandtest"
)

// TestServeTLS serves with a certificate, for hosts without a proxy in front.
func TestServeTLS(t *testing.T) {
	directory := t.TempDir()
	roots := commandtest.WriteCertificate(t, directory)
	server, err := commandtest.Serve(directory, nil, "-tls-cert", "cert.pem", "-tls-key", "key.pem", absolute(t, "examples/zillum"))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	request, err := http.NewRequest(http.MethodGet, strings.Replace(server.URL, "http:", "https:", 1)+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := commandtest.Trusting(t, roots).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %s", response.Status)
	}
	if want := "  old          https://127.0.0.1:"; !strings.Contains(server.Stdout.String(), want) {
		t.Errorf("%q is missing in\n%s", want, server.Stdout)
	}
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
