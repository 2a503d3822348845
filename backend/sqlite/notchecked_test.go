package sqlite_test

import (
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/sqlite"
)

func trouble(t tb, r *sqlite.Register, code backend.Code, signIns ...backend.SignIn) {
	t.Helper()
	keys := make([]backend.SignInKey, len(signIns))
	for i, s := range signIns {
		keys[i] = s.SignInKey
	}
	must(t, r.SaveTrouble(t.Context(), keys, code))
}

func TestAnOrganisationWithoutACheckedSignInIsNotChecked(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	reconcile(t, r, ben(), lists(ben(), "Cafe", "Deli"), 2)
	expect := func(want string) {
		t.Helper()
		same(t, "list", statuses(all(t, r)), want)
	}
	trouble(t, r, backend.Offline, anna())
	expect("Bakery not-checked, Cafe connected, Deli connected") // through Ben
	same(t, "carrier", all(t, r)[1].SignIns[0], "Ben Ito")
	same(t, "trouble", string(all(t, r)[0].Trouble), "offline")
	same(t, "trouble of a connected organisation", string(all(t, r)[1].Trouble), "")

	trouble(t, r, backend.XeroRateLimit, anna(), ben())
	expect("Bakery not-checked, Cafe not-checked, Deli not-checked")
	p := page(t, r, backend.Query{Attention: true, Limit: 10})
	if p.Attention != 0 || p.Matching != 0 || p.Total != 3 {
		t.Errorf("attention %d, matching %d, total %d", p.Attention, p.Matching, p.Total)
	}

	end(t, r, ben(), 3)
	expect("Bakery not-checked, Cafe not-checked, Deli sign-in-again")
	must(t, r.SaveRefusal(t.Context(), "bakery", at(4)))
	expect("Bakery no-access, Cafe not-checked, Deli sign-in-again")

	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 5)
	expect("Bakery no-access, Cafe connected, Deli sign-in-again")
}

func TestTroubleNeitherEndsASignInNorEntersTheHistory(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	before := history(t, folder)
	for _, code := range []backend.Code{backend.Offline, backend.KeychainLocked, backend.XeroUnavailable} {
		trouble(t, r, code, anna())
		same(t, "list", statuses(all(t, r)), "Bakery not-checked")
		same(t, "trouble", string(all(t, r)[0].Trouble), string(code))
	}
	same(t, "history", history(t, folder), before)
	signIns, err := r.SignIns(t.Context())
	must(t, err)
	if s := signIns[0]; s.Trouble != backend.XeroUnavailable || !s.CheckedAt.Equal(at(1)) {
		t.Errorf("trouble %s, checked at %v", s.Trouble, s.CheckedAt)
	}
}

// stale returns the organisations of Anna's with stale details, with the minute of the reading.
func stale(t *testing.T, r *sqlite.Register, since, until time.Time) (ids []string) {
	t.Helper()
	all, err := r.StaleDetails(t.Context(), anna().SignInKey, since, until)
	must(t, err)
	for _, s := range all {
		minute := "never"
		if !s.ReadAt.IsZero() {
			minute = s.ReadAt.Format("4")
		}
		ids = append(ids, s.OrganisationID+":"+minute)
	}
	return ids
}

func TestStaleDetailsComeOldestFirst(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe", "Deli", "Eatery"), 1)
	reconcile(t, r, ben(), lists(ben(), "Florist"), 1)
	for minute, id := range map[int]string{5: "bakery", 3: "cafe", 9: "deli"} {
		must(t, r.SaveDetails(t.Context(), id, backend.Details{Country: "NZ"}, at(minute)))
	}
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe", "Deli", "Eatery"), 10)
	ids := stale(t, r, at(9), at(59))
	same(t, "stale", strings.Join(ids, " "), "eatery:never cafe:3 bakery:5")
	ids = stale(t, r, at(2), at(8))
	same(t, "with readings in the future, after the clock was set back", strings.Join(ids, " "), "eatery:never deli:9")
	reconcile(t, r, anna(), lists(anna(), "Deli"), 11)
	ids = stale(t, r, at(9), at(59))
	same(t, "removed organisations", strings.Join(ids, " "), "")
}
