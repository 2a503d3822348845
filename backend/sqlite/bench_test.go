package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite"
)

var trades = []string{"Bakery", "Électricité", "Plumbing", "Café", "Motors"}

// filled returns a register with n organisations and twenty sign-ins. A quarter of the organisations has two
// sign-ins, a sign-in has ended, and few organisations are removed or refused.
func filled(b *testing.B, n int) (*sqlite.Register, backend.SignIn, []backend.Connection) {
	b.Helper()
	r := open(b, b.TempDir())
	per := n / 20
	var s backend.SignIn
	var listed []backend.Connection
	for p := range 20 {
		s = person(fmt.Sprintf("Person%02d Lee", p), p)
		var mine []string
		for i := range per + per/4 {
			k := (p*per + i) % n
			mine = append(mine, fmt.Sprintf("%s %05d Limited", trades[k%len(trades)], (k*7919)%n))
		}
		listed = lists(s, mine...)
		reconcile(b, r, s, listed, p)
		if p == 7 {
			end(b, r, s, p)
		}
	}
	must(b, r.SaveRefusal(b.Context(), listed[0].OrganisationID, at(30)))
	return r, s, listed
}

func BenchmarkOrganisations(b *testing.B) {
	for _, n := range []int{200, 10_000} {
		r, _, _ := filled(b, n)
		for name, q := range map[string]backend.Query{
			"by name":              {Sort: backend.ByName},
			"by status":            {Sort: backend.ByStatus},
			"by sign-in":           {Sort: backend.BySignIn},
			"by last checked":      {Sort: backend.ByLastChecked},
			"by country":           {Sort: backend.ByCountry},
			"attention":            {Sort: backend.ByStatus, Attention: true},
			"search and by name":   {Sort: backend.ByName, Search: "cafe 1"},
			"search and by status": {Sort: backend.ByStatus, Search: "cafe 1"},
			"search and sign-in":   {Sort: backend.BySignIn, Search: "cafe 1"},
			"deep":                 {Sort: backend.ByName, Offset: n - 100},
		} {
			q.Limit = 100
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				for b.Loop() {
					page(b, r, q)
				}
			})
		}
	}
}

func BenchmarkReconcile(b *testing.B) {
	for _, n := range []int{200, 10_000} {
		r, s, listed := filled(b, n)
		b.Run(fmt.Sprintf("known/%d of %d", len(listed), n), func(b *testing.B) {
			for b.Loop() {
				reconcile(b, r, s, listed, 50)
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{200, 10_000} {
		folder := b.TempDir()
		r, err := sqlite.Open(b.Context(), folder)
		must(b, err)
		many := make([]string, n)
		for i := range many {
			many[i] = fmt.Sprintf("%s %d", trades[i%len(trades)], i)
		}
		reconcile(b, r, anna(), lists(anna(), many...), 1)
		must(b, r.Close())
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				r, err := sqlite.Open(b.Context(), folder)
				must(b, err)
				must(b, r.Close())
			}
		})
	}
}

// BenchmarkUnreached measures no ended sign-in, a single ended sign-in, and twenty.
func BenchmarkUnreached(b *testing.B) {
	for _, n := range []int{200, 10_000} {
		for _, ended := range []int{0, 1, 20} {
			r, _, _ := filled(b, n)
			signIns, err := r.AllSignIns(b.Context())
			must(b, err)
			for i, s := range signIns {
				if i < ended {
					end(b, r, s, 60)
				}
			}
			b.Run(fmt.Sprintf("%d/%d ended", n, ended), func(b *testing.B) {
				for b.Loop() {
					_, err := r.Unreached(b.Context())
					must(b, err)
				}
			})
		}
	}
}

// BenchmarkOpenAndBackUp measures a start and the backup after the start.
func BenchmarkOpenAndBackUp(b *testing.B) {
	for _, n := range []int{200, 10_000} {
		r, _, _ := filled(b, n)
		backUp(b, r)
		folder := filepath.Dir(r.File())
		b.Run(fmt.Sprintf("%d/open", n), func(b *testing.B) {
			for b.Loop() {
				again, err := sqlite.Open(b.Context(), folder)
				must(b, err)
				must(b, again.Close())
			}
		})
		b.Run(fmt.Sprintf("%d/back up", n), func(b *testing.B) {
			for b.Loop() {
				must(b, os.RemoveAll(filepath.Join(folder, "backups")))
				backUp(b, r)
			}
		})
	}
}
