package command

// The ceiling. What evaluation costs is counted and bounded beforehand (see
// compiler/internal/source/budget.go), by a list of functions and constructs that
// will always have holes. So a compilation runs under a ceiling, too, which needs no
// estimate: whatever it does, it is given up once it has taken so much CPU time or
// memory, and reported with the place that it had come to.
//
//	reading and evaluating     8 s    512 MiB, or 260 bytes for each byte of the source
//	proving and documents     60 s    4 GiB
//
// Nothing can end a goroutine that never returns. It is left behind, and ends with
// the process; so what runs on compiles in a process of its own, see apart.go.

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ivrc/ivrc/compiler"
)

// A ceiling is what a compilation may take.
type ceiling struct {
	evaluating, making allowance
}

// An allowance is CPU time and memory.
type allowance struct {
	cpu    time.Duration
	memory int64 // bytes
}

// ceilingFor returns the ceiling of a source of a size. Two environment variables
// replace it.
func (p *Program) ceilingFor(size int64) (ceiling, error) {
	c := ceiling{
		evaluating: allowance{8 * time.Second, 2 * memoryFor(size)},
		making:     allowance{time.Minute, 4 << 30},
	}
	if text := p.env("IVRC_MAX_CPU"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			return c, fmt.Errorf("IVRC_MAX_CPU takes a duration above zero, such as 30s, not %q", text)
		}
		c.evaluating.cpu, c.making.cpu = d, d
	}
	if text := p.env("IVRC_MAX_MEMORY"); text != "" {
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n <= 0 {
			return c, fmt.Errorf("IVRC_MAX_MEMORY takes a number of MiB above zero, such as 2048, not %q", text)
		}
		c.evaluating.memory, c.making.memory = n<<20, n<<20
	}
	return c, nil
}

// compile compiles under the ceiling. It returns what a compilation that reached it
// is stopped with.
func (c ceiling) compile(ctx context.Context, in compiler.Input) (compiler.Result, hcl.Diagnostics, error) {
	in.Progress = &compiler.Progress{}
	var result compiler.Result
	var diags hcl.Diagnostics
	done := make(chan struct{})
	go func() {
		defer close(done)
		result, diags = compiler.Compile(in)
	}()
	at, taken, err := c.under(ctx, in.Progress, done)
	switch {
	case err != nil:
		return compiler.Result{}, nil, err
	case taken != "":
		stopped := compiler.Result{Sources: map[string][]byte{}}
		name := at.At.Filename
		text, err := fs.ReadFile(in.Files, name) // which was read before
		if err == nil && strings.HasSuffix(name, ".hcl") && !bytes.Contains(text, []byte("sensitive")) {
			stopped.Sources[name] = text // which is not known to hold a sensitive value, as a file of values may
		}
		return stopped, hcl.Diagnostics{compiler.Stopped(at, taken)}, nil
	}
	return result, diags, nil
}

// under waits for a compilation that keeps progress. It returns false if the
// compilation reached the ceiling before, with where it was and what it had taken,
// and an error if the context ended.
func (c ceiling) under(ctx context.Context, progress *compiler.Progress, done <-chan struct{}) (at compiler.Stage, taken string, err error) {
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	var spent time.Duration // in the stage at hand
	before, least := cpuTime(), memoryTaken()
	for {
		select {
		case <-done:
			return at, "", nil
		case <-ctx.Done():
			return at, "", ctx.Err()
		case <-ticker.C:
		}
		now, memory, stage := cpuTime(), memoryTaken(), progress.Stage()
		if stage.Pass != at.Pass { // a compilation for itself
			spent, least = 0, min(least, memory)
		}
		spent += now - before
		before, at = now, stage
		allowed := c.evaluating
		if at.Evaluated {
			allowed = c.making
		}
		switch {
		case spent > allowed.cpu:
			return at, fmt.Sprintf("%s of CPU time", allowed.cpu), nil
		case memory-least > allowed.memory:
			return at, fmt.Sprintf("taking %d MiB of memory", allowed.memory>>20), nil
		}
	}
}

// memoryTaken returns how much memory the process holds, in bytes.
func memoryTaken() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}
