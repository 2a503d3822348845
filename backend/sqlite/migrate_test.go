package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite"

	"github.com/google/go-cmp/cmp"
)

// versionOne makes a register as the first Bookring wrote it: Anna reaches two
// organisations and Ben, whose sign-in has ended, one more; one is refused, one
// was removed.
func versionOne(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	schema, err := os.ReadFile(filepath.Join("migrations", "1.sql"))
	must(t, err)
	change(t, folder, string(schema)+`;
		INSERT INTO sign_ins VALUES
			(1, 'https://identity.xero.com', 'client', 'anna', 'Anna Lee', 'anna lee', 'anna@example.com', 0, 1795348800000, NULL),
			(2, 'https://identity.xero.com', 'client', 'ben', 'Ben Ito', 'ben ito', 'ben@example.com', 0, 1795348860000, 1795348900000);
		INSERT INTO organisations VALUES
			(1, 'bakery', 'Bakery', 'bakery', 1, 1795348800000, 'NZ', 'NZD', 1795348800000, NULL),
			(2, 'cafe', 'Cafe', 'cafe', 1, 1795348800000, '', '', NULL, 1795348800000),
			(3, 'deli', 'Deli', 'deli', 1, 1795348800000, '', '', NULL, NULL),
			(4, 'eatery', 'Eatery', 'eatery', 1, 1795348800000, '', '', NULL, NULL);
		INSERT INTO connections VALUES
			(1, 1, 'x1', 'e', 1, 1, 1795348800000, NULL),
			(2, 1, 'x2', 'e', 1, 1, 1795348800000, NULL),
			(3, 2, 'x3', 'e', 1, 1, 1795348800000, NULL),
			(4, 1, 'x4', 'e', 1, 1, 1795348800000, 1795348800000);
		INSERT INTO history (at, kind, organisation, name, user_name) VALUES (1, 'connected', 'bakery', 'Bakery', 'Anna Lee');
		INSERT INTO settings VALUES ('client-id', 'c0ffee');
		PRAGMA user_version = 1`)
	return folder
}

func TestARegisterOfTheFirstVersionIsTakenOver(t *testing.T) {
	folder := versionOne(t)
	r := open(t, folder)
	same(t, "list", standing(all(t, r)), "Bakery connected, Cafe no-access, Deli sign-in-again, Eatery removed")
	same(t, "history", history(t, folder), "connected Bakery Anna")
	setting, err := r.Setting(t.Context(), "client-id")
	must(t, err)
	same(t, "setting", setting, "c0ffee")
	signIns, err := r.SignIns(t.Context())
	must(t, err)
	if diff := cmp.Diff([]backend.SignIn{anna()}, signIns); diff != "" { // never checked, no trouble
		t.Error(diff)
	}

	trouble(t, r, backend.Offline, anna())
	same(t, "list", standing(all(t, r)), "Bakery not-checked, Cafe no-access, Deli sign-in-again, Eatery removed")
	quit(t, r, 8, "deli", "eatery")
	same(t, "list", standing(all(t, r)), "Bakery not-checked, Cafe no-access, Deli disconnected, Eatery disconnected")
	same(t, "changes", changed(reconcile(t, r, anna(), lists(anna(), "Bakery", "Eatery"), 9)),
		"added [] back [Eatery] known [Bakery] removed [Cafe] total 2")
}

func TestARegisterIsTakenOverOnce(t *testing.T) {
	folder := versionOne(t)
	for range 2 {
		r, err := sqlite.Open(t.Context(), folder)
		must(t, err)
		same(t, "list", names(all(t, r)), "Bakery, Cafe, Deli, Eatery")
		must(t, r.Close())
	}
}
