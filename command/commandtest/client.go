package commandtest

// Clients of a running server, and the certificates that they trust.

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// Get requests an address and returns the status code and, on the next lines, the
// body.
func Get(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d\n%s", response.StatusCode, text)
}

var metricsForm = regexp.MustCompile(`(?m)^Metrics on (\S+)$`)

// Metrics returns the metrics of a server that was started with -metrics, as Get
// does.
func (s *RunningServer) Metrics(t *testing.T) string {
	t.Helper()
	found := metricsForm.FindStringSubmatch(s.Stdout.String())
	if found == nil {
		t.Fatalf("no address of metrics in\n%s", s.Stdout)
	}
	return Get(t, found[1])
}

// Trusting is a client with connections of its own that trusts one pool of
// certificates.
func Trusting(t *testing.T, roots *x509.CertPool) *http.Transport {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13}}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// WriteCertificate writes a certificate of this machine and its key to the files
// cert.pem and key.pem of a directory, and returns the pool that trusts it.
func WriteCertificate(t *testing.T, directory string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, filepath.Join(directory, "cert.pem"), "CERTIFICATE", certificate)
	writePEM(t, filepath.Join(directory, "key.pem"), "PRIVATE KEY", secret)
	roots := x509.NewCertPool()
	parsed, err := x509.ParseCertificate(certificate)
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(parsed)
	return roots
}

func writePEM(t *testing.T, name, kind string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
		t.Fatal(err)
	}
}
