//go:build unix

package desktop

import (
	"errors"
	"os/exec"
	"runtime"
	"syscall"
)

// openers returns the opening programs in order of preference. xdg-open respects
// the variable BROWSER and the desktop's settings.
func openers() []string {
	if runtime.GOOS == "darwin" {
		return []string{"open"}
	}
	return []string{"xdg-open", "x-www-browser", "www-browser"}
}

// open runs the first installed opener, without a shell and without output.
func open(address string) error {
	for _, name := range openers() {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		cmd := exec.Command(path, address) //nolint:gosec,noctx // Browse has checked the address; the browser outlives every context
		// In a new session the browser survives the end of Bookring's terminal.
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		return cmd.Run()
	}
	return errors.New("open browser: no opener on PATH")
}
