package command

// Memory. A compilation lives briefly, so its garbage is collected late, which
// saves a third of its time; but not so late that an input that is made to be
// costly takes more than its share:
//
//	a configuration of   28 kB   256 MiB at most
//	                    7.3 MB   557 MiB

import (
	"io/fs"
	"runtime/debug"
	"strings"
)

// memoryFor is how much memory, in bytes, a compilation of a source of a size
// takes at most, unless the bundle that it makes is larger. Garbage is collected
// at every opportunity from three quarters of it on.
func memoryFor(size int64) int64 { return max(256<<20, 80*size) }

// collectLate sets the garbage collector for a compilation, and returns what sets
// it back.
func collectLate(files fs.FS) (back func()) {
	var size int64
	entries, _ := fs.ReadDir(files, ".") // what cannot be read is reported by who needs it
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && strings.HasSuffix(entry.Name(), ".hcl") {
			size += min(info.Size(), 1<<20)
		}
	}
	limit := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(limit, memoryFor(size)/4*3))
	percent := debug.SetGCPercent(400)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}
