package desktop

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"

	"bookring/backend"
)

// Home is the folder in which one copy of the program keeps what it knows.
type Home struct {
	Folder string
	Log    *slog.Logger

	base   string // of all places, see [Environment.Place]
	log    io.Closer
	unlock func()
	erased bool
}

// Enter makes the folder ready and keeps other copies out of it until
// [Home.Leave]. Every demo begins with an empty one. Fails with
// DataFolderFailed or AlreadyRunning.
//
// A folder that is there and cannot be written is entered all the same, so that
// what it holds can be shown: without the lock, if there is no file for one, and
// without a log. Whoever enters so must not write elsewhere either, for another
// copy may do the same.
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
	if err != nil && (e.Demo || backend.AsFailure(err).Code != backend.DataFolderFailed || !readOnly(folder)) {
		return nil, err
	}
	if err != nil {
		unlock = func() {}
	}
	if e.Demo {
		if err := empty(folder); err != nil {
			unlock()
			return nil, err
		}
	}
	h := &Home{Folder: folder, base: base, unlock: unlock}
	h.Log, h.log, err = OpenLog(folder)
	if err != nil { // on a full disk too; a log is no reason not to start
		h.Log, h.log = slog.New(slog.DiscardHandler), io.NopCloser(nil)
	}
	return h, nil
}

// readOnly reports whether a folder can be read, and truly not written.
func readOnly(folder string) bool {
	if _, err := os.ReadDir(folder); err != nil {
		return false
	}
	f, err := os.CreateTemp(folder, ".bookring-*")
	if err != nil {
		return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	return false
}

// Leave closes the log and lets another copy in. After [Home.Erase] it removes
// what was in use until now, and nothing may be written any more.
func (h *Home) Leave() {
	_ = h.log.Close()
	if h.erased {
		h.eraseRest()
	}
	h.unlock()
	if h.erased { // Windows removes no open file, and the folders come last
		h.eraseFolders()
	}
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
