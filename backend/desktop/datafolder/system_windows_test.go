package datafolder_test

import (
	"io/fs"
	"syscall"
	"testing"
	"time"

	"bookring/backend/desktop/datafolder"
)

// entry is a file's description as Go's Lstat returns on Windows.
type entry struct {
	mode       fs.FileMode
	attributes uint32
}

func (e entry) Name() string       { return "name" }
func (e entry) Size() int64        { return 0 }
func (e entry) Mode() fs.FileMode  { return e.mode }
func (e entry) ModTime() time.Time { return time.Time{} }
func (e entry) IsDir() bool        { return e.mode.IsDir() }
func (e entry) Sys() any           { return &syscall.Win32FileAttributeData{FileAttributes: e.attributes} }

// OneDrive and other cloud services keep placeholders for files and folders.
func TestAPlaceholderOfACloudServiceIsNoLink(t *testing.T) {
	const file, folder = syscall.FILE_ATTRIBUTE_NORMAL, syscall.FILE_ATTRIBUTE_DIRECTORY
	for name, c := range map[string]struct {
		entry         entry
		link, regular bool
	}{
		"a file":                  {entry{0, file}, false, true},
		"a folder":                {entry{fs.ModeDir, folder}, false, false},
		"a placeholder, a file":   {entry{fs.ModeIrregular, file}, false, true},
		"a placeholder, a folder": {entry{fs.ModeIrregular | fs.ModeDir, folder}, false, false},
		"a link to a file":        {entry{fs.ModeSymlink, file}, true, false},
		"a link to a folder":      {entry{fs.ModeSymlink, folder}, true, false},
		"a junction":              {entry{fs.ModeIrregular, folder}, true, false},
		"a pipe":                  {entry{fs.ModeNamedPipe, file}, false, false},
	} {
		if link := datafolder.IsLink(c.entry); link != c.link {
			t.Errorf("%s: link %v", name, link)
		}
		if regular := datafolder.IsRegular(c.entry); regular != c.regular {
			t.Errorf("%s: regular %v", name, regular)
		}
	}
}
