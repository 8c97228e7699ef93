//go:build unix

package server

import "syscall"

// openFiles is how many files this process may open. Go raises the limit to the most
// that is allowed.
func openFiles() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return uint64(limit.Cur)
}
