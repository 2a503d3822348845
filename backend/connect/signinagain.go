package connect

import (
	"context"
	"slices"

	"bookring/backend"
)

// SignInAgain is [Connector.Connect] for one person, whose sign-in id names
// ([backend.SignInKey] as a text). If somebody else comes back, that sign-in is
// written down as their own, the one asked for stays as it is, and the end
// names both: [Connected.Expected]. An id that is not known any more asks for
// nobody in particular.
func (c *Connector) SignInAgain(ctx context.Context, id string) error {
	signIns, err := c.Register.AllSignIns(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(signIns, func(s backend.SignIn) bool { return s.String() == id }); i >= 0 {
		c.connect(&signIns[i])
		return nil
	}
	c.connect(nil)
	return nil
}

// expect makes a round one for a certain person, unless its answer is here
// already. Nil changes nothing. The lock is held.
func (r *round) expect(asked *backend.SignIn) {
	if asked != nil && (r.progress.Phase == PhaseOpening || r.progress.Phase == PhaseWaiting) {
		r.asked, r.progress.Asked = asked, asked.Name
	}
}

// expected returns who should have signed in, if it was somebody else: the one
// asked for, or whoever signed in last.
func (c *Connector) expected(ctx context.Context, came backend.SignIn, asked *backend.SignIn) (*backend.Expected, error) {
	e := &backend.Expected{Asked: asked != nil}
	if e.Asked {
		e.SignIn = *asked
	} else {
		signIns, err := c.Register.AllSignIns(ctx)
		if err != nil || len(signIns) == 0 {
			return nil, err
		}
		e.SignIn = slices.MaxFunc(signIns, func(a, b backend.SignIn) int { return a.At.Compare(b.At) })
	}
	if e.SignIn.Issuer == came.Issuer && e.SignIn.UserID == came.UserID {
		return nil, nil
	}
	return e, nil
}

// waitingFor counts the organisations that a sign-in would reach again.
func (c *Connector) waitingFor(ctx context.Context, key backend.SignInKey) (n int, err error) {
	groups, err := c.Register.Unreached(ctx)
	for _, g := range groups {
		if g.By(key) {
			n += g.Organisations
		}
	}
	return n, err
}
