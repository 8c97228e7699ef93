// Command s3test is a real S3 server for the tests of package store: object
// storage with signatures, policies, checksums and conditional writes, on a
// port of the loopback interface that it chooses itself.
//
//	s3test DIRECTORY
//
// It prints its address, http://127.0.0.1:PORT, as one line once it answers,
// and ends when its standard input does, so that it never outlives the test
// that started it. Objects are kept below DIRECTORY. The credentials are
// ivrctest and ivrctestsecret.
//
// It is a module of its own because of its weight: about forty modules and two
// minutes of compiling, none of which the program itself needs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: s3test DIRECTORY")
		os.Exit(1)
	}
	if err := run(os.Args[1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "s3test:", err)
		os.Exit(1)
	}
}

// run serves until in ends. The gateway takes no listener, so a free port is
// found first; if somebody else takes it in between, another one is tried.
func run(dir string, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, in)
		cancel()
	}()
	storage, err := storage(dir)
	if err != nil {
		return err
	}
	for range 5 {
		if err = serve(ctx, storage, out); ctx.Err() != nil {
			return nil
		}
	}
	return err
}

// storage keeps objects in one folder and what is known of them in another,
// because not every file system has extended attributes.
func storage(dir string) (*posix.Posix, error) {
	dir, err := filepath.Abs(dir) // the gateway makes its own folder the working directory
	if err != nil {
		return nil, err
	}
	objects, attributes := filepath.Join(dir, "objects"), filepath.Join(dir, "attributes")
	if err := errors.Join(os.MkdirAll(objects, 0o755), os.MkdirAll(attributes, 0o755)); err != nil {
		return nil, err
	}
	kept, err := meta.NewSideCar(attributes)
	if err != nil {
		return nil, err
	}
	return posix.New(objects, kept, posix.PosixOpts{SideCarDir: attributes, Concurrency: 64})
}

// serve runs the gateway and says its address once it answers.
func serve(ctx context.Context, storage *posix.Posix, out io.Writer) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	go func() {
		if answers(ctx, "http://"+address+"/health") {
			fmt.Fprintln(out, "http://"+address)
		}
	}()
	return embedgw.RunVersityGW(ctx, storage, &embedgw.Config{
		RootUserAccess:    "ivrctest",
		RootUserSecret:    "ivrctestsecret",
		Region:            "us-east-1",
		Ports:             []string{address},
		MaxConnections:    1024,
		MaxRequests:       512,
		MultipartMaxParts: 10000,
		HealthPath:        "/health",
		Quiet:             true,
		KeepAlive:         true,
	})
}

// freeAddress returns an address of the loopback interface that is free now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// answers waits until the server answers, or ctx ends.
func answers(ctx context.Context, url string) bool {
	for ctx.Err() == nil {
		if response, err := http.Get(url); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return true
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}
