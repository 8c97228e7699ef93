package main

// The archives: the program with its licences, its manual and its completions.

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// archive is the name of the archive for a program. Windows unpacks .zip by itself.
func (r *release) archive(p *program) string {
	extension := ".tar.gz"
	if p.system == "windows" {
		extension = ".zip"
	}
	return r.folder(p) + extension
}

// folder is the folder into which an archive is unpacked.
func (r *release) folder(p *program) string { return "ivrc-" + r.number() + "-" + p.String() }

// contents are the files for a program, sorted by their names.
func (r *release) contents(p *program) ([]file, error) {
	all := append([]file{{p.name(), p.data, 0o755}, {"NOTICES.txt", r.notices, 0o644}}, r.manual...)
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		f, err := r.read(name)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return all, nil
}

// writeArchives writes an archive for each program.
func (r *release) writeArchives() error {
	for _, p := range r.programs {
		files, err := r.contents(p)
		if err != nil {
			return err
		}
		for i := range files {
			files[i].name = r.folder(p) + "/" + files[i].name
		}
		pack := r.tarball
		if p.system == "windows" {
			pack = r.zipped
		}
		data, err := pack(files)
		if err != nil {
			return err
		}
		if err := r.write(r.archive(p), data); err != nil {
			return err
		}
	}
	return nil
}

// tarball packs files, which belong to nobody in particular.
func (r *release) tarball(files []file) ([]byte, error) {
	var b bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(compressed)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Mode: int64(f.mode), Size: int64(len(f.data)), ModTime: r.time, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if err := compressed.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// zipped packs files for Windows.
func (r *release) zipped(files []file) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: r.time.UTC()}
		header.SetMode(f.mode)
		part, err := w.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

// checksums is the file with the digest of every other one.
const checksums = "SHA256SUMS"

// writeChecksums writes the digests of all files, as sha256sum does. The notes are no
// file that people download, and the image has digests of its own.
func (r *release) writeChecksums() error {
	entries, err := os.ReadDir(r.to)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for _, entry := range entries {
		if entry.IsDir() || entry.Name() == notes {
			continue
		}
		sum, err := r.digest(entry.Name())
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s  %s\n", sum, entry.Name())
	}
	return r.write(checksums, b.Bytes())
}

// digest is the SHA-256 digest of a file of the release, in hexadecimal.
func (r *release) digest(name string) (string, error) {
	f, err := os.Open(filepath.Join(r.to, name))
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return fmt.Sprintf("%x", sum.Sum(nil)), err
}
