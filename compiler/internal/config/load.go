package config

// Loading the files of a configuration. A file that is so plain that nothing has
// to be known of the others is decoded as soon as it is parsed, because its syntax
// tree takes twenty times the memory of its text:
//
//	menu "main" { attempts = 2 }               parsed and decoded, on any core
//	locals { … }, dynamic "menu" { … }, …      parsed; decoded when variables have values

import (
	"io/fs"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/ivrc/ivrc/compiler/internal/diagnostic"
	"github.com/ivrc/ivrc/compiler/internal/source"
)

// A loaded file is a source, and what it says if it has been decoded already.
type loadedFile struct {
	*source.File
	decoded *Config // nil if the file has to be decoded later
}

// ReadFiles reads and parses every configuration file of a directory, in the
// order of their names. Where there is an error, some have no body.
func ReadFiles(r *diagnostic.Collector, files fs.FS, progress *source.Progress) []*loadedFile {
	sources, ok := source.ReadTexts(r, files, source.FileNames(r, files))
	loaded := make([]*loadedFile, len(sources))
	for i, s := range sources {
		loaded[i] = &loadedFile{File: s}
	}
	if !ok {
		return loaded
	}
	reports := make([]diagnostic.Collector, len(sources))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range sources {
		group.Go(func() error {
			progress.Reach(source.StartOf(sources[i].Name))
			source.ParseSource(&reports[i], sources[i])
			if sources[i].Plain && sources[i].Body != nil {
				loaded[i].decode()
			}
			return nil
		})
	}
	_ = group.Wait() // what went wrong is in the reports
	for i := range reports {
		r.Adopt("IVR101", reports[i].Sorted())
	}
	return loaded
}
