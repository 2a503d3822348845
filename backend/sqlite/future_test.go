package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend/sqlite"
)

// stampAt returns the name of a backup, or without the prefix of a folder of damaged files, from now on.
func stampAt(in time.Duration) string {
	return time.Now().UTC().Add(in).Format("20060102T150405.000000Z")
}

func backupAt(in time.Duration) string { return "bookring-" + stampAt(in) + ".db" }

const day = 24 * time.Hour

// The clock was wrong for a day: the backup of the day is old when the clock is right again.
func TestABackupDatedInTheFutureDoesNotWin(t *testing.T) {
	for _, in := range []time.Duration{10 * time.Minute, 2 * time.Hour, day, 4 * 365 * day, 70 * 365 * day} {
		folder := backedUp(t)
		made := ls(t, folder, "backups")
		must(t, os.Rename(filepath.Join(folder, "backups", made[0]), filepath.Join(folder, "backups", backupAt(in))))
		r, err := sqlite.Open(t.Context(), folder)
		must(t, err)
		equal(t, "made", backUp(t, r), true) // of Bakery and Cafe; the one dated in the future is not today's
		must(t, r.Close())
		write(t, "damaged", folder, sqlite.FileName)
		r = open(t, folder)
		equal(t, "list", names(all(t, r)), "Bakery, Cafe")
		if at := r.Opening().BackupAt; time.Since(at).Abs() > time.Minute {
			t.Errorf("the backup is of %v", at)
		}
	}
}

func TestABackupDatedInTheFutureIsBetterThanNone(t *testing.T) {
	folder := backedUp(t)
	made := ls(t, folder, "backups")
	must(t, os.Rename(filepath.Join(folder, "backups", made[0]), filepath.Join(folder, "backups", backupAt(400*day))))
	write(t, "damaged", folder, "backups", backupAt(-day))
	write(t, "damaged", folder, sqlite.FileName)
	equal(t, "list", names(all(t, open(t, folder))), "Bakery")
}

// A correction of the clock by seconds must not make the newest backup the last.
func TestASmallCorrectionOfTheClockChangesNoOrder(t *testing.T) {
	folder := backedUp(t)
	made := ls(t, folder, "backups")
	must(t, os.Rename(filepath.Join(folder, "backups", made[0]), filepath.Join(folder, "backups", backupAt(2*time.Minute))))
	older := t.TempDir()
	makeRegister(t, older, "SELECT 1")
	write(t, files(t, older)[sqlite.FileName], folder, "backups", backupAt(-day))
	write(t, "damaged", folder, sqlite.FileName)
	equal(t, "list", names(all(t, open(t, folder))), "Bakery")
}

func TestBackupsDatedInTheFutureAreDeletedFirst(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	must(t, os.Mkdir(filepath.Join(folder, "backups"), 0o700))
	var past, future []string
	for n := range 8 {
		future = append(future, backupAt(time.Duration(n+1)*400*day))
		past = append(past, backupAt(-time.Duration(n+1)*day))
	}
	for _, name := range append(slices.Clone(future), past[:3]...) {
		write(t, "old", folder, "backups", name)
	}
	equal(t, "made", backUp(t, r), true)
	kept := ls(t, folder, "backups")
	equal(t, "number", len(kept), 7)
	for _, name := range past[:3] {
		equal(t, name, slices.Contains(kept, name), true)
	}
	today := slices.IndexFunc(kept, func(name string) bool { return strings.HasPrefix(name, "bookring-"+stampAt(0)[:8]) })
	if today < 0 {
		t.Fatalf("the newest good backup is deleted: %v", kept)
	}
	equal(t, "the latest of the future", slices.Contains(kept, future[7]), true)
	must(t, os.Remove(filepath.Join(folder, "backups", kept[today])))
	for _, name := range past { // seven good backups leave no room
		write(t, "old", folder, "backups", name)
	}
	equal(t, "made", backUp(t, r), true)
	for _, name := range ls(t, folder, "backups") {
		if slices.Contains(future, name) {
			t.Errorf("%s is retained", name)
		}
	}
}

// While the clock is in the past, every good backup is dated in the future.
func TestAClockInThePastForADayLosesNoGoodBackup(t *testing.T) {
	folder := backedUp(t)
	good := ls(t, folder, "backups")[0]
	for n := range 6 {
		write(t, "older", folder, "backups", backupAt(-time.Duration(n+1)*day))
	}
	before := ls(t, folder, "backups")
	synctest.Test(t, func(t *testing.T) { // the clock says 2000
		if time.Now().Year() > 2001 {
			t.Fatal("the clock is right")
		}
		r, err := sqlite.Open(t.Context(), folder)
		must(t, err)
		equal(t, "made", backUp(t, r), true)
		must(t, r.Close())
		kept := ls(t, folder, "backups")
		equal(t, "kept", strings.Join(kept[1:], " "), strings.Join(before[1:], " "))
		must(t, os.Remove(filepath.Join(folder, "backups", kept[0])))
		write(t, "damaged", folder, sqlite.FileName)
		r, err = sqlite.Open(t.Context(), folder)
		must(t, err)
		equal(t, "list", names(all(t, r)), "Bakery") // of the newest good backup
		must(t, r.Close())
	})
	equal(t, "the good backup", slices.Contains(ls(t, folder, "backups"), good), true)
}

func TestADamagedFileDatedInTheFutureIsNotTheLast(t *testing.T) {
	folder := backedUp(t)
	future := stampAt(400 * day)
	must(t, os.MkdirAll(filepath.Join(folder, "damaged", future), 0o700))
	write(t, "old", folder, "damaged", future, sqlite.FileName)
	for n := range 3 {
		write(t, fmt.Sprint("damaged ", n), folder, sqlite.FileName)
		r, err := sqlite.Open(t.Context(), folder)
		must(t, err)
		moved := r.Opening().DamagedFolder
		must(t, r.Close())
		equal(t, "moved", files(t, moved)[sqlite.FileName], fmt.Sprint("damaged ", n))
	}
	if kept := ls(t, folder, "damaged"); len(kept) != 3 || slices.Contains(kept, future) {
		t.Errorf("retained for ever: %v", kept)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
