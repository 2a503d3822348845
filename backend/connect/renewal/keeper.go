// Package renewal keeps the sign-ins alive. [Keeper] owns the refresh tokens in
// the keychain and the access tokens in memory; no other package reads or writes
// either.
//
// A renewal exchanges the refresh token for the next token set (RFC 6749 section
// 6). Xero accepts a refresh token once, and again for 30 minutes after the first
// use, in case the answer was lost (developer.xero.com/faq/oauth2). [Keeper.Token]
// keeps four promises, at any moment in which the program or the computer stops:
//
//  1. The keychain holds the newest refresh token. A token presented without an answer
//     may be used up; Xero accepts the token again for 30 minutes.
//  2. No refresh token is presented unless the keychain has just accepted a write and has
//     room for a longer successor.
//  3. Only the user deletes a credential; a refusal only marks the sign-in.
//  4. One renewal of a sign-in runs at a time: one call in this program, one program of
//     the user.
//
// The files in the order of a renewal: keeper.go (single flight, lock), credential.go
// (load), room.go (length), present.go (present, repeat), further.go (further tokens),
// save.go (save, retry the save). State in memory: tokens.go, newest.go, unsaved.go,
// doubt.go. foreign.go keeps the tokens of wrong answers. adopt.go and delete.go are the
// two ends of a credential's life; recall.go reads the keychain after the register was
// lost.
package renewal

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
	"bookring/backend/connect/task"

	"golang.org/x/sync/singleflight"
)

// Ports are the parts outside the room. connect.New sets Authoriser and ReadOnly, main.go
// the adapters.
type Ports struct {
	Authoriser authoriser
	// Keychain is the operating system's credential store. Session holds the
	// credentials of users without a working keychain, until the program ends.
	Keychain, Session vault
	Register          register
	// Lock excludes every other program of the user from renewing a sign-in until
	// unlock is called or this program ends. Fails with SignInBusy.
	Lock func(ctx context.Context, key backend.SignInKey) (unlock func(), err error)
	// ReadOnly, if not nil, is the failure of every renewal: the data folder is not
	// writable, so no lock excludes another program.
	ReadOnly *backend.Failure
	// SlowAfter, if not zero, replaces the five seconds after which a call is slow.
	SlowAfter time.Duration
}

// authoriser is the token endpoint. Renew presents a refresh token once and fails
// with SignInEnded for a token unknown to the server. Revoke ends a sign-in with
// all connections (RFC 7009).
type authoriser interface {
	Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error)
	Revoke(ctx context.Context, key backend.SignInKey, refresh backend.Secret) error
}

// vault stores credentials. Every call has a deadline and fails with a Keychain
// code; only [backend.ErrNoCredential] means an absent credential.
type vault interface {
	// Probe writes, reads and deletes a canary.
	Probe(ctx context.Context) error
	// Save returns nil only after reading the saved credential back unchanged.
	Save(ctx context.Context, c backend.Credential) error
	// Load returns the newest readable copy, and fails with KeychainLocked if every copy is
	// locked.
	Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error)
	// Copies returns every copy, the newest first; with KeychainLocked, the readable copies.
	Copies(ctx context.Context, key backend.SignInKey) ([]backend.Credential, error)
	// Fits fails with KeychainTooBig unless the vault can hold c with a refresh token
	// longer by a number of bytes.
	Fits(ctx context.Context, c backend.Credential, longer int) error
	// Keys returns the keys in the index, the oldest first; with KeychainDamaged,
	// the readable part. A listed key can be without a credential.
	Keys(ctx context.Context) ([]backend.SignInKey, error)
	// Delete returns nil only after a look has confirmed the absence.
	Delete(ctx context.Context, key backend.SignInKey) error
	// Empty deletes every item.
	Empty(ctx context.Context) error
	// Unlocked fails unless the store can answer without a prompt.
	Unlocked(ctx context.Context) error
}

// register records renewal times.
type register interface {
	SaveRenewal(ctx context.Context, key backend.SignInKey, at time.Time) error
}

// Keeper renews sign-ins and hands out access tokens. Make a Keeper with [New].
type Keeper struct {
	Ports
	clock task.Clock
	tasks *task.Group
	log   *slog.Logger
	name  func(backend.SignInKey) string
	// lasting follows the failures to record a renewal.
	lasting retry.Lasting[string]
	// changed reports a change of Unsaved.
	changed func()

	flight  singleflight.Group // one renewal for each sign-in
	tokens  tokens
	newest  newest
	unsaved unsaved
	doubt   doubt
	slow    slow
	foreign foreign

	mu          sync.Mutex
	sessionOnly bool
}

