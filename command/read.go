package command

// What a compilation reads. Whoever watches a directory compiles again when one of
// these files changes, and not when another does: a log that is written through a pipe
// into the directory would start a compilation with every line, which writes the next
// line. Compilations are processes of their own, so each leaves a list of what it has
// read, in a file that the environment names:
//
//	ivrc serve -watch ──IVRC_READ_LIST=FILE──▶ ivrc compile
//	                  ◀──["hello.wav", …]────

import (
	"encoding/json"
	"io/fs"
	"os"
	"sync"
)

// readListVariable is the variable of the environment that names the file.
const readListVariable = "IVRC_READ_LIST"

// A readRecorder is a directory that notes which files are read, or looked for.
type readRecorder struct {
	fs.FS
	mutex sync.Mutex
	names map[string]bool
}

func (r *readRecorder) note(name string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.names[name] = true
}

// Open notes a file and opens it.
func (r *readRecorder) Open(name string) (fs.File, error) {
	r.note(name)
	return r.FS.Open(name)
}

// Stat notes a file and describes it.
func (r *readRecorder) Stat(name string) (fs.FileInfo, error) {
	r.note(name)
	return fs.Stat(r.FS, name)
}

// Lstat notes a file and describes it, or the link that it is.
func (r *readRecorder) Lstat(name string) (fs.FileInfo, error) {
	r.note(name)
	return fs.Lstat(r.FS, name)
}

// ReadLink notes a link and reads it.
func (r *readRecorder) ReadLink(name string) (string, error) {
	r.note(name)
	return fs.ReadLink(r.FS, name)
}

// recording is a directory whose reader is asked for a list of what is read, and what
// writes that list. Where nobody asks, it is the directory.
func (p *Program) recording(files fs.FS) (fs.FS, func()) {
	list := p.env(readListVariable)
	if list == "" {
		return files, func() {}
	}
	r := &readRecorder{FS: files, names: map[string]bool{}}
	return r, func() {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		if data, err := json.Marshal(r.names); err == nil {
			_ = os.WriteFile(list, data, 0o600) // without it, every change counts
		}
	}
}
