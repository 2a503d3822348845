package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/sqlite"
)

// named renames the organisation of a connection.
func named(listed []backend.Connection, id, name string) []backend.Connection {
	for i := range listed {
		if listed[i].OrganisationID == id {
			listed[i].Name = name
		}
	}
	return listed
}

// bakery makes a history of two organisations; the Bakery had another name before.
func bakery(t *testing.T, folder string) *sqlite.Register {
	t.Helper()
	r := open(t, folder)
	reconcile(t, r, anna(), named(lists(anna(), "Bakery", "Cafe"), "bakery", "Old Crumbs"), 1)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 2)
	must(t, r.SaveRefusal(t.Context(), "bakery", at(3)))
	return r
}

func TestForgettingAClientRemovesPresentAndFormerNamesFromTheHistory(t *testing.T) {
	folder := t.TempDir()
	r := bakery(t, folder)
	forget(t, r, 4, "bakery")
	same(t, "until Xero has confirmed", history(t, folder), "signed-in Anna, connected Old Crumbs Anna, connected Cafe Anna, "+
		"renamed Old Crumbs>Bakery Anna, refused Bakery, disconnecting Bakery Anna")
	confirm(t, r, anna(), "bakery", 5)
	same(t, "history", history(t, folder), "signed-in Anna, connected Anna, connected Cafe Anna, "+
		"renamed Anna, refused, disconnecting Anna, disconnected Anna, forgotten")
}

func TestForgettingAClientKeepsTheNameIfWanted(t *testing.T) {
	folder := t.TempDir()
	r := bakery(t, folder)
	request := backend.DisconnectRequest{Organisations: []string{"bakery"}, Forget: true, KeepName: true}
	must(t, r.RequestDisconnect(t.Context(), request, at(4)))
	confirm(t, r, anna(), "bakery", 5)
	if h := history(t, folder); !strings.Contains(h, "renamed Old Crumbs>Bakery Anna") || !strings.HasSuffix(h, "forgotten Bakery") {
		t.Error(h)
	}
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 6)
	forget(t, r, 7, "bakery")
	confirm(t, r, anna(), "bakery", 8)
	if h := history(t, folder); strings.Contains(h, "Bakery") || strings.Contains(h, "Crumbs") || !strings.Contains(h, "Cafe") {
		t.Errorf("forgotten a second time, without the name: %s", h)
	}
}

func TestTheLastRequestToForgetDecidesAboutTheName(t *testing.T) {
	for _, keep := range []bool{true, false} {
		folder := t.TempDir()
		r := bakery(t, folder)
		for _, name := range []bool{!keep, keep} {
			request := backend.DisconnectRequest{Organisations: []string{"bakery"}, Forget: true, KeepName: name}
			must(t, r.RequestDisconnect(t.Context(), request, at(4)))
		}
		confirm(t, r, anna(), "bakery", 5)
		if h := history(t, folder); strings.Contains(h, "Bakery") != keep {
			t.Errorf("keep %t: %s", keep, h)
		}
	}
}

func TestAForgottenNameIsInNoFileAfterTheEnd(t *testing.T) {
	folder := t.TempDir()
	r, err := sqlite.Open(t.Context(), folder)
	must(t, err)
	reconcile(t, r, anna(), named(lists(anna(), "Bakery", "Cafe"), "bakery", "Zuckerwerk Quillfeather"), 1)
	reconcile(t, r, anna(), named(lists(anna(), "Bakery", "Cafe"), "bakery", "Zuckerwerk Nightingale"), 2)
	forget(t, r, 3, "bakery")
	confirm(t, r, anna(), "bakery", 4)
	must(t, r.Close())
	must(t, filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if lower := bytes.ToLower(content); bytes.Contains(lower, []byte("zuckerwerk")) {
			t.Errorf("%s holds the name", path)
		}
		return err
	}))
}

func TestRenewalsLeaveOneEntryForEachSignInAndDay(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	reconcile(t, r, ben(), lists(ben(), "Bakery"), 1)
	const day = 24 * 60
	for _, minutes := range []int{2, 30, 12*60 - 1, 12 * 60, day, 2 * day} { // the tests begin at noon
		must(t, r.SaveRenewal(t.Context(), anna().SignInKey, at(minutes)))
	}
	must(t, r.SaveRenewal(t.Context(), anna().SignInKey, at(31))) // a clock set back
	must(t, r.SaveRenewal(t.Context(), ben().SignInKey, at(40)))
	must(t, r.SaveRenewal(t.Context(), person("Eve Unknown", 0).SignInKey, at(40)))
	h := history(t, folder)
	if strings.Count(h, "renewed Anna") != 3 || strings.Count(h, "renewed Ben") != 1 || strings.Count(h, "renewed") != 4 {
		t.Error(h)
	}
}

