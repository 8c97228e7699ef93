package command

// Files that are renewed while the server runs: certificates and tokens. They
// are looked at before each use, which costs a microsecond and needs neither a
// signal nor a clock. A renewal that cannot be used, such as a certificate whose
// key has yet to be written, is reported, and what was in use is used on.

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
)

// A reread is made of files, and made again when one of them changes.
type reread[T any] struct {
	files  []string
	make   func(contents [][]byte) (T, error)
	report func(error) // of a renewal; nil is success

	mutex  sync.Mutex
	stamps []os.FileInfo
	value  T
}

// newReread makes it for the first time.
func newReread[T any](files []string, make func([][]byte) (T, error), report func(error)) (*reread[T], error) {
	r := &reread[T]{files: files, make: make, report: report}
	_, err := r.renew()
	return r, err
}

// get returns the newest that could be made.
func (r *reread[T]) get() T {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if tried, err := r.renew(); tried {
		r.report(err)
	}
	return r.value
}

// renew makes it again if a file has changed. Files that cannot be found are
// between two versions.
func (r *reread[T]) renew() (tried bool, err error) {
	stamps := make([]os.FileInfo, len(r.files))
	same := r.stamps != nil
	for i, name := range r.files {
		if stamps[i], err = os.Stat(name); err != nil {
			return r.stamps == nil, err
		}
		same = same && unchanged(r.stamps[i], stamps[i])
	}
	if same {
		return false, nil
	}
	r.stamps = stamps
	contents := make([][]byte, len(r.files))
	for i, name := range r.files {
		if contents[i], err = os.ReadFile(name); err != nil {
			return true, err
		}
	}
	value, err := r.make(contents)
	if err == nil {
		r.value = value
	}
	return true, err
}

// unchanged reports whether a file is the same one, and was not written since.
func unchanged(before, now os.FileInfo) bool {
	return os.SameFile(before, now) && before.ModTime().Equal(now.ModTime()) && before.Size() == now.Size()
}

// renewals logs what became of the renewal of something. Neither names nor
// contents are written.
func renewals(logger *slog.Logger, what string) func(error) {
	return func(err error) {
		if err != nil {
			logger.Warn("not renewed", slog.String("what", what), slog.String("error", err.Error()))
			return
		}
		logger.Info("renewed", slog.String("what", what))
	}
}

// parseTokens reads auth tokens, one a line.
func parseTokens(contents [][]byte) ([]string, error) {
	tokens := strings.Fields(string(contents[0]))
	if len(tokens) == 0 {
		return nil, errors.New("the file holds none")
	}
	return tokens, nil
}

// parsePair reads a certificate and its key.
func parsePair(contents [][]byte) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(contents[0], contents[1])
	return &pair, err
}

// listener listens, with TLS if there is a certificate.
func (s *serving) listener(ctx context.Context, logger *slog.Logger) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", s.listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", s.listen, err)
	}
	if s.certificate == "" {
		return listener, nil
	}
	files := []string{s.program.path(s.certificate), s.program.path(s.key)}
	pair, err := newReread(files, parsePair, renewals(logger, "certificate"))
	if err != nil {
		listener.Close()
		return nil, fmt.Errorf("the certificate cannot be used: %w", err)
	}
	s.pair = pair
	return tls.NewListener(listener, &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return pair.get(), nil },
		MinVersion:     tls.VersionTLS12,
	}), nil
}
