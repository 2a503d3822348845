package desktop_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"bookring/backend/desktop"
)

// engineProcess starts a process that is called as WebKitGTK's are, if named so.
func engineProcess(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip(err)
	}
	program := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(sleep, program); err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), program, "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	return child
}

func TestTheEnginesProcessesEndBeforeTheirFilesGoAndNobodyElses(t *testing.T) {
	u := newPerson(t)
	home := u.enter(desktop.Environment{})
	engine, other := engineProcess(t, "WebKitNetworkProcess"), engineProcess(t, "browser")
	u.erase(home)
	if err := engine.Wait(); err == nil || engine.ProcessState.Success() {
		t.Errorf("the engine's process ended by itself: %v", err)
	}
	about, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", other.Process.Pid))
	if err != nil || bytes.Contains(about, []byte(") Z ")) {
		t.Errorf("another process was ended: %s, %v", about, err)
	}
}
