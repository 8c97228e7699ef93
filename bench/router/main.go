// Command router serves a bundle as ivrc serve does, but writes no log, to be
// compared with servers whose log is switched off:
//
//	router ADDRESS BUNDLE
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime/debug"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

func main() {
	debug.SetGCPercent(400) // as ivrc does
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 3 {
		return fmt.Errorf("usage: router ADDRESS BUNDLE")
	}
	b, err := bundle.Read(os.DirFS(os.Args[2]))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		return err
	}
	server := &router.Server{Handler: router.New(b)}
	return server.Serve(context.Background(), listener)
}
