package sqlite_test

import (
	"os"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite"

	"github.com/google/go-cmp/cmp"
)

// versionOne makes a register of version 1 with the contents of testdata/version1.sql: Anna reaches two
// organisations and Ben, whose sign-in has ended, a third. One organisation is refused, another removed.
func versionOne(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for _, file := range []string{"migrations/1.sql", "testdata/version1.sql"} {
		statements, err := os.ReadFile(file)
		must(t, err)
		change(t, folder, string(statements))
	}
	return folder
}

func TestARegisterOfTheFirstVersionIsMigrated(t *testing.T) {
	folder := versionOne(t)
	r := open(t, folder)
	same(t, "list", statuses(all(t, r)), "Bakery connected, Cafe no-access, Deli sign-in-again, Eatery removed")
	same(t, "history", history(t, folder), "connected Bakery Anna")
	setting, err := r.Setting(t.Context(), "client-id")
	must(t, err)
	same(t, "setting", setting, "c0ffee")
	signIns, err := r.SignIns(t.Context())
	must(t, err)
	if diff := cmp.Diff([]backend.SignIn{anna()}, signIns); diff != "" { // without a check and without trouble
		t.Error(diff)
	}

	trouble(t, r, backend.Offline, anna())
	same(t, "list", statuses(all(t, r)), "Bakery not-checked, Cafe no-access, Deli sign-in-again, Eatery removed")
	disconnect(t, r, 8, "deli", "eatery")
	same(t, "list", statuses(all(t, r)), "Bakery not-checked, Cafe no-access, Deli disconnected, Eatery disconnected")
	same(t, "changes", changed(reconcile(t, r, anna(), lists(anna(), "Bakery", "Eatery"), 9)),
		"added [] back [Eatery] known [Bakery] removed [Cafe] total 2")
}

func TestARegisterIsMigratedOnce(t *testing.T) {
	folder := versionOne(t)
	for range 2 {
		r, err := sqlite.Open(t.Context(), folder)
		must(t, err)
		same(t, "list", names(all(t, r)), "Bakery, Cafe, Deli, Eatery")
		must(t, r.Close())
	}
}
