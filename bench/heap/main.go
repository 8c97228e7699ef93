// Command heap says how much memory the documents of a bundle take when they are
// served, after a collection: how many there are, and how many bytes.
//
//	heap BUNDLE
package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/ivrc/ivrc/compiler/bundle"
	"github.com/ivrc/ivrc/runtime/router"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("usage: heap BUNDLE")
	}
	before := heap()
	b, err := bundle.Read(os.DirFS(os.Args[1]))
	if err != nil {
		return err
	}
	documents := len(b.Manifest.Files)
	h := router.New(b)
	b = nil
	fmt.Printf("%d\t%d\n", documents, heap()-before)
	runtime.KeepAlive(h)
	return nil
}

// heap is the bytes in use after a collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what the first has finalised
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
