package command_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ivrc/ivrc/command"
	"github.com/ivrc/ivrc/command/commandtest"
)

// Wherever an apply is interrupted, it ends with an error that says so, frees its
// lock, and leaves to the next one what was not done.
func TestInterruptApply(t *testing.T) {
	for name, request := range map[string]struct{ host, method, path string }{
		"while it reads the account": {twilioHost, http.MethodGet, "IncomingPhoneNumbers"},
		"while it reads the store":   {bucketHost, http.MethodGet, "private/"},
		"while it uploads":           {bucketHost, http.MethodPut, "public/"},
		"while it requests":          {publicHost, http.MethodGet, ""},
		"while it writes a record":   {bucketHost, http.MethodPut, "private/applied/"},
		"while it points a number":   {twilioHost, http.MethodPost, "IncomingPhoneNumbers/"},
	} {
		for _, stuck := range []bool{false, true} { // the request that is on its way is answered, or never
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c := newCanary(t)
					ctx, interrupt := context.WithCancel(t.Context())
					defer interrupt()
					met := false
					c.stage.fault = stageFault{request.host, func(r *http.Request, reply func() *http.Response) *http.Response {
						if r.Method != request.method || !strings.Contains(r.URL.Path, request.path) || ctx.Err() != nil {
							return reply()
						}
						met = true
						interrupt()
						if stuck {
							<-r.Context().Done()
							return nil
						}
						return reply()
					}}
					out := commandtest.NewLog()
					p := &command.Program{
						Args: strings.Fields("apply -auto-approve -json"), Stdin: strings.NewReader(""), Stdout: out, Stderr: out,
						Environment: c.environment, Directory: c.directory, Width: 80, Network: c.stage,
					}
					begun := time.Now()
					if code := p.Run(ctx); code != command.ExitError || !met || !strings.Contains(out.String(), "interrupted") {
						t.Errorf("it ends with %d, the request was made: %v\n%s", code, met, out)
					}
					if took := time.Since(begun); took > 15*time.Second {
						t.Errorf("it takes %s", took)
					}
					if strings.Contains(out.String(), "context canceled") {
						t.Errorf("it speaks of a context:\n%s", out)
					}
					c.stage.fault = stageFault{}
					if text, code := c.execute("apply -auto-approve"); code != command.ExitSuccess {
						t.Errorf("the next apply ends with %d:\n%s", code, text)
					}
				})
			})
		}
	}
}
