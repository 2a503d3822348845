package desktop

import (
	"os"
	"strings"
)

// Harden closes what the process would leave open: the environment variables
// through which others may debug the window's browser engine (WEBVIEW2_*,
// WEBKIT_INSPECTOR_*), and core dumps, which would hold tokens. Call it first
// in main.
//
// PR_SET_DUMPABLE, which on Linux would also keep this user's other programs
// from reading the memory, is left alone: xdg-desktop-portal refuses such a
// process (its issues 785 and 1490), and with it file dialogs and the dark
// appearance.
func Harden() {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		// Windows' names have no case.
		upper := strings.ToUpper(name)
		if strings.HasPrefix(upper, "WEBVIEW2_") || strings.HasPrefix(upper, "WEBKIT_INSPECTOR_") {
			_ = os.Unsetenv(name)
		}
	}
	forbidCoreDumps()
}
