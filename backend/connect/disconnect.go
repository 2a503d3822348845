package connect

import (
	"context"

	"bookring/backend"
)

// Disconnecting is written down first and told to Xero afterwards, with the
// token of the sign-in that has the connection. Whenever the program or the
// computer stops in between, what was written down is told with the next check.
// It is told connection by connection, and never by revoking: that would take
// every organisation of that person.

// Plan is what a [backend.DisconnectRequest] would mean, for a person to read before it is
// done.
type Plan struct {
	// SignIn names the person whose sign-in is let go as a whole, or "".
	SignIn string `json:"signIn"`
	Forget bool   `json:"forget"`
	// Count is how many organisations it is about, and Organisations the first
	// of them by name.
	Count         int         `json:"count"`
	Organisations []Departing `json:"organisations"`
	// Staying is how many of Count stay connected through another sign-in.
	Staying int `json:"staying"`
}

// Departing is a [backend.DisconnectEffect] for the window.
type Departing struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Through []string `json:"through"`
	Ended   []string `json:"ended"`
	Staying []string `json:"staying"`
}

// Gone is what leaving has come to.
type Gone struct {
	// Count is how many organisations it was about, Waiting how many of them
	// Xero could not be told of, and Untold how many of them it never can be,
	// through a sign-in that has ended.
	Count   int `json:"count"`
	Waiting int `json:"waiting"`
	Untold  int `json:"untold"`
	// Staying is how many of Count stay connected through another sign-in.
	Staying int `json:"staying"`
	// SignInWaits: the sign-in could not be let go yet.
	SignInWaits bool `json:"signInWaits"`
	// Failed is why something waits, or nil.
	Failed *Failed `json:"failed"`
}

// planned is how many organisations a [Plan] names at most.
const planned = 500

// PlanDisconnect says what disconnecting organisations would mean, or
// forgetting them.
func (c *Connector) PlanDisconnect(ctx context.Context, ids []string, forget bool) (Plan, error) {
	return c.plan(ctx, backend.DisconnectRequest{Organisations: ids, Forget: forget})
}

// PlanDisconnectSignIn says what disconnecting everything that a sign-in
// reaches would mean; id is its [backend.SignInKey] as a string.
func (c *Connector) PlanDisconnectSignIn(ctx context.Context, id string) (Plan, error) {
	return c.plan(ctx, backend.DisconnectRequest{SignIn: id})
}

// Disconnect disconnects organisations through every sign-in that reaches them,
// and forgets them then if so wanted. What Xero cannot be told now it is told
// later. It returns when Xero was told, or could not be.
func (c *Connector) Disconnect(ctx context.Context, ids []string, forget bool) (Gone, error) {
	return c.leaveXero(ctx, backend.DisconnectRequest{Organisations: ids, Forget: forget})
}

// DisconnectSignIn disconnects everything that a sign-in reaches, as Disconnect
// does; what another one reaches too stays connected through that. Then the
// sign-in itself is let go.
func (c *Connector) DisconnectSignIn(ctx context.Context, id string) (Gone, error) {
	return c.leaveXero(ctx, backend.DisconnectRequest{SignIn: id})
}

// ConnectAgain connects an organisation that was disconnected here: where Xero
// was not told yet, it is not told at all; otherwise a sign-in begins.
func (c *Connector) ConnectAgain(ctx context.Context, id string) error {
	reached, err := c.stay(ctx, id)
	if err != nil {
		return err
	}
	if !reached {
		c.Connect()
	}
	return nil
}

func (c *Connector) stay(ctx context.Context, id string) (reached bool, err error) {
	c.telling.Lock() // what is just being told is either told or not
	defer c.telling.Unlock()
	defer c.changed()
	defer c.work.spawn(context.WithoutCancel(ctx), c.backUp) // from an older copy it would be disconnected
	return c.Register.CancelDisconnect(ctx, id, c.Now())
}

func (c *Connector) plan(ctx context.Context, l backend.DisconnectRequest) (Plan, error) {
	departures, signIn, err := c.Register.DisconnectEffects(ctx, l)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{SignIn: signIn, Forget: l.Forget, Count: len(departures), Organisations: []Departing{}, Staying: staying(departures)}
	for _, d := range departures[:min(len(departures), planned)] {
		p.Organisations = append(p.Organisations, Departing{
			ID: d.ID, Name: d.Name,
			Through: append([]string{}, d.Through...), Ended: append([]string{}, d.Ended...), Staying: append([]string{}, d.Staying...),
		})
	}
	return p, nil
}

// leaveXero writes down what is to be left and tells Xero.
func (c *Connector) leaveXero(ctx context.Context, l backend.DisconnectRequest) (Gone, error) {
	ctx, done, begun := c.work.begin(ctx)
	if !begun {
		return Gone{}, backend.Fail(backend.Cancelled, "", nil)
	}
	defer done()
	before, _, err := c.Register.DisconnectEffects(ctx, l)
	if err != nil {
		return Gone{}, err
	}
	if err := c.Register.RequestDisconnect(ctx, l, c.Now()); err != nil {
		return Gone{}, err
	}
	c.changed()
	failure := c.tellXero(ctx)
	if failure == nil {
		c.answered(ctx)
	}
	c.work.spawn(context.WithoutCancel(ctx), c.backUp) // from an older copy it would come back
	return c.gone(ctx, l, before, failure)
}

// gone says what leaving has come to.
func (c *Connector) gone(ctx context.Context, l backend.DisconnectRequest, before []backend.DisconnectEffect, failure error) (Gone, error) {
	after, _, err := c.Register.DisconnectEffects(ctx, l)
	if err != nil {
		return Gone{}, err
	}
	g := Gone{Count: len(before), Staying: staying(before)}
	for _, d := range before {
		if len(d.Ended) > 0 {
			g.Untold++
		}
	}
	for _, d := range after {
		if len(d.Through) > 0 {
			g.Waiting++
		}
	}
	if l.SignIn != "" {
		g.SignInWaits, err = c.leaves(ctx, l.SignIn)
		if err != nil {
			return Gone{}, err
		}
	}
	if g.Waiting > 0 || g.SignInWaits {
		g.Failed = ForWindow(backend.AsFailure(failure))
	}
	return g, nil
}

// staying counts what stays connected through another sign-in.
func staying(departures []backend.DisconnectEffect) (n int) {
	for _, d := range departures {
		if len(d.Staying) > 0 {
			n++
		}
	}
	return n
}
