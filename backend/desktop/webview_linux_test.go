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

// process starts a process with the given name.
func process(t *testing.T, name string) *exec.Cmd {
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

func TestDeletionEndsTheProcessesOfTheWebViewAndNoOthers(t *testing.T) {
	u := newAccount(t)
	data := u.open(desktop.Environment{})
	webview, other := process(t, "WebKitNetworkProcess"), process(t, "browser")
	u.delete(data)
	if err := webview.Wait(); err == nil || webview.ProcessState.Success() {
		t.Errorf("the web view's process was not killed: %v", err)
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", other.Process.Pid))
	if err != nil || bytes.Contains(stat, []byte(") Z ")) {
		t.Errorf("another process was ended: %s, %v", stat, err)
	}
}
