// Package timezone has the time zones of the world, the same on every machine: it
// never looks at the data of the system.
package timezone

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Version is the release of the IANA time zone database that the program has, and
// Year the year in which it appeared.
const (
	Version = "2025c"
	Year    = 2025
)

// packed is the file lib/time/zoneinfo.zip of the Go distribution, compressed. The
// database is in the public domain: https://www.iana.org/time-zones.
//
//go:embed zoneinfo.zip.gz
var packed []byte

// ErrUnknown says that no time zone has a name.
var ErrUnknown = errors.New("no such time zone")

// open returns the files of the database.
func open() (*zip.Reader, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(data), int64(len(data)))
}

// Load returns a time zone by its name in the database, such as America/Chicago,
// written as it is there. It unpacks the database, which takes milliseconds.
func Load(name string) (*time.Location, error) {
	data, err := Data(name)
	if err != nil {
		return nil, err
	}
	return time.LoadLocationFromTZData(name, data)
}

// Data returns the file of a time zone.
func Data(name string) ([]byte, error) {
	files, err := open()
	if err != nil {
		return nil, err
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, ErrUnknown
	}
	return data, nil
}

// Names returns the names of all time zones, sorted.
func Names() []string {
	files, err := open()
	if err != nil {
		return nil
	}
	var names []string
	for _, file := range files.File {
		if !strings.HasSuffix(file.Name, "/") {
			names = append(names, file.Name)
		}
	}
	slices.Sort(names)
	return names
}