func TestRenewalsLeaveTheHistoryAfterTwoYears(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 0)
	const day = 24 * time.Hour
	for age := range 900 {
		must(t, r.SaveRenewal(t.Context(), anna().SignInKey, noon.Add(time.Duration(age)*day)))
	}
	must(t, r.Tidy(t.Context(), noon.Add(100*day)))
	if n := strings.Count(history(t, folder), "renewed"); n != 900 {
		t.Errorf("a clock set back: %d renewals", n)
	}
	must(t, r.Tidy(t.Context(), noon.Add(10_000*day)))
	h := history(t, folder)
	if n := strings.Count(h, "renewed"); n != 732 || !strings.HasPrefix(h, "signed-in Anna, connected Bakery Anna") {
		t.Errorf("%d renewals: %.80s", n, h)
	}
}

func TestTheHistoryRefusesEveryOtherChange(t *testing.T) {
	folder := t.TempDir()
	r := bakery(t, folder)
	must(t, r.SaveRenewal(t.Context(), anna().SignInKey, at(5)))
	forget(t, r, 6, "cafe")
	confirm(t, r, anna(), "cafe", 7)
	before := history(t, folder)
	for _, statement := range []string{
		"DELETE FROM history",
		"DELETE FROM history WHERE kind = 'renewed'",
		"DELETE FROM history WHERE kind = 'connected'",
		"DELETE FROM history WHERE organisation = 'cafe'",
		"UPDATE history SET name = ''",
		"UPDATE history SET name = '', was = '' WHERE organisation = 'bakery'",
		"UPDATE history SET name = 'Another' WHERE organisation = 'cafe'",
		"UPDATE history SET name = '', was = '', at = 1 WHERE organisation = 'cafe'",
		"UPDATE history SET name = '', was = '', kind = 'renewed' WHERE organisation = 'cafe'",
		"UPDATE history SET name = '', was = '', organisation = 'x' WHERE organisation = 'cafe'",
		"UPDATE history SET name = '', was = '', user_name = 'Ben' WHERE organisation = 'cafe'",
		"UPDATE history SET name = '', was = '', user_id = 'ben' WHERE organisation = 'cafe'",
		"UPDATE history SET name = '', was = '', key = 999 WHERE organisation = 'cafe'",
		"UPDATE history SET kind = 'renewed', at = 0 WHERE kind = 'signed-in'",
	} {
		if _, err := file(t, folder).ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "only added to") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	same(t, "history", history(t, folder), before)
}

func TestAMigrationThinsThousandsOfRenewals(t *testing.T) {
	folder := versionOne(t)
	change(t, folder, `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4799)
		INSERT INTO history (at, kind, user_id, user_name)
			SELECT 1795348800000 + i * 1800000, 'renewed', iif(i % 2, 'anna', 'ben'), 'A B' FROM n`)
	r := open(t, folder)
	h := history(t, folder)
	// 4,800 renewals in 100 days from noon touch 101 UTC days for each of two sign-ins.
	if n := strings.Count(h, "renewed"); n > 202 || n < 200 || !strings.HasPrefix(h, "connected Bakery Anna") {
		t.Errorf("%d renewals: %.80s", n, h)
	}
	same(t, "list", names(all(t, r)), "Bakery, Cafe, Deli, Eatery")
}

func TestARequestToForgetFromAnEarlierVersionKeepsTheName(t *testing.T) {
	folder := versionOne(t)
	for _, v := range []string{"2", "3", "4"} {
		statements, err := os.ReadFile("migrations/" + v + ".sql")
		must(t, err)
		change(t, folder, string(statements)+"; PRAGMA user_version = "+v)
	}
	change(t, folder, "UPDATE organisations SET forgotten_at = 1 WHERE id = 'bakery'; UPDATE connections SET left_at = 1 WHERE organisation = 1")
	r := open(t, folder)
	must(t, r.MarkDisconnected(t.Context(), anna().SignInKey, "x1", at(5)))
	same(t, "history", history(t, folder), "connected Bakery Anna, disconnected Bakery Anna, forgotten Bakery")
}
