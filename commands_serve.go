package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

// A serving is the options of serve.
type serving struct {
	configuration
	listen, publicURL  string
	certificate, key   string
	watch, trust, open bool
}

// serveCommand answers Twilio from a bundle.
func (p *program) serveCommand() *cobra.Command {
	s := serving{configuration: configuration{program: p, answers: true}}
	cmd := &cobra.Command{
		Use:   "serve [options] [DIR]",
		Short: "Answer Twilio from a configuration or a bundle",
		Long: "Serves the configuration in DIR, which is compiled, or the bundle in DIR.\n\n" +
			"With TWILIO_AUTH_TOKEN in the environment, only requests that Twilio signed are answered;\n" +
			"TWILIO_AUTH_TOKEN_SECONDARY is accepted as well while tokens are rotated.",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.run(cmd.Context(), directoryArgument(args))
		},
	}
	s.flags(cmd)
	cmd.Flags().StringVar(&s.listen, "listen", "127.0.0.1:8080", "listen on `ADDRESS`")
	cmd.Flags().Var(baseURLFlag{&s.publicURL}, "base-url", "`URL` under which Twilio reaches the server, if it is not the address itself")
	cmd.Flags().StringVar(&s.certificate, "tls-cert", "", "serve TLS with the certificate in `FILE`")
	cmd.Flags().StringVar(&s.key, "tls-key", "", "the certificate's key, in `FILE`")
	cmd.Flags().BoolVar(&s.watch, "watch", false, "compile again when a file is saved; calls in progress go on as they began")
	cmd.Flags().BoolVar(&s.trust, "trust-proxy", false, "believe X-Forwarded-Proto and X-Forwarded-Host, which a proxy in front must set")
	cmd.Flags().BoolVar(&s.open, "unsigned", false, "answer anybody, signed or not")
	return cmd
}

// run serves until the context ends.
func (s *serving) run(ctx context.Context, directory string) error {
	listener, err := s.listener(ctx)
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
	var watcher *fsnotify.Watcher
	if s.watch { // from before the files are read, so that no change is missed
		if watcher, err = s.program.watcher(directory); err != nil {
			return err
		}
		defer watcher.Close()
	}
	result, err := s.configuration.open(directory)
	if err != nil {
		return err
	}
	handler := router.New(result.Bundle)
	signed, err := s.signed(handler)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(s.program.stderr, nil))
	s.announce(result.Bundle, listener)
	if s.watch {
		go follow(watcher, func() { s.reload(directory, handler) })
	}
	return router.Serve(ctx, listener, router.Log(logger, signed))
}

// listener listens, with TLS if there is a certificate.
func (s *serving) listener(ctx context.Context) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", s.listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", s.listen, err)
	}
	if s.certificate == "" && s.key == "" {
		return listener, nil
	}
	pair, err := tls.LoadX509KeyPair(s.program.path(s.certificate), s.program.path(s.key))
	if err != nil {
		listener.Close()
		return nil, fmt.Errorf("the certificate cannot be used: %w", err)
	}
	return tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}), nil
}

// signed lets only Twilio's requests through, if there is a token to tell them.
func (s *serving) signed(next http.Handler) (http.Handler, error) {
	p := s.program
	if s.open || p.env("TWILIO_AUTH_TOKEN") == "" {
		if !s.open {
			fmt.Fprintln(p.stderr, p.paint(yellow, "Note:")+" requests are not checked, because TWILIO_AUTH_TOKEN is not set. Whoever knows an address can read the documents.")
		}
		return next, nil
	}
	signature := router.Signature{PublicURL: s.publicURL, TrustProxy: s.trust}
	for _, name := range []string{"TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_SECONDARY"} {
		if token := p.env(name); token != "" {
			signature.Tokens = append(signature.Tokens, token)
		}
	}
	signed, err := signature.Require(next)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Twilio does not say whether it signs the requests of Play. Audio is
		// named by its content and tells nobody anything about a call flow.
		if strings.HasPrefix(r.URL.Path, "/audio/") {
			next.ServeHTTP(w, r)
			return
		}
		signed.ServeHTTP(w, r)
	}), nil
}

// announce says what is served where.
func (s *serving) announce(b *bundle.Bundle, listener net.Listener) {
	p := s.program
	fmt.Fprintf(p.stdout, "Serving %s on %s\n\n", b.Manifest.Project, listener.Addr())
	for _, n := range b.Manifest.Numbers {
		fmt.Fprintf(p.stdout, "  %-12s %s/%s\n", n.Name, strings.TrimSuffix(s.baseURL, "/"), n.Answer)
	}
	fmt.Fprintln(p.stdout)
}

// reload compiles and, if that succeeds, swaps the bundle.
func (s *serving) reload(directory string, handler *router.Handler) {
	p := s.program
	result, err := s.load(directory)
	if err != nil {
		fmt.Fprintln(p.stderr, p.paint(red, "Not reloaded.")+" The bundle from before is served on.")
		return
	}
	handler.Swap(result.Bundle)
	fmt.Fprintf(p.stderr, "Reloaded %s.\n", result.Bundle.Manifest.Digest[:12])
}
