package desktop

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const webviewTimeout = 2 * time.Second

// endWebview kills the web view's processes and waits for the end of the
// processes, 2 s at most. Otherwise WebKitGTK's network process would write files
// at the program's end, after the deletion.
func endWebview() {
	until := time.Now().Add(webviewTimeout)
	for {
		running := webviewProcesses()
		for _, pid := range running {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if len(running) == 0 || time.Now().After(until) {
			return
		}
		time.Sleep(deletionPause)
	}
}

// webviewProcesses returns the IDs of WebKitGTK's running child processes.
func webviewProcesses() (pids []int) {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		children, _ := os.ReadFile(list) //nolint:gosec // in /proc
		for _, child := range strings.Fields(string(children)) {
			pid, err := strconv.Atoi(child)
			// "pid (name) state ..." (proc_pid_stat(5)); in state Z the process has ended.
			stat, _ := os.ReadFile(filepath.Join("/proc", child, "stat")) //nolint:gosec // a process ID from /proc
			_, rest, _ := bytes.Cut(stat, []byte(" ("))
			ended := bytes.Contains(rest, []byte(") Z "))
			if err == nil && bytes.HasPrefix(rest, []byte("WebKit")) && !ended {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}
