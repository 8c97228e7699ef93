// Package examples holds the configurations that ivrc init starts from, one in
// each folder.
package examples

import "embed"

// Files are the examples, each in a folder of its name.
//
//go:embed */*
var Files embed.FS