// New returns a Keeper. Name gives the pseudonym of a sign-in in the log; changed
// is called after every change of [Keeper.Unsaved] and [Keeper.Slow].
func New(p Ports, clock task.Clock, tasks *task.Group, log *slog.Logger, name func(backend.SignInKey) string, changed func()) *Keeper {
	return &Keeper{
		Ports: p, clock: clock, tasks: tasks, log: log, name: name, changed: changed,
		slow: slow{after: p.SlowAfter, changed: changed, try: tasks.Try},
	}
}

// Call calls Xero with an access token of s. After a 401 the call is repeated once,
// with a renewed token. Fails as [Keeper.Token] and as do.
func (k *Keeper) Call(ctx context.Context, s backend.SignIn, do func(backend.Token) error) error {
	token, err := k.Token(ctx, s)
	if err != nil {
		return err
	}
	await := func(token backend.Token) error {
		defer k.slow.await(s.SignInKey)()
		return do(token)
	}
	err = await(token)
	if backend.CodeOf(err) != backend.XeroUnauthorised {
		return err
	}
	k.tokens.drop(s.SignInKey, token)
	if token, err = k.Token(ctx, s); err != nil {
		return err
	}
	return await(token)
}

// Token returns an access token of s, and renews s first if no stored access token
// is valid. Concurrent callers share a single renewal. The renewal continues after
// the last caller has given up. Fails with SignInEnded, SignInBusy, RenewalUnsaved,
// a Keychain code, [backend.ErrNoCredential], or as a call to Xero.
func (k *Keeper) Token(ctx context.Context, s backend.SignIn) (backend.Token, error) {
	if t, ok := k.tokens.valid(s.SignInKey, k.clock.Now()); ok {
		return t, nil
	}
	done := k.flight.DoChan(s.String(), func() (token any, err error) {
		ctx, done, begun := k.tasks.Begin(context.WithoutCancel(ctx))
		if !begun {
			return nil, cancelled(nil)
		}
		defer done()
		err = k.tasks.Try(func() (err error) { // every caller gets the failure
			token, err = k.renew(ctx, s)
			return err
		})
		return token, err
	})
	select {
	case r := <-done:
		t, _ := r.Val.(backend.Token)
		return t, r.Err
	case <-ctx.Done():
		return backend.Token{}, cancelled(ctx.Err())
	}
}

// Renew renews s even while an access token is valid. Fails as [Keeper.Token].
func (k *Keeper) Renew(ctx context.Context, s backend.SignIn) error {
	k.tokens.forget(s.SignInKey)
	_, err := k.Token(ctx, s)
	return err
}

// renew is one renewal, alone among the user's programs. Before a token is
// presented the renewal ends with ctx, at once; afterwards it has the shutdown
// grace period.
func (k *Keeper) renew(ctx context.Context, s backend.SignIn) (backend.Token, error) {
	if k.ReadOnly != nil {
		return backend.Token{}, k.ReadOnly
	}
	unlock, err := k.Lock(ctx, s.SignInKey)
	if err != nil {
		return backend.Token{}, err
	}
	defer unlock()
	if err := k.saveUnsavedLocked(ctx, s.SignInKey); err != nil {
		return backend.Token{}, err
	}
	if t, ok := k.tokens.valid(s.SignInKey, k.clock.Now()); ok {
		return t, nil
	}
	vault, c, err := k.load(ctx, s) // another program may have renewed s
	if err != nil {
		return backend.Token{}, err
	}
	if c.Name == "" { // saved by an older version
		c.Name, c.Email = s.Name, s.Email
	}
	began := k.clock.Now()
	token, c, err := k.present(ctx, vault, c)
	if err == nil {
		err = k.saveRenewedLocked(ctx, vault, c, token)
	}
	if refused(err) && c.SavedAt.Before(s.RenewedAt) { // an older keychain was restored
		err = errors.Join(backend.ErrCredentialOld, err)
	}
	if code := backend.CodeOf(err); err == nil || code != s.Trouble { // a repeated failure is logged once
		k.log.Info("renewal", "signin", k.name(s.SignInKey), "generation", c.Generation,
			"took", k.clock.Now().Sub(began), "code", code)
	}
	if err != nil {
		return backend.Token{}, err
	}
	return token, nil
}

func cancelled(err error) error { return backend.Fail(backend.Cancelled, "", err) }
