package connect

import (
	"context"
	"slices"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
)

// Connect signs a person in and adds the person's organisations to the list; see
// [rounds.Rounds.Connect].
func (c *Connector) Connect() { c.rounds.Connect(nil) }

// SignInAgain is Connect with an expected person, the person of the sign-in id. An unknown
// id expects no person.
func (c *Connector) SignInAgain(ctx context.Context, id string) error {
	all, err := c.config.Lists.AllSignIns(ctx)
	if err != nil {
		return err
	}
	var asked *backend.SignIn
	if i := slices.IndexFunc(all, func(s backend.SignIn) bool { return s.String() == id }); i >= 0 {
		asked = &all[i]
	}
	c.rounds.Connect(asked)
	return nil
}

// Link returns the link of the waiting round, for the clipboard. Fails with NothingWaits.
func (c *Connector) Link() (string, error) { return c.rounds.Link() }

// OpenAgain opens the browser again for the waiting round. Fails with BrowserNotOpened or
// NothingWaits.
func (c *Connector) OpenAgain() error { return c.rounds.OpenAgain() }

// MoreTime gives the waiting round the full time again.
func (c *Connector) MoreTime() { c.rounds.MoreTime() }

// Paste takes the browser's last address for the waiting round. Fails with PastedEmpty,
// PastedNotOurs or NothingWaits.
func (c *Connector) Paste(address string) error { return c.rounds.Paste(address) }

// Cancel ends every round in the window; see [rounds.Rounds.Cancel].
func (c *Connector) Cancel() { c.rounds.Cancel() }

// UseThisSessionOnly saves the credentials of later sign-ins in memory only.
func (c *Connector) UseThisSessionOnly() {
	c.keeper.UseSession()
	c.news.notify()
}

// prepare tests everything needed to save a grant, before the browser opens.
func (c *Connector) prepare(ctx context.Context) (clientID string, err error) {
	if c.removing.removal.UnderWay() { // a removal would not know of the new connections
		return "", backend.Fail(backend.RemovalUnderWay, "", nil)
	}
	if err := c.upkeep.writable(ctx); err != nil {
		return "", err
	}
	if clientID, err = c.usableClientID(ctx); err != nil {
		return "", err
	}
	return clientID, c.keeper.Probe(ctx)
}

// granted follows a recorded grant: the sign-in is no longer in trouble, and its details
// are due.
func (c *Connector) granted(o backend.Outcome) {
	c.syncer.Forget(o.SignIn.SignInKey)
	c.details.Connected(o)
}

// CheckNow checks every sign-in in the background, and reads the details older than 15
// minutes; [view.Overview.Check] tells the rest.
// A running check goes on, and a check of its unasked sign-ins follows. Xero's limits still
// hold. Fails as writing the register does, because the check's result could not be
// recorded.
func (c *Connector) CheckNow(ctx context.Context) error {
	if err := c.upkeep.writable(ctx); err != nil {
		return err
	}
	c.details.Want()
	c.recovery.Reset()
	c.tasks.Go(context.WithoutCancel(ctx), c.returning.look)
	c.rounds.ReadPending()
	if !c.syncer.Want() { // otherwise the end of the check begins the reading of details, too
		c.check(0)
	}
	return nil
}

// CameForward checks the sign-ins unchecked for an hour: the user looks at the window again.
// The user may have signed in to the network meanwhile.
func (c *Connector) CameForward() {
	networkBack(c.syncer, c.details)
	c.check(time.Hour)
}

// StopCheck ends the running check and the reading of details, for an hour. Recorded lists
// remain.
func (c *Connector) StopCheck() {
	c.syncer.Stop()
	c.details.Stop()
}

// check begins the due work for a waiting user.
func (c *Connector) check(age time.Duration) {
	if c.config.Opening.ReadOnly != nil {
		return
	}
	c.syncer.Check(age, false)
	c.details.Begin()
}

