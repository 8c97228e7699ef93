package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// How long to wait for others.
const (
	partnerWait = 5 * time.Second // for a program at the other end of a FIFO
	silenceWait = time.Minute     // for its next bytes
)

// Read reads a file of at most limit bytes. It follows links, and reads from devices
// and FIFOs, but does not wait for ever there.
func Read(name string, limit int64) ([]byte, error) {
	return read(name, limit, partnerWait, silenceWait)
}

// ReadRegular reads as Read does, but only a regular file: what can be read again, or
// written back.
func ReadRegular(name string, limit int64) ([]byte, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, failed("read", name, "is not a regular file")
	}
	return Read(name, limit)
}

func read(name string, limit int64, partner, silence time.Duration) ([]byte, error) {
	file, err := open(name, os.O_RDONLY, partner)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().IsRegular() && info.Size() > limit {
		return nil, tooLarge(name, limit)
	}
	data, err := io.ReadAll(io.LimitReader(patient{file, silence}, limit+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, failed("read", name, "nothing came from there for %s", silence)
	case err == nil && int64(len(data)) > limit:
		return nil, tooLarge(name, limit)
	}
	return data, err
}

// failed is an error about a file that the user named.
func failed(op, name, format string, args ...any) error {
	return &fs.PathError{Op: op, Path: name, Err: fmt.Errorf(format, args...)}
}

func tooLarge(name string, limit int64) error {
	return failed("read", name, "it is larger than %d kB", limit>>10)
}

// open opens a file that exists. To open a FIFO takes somebody at its other end.
func open(name string, flag int, partner time.Duration) (*os.File, error) {
	if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() {
		return os.OpenFile(name, flag, 0)
	}
	type opening struct {
		file *os.File
		err  error
	}
	opened := make(chan opening, 1)
	go func() {
		file, err := os.OpenFile(name, flag, 0)
		opened <- opening{file, err}
	}()
	select {
	case o := <-opened:
		return o.file, o.err
	case <-time.After(partner):
		go func() {
			if o := <-opened; o.err == nil {
				o.file.Close()
			}
		}()
		return nil, failed("open", name, "no program has been at the other end of it for %s", partner)
	}
}

// patient is a device or a FIFO that may be silent for a while.
type patient struct {
	file    *os.File
	silence time.Duration
}

func (p patient) Read(data []byte) (int, error) {
	_ = p.file.SetReadDeadline(time.Now().Add(p.silence)) // regular files have none
	return p.file.Read(data)
}

func (p patient) Write(data []byte) (int, error) {
	_ = p.file.SetWriteDeadline(time.Now().Add(p.silence))
	return p.file.Write(data)
}
