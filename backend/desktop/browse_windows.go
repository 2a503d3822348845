package desktop

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// open uses the Windows shell's program associations, without a command line.
func open(address string) error {
	target, err := windows.UTF16PtrFromString(address)
	if err != nil {
		return fmt.Errorf("open browser: %w", err)
	}
	if err := windows.ShellExecute(0, nil, target, nil, nil, windows.SW_SHOWNORMAL); err != nil {
		return fmt.Errorf("open browser: %w", err)
	}
	return nil
}
