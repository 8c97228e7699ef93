package command

// Memory. A compilation is short, and most of its garbage never has to be collected,
// which saves a third of the time; but hostile input must not take too much memory. So
// nothing is collected up to three quarters of a bound, and from there on as often as it
// takes to stay below:
//
//	a configuration of   28 kB   256 MiB at most
//	                    7.3 MB   905 MiB

import (
	"io/fs"
	"runtime/debug"
	"strings"
)

// memoryFor returns the most memory, in bytes, that compiling a source of a size may
// take, unless the bundle is larger.
func memoryFor(size int64) int64 { return max(256<<20, 130*size) }

// collectLate tunes the garbage collector for the compilation of a source of a size.
func collectLate(size int64) {
	debug.SetMemoryLimit(min(debug.SetMemoryLimit(-1), memoryFor(size)/4*3))
	debug.SetGCPercent(-1)
}

// sourceSize is the size of all files that HCL is read from, in bytes.
func sourceSize(files fs.FS) (size int64) {
	entries, _ := fs.ReadDir(files, ".") // what cannot be read is reported by who needs it
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && strings.HasSuffix(entry.Name(), ".hcl") {
			size += min(info.Size(), 1<<20)
		}
	}
	return size
}
