package datafolder_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend/desktop/datafolder"
)

func TestReplaceWritesTheCompleteContent(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "sign-ins.ics")
	for _, text := range []string{"the first, which is longer", "second", ""} {
		if err := datafolder.Replace(file, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != text {
			t.Errorf("the file holds %q, want %q", got, text)
		}
	}
	count(t, folder, 1)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
}

func TestAFailedReplaceLeavesTheOldFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "taken") // a folder, because even root cannot replace a folder
	if err := os.MkdirAll(filepath.Join(path, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := datafolder.Replace(path, []byte("text")); err == nil {
		t.Error("Replace replaced a folder")
	}
	count(t, folder, 1)
	count(t, path, 1)
	if err := datafolder.Replace(filepath.Join(folder, "no", "folder"), nil); err == nil {
		t.Error("Replace wrote into a missing folder")
	}
}

func count(t *testing.T, folder string, want int) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != want {
		t.Errorf("%d files are there: %v", len(files), files)
	}
}

func TestAScannerOnAFileIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := errors.New("held by a scanner")
		for freeAfter, want := range map[int]error{0: nil, 19: nil, 20: held} {
			tries := 0
			begun := time.Now()
			err := datafolder.Patiently(func() error {
				tries++
				if tries > freeAfter {
					return nil
				}
				return held
			})
			if !errors.Is(err, want) || time.Since(begun) > time.Second {
				t.Errorf("free after %d tries: %v after %v", freeAfter, err, time.Since(begun))
			}
		}
	})
}
