package deploy

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// inParallel does n things, some at the same time. After the first error nothing
// new begins; what has begun is finished.
func inParallel(ctx context.Context, parallel, n int, do func(ctx context.Context, i int) error) error {
	group, going := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	work := context.WithoutCancel(ctx) // what has begun is finished
	for i := range n {
		if going.Err() != nil {
			break
		}
		group.Go(func() error {
			if going.Err() != nil {
				return nil
			}
			return do(work, i)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return context.Cause(ctx)
}
