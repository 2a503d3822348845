package sqlite_test

import (
	"fmt"
	"testing"

	"bookring/backend"

	"github.com/google/go-cmp/cmp"
)

func usageOf(t tb, usage map[backend.SignInKey]backend.SignInUsage, s backend.SignIn) string {
	t.Helper()
	u := usage[s.SignInKey]
	text := fmt.Sprintf("%d, only %d:", u.Organisations, u.Only)
	for _, o := range u.First {
		text += " " + o.Name
		if o.Only {
			text += "!"
		}
	}
	return text
}

func TestUsageCountsAndNamesTheOrganisationsOfASignIn(t *testing.T) {
	r := open(t, t.TempDir())
	carla := person("Carla Roe", 2)
	reconcile(t, r, anna(), lists(anna(), "Deli", "Bakery", "Cafe", "Eatery", "Florist"), 1)
	reconcile(t, r, ben(), lists(ben(), "Cafe", "Deli", "Garage"), 2)
	reconcile(t, r, carla, lists(carla, "Eatery"), 3)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe", "Deli", "Eatery"), 4) // Florist was removed
	for _, step := range []struct {
		what             string
		do               func()
		anna, ben, carla string
	}{
		{
			"all sign-ins live", func() {},
			"4, only 1: Bakery! Cafe Deli", "3, only 1: Garage! Cafe Deli", "1, only 0: Eatery",
		},
		{
			"an ended sign-in no longer reaches an organisation", func() { end(t, r, ben(), 5) },
			"4, only 3: Bakery! Cafe! Eatery", "3, only 1: Garage! Cafe Deli", "1, only 0: Eatery",
		},
		{
			"the usage of an ended sign-in stays", func() { end(t, r, anna(), 6) },
			"4, only 3: Bakery! Cafe! Eatery", "3, only 3: Cafe! Deli!", "1, only 1: Eatery!",
		},
	} {
		step.do()
		usage, err := r.Usage(t.Context(), 2)
		must(t, err)
		same(t, step.what+", Anna", usageOf(t, usage, anna()), step.anna)
		same(t, step.what+", Ben", usageOf(t, usage, ben()), step.ben)
		same(t, step.what+", Carla", usageOf(t, usage, carla), step.carla)
	}
}

func TestUsageIsEmptyWithoutConnections(t *testing.T) {
	r := open(t, t.TempDir())
	usage, err := r.Usage(t.Context(), 2)
	must(t, err)
	same(t, "usage", fmt.Sprint(len(usage)), "0")
	reconcile(t, r, anna(), nil, 1)
	usage, err = r.Usage(t.Context(), 2)
	must(t, err)
	same(t, "Anna", usageOf(t, usage, anna()), "0, only 0:")
}

func TestAllSignInsAreReadUnchangedEndedFirstThenByName(t *testing.T) {
	r := open(t, t.TempDir())
	carla := person("Carla Roe", 2)
	for _, s := range []backend.SignIn{anna(), ben(), carla} {
		reconcile(t, r, s, nil, 3)
	}
	must(t, r.EndSignIn(t.Context(), ben().SignInKey, backend.KeyGone, at(4)))
	must(t, r.SaveReminder(t.Context(), carla.SignInKey, 14))
	must(t, r.SaveReminder(t.Context(), anna().SignInKey, 14))
	must(t, r.SaveRenewal(t.Context(), anna().SignInKey, at(5)))

	want := []backend.SignIn{ben(), anna(), carla}
	for i := range want {
		want[i].CheckedAt, want[i].RenewedAt = at(3), want[i].At
	}
	want[0].EndedAt, want[0].Ending = at(4), backend.KeyGone
	want[1].RenewedAt = at(5) // a renewal resets RemindedDays
	want[2].RemindedDays = 14
	got, err := r.AllSignIns(t.Context())
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	again := carla
	again.At = at(9)
	reconcile(t, r, again, nil, 9) // a new sign-in
	reconcile(t, r, ben(), nil, 9) // an ended sign-in becomes living
	reconcile(t, r, anna(), nil, 9)
	got, err = r.AllSignIns(t.Context())
	must(t, err)
	same(t, "Anna is checked and not renewed", got[0].RenewedAt.String(), at(5).String())
	same(t, "Ben lives", fmt.Sprint(got[1].EndedAt.IsZero(), got[1].Ending, got[1].RenewedAt), fmt.Sprint(true, "", at(1)))
	same(t, "Carla has a new sign-in", fmt.Sprint(got[2].RemindedDays, got[2].RenewedAt), fmt.Sprint(0, at(9)))
}

func BenchmarkUsage(b *testing.B) {
	for _, n := range []int{200, 10_000} {
		r, _, _ := filled(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				_, err := r.Usage(b.Context(), 12)
				must(b, err)
			}
		})
	}
}
