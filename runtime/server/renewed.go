package server

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ivrc/ivrc/runtime/disk"
)

// Certificates and tokens are renewed while the server runs. Their files are
// checked before each use, which costs a microsecond and needs neither a signal
// nor a timer. A renewal that cannot be used, such as a certificate whose key has
// yet to be written, is logged, and the previous value stays in use.

// Tokens reads auth tokens from a file, one on each line. The function that it
// returns reads the file again when it has changed, and logs whether that
// succeeded. As long as the file holds anything that cannot be a token, the earlier
// ones stay, and the metrics say so; they may be nil.
func Tokens(file string, logger *slog.Logger, m *Metrics) (func() []string, error) {
	var refused atomic.Bool
	if m != nil {
		m.Gauge("ivrc_auth_tokens_refused", "1 while the file of auth tokens cannot be used, and those that were read before are.", func() float64 {
			if refused.Load() {
				return 1
			}
			return 0
		})
	}
	parse := func(contents [][]byte) ([]string, error) {
		tokens, err := parseTokens(contents[0])
		refused.Store(err != nil)
		return tokens, err
	}
	return renewing([]string{file}, parse, logger, "auth tokens")
}

// Certificate reads a certificate and its key. The function that it returns reads
// the files again when one of them has changed, and logs whether that succeeded.
func Certificate(certificate, key string, logger *slog.Logger) (func() *tls.Certificate, error) {
	return renewing([]string{certificate, key}, parsePair, logger, "certificate")
}

// TLS returns a listener for TLS 1.2 or later that asks for the certificate at
// every connection.
func TLS(l net.Listener, certificate func() *tls.Certificate) net.Listener {
	return tls.NewListener(l, &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return certificate(), nil },
		MinVersion:     tls.VersionTLS12,
	})
}

// parseTokens reads tokens, one on each line. The errors say nothing of what is there.
func parseTokens(content []byte) (tokens []string, err error) {
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(string(content), "\ufeff")) {
		n++
		switch token := strings.TrimSpace(line); {
		case token == "":
		case authToken.MatchString(token):
			tokens = append(tokens, token)
		default:
			return nil, fmt.Errorf("line %d is no auth token; those of Twilio have 32 hexadecimal digits", n)
		}
	}
	if len(tokens) == 0 {
		return nil, errors.New("the file holds none")
	}
	return tokens, nil
}

// authToken is the form of the tokens that Twilio's console shows.
var authToken = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)

func parsePair(contents [][]byte) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(contents[0], contents[1])
	return &pair, err
}

// maxRenewed bounds what is read as tokens or as a certificate, in bytes.
const maxRenewed = 1 << 20

// A renewed value is parsed from files, and again when one of them changes.
type renewed[T any] struct {
	files []string
	parse func(contents [][]byte) (T, error)

	mutex sync.Mutex
	infos []os.FileInfo // of the files as they were read
	value T
}

// renewing parses files, and returns a function that returns the newest value. The
// log holds neither names nor contents of the files.
func renewing[T any](files []string, parse func([][]byte) (T, error), logger *slog.Logger, what string) (func() T, error) {
	r := &renewed[T]{files: files, parse: parse}
	if _, err := r.renew(); err != nil {
		return nil, err
	}
	return func() T {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		switch tried, err := r.renew(); {
		case err != nil && tried:
			logger.Warn("not renewed", slog.String("what", what), slog.String("error", err.Error()))
		case tried:
			logger.Info("renewed", slog.String("what", what))
		}
		return r.value
	}, nil
}

// renew parses the files if one has changed, and reports whether it tried. It does
// not try while a file is missing, which happens between two versions, unless there
// is no value yet.
func (r *renewed[T]) renew() (tried bool, err error) {
	infos := make([]os.FileInfo, len(r.files))
	same := r.infos != nil
	for i, name := range r.files {
		if infos[i], err = os.Stat(name); err != nil {
			return r.infos == nil, err
		}
		same = same && unchanged(r.infos[i], infos[i])
	}
	if same {
		return false, nil
	}
	r.infos = infos
	contents := make([][]byte, len(r.files))
	for i, name := range r.files {
		if contents[i], err = disk.ReadRegular(name, maxRenewed); err != nil {
			return true, err
		}
	}
	value, err := r.parse(contents)
	if err == nil {
		r.value = value
	}
	return true, err
}
