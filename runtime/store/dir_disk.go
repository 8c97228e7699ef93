package store

// How a directory changes: one small step after the other, each of which may be
// the last. See store_dir.go for why this order.

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

const (
	dirLock    = ".ivrc.lock"
	tempSuffix = ".tmp"

	// staleTemp is the age at which a temporary file has no writer any longer.
	staleTemp = time.Hour

	// writeBlock is how much is written between two looks at the context, in bytes.
	writeBlock = 1 << 20
)

// temporary writes data to a file beside the one that it will be, and forces it
// to the disk. A folder may be removed, because it is empty, just when it was
// made; then it is made again.
func (s *dirStore) temporary(ctx context.Context, root *os.Root, key string, data []byte) (string, error) {
	mode := fs.FileMode(0o644)
	if strings.HasPrefix(key, "private/") {
		mode = 0o640
	}
	temp := path.Join(path.Dir(key), "."+rand.Text()+tempSuffix)
	for again := 3; ; again-- {
		if err := s.folder(root, path.Dir(key)); err != nil {
			return "", err
		}
		file, err := s.create(root, temp, mode)
		if errors.Is(err, fs.ErrNotExist) && again > 0 {
			continue
		}
		if err != nil {
			return "", err
		}
		if err := errors.Join(s.fill(ctx, file, data), file.Close()); err != nil {
			_ = s.remove(root, temp)
			return "", err
		}
		return temp, nil
	}
}

func (s *dirStore) create(root *os.Root, name string, mode fs.FileMode) (*os.File, error) {
	if err := s.step("create " + name); err != nil {
		return nil, err
	}
	return root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}

// fill writes a file's contents and forces them to the disk.
func (s *dirStore) fill(ctx context.Context, file *os.File, data []byte) error {
	for block := range slices.Chunk(data, writeBlock) {
		if err := errors.Join(ctx.Err(), s.step("write")); err != nil {
			return err
		}
		if _, err := file.Write(block); err != nil {
			return err
		}
	}
	if err := s.step("sync"); err != nil {
		return err
	}
	return file.Sync()
}

// link gives a file its name if nobody else has it.
func (s *dirStore) link(root *os.Root, temp, key string) error {
	if err := s.step("link " + key); err != nil {
		return err
	}
	err := root.Link(filepath.FromSlash(temp), filepath.FromSlash(key))
	if errors.Is(err, fs.ErrExist) {
		return ErrConflict
	}
	if err != nil {
		return err
	}
	return s.remove(root, temp)
}

// replace gives a file its name, in the place of the version that is expected.
func (s *dirStore) replace(ctx context.Context, root *os.Root, temp, key, version string) error {
	unlock, err := s.lock(ctx, root)
	if err != nil {
		return err
	}
	defer unlock()
	if version != "" {
		data, _, err := s.read(root, key)
		if errors.Is(err, fs.ErrNotExist) || err == nil && digest(data) != version {
			return ErrConflict
		}
		if err != nil {
			return err
		}
	}
	if err := s.step("rename " + key); err != nil {
		return err
	}
	return root.Rename(filepath.FromSlash(temp), filepath.FromSlash(key))
}

func (s *dirStore) remove(root *os.Root, name string) error {
	if err := s.step("remove " + name); err != nil {
		return err
	}
	return root.Remove(filepath.FromSlash(name))
}

// make makes the directory itself.
func (s *dirStore) make() error {
	if info, err := os.Stat(s.path); err == nil && info.IsDir() {
		return nil
	}
	if err := s.step("make " + s.path); err != nil {
		return err
	}
	return os.MkdirAll(s.path, 0o755)
}

// folder makes a folder and those above it, each forced to the disk.
func (s *dirStore) folder(root *os.Root, name string) error {
	mode := fs.FileMode(0o755)
	if name == "private" || strings.HasPrefix(name, "private/") {
		mode = 0o750
	}
	for i := range len(name) + 1 {
		if i < len(name) && name[i] != '/' {
			continue
		}
		above := name[:i]
		if _, err := root.Lstat(filepath.FromSlash(above)); err == nil {
			continue
		}
		if err := s.step("make " + above); err != nil {
			return err
		}
		if err := root.Mkdir(filepath.FromSlash(above), mode); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if err := s.sync(root, path.Dir(above)); err != nil {
			return err
		}
	}
	return nil
}

// sync forces the names in a folder to the disk, where the system can.
func (s *dirStore) sync(root *os.Root, folder string) error {
	if err := s.step("sync " + folder); err != nil || runtime.GOOS == "windows" {
		return err
	}
	file, err := root.Open(filepath.FromSlash(folder))
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// sweep removes the temporary files of writers that were killed, once for each
// folder. Whatever it cannot remove does no harm.
func (s *dirStore) sweep(root *os.Root, folder string) {
	if _, done := s.swept.LoadOrStore(folder, true); done {
		return
	}
	files, err := fs.ReadDir(root.FS(), folder)
	if err != nil {
		return
	}
	for _, f := range files {
		info, err := f.Info()
		if err == nil && f.Type().IsRegular() && strings.HasPrefix(f.Name(), ".") &&
			strings.HasSuffix(f.Name(), tempSuffix) && s.now().Sub(info.ModTime()) > staleTemp {
			_ = s.remove(root, path.Join(folder, f.Name()))
		}
	}
}

// lock excludes other writers of the directory, also in other processes.
func (s *dirStore) lock(ctx context.Context, root *os.Root) (unlock func(), err error) {
	if info, err := root.Lstat(dirLock); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", dirLock)
	}
	type locked struct {
		unlock func()
		err    error
	}
	taken := make(chan locked, 1)
	go func() {
		unlock, err := lockedfile.MutexAt(filepath.Join(s.path, dirLock)).Lock()
		taken <- locked{unlock, err}
	}()
	select {
	case l := <-taken:
		return l.unlock, l.err
	case <-ctx.Done():
		go func() {
			if l := <-taken; l.err == nil {
				l.unlock()
			}
		}()
		return nil, ctx.Err()
	}
}

// open opens the directory for an object with the given key.
func (s *dirStore) open(ctx context.Context, key string) (*os.Root, error) {
	if err := errors.Join(ctx.Err(), checkKey(key)); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(s.path)
	if err != nil {
		return nil, err
	}
	if err := refuseLinks(root, key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		root.Close()
		return nil, err
	}
	return root, nil
}

// refuseLinks makes sure that a key is a regular file in real folders.
func refuseLinks(root *os.Root, key string) error {
	for i := range len(key) + 1 {
		if i < len(key) && key[i] != '/' {
			continue
		}
		info, err := root.Lstat(filepath.FromSlash(key[:i]))
		if err != nil {
			return err
		}
		if i < len(key) && !info.IsDir() || i == len(key) && !info.Mode().IsRegular() {
			return errNotOurs(key[:i])
		}
	}
	return nil
}

func errNotOurs(name string) error {
	return fmt.Errorf("%s is a link, a device or a folder, which ivrc never puts there", name)
}
