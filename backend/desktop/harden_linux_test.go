package desktop_test

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"bookring/backend/desktop"
)

func TestHardenRemovesDebugVariablesAndForbidsCoreDumps(t *testing.T) {
	if os.Getenv("BOOKRING_TEST_HARDEN") != "" {
		var limit syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
			t.Fatal(err)
		}
		limit.Cur = limit.Max // the shell of the tests may forbid core dumps already
		if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
			t.Fatal(err)
		}
		desktop.Harden()
		if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil || limit.Cur != 0 {
			t.Errorf("core dumps up to %d, %v", limit.Cur, err)
		}
		seen, err := exec.CommandContext(t.Context(), "env").Output()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = os.Stdout.Write(seen)
		return
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), "BOOKRING_TEST_HARDEN=1", "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS=--remote-debugging-port=9222",
		"WebView2_User_Data_Folder=/tmp", "WEBKIT_INSPECTOR_HTTP_SERVER=127.0.0.1:1", "WEBKIT_INSPECTOR_SERVER=127.0.0.1:1", "WEBKIT_KEPT=1")
	seen, err := again.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, seen)
	}
	upper := strings.ToUpper(string(seen))
	if strings.Contains(upper, "WEBVIEW2_") || strings.Contains(upper, "WEBKIT_INSPECTOR_") || !strings.Contains(upper, "WEBKIT_KEPT=1") {
		t.Errorf("the environment is %s", seen)
	}
}
