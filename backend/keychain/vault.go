package keychain

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"sync/atomic"
	"time"

	"github.com/zalando/go-keyring"

	"bookring/backend"
)

// Vault saves credentials in the operating system's keychain under one service
// name. Concurrent calls of the methods run one after another. The methods fail
// with a [backend.Failure]: one of the Keychain codes, or Cancelled if the
// context ends. Create a Vault with [New], one Vault for each service name: calls of
// two Vaults would run at the same time.
type Vault struct {
	// Waiting, if not nil, is called with true if the keychain has not answered
	// for five seconds, probably because of a prompt, and with false at the end
	// of the call. Set Waiting before the first call.
	Waiting func(bool)
	// Patience, if not zero, replaces the two minutes for the user to answer the
	// keychain's prompt. Afterwards a call fails with KeychainStuck.
	Patience time.Duration
	// System, if not empty, replaces the system (GOOS) in the choice of the maximum
	// length of an item. For tests.
	System string

	service string
	guard   guard
	// enlisted are the accounts seen in the index.
	enlisted []string
	// moved reports another owner of the keychain since the last look at the index.
	moved atomic.Bool
	// asked reports a prompt to unlock another collection.
	asked bool
}

// New returns a Vault for a service name. Xero and test servers have different
// service names, to separate the credentials.
func New(service string) *Vault {
	v := &Vault{service: service, guard: newGuard()}
	v.guard.patience = func() time.Duration { return cmp.Or(v.Patience, patience) }
	v.guard.service, v.guard.abandon = serviceOnBus, abandonCalls
	v.guard.waiting = func(is bool) {
		if v.Waiting != nil {
			v.Waiting(is)
		}
	}
	return v
}

// Probe writes, reads and deletes a canary with the size of a usual credential.
// Callers probe before the user's consent at Xero, so that a credential after the
// consent can be saved.
func (v *Vault) Probe(ctx context.Context) error {
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()

	if _, err := v.put(ctx, "write a canary", canaryAccount, newCanary()); err != nil {
		return err
	}
	_, err = ask(ctx, v, "delete the canary", func() (string, error) {
		return "", keyring.Delete(v.service, canaryAccount)
	})
	if err != nil && !errors.Is(err, backend.ErrNoCredential) {
		return err
	}
	return nil
}

// Save replaces the credential with the same key. After nil the keychain has
// returned the new credential unchanged. Save writes a new key into the index
// before the credential. After a failure the keychain holds the earlier or the
// new credential.
//
// A credential too long for the keychain is saved without the name and the e-mail
// address, then without the scopes, then without the previous token. Only then Save
// fails with KeychainTooBig. After the save of a credential that was not presented
// yet, Save deletes whole copies of earlier generations, and no other copy.
func (v *Vault) Save(ctx context.Context, c backend.Credential) error {
	account, err := accountOf(c.SignInKey)
	if err != nil {
		return err
	}
	text, err := encode(c, v.limit(account))
	if err != nil {
		return err
	}
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()

	const doing = "write the credential"
	if err := v.fits(doing, account, text); err != nil { // before the index
		return err
	}
	if err := v.enlist(ctx, account); err != nil {
		return err
	}
	found, err := v.put(ctx, doing, account, text)
	if err != nil {
		return err
	}
	if c.PresentedAt.IsZero() { // Xero has just given the token
		v.clean(ctx, account, found, func(text string) bool { return superseded(text, c) })
	}
	return nil
}

const canaryAccount = "canary"

// newCanary returns a new random sealed text of exactly canarySize bytes.
func newCanary() string {
	canary := struct {
		V      int    `json:"v"`
		Canary string `json:"canary"`
		Filler string `json:"filler"`
	}{V: 1, Canary: rand.Text()}
	canary.Filler = filler(canarySize - len(seal(canary)))
	return seal(canary)
}
