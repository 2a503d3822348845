package connect

import (
	"cmp"
	"context"
	"slices"

	"bookring/backend"
)

// Repair is an ended sign-in that reaches organisations again, as soon as its
// person signs in.
type Repair struct {
	// SignIn is what [Connector.SignInAgain] takes; Email tells people of one
	// name apart.
	SignIn string `json:"signIn"`
	Name   string `json:"name"`
	Email  string `json:"email"`
	// Organisations counts those that the repairs before this one leave.
	Organisations int `json:"organisations"`
}

// repairs returns the repair plan: sign-ins that together reach every
// organisation again which waits for one, each the one that repairs most of what
// those before it leave; of several that repair as many, the first by name.
func (c *Connector) repairs(ctx context.Context) ([]Repair, error) {
	left, err := c.Register.Unreached(ctx)
	if err != nil {
		return nil, err
	}
	plan := []Repair{}
	for len(left) > 0 {
		s, n := mostUseful(left)
		plan = append(plan, Repair{SignIn: s.String(), Name: s.Name, Email: s.Email, Organisations: n})
		left = slices.DeleteFunc(left, func(u backend.Unreached) bool { return u.By(s.SignInKey) })
	}
	return plan, nil
}

// mostUseful returns the sign-in that reaches most organisations, and how many.
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

// Count is a [backend.Count] for the window.
type Count struct {
	Status        string `json:"status"`
	Organisations int    `json:"organisations"`
}

// count takes over how many organisations have each status.
func (o *Overview) count(counts []backend.Count) {
	o.Counts = []Count{}
	for _, n := range counts {
		o.Counts = append(o.Counts, Count{Status: string(n.Status), Organisations: n.Organisations})
		o.Total += n.Organisations
		if n.Status.NeedsPerson() {
			o.Attention += n.Organisations
		}
	}
}
