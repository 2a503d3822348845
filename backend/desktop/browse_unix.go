//go:build unix

package desktop

import (
	"errors"
	"os/exec"
	"runtime"
	"syscall"
)

// openers are tried in this order; xdg-open minds BROWSER and the desktop's
// choice.
func openers() []string {
	if runtime.GOOS == "darwin" {
		return []string{"open"}
	}
	return []string{"xdg-open", "x-www-browser", "www-browser"}
}

// open runs the first opener there is, without a shell, and returns how it
// ended. Its output goes nowhere.
func open(address string) error {
	for _, name := range openers() {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		cmd := exec.Command(path, address) //nolint:gosec,noctx // address is on the list; the browser outlives every context
		// A session of its own, so that the browser survives the terminal that
		// Bookring was started from.
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		return cmd.Run()
	}
	return errors.New("open browser: no opener on PATH")
}
