// Package disk reads and writes the files that people name: one function for each,
// so that all commands treat a link, a device, a full disk and a file of 100 GB
// alike. The table in docs/cli.md says how.
//
// A store writes its objects by itself: there, others read while it writes.
package disk
