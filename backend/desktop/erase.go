package desktop

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"bookring/backend"
)

// Erase removes what Bookring keeps in files, as far as no part of the running
// program needs it, and returns what it could not remove. The register must be
// closed. The rest goes with [Home.Leave]: the lock on the folder and what the
// window's browser engine keeps.
//
// From the real data everything goes, the demo's and test servers' too, unless
// another copy of Bookring has them open. From a test server's data only these
// go, and what all share only if there are no others.
func (h *Home) Erase() []backend.Leftover {
	_ = h.log.Close()
	h.erased = true
	return h.erase(true)
}

// erase removes all that is to go, the lock apart and, while the program runs,
// the engine's, and returns what is left.
func (h *Home) erase(running bool) (left []backend.Leftover) {
	paths := h.sharedPaths() // before what says whose they are is gone
	if !running && h.alone() {
		paths = append(paths, h.enginePaths()...)
	}
	for _, path := range h.places() {
		left = append(left, removePlace(path)...)
	}
	for _, name := range []string{backupsFolder, damagedFolder} {
		for _, path := range h.copies(name) {
			left = append(left, remove(path)...)
		}
		_ = os.Remove(filepath.Join(h.Folder, name)) // stays if it holds somebody's own
	}
	for _, name := range entries(h.Folder) {
		if isData(name) && name != lockFile && name != register {
			left = append(left, remove(filepath.Join(h.Folder, name))...)
		}
	}
	// The register last: cut off before, everything that is left still fits it.
	left = append(left, remove(filepath.Join(h.Folder, register))...)
	for _, path := range paths {
		left = append(left, remove(path)...)
	}
	return left
}

// The engine's processes end a moment after the window, and may write until
// then; Windows lets nobody remove what they have open.
const (
	restTries = 50
	restPause = 100 * time.Millisecond
	// restCalm is how often in a row nothing may be there any more.
	restCalm = 3
)

// eraseRest removes what the running program needed, and looks again for a
// moment whether it comes back. The lock on the folder is held, so that no other
// copy begins to write meanwhile.
func (h *Home) eraseRest() {
	endEngine()
	alone := h.alone()
	stays := func(r backend.Leftover) bool { return !r.InUse }
	for try, calm := 0, 0; try < restTries && calm < restCalm; try++ {
		calm++
		left := h.erase(false)
		if slices.ContainsFunc(left, stays) || alone && slices.ContainsFunc(h.enginePaths(), isThere) {
			calm = 0
		}
		time.Sleep(restPause)
	}
	_ = os.Remove(filepath.Join(h.Folder, lockFile))
}

// eraseFolders removes the folders that are empty now.
func (h *Home) eraseFolders() {
	_ = os.Remove(filepath.Join(h.Folder, lockFile))
	for _, folder := range append([]string{h.Folder}, h.folders()...) {
		_ = os.Remove(folder)
	}
}

// removePlace removes the data of a demo or a test server, unless another copy
// has them open.
func removePlace(path string) []backend.Leftover {
	unlock, err := Lock(path)
	if backend.AsFailure(err) != nil && backend.AsFailure(err).Code == backend.AlreadyRunning {
		return []backend.Leftover{{Path: path, InUse: true}}
	}
	if err == nil {
		defer unlock()
	}
	return remove(path)
}

func remove(path string) []backend.Leftover {
	if err := os.RemoveAll(path); err != nil {
		return []backend.Leftover{{Path: path}}
	}
	return nil
}
