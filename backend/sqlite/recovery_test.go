package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/sqlite"
)

// backedUp makes a register with a backup of an organisation, adds a second organisation, and closes the
// register.
func backedUp(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	r, err := sqlite.Open(t.Context(), folder)
	must(t, err)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	backUp(t, r)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 2)
	must(t, r.Close())
	return folder
}

func backUp(t tb, r *sqlite.Register) (made bool) {
	t.Helper()
	made, err := r.BackUp(t.Context())
	must(t, err)
	return made
}

func write(t *testing.T, content string, path ...string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(path...), []byte(content), 0o600))
}

// ls returns the names in a folder.
func ls(t *testing.T, path ...string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(path...))
	must(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestADamagedFileIsReplacedByTheNewestBackup(t *testing.T) {
	folder := backedUp(t)
	for _, name := range []string{"", "-wal", "-journal"} {
		write(t, "damaged"+name, folder, sqlite.FileName+name)
	}
	r := open(t, folder)
	same(t, "list", statuses(all(t, r)), "Bakery connected")
	o := r.Opening()
	if !o.Lost || time.Since(o.BackupAt) > time.Minute || filepath.Dir(filepath.Dir(o.DamagedFolder)) != folder {
		t.Errorf("%+v", o)
	}
	for _, name := range []string{"", "-wal", "-journal"} {
		same(t, "moved file", files(t, o.DamagedFolder)[sqlite.FileName+name], "damaged"+name)
	}
	must(t, r.SaveSetting(t.Context(), "name", "value"))
}

func TestAnEmptyOrMissingFileIsReplacedByTheNewestBackup(t *testing.T) {
	for what, spoil := range map[string]func(file string) error{
		"empty":   func(file string) error { return os.Truncate(file, 0) },
		"missing": os.Remove,
		"killed during recovery": func(file string) error {
			moved := filepath.Join(filepath.Dir(file), "damaged", "20261121T081502.000000Z")
			if err := os.MkdirAll(moved, 0o700); err != nil {
				return err
			}
			return os.Rename(file, filepath.Join(moved, sqlite.FileName))
		},
	} {
		folder := backedUp(t)
		must(t, spoil(filepath.Join(folder, sqlite.FileName)))
		r := open(t, folder)
		same(t, what, statuses(all(t, r)), "Bakery connected")
		o := r.Opening()
		if !o.Lost || o.BackupAt.IsZero() || (o.DamagedFolder != "") != strings.HasPrefix(what, "killed") {
			t.Errorf("%s: %+v", what, o)
		}
	}
}

func TestADamagedBackupIsNotUsed(t *testing.T) {
	folder := backedUp(t)
	later := func(minutes int) string { // within the slack of the clock
		return time.Now().UTC().Add(time.Duration(minutes) * time.Minute).Format("bookring-20060102T150405.000000Z.db")
	}
	write(t, "not a database", folder, "backups", later(4))
	newer := t.TempDir()
	makeRegister(t, newer, fmt.Sprint("PRAGMA user_version = ", sqlite.Version+1))
	write(t, files(t, newer)[sqlite.FileName], folder, "backups", later(3))
	write(t, "", folder, "backups", later(2))
	write(t, "damaged", folder, sqlite.FileName)
	same(t, "list", names(all(t, open(t, folder))), "Bakery")

	for _, name := range ls(t, folder, "backups") {
		write(t, "damaged too", folder, "backups", name)
	}
	second := t.TempDir()
	must(t, os.Rename(filepath.Join(folder, "backups"), filepath.Join(second, "backups")))
	write(t, "damaged", second, sqlite.FileName)
	r := open(t, second)
	same(t, "list", names(all(t, r)), "")
	if o := r.Opening(); !o.Lost || !o.BackupAt.IsZero() {
		t.Errorf("%+v", o)
	}
}

func TestAFirstStartReportsNoLoss(t *testing.T) {
	folder := t.TempDir()
	for range 2 {
		r, err := sqlite.Open(t.Context(), folder)
		must(t, err)
		same(t, "opening", fmt.Sprintf("%+v", r.Opening()), fmt.Sprintf("%+v", backend.Opening{}))
		must(t, r.Close())
	}
	same(t, "files", strings.Join(ls(t, folder), " "), sqlite.FileName)
}

func TestDamagedFilesAreRetainedForAMonth(t *testing.T) {
	folder := t.TempDir()
	day := func(back int, hour int) string {
		return time.Now().UTC().AddDate(0, 0, -back).Format("20060102") + fmt.Sprintf("T%02d0000.000000Z", hour)
	}
	for _, name := range []string{
		day(1, 1), day(1, 2), day(2, 1), day(2, 2), day(2, 3), day(9, 1), day(31, 1), "mine",
	} {
		must(t, os.MkdirAll(filepath.Join(folder, "damaged", name), 0o700))
	}
	write(t, "damaged", folder, sqlite.FileName)
	moved := filepath.Base(open(t, folder).Opening().DamagedFolder)
	want := []string{moved, day(1, 1), day(1, 2), day(2, 3), day(9, 1), "mine"}
	slices.Sort(want)
	same(t, "retained", strings.Join(ls(t, folder, "damaged"), " "), strings.Join(want, " "))
}

func TestADamagedFileStaysUnchangedIfMovingFails(t *testing.T) {
	folder := t.TempDir()
	makeRegister(t, folder, "DROP VIEW listed")
	write(t, "in the way", folder, "damaged")
	refusedUntouched(t, folder, backend.DatabaseDamaged)
}

func TestSevenBackupsOfDifferentDaysAreRetained(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	must(t, os.Mkdir(filepath.Join(folder, "backups"), 0o700))
	for day := range 9 {
		write(t, "old", folder, "backups", fmt.Sprintf("bookring-2026010%dT000000.000000Z.db", day+1))
	}
	same(t, "made", fmt.Sprint(backUp(t, r), backUp(t, r), backUp(t, r)), "true false false")
	backups := ls(t, folder, "backups")
	if len(backups) != 7 || backups[0] != "bookring-20260104T000000.000000Z.db" {
		t.Errorf("%d: %v", len(backups), backups)
	}
	newest := filepath.Join(folder, "backups", backups[6])
	about, err := os.Stat(newest)
	must(t, err)
	same(t, "mode", about.Mode().Perm().String(), "-rw-------")
	second := t.TempDir()
	must(t, os.Rename(newest, filepath.Join(second, sqlite.FileName)))
	same(t, "list", statuses(all(t, open(t, second))), "Bakery connected")
}

func TestEveryDisconnectRequestIsInABackupAtOnce(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	cafe, everything := backend.DisconnectRequest{Organisations: []string{"cafe"}}, backend.DisconnectRequest{SignIn: anna().String()}
	forget := cafe
	forget.Forget = true
	for _, request := range []struct {
		what string
		do   func(at time.Time) error
	}{
		{"disconnect", func(at time.Time) error { return r.RequestDisconnect(t.Context(), cafe, at) }},
		{"forget too", func(at time.Time) error { return r.RequestDisconnect(t.Context(), forget, at) }},
		{"connect again", func(at time.Time) error { _, err := r.CancelDisconnect(t.Context(), "cafe", at); return err }},
		{"forget", func(at time.Time) error { return r.RequestDisconnect(t.Context(), forget, at) }},
		{"confirmed", func(at time.Time) error {
			return r.MarkDisconnected(t.Context(), anna().SignInKey, anna().UserID+"-cafe", at)
		}},
		{"removed in Xero", func(at time.Time) error {
			_, err := r.Reconcile(t.Context(), anna(), backend.List{Connections: nil}, at)
			return err
		}},
		{"disconnect everything", func(at time.Time) error { return r.RequestDisconnect(t.Context(), everything, at) }},
		{"revoked", func(at time.Time) error { return r.MarkRevoked(t.Context(), anna().SignInKey, at) }},
	} {
		for backUp(t, r) { // until the last request is a millisecond old
		}
		must(t, request.do(time.Now()))
		same(t, request.what, fmt.Sprint(backUp(t, r)), fmt.Sprint(request.what != "removed in Xero"))
	}
	same(t, "of one day", fmt.Sprint(len(ls(t, folder, "backups"))), "1")
	must(t, r.Close())
	write(t, "damaged", folder, sqlite.FileName)
	same(t, "list", statuses(all(t, open(t, folder))), "Bakery disconnected")
}

func TestARegisterIsBackedUpBeforeAMigration(t *testing.T) {
	folder := versionOne(t)
	open(t, folder)
	second := t.TempDir()
	backup := ls(t, folder, "backups")
	same(t, "backups", fmt.Sprint(len(backup)), "1")
	must(t, os.Rename(filepath.Join(folder, "backups", backup[0]), filepath.Join(second, sqlite.FileName)))
	var has int
	must(t, file(t, second).QueryRowContext(t.Context(), "PRAGMA user_version").Scan(&has))
	same(t, "version", fmt.Sprint(has), "1")
	same(t, "list", names(all(t, open(t, second))), "Bakery, Cafe, Deli, Eatery")
}

func TestABackupDoesNotBlockWriters(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), sixty...), 1)
	done := make(chan error)
	go func() {
		_, err := r.BackUp(t.Context())
		done <- err
	}()
	for i := range 20 {
		must(t, r.SaveSetting(t.Context(), "name", fmt.Sprint(i)))
	}
	must(t, <-done)
}
