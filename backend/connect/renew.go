package connect

import (
	"context"
	"errors"
	"net"
	"time"

	"bookring/backend"
)

// A renewal trades the refresh token for the next one. Xero's works once, and
// for 30 minutes more if the answer was lost (developer.xero.com/faq/oauth2).
// The order below keeps four promises, whenever the program or the computer
// stops:
//
//  1. The keychain always holds a refresh token that was never presented, or
//     first presented less than 30 minutes ago, or its successor too.
//  2. None is presented unless the keychain has just taken a write.
//  3. Nothing but a person deletes a credential; a refusal only marks.
//  4. One presents at a time: one call in this program, one program of this user.
const (
	// grace is how long Xero takes a refresh token after it was first presented.
	grace = 30 * time.Minute
	// renewTries present the same token again when no answer came, at once and
	// then ever more slowly: a token whose answer was lost is as good as lost
	// when the grace is over.
	renewTries = 4
	renewPause = time.Second
	// saveTries insist on the keychain while the new access token is waited for;
	// after them it goes on every insistPause, for as long as the program runs.
	saveTries   = 8
	savePause   = time.Second
	insistPause = 5 * time.Second
)

// token returns an access token of a sign-in, and renews the sign-in if there
// is none that lives. However many ask, one renewal runs, and it goes on when
// nobody waits for it any longer. Fails with SignInEnded, SignInBusy,
// RenewalUnsaved, a Keychain code, [backend.ErrNoCredential], or as a call to
// Xero does.
func (c *Connector) token(ctx context.Context, s backend.SignIn) (backend.Token, error) {
	if t, ok := c.tokens.live(s.SignInKey, c.Now()); ok {
		return t, nil
	}
	done := c.tokens.flight.DoChan(s.String(), func() (any, error) {
		ctx, done, begun := c.work.begin(context.WithoutCancel(ctx))
		if !begun {
			return nil, backend.Fail(backend.Cancelled, "", nil)
		}
		defer done()
		return c.renew(ctx, s)
	})
	select {
	case r := <-done:
		t, _ := r.Val.(backend.Token)
		return t, r.Err
	case <-ctx.Done():
		return backend.Token{}, backend.Fail(backend.Cancelled, "", ctx.Err())
	}
}

// renew is one renewal, alone among the programs of this user. Until a token is
// presented it ends with ctx, at once; from then on it has its last moments.
func (c *Connector) renew(ctx context.Context, s backend.SignIn) (backend.Token, error) {
	if c.Opening.ReadOnly != nil { // another copy may do the same, and no lock tells
		return backend.Token{}, c.Opening.ReadOnly
	}
	unlock, err := c.Lock(ctx, s.SignInKey)
	if err != nil {
		return backend.Token{}, err
	}
	defer unlock()
	if err := c.saveUnsaved(ctx, s.SignInKey); err != nil {
		return backend.Token{}, err
	}
	if t, ok := c.tokens.live(s.SignInKey, c.Now()); ok {
		return t, nil
	}
	vault, held, err := c.load(ctx, s) // another program may have renewed it
	if err != nil {
		return backend.Token{}, err
	}
	if held.Name == "" { // kept by an older Bookring
		held.Name, held.Email = s.Name, s.Email
	}
	began := c.Now()
	token, held, err := c.present(ctx, vault, held)
	if err == nil {
		err = c.saveRenewed(ctx, vault, held, token)
	}
	c.logRenewal(s, held.Generation, c.Now().Sub(began), err)
	if err != nil {
		return backend.Token{}, err
	}
	return token, nil
}

// present presents the refresh token that the keychain holds, and returns the
// credential that was accepted. One refusal is not the end: the keychain and
// Xero are asked once more. And because only the newest token's end is the end,
// the one before it is tried too, however old: there is nothing to lose any more,
// and a write that was cut off can have left it as the last that works.
func (c *Connector) present(ctx context.Context, vault Vault, held backend.Credential) (backend.Token, backend.Credential, error) {
	token, held, err := c.presentMarked(ctx, vault, held)
	if !refused(err) {
		return token, held, err
	}
	if err := c.pause(ctx, renewPause); err != nil {
		return backend.Token{}, held, cancelled(err)
	}
	if held, err = vault.Load(ctx, held.SignInKey); err != nil {
		return backend.Token{}, held, err
	}
	token, held, err = c.presentMarked(ctx, vault, held)
	if !refused(err) || held.Previous.IsZero() {
		return token, held, err
	}
	older := held
	older.Refresh, older.Previous, older.PresentedAt = held.Previous, held.Refresh, time.Time{}
	renewed, older, olderErr := c.presentMarked(ctx, vault, older)
	if !refused(olderErr) { // nor is a question without an answer the end
		return renewed, older, olderErr
	}
	if saveErr := vault.Save(ctx, held); saveErr != nil { // the newest first again
		return token, held, saveErr
	}
	return token, held, err
}

// refused reports that Xero does not know a refresh token any more.
func refused(err error) bool {
	return err != nil && backend.AsFailure(err).Code == backend.SignInEnded
}

func cancelled(err error) error { return backend.Fail(backend.Cancelled, "", err) }

// presentMarked writes down that the token is presented from now on, and then
// presents it, several times if no answer comes.
func (c *Connector) presentMarked(ctx context.Context, vault Vault, held backend.Credential) (backend.Token, backend.Credential, error) {
	if held.PresentedAt.IsZero() {
		held.PresentedAt = c.Now()
	}
	if err := vault.Save(ctx, held); err != nil {
		return backend.Token{}, held, err
	}
	pause := renewPause
	for try := 1; ; try++ {
		token, err := c.presentOnce(ctx, held)
		if err == nil || try == renewTries || !unheard(err) {
			return token, held, err
		}
		if err := c.pause(ctx, pause); err != nil {
			return backend.Token{}, held, cancelled(err)
		}
		pause *= 2
	}
}

// presentOnce lets an answer that is on its way arrive.
func (c *Connector) presentOnce(ctx context.Context, held backend.Credential) (backend.Token, error) {
	if err := ctx.Err(); err != nil {
		return backend.Token{}, cancelled(err)
	}
	ctx, release := c.work.reprieve(ctx)
	defer release()
	at := c.Now()
	token, err := c.Authoriser.Renew(ctx, held.SignInKey, held.Refresh)
	c.unanswered.note(held.SignInKey, at, err)
	return token, err
}

// unheard reports whether Xero may have renewed a sign-in without our knowing, or
// may yet.
func unheard(err error) bool {
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return false // it never left this computer
	}
	switch backend.AsFailure(err).Code {
	case backend.Offline, backend.XeroUnreadable, backend.XeroError, backend.XeroUnavailable:
		return true
	}
	return false
}
