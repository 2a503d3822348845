package sqlite_test

import (
	"testing"

	"bookring/backend"

	"github.com/google/go-cmp/cmp"
)

func TestReachableNamesTheConnectionsOfLiveAndEndedSignIns(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, ben(), lists(ben(), "Winery", "Bakery"), 1)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Café"), 2)
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 3) // Café was removed
	must(t, r.EndSignIn(t.Context(), ben().SignInKey, backend.RefusedByXero, at(4)))
	got, err := r.Reachable(t.Context())
	must(t, err)
	of := func(s backend.SignIn) backend.SignIn { return backend.SignIn{SignInKey: s.SignInKey, Name: s.Name} }
	ended := of(ben())
	ended.Ending, ended.EndedAt = backend.RefusedByXero, at(4)
	want := []backend.ReachableOrganisations{
		{SignIn: ended, Ended: true, Organisations: []string{"Bakery", "Winery"}},
		{SignIn: of(anna()), Organisations: []string{"Bakery"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReachableIsEmptyWithoutSignIns(t *testing.T) {
	got, err := open(t, t.TempDir()).Reachable(t.Context())
	if err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}
