//go:build unix

package desktop

import "syscall"

// forbidCoreDumps lowers only the soft limit: the browser inherits the limit and
// can raise a soft limit again.
func forbidCoreDumps() {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
		return
	}
	limit.Cur = 0
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
}