// reset ends every backoff except Xero's limits.
func (c *Connector) reset() {
	c.syncer.Reset()
	c.details.Reset()
	c.recovery.Reset()
	c.rounds.ReadPending()
}

// answered runs after a successful call for the user: the trouble of the other sign-ins may
// be over, so they are checked.
func (c *Connector) answered(ctx context.Context) {
	living, err := c.config.Lists.SignIns(ctx)
	if err != nil || !slices.ContainsFunc(living, func(s backend.SignIn) bool { return s.Trouble != "" }) {
		return
	}
	c.reset()
	c.syncer.Check(daily, false)
}

// RenewNow renews a sign-in and returns the new expiry (RFC 3339). Fails as
// [syncing.Syncer.Renew].
func (c *Connector) RenewNow(ctx context.Context, id string) (expires string, err error) {
	at, err := c.syncer.Renew(ctx, id)
	if err != nil {
		return "", err
	}
	c.answered(ctx)
	return view.Stamp(at), nil
}

// PlanDisconnect tells the effects of disconnecting organisations, or of forgetting them.
func (c *Connector) PlanDisconnect(ctx context.Context, ids []string, forget bool) (view.Plan, error) {
	return c.planDisconnect(ctx, backend.DisconnectRequest{Organisations: ids, Forget: forget})
}

// PlanDisconnectSignIn tells the effects of disconnecting a sign-in as a whole.
func (c *Connector) PlanDisconnectSignIn(ctx context.Context, id string) (view.Plan, error) {
	return c.planDisconnect(ctx, backend.DisconnectRequest{SignIn: id})
}

func (c *Connector) planDisconnect(ctx context.Context, r backend.DisconnectRequest) (view.Plan, error) {
	effects, signIn, err := c.config.Lists.DisconnectEffects(ctx, r)
	if err != nil {
		return view.Plan{}, err
	}
	return view.DisconnectPlan(effects, signIn, r.Forget), nil
}

// Disconnect disconnects organisations through every sign-in, and then forgets them if
// forget is set; keepName keeps forgotten names in the history. See [syncing.Syncer.Disconnect].
func (c *Connector) Disconnect(ctx context.Context, ids []string, forget, keepName bool) (view.DisconnectResult, error) {
	return c.disconnect(ctx, backend.DisconnectRequest{Organisations: ids, Forget: forget, KeepName: keepName})
}

// DisconnectSignIn disconnects all organisations of a sign-in and then revokes the sign-in.
// An organisation of another sign-in stays connected through the other.
func (c *Connector) DisconnectSignIn(ctx context.Context, id string) (view.DisconnectResult, error) {
	return c.disconnect(ctx, backend.DisconnectRequest{SignIn: id})
}

func (c *Connector) disconnect(ctx context.Context, request backend.DisconnectRequest) (view.DisconnectResult, error) {
	if c.removing.removal.UnderWay() { // a removal disconnects by itself
		return view.DisconnectResult{}, backend.Fail(backend.RemovalUnderWay, "", nil)
	}
	r, err := c.syncer.Disconnect(ctx, request)
	if err != nil {
		return view.DisconnectResult{}, err
	}
	if r.Failure == nil {
		c.answered(ctx)
	}
	return view.Disconnected(r.Before, r.After, r.RevokePending, r.Failure), nil
}

// ConnectAgain connects a disconnected organisation: a pending disconnect is cancelled;
// otherwise a sign-in begins.
func (c *Connector) ConnectAgain(ctx context.Context, id string) error {
	reached, err := c.syncer.Cancel(ctx, id)
	if err == nil && !reached {
		c.Connect()
	}
	return err
}

// DismissRecovery ends the notice about a lost list.
func (c *Connector) DismissRecovery(ctx context.Context) { c.recovery.Dismiss(ctx) }

// Calendar returns a calendar file (RFC 5545) with the expiry of each sign-in. Fails with
// SignInEnded without a known expiry.
func (c *Connector) Calendar(ctx context.Context) ([]byte, error) {
	living, err := c.config.Lists.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	return calendarFile(living, c.clock.Now())
}
