package desktop

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"bookring/backend"
)

// Home is the folder in which one copy of the program keeps what it knows.
type Home struct {
	Folder string
	Log    *slog.Logger

	log    io.Closer
	unlock func()
}

// Enter makes the folder ready and keeps other copies out of it until
// [Home.Leave]. Every demo begins with an empty one. Fails with
// DataFolderFailed or AlreadyRunning.
func Enter(e Environment) (*Home, error) {
	base, err := Folder(e.DataDir)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(base, e.Place())
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, backend.Fail(backend.DataFolderFailed, folder, err)
	}
	unlock, err := Lock(folder)
	if err != nil {
		return nil, err
	}
	if e.Demo {
		err = empty(folder)
	}
	h := &Home{Folder: folder, unlock: unlock}
	if err == nil {
		h.Log, h.log, err = OpenLog(folder)
	}
	if err != nil {
		unlock()
		return nil, err
	}
	return h, nil
}

// Leave closes the log and lets another copy in.
func (h *Home) Leave() {
	_ = h.log.Close()
	h.unlock()
}

// empty removes what is in a folder, but for the lock that is held on it.
func empty(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return backend.Fail(backend.DataFolderFailed, folder, err)
	}
	for _, entry := range entries {
		if entry.Name() == lockFile {
			continue
		}
		if err := os.RemoveAll(filepath.Join(folder, entry.Name())); err != nil {
			return backend.Fail(backend.DataFolderFailed, folder, err)
		}
	}
	return nil
}
