package command

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// A serving is the options of serve.
type serving struct {
	configuration
	listen, publicURL  string
	certificate, key   string
	tokens             string
	metrics            string
	cache              string
	logFormat          string
	watch, trust, open bool
	accessLog          bool
	poll, drain        time.Duration
	connections        int
	pair               *reread[*tls.Certificate] // of certificate and key
}

// serveCommand answers Twilio from a bundle.
func (p *Program) serveCommand() *cobra.Command {
	s := serving{configuration: configuration{program: p, answers: true, stays: true}}
	cmd := &cobra.Command{
		Use:   "serve [options] [DIR | STORE]",
		Short: "Answer Twilio from a configuration, a bundle or a store",
		Long: "Serves the configuration in DIR, which is compiled; the bundle in DIR; or the releases in STORE,\n" +
			"which is dir:PATH or s3://BUCKET/PREFIX as for apply.\n\n" +
			"With TWILIO_AUTH_TOKEN in the environment, only requests that Twilio signed are answered;\n" +
			"TWILIO_AUTH_TOKEN_SECONDARY is accepted as well while tokens are rotated.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.run(cmd.Context(), directoryArgument(args))
		},
	}
	s.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&s.listen, "listen", "127.0.0.1:8080", "listen on `ADDRESS`")
	f.Var(baseURLFlag{&s.publicURL}, "base-url", "`URL` under which Twilio reaches the server, if it is not the address itself")
	f.StringVar(&s.certificate, "tls-cert", "", "serve TLS with the certificate in `FILE`; it is read again when it is renewed")
	f.StringVar(&s.key, "tls-key", "", "the certificate's key, in `FILE`")
	f.BoolVar(&s.watch, "watch", false, "compile again when a file is saved; calls in progress go on as they began")
	f.BoolVar(&s.trust, "trust-proxy", false, "believe X-Forwarded-Proto and X-Forwarded-Host, which a proxy in front must set")
	f.BoolVar(&s.open, "unsigned", false, "answer anybody, signed or not")
	f.StringVar(&s.tokens, "auth-tokens", "", "the auth tokens, one a line, in `FILE` rather than in the environment; it is read again when it changes")
	f.DurationVar(&s.poll, "poll", 10*time.Second, "look for a new bundle or release at intervals of `DURATION`")
	f.StringVar(&s.cache, "cache", "", "keep a copy of the store in `DIR`, to start from while the store is away")
	f.StringVar(&s.metrics, "metrics", "", "answer /metrics, /healthz and /readyz on `ADDRESS`, which the public must not reach")
	f.StringVar(&s.logFormat, "log-format", "text", "write the log as `FORMAT`: text or json")
	f.BoolVar(&s.accessLog, "access-log", true, "write a line for each request")
	f.IntVar(&s.connections, "max-connections", 4096, "accept `N` connections at once")
	f.DurationVar(&s.drain, "drain", 0, "on a signal to stop, answer on for a `DURATION` while /readyz says 503")
	choices(cmd, "log-format", "text", "json")
	return cmd
}

// run serves until the context ends.
func (s *serving) run(ctx context.Context, location string) error {
	if err := s.check(location); err != nil {
		return err
	}
	logger, err := s.logger()
	if err != nil {
		return err
	}
	listener, err := s.listener(ctx, logger)
	if err != nil {
		return err
	}
	defer listener.Close()
	s.baseURL = s.publicURL
	if s.baseURL == "" {
		s.baseURL = "http://" + listener.Addr().String()
		if s.certificate != "" {
			s.baseURL = "https://" + listener.Addr().String()
		}
	}
	supply, err := s.supply(ctx, location)
	if err != nil {
		return err
	}
	defer supply.close()
	first, err := supply.read(ctx, func(*bundle.File) []byte { return nil })
	if err != nil {
		return err
	}
	f := newFeed(supply, first, logger)
	if r := first.Record; r != nil && s.publicURL == "" && !s.trust {
		s.baseURL, s.publicURL = r.BaseURL, r.BaseURL
	}
	if u, err := url.Parse(s.publicURL); err == nil {
		f.handler.Prefix = strings.TrimRight(u.Path, "/")
	}
	signed, err := s.signed(f.handler, logger)
	if err != nil {
		return err
	}
	return s.serve(ctx, listener, f, signed, first.Bundles[0])
}

// serve answers requests, on one address or two, until the context ends.
func (s *serving) serve(ctx context.Context, listener net.Listener, f *feed, signed http.Handler, b *bundle.Bundle) error {
	accessLog := f.logger
	if !s.accessLog {
		accessLog = nil
	}
	server := &router.Server{Handler: router.Observe(accessLog, f.metrics, signed), Connections: s.connections, Logger: f.logger}
	f.metrics.Gauge("ivrc_connections", "Connections that are open.", func() float64 { return float64(server.Open()) })
	f.metrics.Gauge("ivrc_connections_limit", "Connections that may be open at once.", func() float64 { return float64(s.connections) })
	if s.pair != nil {
		f.metrics.Gauge("ivrc_certificate_expiry_timestamp_seconds", "When the certificate in use expires.", func() float64 {
			return float64(s.pair.get().Leaf.NotAfter.Unix())
		})
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx)) // for what goes on while requests are answered
	defer stop()
	operators, err := s.serveOperators(running, f)
	if err != nil {
		return err
	}
	s.announce(b, listener, operators)
	go f.follow(running)
	s.program.notify("READY=1")
	serving, end := s.draining(ctx, f.handler)
	defer end()
	return server.Serve(serving, listener)
}

