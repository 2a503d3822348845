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

// bug is a deliberate bug in a copy. A row that finds no loss despite a bug would
// prove nothing.
type bug string

const (
	noBug            bug = ""
	noLock           bug = "presents without the lock"
	deleteThenAdd    bug = "deletes the old credential, then adds the new credential"
	useThenSave      bug = "uses the new access token, then saves the new refresh token"
	ignoresDismissal bug = "takes a dismissed prompt for a save"
	hidesEnding      bug = "does not record the end of a sign-in"
)

// plant installs the bug in the ports of a program.
func (b bug) plant(c *program) {
	p := c.ports
	switch b {
	case noLock:
		c.lock = func(context.Context, backend.SignInKey) (func(), error) { return func() {}, nil }
	case deleteThenAdd:
		p.Keychain = deletingKeychain{p.Keychain}
	case useThenSave:
		p.Keychain = &lateKeychain{Keychain: p.Keychain}
	case hidesEnding:
		p.Register = hidingRegister{p.Register}
	case ignoresDismissal:
		p.Keychain = trustingKeychain{p.Keychain}
	}
}

type deletingKeychain struct{ rig.Keychain }

func (k deletingKeychain) Save(ctx context.Context, c backend.Credential) error {
	// The account of a key of plain characters is the key.
	if err := keyring.Delete(service, c.String()); err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return err
	}
	return k.Keychain.Save(ctx, c)
}

// lateKeychain saves a renewed credential only at the next Load.
type lateKeychain struct {
	rig.Keychain
	mu      sync.Mutex
	renewed *backend.Credential
}

func (k *lateKeychain) Save(ctx context.Context, c backend.Credential) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c.PresentedAt.IsZero() {
		k.renewed = &c
		return nil
	}
	return k.Keychain.Save(ctx, c)
}

func (k *lateKeychain) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.renewed != nil {
		if err := k.Keychain.Save(ctx, *k.renewed); err != nil {
			return backend.Credential{}, err
		}
		k.renewed = nil
	}
	return k.Keychain.Load(ctx, key)
}

type trustingKeychain struct{ rig.Keychain }

func (k trustingKeychain) Save(ctx context.Context, c backend.Credential) error {
	err := k.Keychain.Save(ctx, c)
	if err != nil && backend.AsFailure(err).Code == backend.KeychainDismissed {
		return nil
	}
	return err
}

type hidingRegister struct{ rig.Register }

func (hidingRegister) EndSignIn(context.Context, backend.SignInKey, backend.Ending, time.Time) error {
	return nil
}
