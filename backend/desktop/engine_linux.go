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

// engineEnd is how long the engine's processes may take to be gone.
const engineEnd = 2 * time.Second

// endEngine ends the processes of the window's browser engine: WebKitGTK's
// network process writes down what it knows when the program ends, and would do
// so after everything was erased.
func endEngine() {
	until := time.Now().Add(engineEnd)
	for {
		running := engineProcesses()
		for _, pid := range running {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if len(running) == 0 || time.Now().After(until) {
			return
		}
		time.Sleep(restPause)
	}
}

// engineProcesses returns those that are our children and have not ended.
func engineProcesses() (pids []int) {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		children, _ := os.ReadFile(list) //nolint:gosec // in /proc
		for _, child := range strings.Fields(string(children)) {
			pid, err := strconv.Atoi(child)
			// "pid (name) state ...", proc_pid_stat(5); Z has ended.
			about, _ := os.ReadFile(filepath.Join("/proc", child, "stat")) //nolint:gosec // as the system names it
			_, rest, _ := bytes.Cut(about, []byte(" ("))
			ended := bytes.Contains(rest, []byte(") Z "))
			if err == nil && bytes.HasPrefix(rest, []byte("WebKit")) && !ended {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}