// check refuses options that do not go together.
func (s *serving) check(location string) error {
	p := s.program
	switch {
	case s.watch && (isStore(location, p.path(location)) || isBundle(p.path(location))):
		return errors.New("-watch needs the directory of a configuration, not a bundle")
	case s.cache != "" && !isStore(location, p.path(location)):
		return errors.New("-cache is for the releases of a store: ivrc serve -cache DIR s3://BUCKET/PREFIX")
	case (s.certificate == "") != (s.key == ""):
		return errors.New("-tls-cert and -tls-key go together; one of them is missing")
	case s.poll <= 0:
		return errors.New("-poll takes a time that is longer than nothing, such as 10s")
	case s.connections < 1:
		return errors.New("-max-connections takes a number that is 1 or more")
	}
	return nil
}

// logger writes to standard error.
func (s *serving) logger() (*slog.Logger, error) {
	switch s.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(s.program.Stderr, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(s.program.Stderr, nil)), nil
	}
	return nil, fmt.Errorf("-log-format takes text or json, not %q", s.logFormat)
}

// signed lets only Twilio's requests through, if there is a token to tell them.
func (s *serving) signed(next *router.Handler, logger *slog.Logger) (http.Handler, error) {
	p := s.program
	signature := router.Signature{PublicURL: s.publicURL, TrustProxy: s.trust}
	for _, name := range []string{"TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_SECONDARY"} {
		if token := p.env(name); token != "" {
			signature.Tokens = append(signature.Tokens, token)
		}
	}
	switch {
	case s.open:
		return next, nil
	case s.tokens != "":
		tokens, err := newReread([]string{p.path(s.tokens)}, parseTokens, renewals(logger, "auth tokens"))
		if err != nil {
			return nil, fmt.Errorf("the auth tokens cannot be used: %w", err)
		}
		signature.Renewed = tokens.get
	case len(signature.Tokens) == 0:
		fmt.Fprintln(p.Stderr, p.paint(yellow, "Note:")+" requests are not checked, because TWILIO_AUTH_TOKEN is not set. Whoever knows an address can read the documents.")
		return next, nil
	}
	signed, err := signature.Require(next)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Twilio does not say whether it signs the requests of Play. Audio is
		// named by its content and tells nobody anything about a call flow.
		if strings.HasPrefix(strings.TrimPrefix(r.URL.Path, next.Prefix), "/audio/") {
			next.ServeHTTP(w, r)
			return
		}
		signed.ServeHTTP(w, r)
	}), nil
}

// announce says what is served where.
func (s *serving) announce(b *bundle.Bundle, listener, operators net.Listener) {
	p := s.program
	fmt.Fprintf(p.Stdout, "Serving %s on %s\n", b.Manifest.Project, listener.Addr())
	if operators != nil {
		fmt.Fprintf(p.Stdout, "Metrics on http://%s/metrics\n", operators.Addr())
	}
	fmt.Fprintln(p.Stdout)
	for _, n := range b.Manifest.Numbers {
		fmt.Fprintf(p.Stdout, "  %-12s %s/%s\n", n.Name, strings.TrimSuffix(s.baseURL, "/"), n.Answer)
	}
	fmt.Fprintln(p.Stdout)
}

// serveOperators answers those who run the server, on an address of their own,
// until the context ends. It returns nil if there is none.
func (s *serving) serveOperators(ctx context.Context, f *feed) (net.Listener, error) {
	if s.metrics == "" {
		return nil, nil
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", s.metrics)
	if err != nil {
		return nil, fmt.Errorf("-metrics: cannot listen on %s: %w", s.metrics, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", f.metrics)
	mux.Handle("GET "+router.HealthPath, f.handler)
	mux.Handle("GET "+router.ReadyPath, f.handler)
	server := &router.Server{Handler: mux, Logger: f.logger}
	go func() {
		if err := server.Serve(ctx, listener); err != nil {
			f.logger.Error("metrics", slog.String("error", err.Error()))
		}
	}()
	return listener, nil
}

// draining returns a context that ends some time after another one. Until then
// the server is not ready, so that a load balancer can look elsewhere.
func (s *serving) draining(ctx context.Context, handler *router.Handler) (context.Context, context.CancelFunc) {
	serving, end := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		s.program.notify("STOPPING=1")
		handler.Leave()
		select {
		case <-time.After(s.drain):
		case <-serving.Done():
		}
		end()
	})
	return serving, end
}

// notify tells systemd how the service is: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html.
// Where the program is no such service, it does nothing.
func (p *Program) notify(state string) {
	name := p.env("NOTIFY_SOCKET")
	if name == "" {
		return
	}
	socket, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return // nobody is told, and systemd says so when its patience ends
	}
	defer socket.Close()
	_, _ = fmt.Fprint(socket, state)
}

// exists reports whether there is something of a name.
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
