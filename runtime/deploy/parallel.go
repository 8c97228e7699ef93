package deploy

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// inParallel does n things, some at the same time. After the first error nothing
// new begins, but what has begun is finished, unless the context ends.
func inParallel(ctx context.Context, parallel, n int, do func(ctx context.Context, i int) error) error {
	group, going := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i := range n {
		if going.Err() != nil {
			break
		}
		group.Go(func() error {
			if going.Err() != nil {
				return nil
			}
			return do(ctx, i)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// finishing is how long a write at Twilio goes on after the context has ended.
const finishing = 10 * time.Second

// finish returns a context that ends a moment later than another one, so that the
// answer to a request that is on its way is known, but nothing is tried for minutes.
func finish(ctx context.Context) (later context.Context, done context.CancelFunc) {
	later, done = context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(finishing, done) })
	return later, done
}
