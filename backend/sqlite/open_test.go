package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite"
)

func TestAnyFolderNameWorks(t *testing.T) {
	for _, name := range []string{"with space", "100%", "%41", "a?mode=memory", "b#c", "Bücher ユーザー", "a&b=c;d", "it's"} {
		folder := filepath.Join(t.TempDir(), name, "data")
		first, err := sqlite.Open(t.Context(), folder)
		must(t, err)
		reconcile(t, first, anna(), lists(anna(), "Bakery"), 1)
		must(t, first.Close())
		if _, err := os.Stat(filepath.Join(folder, sqlite.FileName)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		same(t, name, names(all(t, open(t, folder))), "Bakery")
	}
}

func TestTheListSurvivesARestart(t *testing.T) {
	folder := t.TempDir()
	first, err := sqlite.Open(t.Context(), folder)
	must(t, err)
	reconcile(t, first, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	must(t, first.Close())
	second := open(t, folder)
	same(t, "list", statuses(all(t, second)), "Bakery connected, Cafe connected")
	same(t, "changes", changed(reconcile(t, second, anna(), lists(anna(), "Cafe", "Deli"), 2)),
		"added [Deli] back [] known [Cafe] removed [Bakery] total 2")
}

// A symbolic link named like the -shm file stands for a file system without shared memory: SQLite does not
// follow the link.
func TestWithoutSharedMemoryTheJournalIsARollbackJournal(t *testing.T) {
	folder := t.TempDir()
	must(t, os.Symlink("nowhere", filepath.Join(folder, sqlite.FileName+"-shm")))
	r := open(t, folder)
	same(t, "changes", changed(reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)),
		"added [Bakery] back [] known [] removed [] total 1")
	var mode string
	must(t, r.DB().QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode))
	same(t, "journal mode", mode, "delete")
	same(t, "list", names(all(t, r)), "Bakery")
}

func TestANewerRegisterIsRefusedAndUnchanged(t *testing.T) {
	folder := t.TempDir()
	makeRegister(t, folder, fmt.Sprint("PRAGMA user_version = ", sqlite.Version+1))
	refusedUntouched(t, folder, backend.DatabaseNewer)
}

// After a kill of the newer program, the version may be in the write-ahead log only.
func TestARegisterWithANewerVersionInTheLogIsRefusedAndUnchanged(t *testing.T) {
	living, folder := t.TempDir(), t.TempDir()
	r := open(t, living)
	_, err := r.DB().ExecContext(t.Context(), fmt.Sprint("PRAGMA user_version = ", sqlite.Version+1))
	must(t, err)
	for name, content := range files(t, living) {
		if !strings.HasSuffix(name, "-shm") {
			must(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600))
		}
	}
	refusedUntouched(t, folder, backend.DatabaseNewer)
}

func TestAFileOfAnotherProgramIsMovedUnchanged(t *testing.T) {
	for _, statements := range []string{
		"CREATE TABLE notes (text TEXT)",
		"CREATE TABLE notes (text TEXT); PRAGMA user_version = 1",
		"PRAGMA application_id = 7; CREATE TABLE notes (text TEXT)",
	} {
		folder := t.TempDir()
		change(t, folder, statements)
		before := files(t, folder)[sqlite.FileName]
		r := open(t, folder)
		same(t, "list", names(all(t, r)), "")
		same(t, "moved file", files(t, r.Opening().DamagedFolder)[sqlite.FileName], before)
	}
}

func TestUnknownTablesAndVersionsAreDamage(t *testing.T) {
	for _, statement := range []string{"DROP VIEW listed", "ALTER TABLE organisations RENAME COLUMN country TO countsy", "PRAGMA user_version = 0", "PRAGMA user_version = -3"} {
		folder := t.TempDir()
		makeRegister(t, folder, statement)
		r := open(t, folder)
		same(t, "list", names(all(t, r)), "")
		if o := r.Opening(); !o.Lost || !o.BackupAt.IsZero() {
			t.Errorf("%s: %+v", statement, o)
		}
	}
}

func TestAFileInPlaceOfTheFolderIsReported(t *testing.T) {
	way := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(way, nil, 0o600))
	_, err := sqlite.Open(t.Context(), filepath.Join(way, "data"))
	fails(t, err, backend.DataFolderFailed)
	_, err = sqlite.Open(t.Context(), way)
	fails(t, err, backend.DataFolderFailed)
}

func TestReadersContinueWhileAWriterWaitsForAnotherProgram(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	other, err := file(t, folder).Conn(t.Context())
	must(t, err)
	_, err = other.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	must(t, err)

	wrote := make(chan error)
	go func() { wrote <- r.SaveSetting(context.Background(), "name", "value") }()
	same(t, "list", names(all(t, r)), "Bakery")
	fails(t, <-wrote, backend.DatabaseBusy)

	_, err = other.ExecContext(t.Context(), "ROLLBACK")
	must(t, err)
	must(t, r.SaveSetting(t.Context(), "name", "value"))
}

// makeRegister makes and closes a register, and then changes the file.
func makeRegister(t *testing.T, folder, statement string) {
	t.Helper()
	r, err := sqlite.Open(t.Context(), folder)
	must(t, err)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	must(t, r.Close())
	change(t, folder, statement)
}

// refusedUntouched fails unless Open fails with a code and changes neither the file nor the log.
func refusedUntouched(t *testing.T, folder string, code backend.Code) {
	t.Helper()
	before := files(t, folder)
	_, err := sqlite.Open(t.Context(), folder)
	fails(t, err, code)
	after := files(t, folder)
	for _, name := range []string{sqlite.FileName, sqlite.FileName + "-wal"} {
		if before[name] != after[name] {
			t.Errorf("%s was changed: %d bytes before, %d after", name, len(before[name]), len(after[name]))
		}
	}
}
