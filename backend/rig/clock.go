package rig

import (
	"context"
	"sync/atomic"
	"time"

	"bookring/backend"
	"bookring/backend/xero"
)

// Clock is a clock ahead of the system's clock by a number of nanoseconds. A negative number
// means behind.
type Clock struct{ atomic.Int64 }

// Now returns the clock's time.
func (c *Clock) Now() time.Time { return time.Now().Add(c.Ahead()) }

// Ahead returns the difference to the system's clock.
func (c *Clock) Ahead() time.Duration { return time.Duration(c.Load()) }

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) { c.Add(int64(d)) }

// The adapters read the system's clock for the times in an answer. The types below move the
// times to the clock of the program.

// ClockedServer is a [Server] with the times of a clock.
type ClockedServer struct {
	Server
	Clock *Clock
}

// Renew renews a sign-in; see [oauth.Flow.Renew].
func (s ClockedServer) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	token, err := s.Server.Renew(ctx, key, refresh)
	token.Expires = token.Expires.Add(s.Clock.Ahead())
	return token, s.Clock.move(err)
}

// ClockedXero is a client of Xero's API with the times of a clock.
type ClockedXero struct {
	*xero.Client
	Clock *Clock
}

// Connections reads Xero's list; see [xero.Client.Connections].
func (x ClockedXero) Connections(ctx context.Context, token backend.Token) (backend.List, error) {
	listed, err := x.Client.Connections(ctx, token)
	return listed, x.Clock.move(err)
}

// Details reads the details of an organisation; see [xero.Client.Details].
func (x ClockedXero) Details(ctx context.Context, token backend.Token, organisationID string) (backend.Details, error) {
	details, err := x.Client.Details(ctx, token, organisationID)
	return details, x.Clock.move(err)
}

// move returns a failure with the time of the next try moved to the clock.
func (c *Clock) move(err error) error {
	f := backend.AsFailure(err)
	if f == nil || f.Again.IsZero() {
		return err
	}
	moved := *f
	moved.Again = f.Again.Add(c.Ahead())
	return &moved
}
