package sqlite_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"bookring/backend"

	"github.com/google/go-cmp/cmp"
)

func TestSignInsAreReadUnchangedLatestFirst(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	only := ben()
	only.SessionOnly = true
	reconcile(t, r, only, lists(ben(), "Bakery"), 2)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 3)
	elsewhere := anna()
	elsewhere.Issuer, elsewhere.At = "http://localhost:1", at(-5)
	reconcile(t, r, elsewhere, nil, 4)

	got, err := r.SignIns(t.Context())
	must(t, err)
	want := []backend.SignIn{only, anna(), elsewhere}
	for i := range want {
		want[i].CheckedAt, want[i].RenewedAt = at(2+i), want[i].At // the time of the Reconcile
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestASignInIsReplacedByTheSameUsersNextSignIn(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), nil, 1)
	married := person("Anna Moana", 9)
	married.SessionOnly = true
	reconcile(t, r, married, nil, 10)
	got, err := r.SignIns(t.Context())
	must(t, err)
	married.CheckedAt, married.RenewedAt = at(10), married.At
	if diff := cmp.Diff([]backend.SignIn{married}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTimesAreReadInUTC(t *testing.T) {
	folder := t.TempDir()
	zone := time.FixedZone("NZDT", 13*3600)
	s := anna()
	s.At = time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, zone)
	first := open(t, folder)
	_, err := first.Reconcile(t.Context(), s, backend.List{Connections: lists(s, "Bakery")}, s.At)
	must(t, err)
	got, err := first.SignIns(t.Context())
	must(t, err)
	for _, at := range []time.Time{got[0].At, all(t, first)[0].LastChecked} {
		if !at.Equal(s.At) || at.Location() != time.UTC {
			t.Errorf("got %v, want %v in UTC", at, s.At)
		}
	}
	// A time.Time as a parameter would become a text.
	var odd int
	must(t, file(t, folder).QueryRowContext(t.Context(), `SELECT count(*) FROM history
		WHERE typeof(at) <> 'integer' OR at <> ?`, s.At.UnixMilli()).Scan(&odd))
	if odd != 0 {
		t.Errorf("%d events with another time", odd)
	}
}

func TestEndingAnUnknownSignInChangesNothing(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	end(t, r, anna(), 1)
	same(t, "history", history(t, folder), "")
}

func TestSettingsAreReadUnchanged(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	for _, value := range []string{"", "one", "two", "", "Ω\n'"} {
		must(t, r.SaveSetting(t.Context(), "client-id", value))
		got, err := r.Setting(t.Context(), "client-id")
		must(t, err)
		same(t, "setting", got, value)
	}
	got, err := r.Setting(t.Context(), "never saved")
	must(t, err)
	same(t, "never saved", got, "")
}

func TestACancelledCallFailsAndWritesNothing(t *testing.T) {
	r := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.Reconcile(ctx, anna(), backend.List{Connections: lists(anna(), "Bakery")}, at(1))
	fails(t, err, backend.Cancelled)
	_, err = r.Organisations(ctx, backend.Query{Limit: 1})
	fails(t, err, backend.Cancelled)
	same(t, "list", names(all(t, r)), "")
}

func TestHistoryRefusesChangesAndDeletions(t *testing.T) {
	folder := t.TempDir()
	reconcile(t, open(t, folder), anna(), lists(anna(), "Bakery"), 1)
	for _, statement := range []string{"DELETE FROM history", "UPDATE history SET at = 0"} {
		if _, err := file(t, folder).ExecContext(t.Context(), statement); err == nil {
			t.Errorf("%s was done", statement)
		}
	}
}

func TestOnlyASignInEndedForLackOfAKeyReturnsWithTheKey(t *testing.T) {
	for why, returns := range map[backend.Ending]bool{
		backend.KeyGone: true, backend.KeyDamaged: true, backend.KeyOld: true, backend.RefusedByXero: false, "": false,
	} {
		r := open(t, t.TempDir())
		reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
		if why != "" {
			must(t, r.EndSignIn(t.Context(), anna().SignInKey, why, at(2)))
		}
		want := 0
		if returns {
			want = 1
		}
		older := anna()
		older.At = anna().At.Add(-time.Hour)
		returned, err := r.ReturnSignIns(t.Context(), []backend.SignIn{older, ben()}, at(3))
		must(t, err)
		same(t, "returned after "+string(why), fmt.Sprint(returned), fmt.Sprint(want))
		living, err := r.SignIns(t.Context())
		must(t, err)
		if !returns {
			continue
		}
		if len(living) != 1 || living[0].Trouble != backend.KeyReturned || !living[0].RenewedAt.Equal(anna().At) {
			t.Errorf("%+v", living)
		}
		same(t, "list", statuses(all(t, r)), "Bakery not-checked")
	}
}

func TestAKeyOfASignInToRevokeDoesNotReturn(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	must(t, r.RequestDisconnect(t.Context(), backend.DisconnectRequest{SignIn: anna().String()}, at(2)))
	must(t, r.EndSignIn(t.Context(), anna().SignInKey, backend.KeyGone, at(3)))
	returned, err := r.ReturnSignIns(t.Context(), []backend.SignIn{anna()}, at(4))
	must(t, err)
	same(t, "returned", fmt.Sprint(returned), "0")
}
