// Package store keeps objects by key, in a directory or in object storage that
// speaks S3, and the deploy lock beside them.
//
//	s, err := store.Open(ctx, "s3://ivr-prod/main?region=eu-central-1", os.Getenv, nil)
//	lock, err := store.AcquireLock(ctx, s, store.LockRequest{Operation: "apply", Who: "user@host"})
//	_, err = s.Put(ctx, "public/menu.main-6f1/menu-1.xml", data, store.PutOptions{IfAbsent: true})
//	err = lock.Release(ctx)
//
// Two things are asked of a store that not every one keeps: a write that fails
// if somebody else was faster, and the store's own clock. The lock is made of
// these two (lock.go).
package store
