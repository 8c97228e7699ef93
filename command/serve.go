package command

// serve: a server that answers Twilio.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/command/report"
	"github.com/ivrc/ivrc/runtime/router"
	"github.com/ivrc/ivrc/runtime/server"
)

// A serving holds the options of serve.
type serving struct {
	configuration
	listen, publicURL string
	certificate, key  string
	tokens            string
	metrics           string
	cache             string
	logFormat         string
	watch, trust      bool
	unsigned          bool
	accessLog         bool
	poll, drain       time.Duration
	connections       int
}

// serveCommand answers Twilio from a bundle.
func (p *Program) serveCommand() *cobra.Command {
	s := serving{configuration: configuration{program: p, answers: true}}
	cmd := &cobra.Command{
		Use:   "serve [options] [DIR | STORE]",
		Short: "Answer Twilio from a configuration, a bundle or a store",
		Long: "Serves the configuration in DIR, which is compiled; the bundle in DIR; or the releases in STORE,\n" +
			"which is dir:PATH or s3://BUCKET/PREFIX as for apply.\n\n" +
			"With TWILIO_AUTH_TOKEN in the environment, only requests that Twilio has signed are answered;\n" +
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
	f.StringVar(&s.certificate, "tls-cert", "", "serve TLS with the certificate in `FILE`, which is reread when it changes")
	f.StringVar(&s.key, "tls-key", "", "the certificate's key, in `FILE`")
	f.BoolVar(&s.watch, "watch", false, "compile again when a file is saved; calls in progress finish as they began")
	f.BoolVar(&s.trust, "trust-proxy", false, "trust X-Forwarded-Proto and X-Forwarded-Host, which a proxy in front must set")
	f.BoolVar(&s.unsigned, "unsigned", false, "answer all requests, signed or not")
	f.StringVar(&s.tokens, "auth-tokens", "", "the auth tokens, one a line, in `FILE` instead of in the environment; it is reread when it changes")
	f.DurationVar(&s.poll, "poll", 10*time.Second, "look for a new bundle or release every `DURATION`")
	f.StringVar(&s.cache, "cache", "", "keep a copy of the store in `DIR`, to start from while the store is unavailable")
	f.StringVar(&s.metrics, "metrics", "", "answer /metrics, /healthz and /readyz on `ADDRESS`, which must not be public")
	f.StringVar(&s.logFormat, "log-format", "text", "write the log as `FORMAT`: text or json")
	f.BoolVar(&s.accessLog, "access-log", true, "write a line for each request")
	f.IntVar(&s.connections, "max-connections", 4096, "accept at most `N` connections at once")
	f.DurationVar(&s.drain, "drain", 0, "after a signal to stop, keep answering for `DURATION` while /readyz says 503")
	choices(cmd, "log-format", "text", "json")
	return cmd
}

// run serves until the context ends.
func (s *serving) run(ctx context.Context, location string) error {
	if err := s.check(location); err != nil {
		return err
	}
	service, err := s.service()
	if err != nil {
		return err
	}
	listener, err := s.listener(ctx, service)
	if err != nil {
		return err
	}
	defer listener.Close()
	source, every, err := s.source(ctx, location)
	if err != nil {
		return err
	}
	watch := func(func()) {}
	if s.watch { // from before the files are read, so that no change is missed
		watcher, err := s.program.watcher(location)
		if err != nil {
			return err
		}
		defer watcher.close()
		watch = func(changed func()) { watcher.follow(changed) }
	}
	reloader, first, err := server.Open(ctx, source, every, service.Logger)
	if err != nil {
		return err
	}
	service.Reloader = reloader
	if first.Waiting != nil && s.needsPublicURL() {
		return errors.New("the store contains no release yet, so nobody knows the address that Twilio signs its requests for. Give it with -base-url, or use -trust-proxy behind a proxy that sets it")
	}
	if first.BaseURL != "" && s.publicURL == "" && !s.trust {
		s.baseURL, s.publicURL = first.BaseURL, first.BaseURL
	}
	if service.Replier, err = s.signed(reloader, service.Logger); err != nil {
		return err
	}
	if service.Operators, err = s.operators(ctx); err != nil {
		return err
	}
	s.announce(first, location, listener, service.Operators)
	go watch(func() { s.reload(ctx, location, reloader) })
	defer s.program.holding()()
	return service.Run(ctx, listener)
}

// service returns a service with the options that concern it.
func (s *serving) service() (*server.Service, error) {
	logger, err := s.logger()
	if err != nil {
		return nil, err
	}
	if name := s.chosen().Name; name != "" {
		logger = logger.With("environment", name)
	}
	service := &server.Service{Logger: logger, Connections: s.connections, Drain: s.drain}
	if s.accessLog {
		service.AccessLog = logger
	}
	if socket := s.program.env("NOTIFY_SOCKET"); socket != "" {
		service.Notify = func(state string) { server.NotifySystemd(socket, state) }
	}
	return service, nil
}

// check refuses options that cannot be combined.
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
		return errors.New("-poll takes a duration above zero, such as 10s")
	case s.connections < 1:
		return errors.New("-max-connections takes a number from 1")
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

// signed lets only requests from Twilio through, if there is a token to check their
// signatures with.
func (s *serving) signed(reloader *server.Reloader, logger *slog.Logger) (router.Replier, error) {
	p, next := s.program, reloader.Handler
	if u, err := url.Parse(s.publicURL); err == nil {
		next.Prefix = strings.TrimRight(u.Path, "/")
	}
	signature := router.Signature{PublicURL: s.publicURL, TrustProxy: s.trust, OpenAudio: true}
	for _, name := range []string{"TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_SECONDARY"} {
		if token := p.env(name); token != "" {
			signature.Tokens = append(signature.Tokens, token)
		}
	}
	switch {
	case s.unsigned:
		return next, nil
	case s.tokens != "":
		tokens, err := server.Tokens(p.path(s.tokens), logger, reloader.Metrics)
		if err != nil {
			return nil, fmt.Errorf("the auth tokens cannot be used: %w", err)
		}
		signature.Renewed = tokens
	case len(signature.Tokens) == 0:
		fmt.Fprintln(p.Stderr, p.output().Paint(report.Yellow, "Note:")+" requests are not checked, because TWILIO_AUTH_TOKEN is not set. Anyone who knows an address can read the documents.")
		return next, nil
	}
	return signature.Require(next)
}

// needsPublicURL reports whether signatures are checked and nothing says for which
// address Twilio made them. A certificate of its own is that of the address.
func (s *serving) needsPublicURL() bool {
	signed := s.tokens != "" || s.program.env("TWILIO_AUTH_TOKEN")+s.program.env("TWILIO_AUTH_TOKEN_SECONDARY") != ""
	return signed && !s.unsigned && s.publicURL == "" && !s.trust && s.certificate == ""
}

// announce writes what is served where.
func (s *serving) announce(first *server.Reading, location string, listener, operators net.Listener) {
	p := s.program
	name := location
	if len(first.Bundles) > 0 {
		name = first.Bundles[0].Manifest.Project
	}
	fmt.Fprintf(p.Stdout, "Serving %s on %s\n", name, listener.Addr())
	if operators != nil {
		fmt.Fprintf(p.Stdout, "Metrics on http://%s/metrics\n", operators.Addr())
	}
	fmt.Fprintln(p.Stdout)
	if len(first.Bundles) == 0 {
		fmt.Fprintln(p.Stdout, "There is no release to serve yet. Calls are answered with 503 until ivrc apply has written one.")
		return
	}
	b := first.Bundles[0]
	for _, n := range b.Manifest.Numbers {
		fmt.Fprintf(p.Stdout, "  %-12s %s/%s\n", n.Name, strings.TrimSuffix(s.baseURL, "/"), n.Answer)
	}
	fmt.Fprintln(p.Stdout)
}

// listener listens, with TLS if there is a certificate.
func (s *serving) listener(ctx context.Context, service *server.Service) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", s.listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", s.listen, err)
	}
	scheme := "http://"
	if s.certificate != "" {
		scheme = "https://"
		service.Certificate, err = server.Certificate(s.program.path(s.certificate), s.program.path(s.key), service.Logger)
		if err != nil {
			listener.Close()
			return nil, fmt.Errorf("the certificate cannot be used: %w", err)
		}
		listener = server.TLS(listener, service.Certificate)
	}
	s.baseURL = cmp.Or(s.publicURL, scheme+listener.Addr().String())
	return listener, nil
}

// operators listens on the address for operators. It returns nil if there is none.
func (s *serving) operators(ctx context.Context) (net.Listener, error) {
	if s.metrics == "" {
		return nil, nil
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", s.metrics)
	if err != nil {
		return nil, fmt.Errorf("-metrics: cannot listen on %s: %w", s.metrics, err)
	}
	return listener, nil
}

// exists reports whether a file or a directory exists.
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
