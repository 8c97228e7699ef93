//go:build !unix

package disk

import (
	"io/fs"
	"os"
)

func names(fs.FileInfo) int { return 1 }

func chown(*os.File, fs.FileInfo) error { return nil }
