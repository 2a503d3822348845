package desktop

import (
	"os"
	"strings"
)

// Harden removes the environment variables for debugging the web view
// (WEBVIEW2_*, WEBKIT_INSPECTOR_*) and forbids core dumps, which would hold
// tokens. Call Harden first in main.
//
// On Linux the process stays dumpable (PR_SET_DUMPABLE, prctl(2)), so that the
// user's other programs can read the memory: xdg-desktop-portal refuses a
// non-dumpable process (portal issues 785 and 1490), and file dialogs and the dark
// appearance need the portal.
func Harden() {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		// Names on Windows have no case.
		upper := strings.ToUpper(name)
		if strings.HasPrefix(upper, "WEBVIEW2_") || strings.HasPrefix(upper, "WEBKIT_INSPECTOR_") {
			_ = os.Unsetenv(name)
		}
	}
	forbidCoreDumps()
}
