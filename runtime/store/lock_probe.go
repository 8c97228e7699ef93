package store

// A probe of what the deploy lock rests on. Some stores that speak S3 ignore
// If-None-Match or If-Match and write all the same; some refuse to write where
// something was deleted. So before the lock is first used in a store, it is
// tried whether conditions are kept, on an object of its own:
//
//	write if absent             happens
//	write if absent             fails, for it is there
//	write if version made up    fails
//	write if version 1          happens
//	write if version 1          fails, for it is version 2
//	read                        is what was written last
//	delete, write if absent     happens

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const probePrefix = "private/probe-"

// probe tries whether the store keeps the conditions of writes. It leaves
// nothing behind.
func (k locker) probe(ctx context.Context) (err error) {
	if err := k.sweepProbes(ctx); err != nil {
		return err
	}
	p := prober{ctx: ctx, store: k.store, key: probePrefix + k.id() + ".json"}
	defer func() {
		own, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockPatience)
		defer cancel()
		if e := k.store.Delete(own, p.key); err == nil && e != nil {
			err = e
		}
	}()
	first := p.written("one", PutOptions{IfAbsent: true})
	p.refused("two", PutOptions{IfAbsent: true}, "If-None-Match")
	p.refused("two", PutOptions{IfVersion: "00000000000000000000000000000000"}, "If-Match")
	second := p.written("three", PutOptions{IfVersion: first})
	p.refused("four", PutOptions{IfVersion: first}, "If-Match")
	p.reads("three", second)
	p.deleted()
	p.written("five", PutOptions{IfAbsent: true})
	return p.err
}

// sweepProbes removes what probes left behind that were killed.
func (k locker) sweepProbes(ctx context.Context) error {
	left, err := k.store.List(ctx, probePrefix)
	if err != nil {
		return err
	}
	for _, e := range left {
		if e.Now.Sub(e.Modified) > time.Hour {
			if err := k.store.Delete(ctx, e.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// A prober stops at the first thing that is not as it should be.
type prober struct {
	ctx   context.Context
	store Store
	key   string
	err   error
}

// written makes a write that must happen, and returns its version.
func (p *prober) written(text string, o PutOptions) string {
	if p.err != nil {
		return ""
	}
	entry, err := p.store.Put(p.ctx, p.key, []byte(text), o)
	if errors.Is(err, ErrConflict) {
		err = p.unfit(fmt.Errorf("it refuses to write although the condition is met: %w", err))
	}
	p.err = err
	return entry.Version
}

// refused makes a write that must not happen.
func (p *prober) refused(text string, o PutOptions, header string) {
	if p.err != nil {
		return
	}
	_, err := p.store.Put(p.ctx, p.key, []byte(text), o)
	switch {
	case err == nil:
		p.err = p.unfit(fmt.Errorf("it ignores %s, and writes although the condition is not met", header))
	case !errors.Is(err, ErrConflict):
		p.err = err
	}
}

func (p *prober) reads(text, version string) {
	if p.err != nil {
		return
	}
	data, entry, err := p.store.Get(p.ctx, p.key)
	switch {
	case err != nil:
		p.err = err
	case string(data) != text || entry.Version != version:
		p.err = p.unfit(errors.New("it does not read what was written last"))
	}
}

func (p *prober) deleted() {
	if p.err == nil {
		p.err = p.store.Delete(p.ctx, p.key)
	}
}

// unfit says that the store cannot be deployed to.
func (p *prober) unfit(err error) error {
	return fmt.Errorf("%s cannot keep two deployments apart: %w. Use a store with conditional writes, such as Amazon S3, Cloudflare R2 or MinIO, or a directory", p.store, err)
}
