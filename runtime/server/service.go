package server

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/ivrc/ivrc/runtime/router"
)

// A Service answers requests with everything that running it for others takes.
type Service struct {
	Replier     router.Replier          // what answers: the reloader's handler, or a verifier before it
	Reloader    *Reloader               // keeps what is served in step with its source
	Logger      *slog.Logger            // for everything but requests
	AccessLog   *slog.Logger            // for requests; may be nil
	Connections int                     // see [Server]; not 0
	Certificate func() *tls.Certificate // in use; nil without TLS
	Operators   net.Listener            // answers /metrics, /healthz and /readyz; may be nil
	Drain       time.Duration           // from the end of the context to that of service; see [Service.Run]
	Notify      func(state string)      // tells the service manager how the service is; may be nil

	after func(time.Duration) <-chan time.Time // a test's time.After
}

// Run answers requests until the context ends. Then [router.ReadyPath] says so, so
// that a load balancer can send requests elsewhere; after the time of Drain the
// service stops as [Server.Serve] does. It closes the listeners.
func (s *Service) Run(ctx context.Context, listener net.Listener) error {
	m := s.Reloader.Metrics
	audio := &audioLimit{next: s.Replier, slots: make(chan struct{}, max(1, s.Connections/2))}
	server := &Server{Handler: Observe(s.AccessLog, m, audio), Connections: s.Connections, Logger: s.Logger}
	m.Gauge("ivrc_connections", "Connections that are open.", func() float64 { return float64(server.Open()) })
	m.Gauge("ivrc_connections_limit", "Connections that may be open at once.", func() float64 { return float64(s.Connections) })
	m.Gauge("ivrc_audio_connections", "Connections on which a recording is being sent; at most half of those that may be open.", func() float64 { return float64(len(audio.slots)) })
	if s.Certificate != nil {
		m.Gauge("ivrc_certificate_expiry_timestamp_seconds", "When the certificate in use expires.", func() float64 {
			return float64(s.Certificate().Leaf.NotAfter.Unix())
		})
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx)) // for what goes on while requests are answered
	defer stop()
	if s.Operators != nil {
		go s.serveOperators(running)
	}
	go s.Reloader.Run(running)
	s.notify("READY=1")
	serving, end := s.draining(ctx)
	defer end()
	return server.Serve(serving, listener)
}

// An audioLimit keeps recordings, which take long to send and which anybody may ask
// for, from taking the connections that calls need for their documents.
type audioLimit struct {
	next  router.Replier
	slots chan struct{}
}

// Reply returns the reply of next, unless that is one recording too many.
func (a *audioLimit) Reply(r *http.Request) router.Reply {
	reply := a.next.Reply(r)
	if kindOf(&reply) != kindAudio {
		return reply
	}
	select {
	case a.slots <- struct{}{}:
		context.AfterFunc(r.Context(), func() { <-a.slots }) // when it has been sent
		return reply
	default:
		return router.Reply{Status: http.StatusServiceUnavailable, Text: "503: too many recordings are being sent at once.\n"}
	}
}

// serveOperators answers those who run the service.
func (s *Service) serveOperators(ctx context.Context) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.Reloader.Metrics)
	mux.Handle("GET "+router.HealthPath, s.Reloader.Handler)
	mux.Handle("GET "+router.ReadyPath, s.Reloader.Handler)
	server := &Server{Handler: mux, Logger: s.Logger}
	if err := server.Serve(ctx, s.Operators); err != nil {
		s.Logger.Error("metrics", slog.String("error", err.Error()))
	}
}

// draining returns a context that ends some time after another one. Until then the
// service is not ready.
func (s *Service) draining(ctx context.Context) (context.Context, context.CancelFunc) {
	serving, end := context.WithCancel(context.WithoutCancel(ctx))
	after := time.After
	if s.after != nil {
		after = s.after
	}
	context.AfterFunc(ctx, func() {
		s.notify("STOPPING=1")
		s.Reloader.Handler.Leave()
		select {
		case <-after(s.Drain):
		case <-serving.Done():
		}
		end()
	})
	return serving, end
}

func (s *Service) notify(state string) {
	if s.Notify != nil {
		s.Notify(state)
	}
}

// NotifySystemd tells systemd the state of the service, at the socket that it names
// in NOTIFY_SOCKET: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html.
// An error goes unreported here: systemd reports a service that does not get ready.
func NotifySystemd(socket, state string) {
	connection, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return
	}
	defer connection.Close()
	_, _ = connection.Write([]byte(state))
}
