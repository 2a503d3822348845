package view

import (
	"cmp"
	"slices"

	"bookring/backend"
)

// Repair is one step of the repair plan: a new sign-in of the person of an ended sign-in.
type Repair struct {
	// SignIn is the ended sign-in's key as a text. Email tells people of one name apart.
	SignIn string `json:"signIn"`
	Name   string `json:"name"`
	Email  string `json:"email"`
	// Organisations counts the organisations left by the steps before.
	Organisations int `json:"organisations"`
}

// Repairs returns the repair plan for all unreached organisations: first the sign-in with
// the most organisations, then the sign-in with the most of the rest, and so on. Among
// equal sign-ins the name decides.
func Repairs(unreached []backend.Unreached) []Repair {
	plan, left := []Repair{}, slices.Clone(unreached)
	for len(left) > 0 {
		s, n := mostUseful(left)
		plan = append(plan, Repair{SignIn: s.String(), Name: s.Name, Email: s.Email, Organisations: n})
		left = slices.DeleteFunc(left, func(u backend.Unreached) bool { return u.By(s.SignInKey) })
	}
	return plan
}

// mostUseful returns the sign-in with the most organisations, and their number.
func mostUseful(left []backend.Unreached) (backend.SignIn, int) {
	people, reaches := map[backend.SignInKey]backend.SignIn{}, map[backend.SignInKey]int{}
	for _, u := range left {
		for _, s := range u.SignIns {
			people[s.SignInKey] = s
			reaches[s.SignInKey] += u.Organisations
		}
	}
	best := backend.SignIn{}
	for key, s := range people {
		order := cmp.Or(
			cmp.Compare(reaches[best.SignInKey], reaches[key]),
			cmp.Compare(s.Name, best.Name),
			cmp.Compare(key.String(), best.String()),
		)
		if order < 0 {
			best = s
		}
	}
	return best, reaches[best.SignInKey]
}
