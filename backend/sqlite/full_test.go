package sqlite_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"bookring/backend"
)

// A limit of the file's size stands for a full disk on every operating system.
func TestAFullFileIsReportedAndLosesNothing(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	r.DB().SetMaxOpenConns(1)
	limit := func(pages int) {
		_, err := r.DB().ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages))
		must(t, err)
	}
	limit(40)
	_, err := r.Reconcile(t.Context(), anna(), backend.List{Connections: lists(anna(), "Bakery", strings.Repeat("Long", 100_000))}, at(2))
	fails(t, err, backend.DatabaseFull)
	fails(t, r.SaveSetting(t.Context(), "big", strings.Repeat("x", 1_000_000)), backend.DatabaseFull)
	same(t, "list", statuses(all(t, r)), "Bakery connected")
	limit(1_000)
	same(t, "with space again", changed(reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 3)),
		"added [Cafe] back [] known [Bakery] removed [] total 2")
}

func TestARegisterInAReadOnlyFolderIsReadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write in every folder; the tests with a read-only disk cover the case")
	}
	folder := t.TempDir()
	makeRegister(t, folder, "SELECT 1")
	must(t, os.Chmod(folder, 0o500))
	r := open(t, folder)
	same(t, "list", names(all(t, r)), "Bakery")
	same(t, "detail", fails(t, r.Opening().ReadOnly, backend.DatabaseReadOnly), folder)
}
