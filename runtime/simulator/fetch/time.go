package fetch

import (
	"context"
	"time"
)

// timeKey is the key of a time in a context.
type timeKey struct{}

// withTime returns a context that tells a handler in this process at which time a
// request is made.
func withTime(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, timeKey{}, at)
}

// TimeOf returns the time at which a request is made: that of a simulated call, for a
// handler in the same process, and otherwise now.
func TimeOf(ctx context.Context) time.Time {
	if at, ok := ctx.Value(timeKey{}).(time.Time); ok {
		return at
	}
	return time.Now()
}
