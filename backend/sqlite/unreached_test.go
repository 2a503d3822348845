package sqlite_test

import (
	"fmt"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite"
)

// unreached returns "first+second 3" for each set of ended sign-ins.
func unreached(t tb, r *sqlite.Register) string {
	t.Helper()
	groups, err := r.Unreached(t.Context())
	must(t, err)
	all := make([]string, len(groups))
	for i, g := range groups {
		users := make([]string, len(g.SignIns))
		for j, s := range g.SignIns {
			users[j] = s.UserID
		}
		all[i] = fmt.Sprint(strings.Join(users, "+"), " ", g.Organisations)
	}
	return strings.Join(all, ", ")
}

func TestUnreachedOrganisationsAreCountedByEndedSignIns(t *testing.T) {
	r := open(t, t.TempDir())
	cleo := person("Cleo Roux", 2)
	reconcile(t, r, anna(), lists(anna(), "A", "B", "C", "D", "E"), 1)
	reconcile(t, r, ben(), lists(ben(), "C", "D", "F"), 2)
	reconcile(t, r, cleo, lists(cleo, "D", "E", "G"), 3)
	same(t, "no sign-in has ended", unreached(t, r), "")
	end(t, r, anna(), 4)
	same(t, "other sign-ins carry the rest", unreached(t, r), "anna 2")
	end(t, r, ben(), 5)
	same(t, "two have ended, latest first", unreached(t, r), "anna 2, ben+anna 1, ben 1")
	end(t, r, cleo, 6)
	same(t, "all have ended", unreached(t, r), "anna 2, ben+anna 1, ben 1, cleo+anna 1, cleo+ben+anna 1, cleo 1")
	reconcile(t, r, ben(), lists(ben(), "F"), 7) // organisations removed for Ben need the others
	same(t, "Ben is back", unreached(t, r), "anna 3, cleo+anna 2, cleo 1")
	groups, err := r.Unreached(t.Context())
	must(t, err)
	if s := groups[0].SignIns[0]; s.SignInKey != anna().SignInKey || s.Name != "Anna Lee" || s.Email != "anna@example.com" {
		t.Errorf("the first is %+v", s)
	}
}

func TestTheCarrierIsTheBestSignInOfAnOrganisation(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "A"), 1)
	reconcile(t, r, ben(), lists(ben(), "A"), 2)
	carries := func(what string, want backend.SignIn) {
		t.Helper()
		o := all(t, r)[0]
		same(t, what, o.FirstSignIn.String(), want.String())
		same(t, what, o.SignIns[0], want.Name)
	}
	carries("the latest", ben())
	trouble(t, r, backend.Offline, ben())
	carries("the sign-in without trouble", anna())
	end(t, r, anna(), 3)
	carries("the live sign-in", ben())
	end(t, r, ben(), 4)
	carries("the latest ended sign-in", ben())
	reconcile(t, r, anna(), lists(anna()), 5)
	carries("the sign-in with a connection", ben())
	reconcile(t, r, ben(), lists(ben()), 6)
	carries("the latest sign-in, after a removal", ben())
}

func TestAllSignInsStartWithTheEndedSignIns(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), nil, 1)
	reconcile(t, r, ben(), nil, 2)
	end(t, r, ben(), 3)
	all, err := r.AllSignIns(t.Context())
	must(t, err)
	if len(all) != 2 || all[0].Name != "Ben Ito" || !all[0].EndedAt.Equal(at(3)) || !all[1].EndedAt.IsZero() {
		t.Errorf("%+v", all)
	}
}
