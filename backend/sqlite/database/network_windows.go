package database

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// onNetwork reports whether a folder is on a network share (with a UNC path or a drive letter) or in a
// folder synchronised by OneDrive.
func onNetwork(folder string) bool {
	volume := filepath.VolumeName(folder)
	if strings.HasPrefix(volume, `\\`) {
		return true
	}
	for _, name := range []string{"OneDrive", "OneDriveCommercial", "OneDriveConsumer"} {
		if cloud := os.Getenv(name); cloud != "" && inside(folder, cloud) {
			return true
		}
	}
	root, err := windows.UTF16PtrFromString(volume + `\`)
	return err == nil && windows.GetDriveType(root) == windows.DRIVE_REMOTE
}

func inside(folder, parent string) bool {
	relative, err := filepath.Rel(parent, folder)
	return err == nil && relative != ".." && !strings.HasPrefix(relative, `..\`)
}
