package stress_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/rig"

	"github.com/zalando/go-keyring"
)

// wrong is a way to do it wrongly, on purpose: a proof that finds no fault in
// these proves nothing.
type wrong string

const (
	right         wrong = ""
	withoutLock   wrong = "presents without the lock"
	deleteThenAdd wrong = "deletes the old credential, then adds the new one"
	useThenSave   wrong = "uses the new access token, and saves the new refresh token afterwards"
	believes      wrong = "believes the keychain that it has saved"
	hidesTheEnd   wrong = "does not say that a sign-in has ended"
)

// spoil makes a program do it wrongly.
func (w wrong) spoil(c *program) {
	p := c.ports
	switch w {
	case withoutLock:
		c.lock = func(context.Context, backend.SignInKey) (func(), error) { return func() {}, nil }
	case deleteThenAdd:
		p.Keychain = deleting{p.Keychain}
	case useThenSave:
		p.Keychain = &tardy{Keychain: p.Keychain}
	case hidesTheEnd:
		p.Register = silent{p.Register}
	case believes:
		p.Keychain = gullible{p.Keychain}
	}
}

type deleting struct{ rig.Keychain }

func (v deleting) Save(ctx context.Context, c backend.Credential) error {
	// The account of a key of plain characters is the key.
	if err := keyring.Delete(service, c.String()); err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return err
	}
	return v.Keychain.Save(ctx, c)
}

// tardy saves what was renewed only when it is asked for something else.
type tardy struct {
	rig.Keychain
	mu    sync.Mutex
	later *backend.Credential
}

func (v *tardy) Save(ctx context.Context, c backend.Credential) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if c.PresentedAt.IsZero() {
		v.later = &c
		return nil
	}
	return v.Keychain.Save(ctx, c)
}

func (v *tardy) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.later != nil {
		if err := v.Keychain.Save(ctx, *v.later); err != nil {
			return backend.Credential{}, err
		}
		v.later = nil
	}
	return v.Keychain.Load(ctx, key)
}

type gullible struct{ rig.Keychain }

func (v gullible) Save(ctx context.Context, c backend.Credential) error {
	err := v.Keychain.Save(ctx, c)
	if err != nil && backend.AsFailure(err).Code == backend.KeychainDismissed {
		return nil
	}
	return err
}

type silent struct{ rig.Register }

func (silent) EndSignIn(context.Context, backend.SignInKey, backend.Ending, time.Time) error {
	return nil
}
