package sqlite

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// onNetwork reports whether a folder is on a share, under its own name or a
// drive's, or is one that OneDrive copies away.
func onNetwork(folder string) bool {
	volume := filepath.VolumeName(folder)
	if strings.HasPrefix(volume, `\\`) {
		return true
	}
	for _, name := range []string{"OneDrive", "OneDriveCommercial", "OneDriveConsumer"} {
		if cloud := os.Getenv(name); cloud != "" && under(folder, cloud) {
			return true
		}
	}
	root, err := windows.UTF16PtrFromString(volume + `\`)
	return err == nil && windows.GetDriveType(root) == windows.DRIVE_REMOTE
}

func under(folder, parent string) bool {
	way, err := filepath.Rel(parent, folder)
	return err == nil && way != ".." && !strings.HasPrefix(way, `..\`)
}
