package renewal

import (
	"context"
	"errors"
	"net"
	"time"

	"bookring/backend"
)

const (
	// gracePeriod is the time in which Xero accepts a presented refresh token again.
	gracePeriod = 30 * time.Minute
	// presentTries present a token again after a missing answer, after 1, 2 and 4
	// seconds, because a token with a lost answer is worthless after the
	// grace period.
	presentTries = 4
	presentPause = time.Second
)

// present presents the keychain's refresh token and returns the accepted credential.
// After a refusal the keychain and Xero are asked once more. After the second
// refusal every other known token is tried too, at any age: nothing can be lost any more,
// and an interrupted write can have left the previous token as the last valid one.
func (k *Keeper) present(ctx context.Context, vault vault, c backend.Credential) (backend.Token, backend.Credential, error) {
	token, c, err := k.presentMarked(ctx, vault, c)
	if !refused(err) {
		return token, c, err
	}
	if err := k.clock.Pause(ctx, presentPause); err != nil {
		return backend.Token{}, c, cancelled(err)
	}
	if c, err = vault.Load(ctx, c.SignInKey); err != nil {
		return backend.Token{}, c, err
	}
	c = k.newer(c)
	token, c, err = k.presentMarked(ctx, vault, c)
	if !refused(err) {
		return token, c, err
	}
	renewed, accepted, tried, furtherErr := k.presentFurther(ctx, vault, c)
	if !tried {
		return token, c, err
	}
	if !refused(furtherErr) { // a missing answer is not the end either
		return renewed, accepted, furtherErr
	}
	if saveErr := vault.Save(ctx, c); saveErr != nil { // the newest token first again
		return token, c, saveErr
	}
	return token, c, err
}

// refused reports a refresh token unknown to Xero.
func refused(err error) bool { return backend.CodeOf(err) == backend.SignInEnded }

// presentMarked first looks for room for the successor, saves the time of presentation in
// the keychain, and then presents the token, several times if no answer comes.
func (k *Keeper) presentMarked(ctx context.Context, vault vault, c backend.Credential) (backend.Token, backend.Credential, error) {
	if c.PresentedAt.IsZero() {
		c.PresentedAt = k.clock.Now()
	}
	if err := k.room(ctx, vault, c); err != nil {
		return backend.Token{}, c, err
	}
	if err := vault.Save(ctx, c); err != nil {
		return backend.Token{}, c, err
	}
	defer k.slow.await(c.SignInKey)()
	pause := presentPause
	for try := 1; ; try++ {
		token, err := k.presentOnce(ctx, c)
		k.keepForeign(ctx, vault, err)
		if token.Scopes == nil {
			token.Scopes = c.Scopes
		}
		if err == nil || try == presentTries || !outcomeUnknown(err) || backend.CodeOf(err) == backend.RefusedOnTheWay {
			return token, c, err
		}
		if err := k.clock.Pause(ctx, pause); err != nil {
			return backend.Token{}, c, cancelled(err)
		}
		pause *= 2
	}
}

// presentOnce grants the answer the shutdown grace period to arrive.
func (k *Keeper) presentOnce(ctx context.Context, c backend.Credential) (backend.Token, error) {
	if err := ctx.Err(); err != nil {
		return backend.Token{}, cancelled(err)
	}
	ctx, release := k.tasks.Extend(ctx)
	defer release()
	at := k.clock.Now()
	var token backend.Token
	err := k.tasks.Try(func() (err error) {
		token, err = k.Authoriser.Renew(ctx, c.SignInKey, c.Refresh)
		return err
	})
	switch {
	case err == nil || refused(err):
		k.doubt.answered(c.SignInKey)
	case outcomeUnknown(err):
		k.doubt.presented(c.SignInKey, at)
	}
	return token, err
}

// outcomeUnknown reports a failure after which Xero may have renewed the sign-in,
// or may still do so.
func outcomeUnknown(err error) bool {
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return false // the request never left this computer
	}
	if errors.Is(err, backend.ErrPanic) {
		return true
	}
	switch backend.CodeOf(err) { // of the failure, even if the cause is the end of ctx
	case backend.Offline, backend.XeroUnreadable, backend.XeroError, backend.XeroUnavailable, backend.OtherPerson,
		backend.RefusedOnTheWay: // a filter can replace Xero's answer
		return true
	}
	return false
}
