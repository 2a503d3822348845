package keychain

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"

	"bookring/backend"
)

// maxItem is the most bytes that an item holds. Windows takes 2,560; macOS
// about 2,900, because one command line of 4,096 bytes carries the item in
// base64 together with its names.
const maxItem = 2000

// Vault keeps credentials in the operating system's keychain under one service
// name. Its methods may be called at the same time; they take turns. They fail
// with a [backend.Failure] of one of the Keychain codes, or Cancelled when
// their context ends. Make one with [New]; two Vaults in one program would not
// take turns with each other.
type Vault struct {
	// Waiting, if set before the first call, is told true when the keychain
	// has not answered for five seconds, which mostly means that it is asking
	// the person something, and false when that call is over.
	Waiting func(bool)
	// Patience, if not zero, replaces the two minutes that a person may take to
	// answer the keychain's question, after which a call fails with KeychainStuck.
	Patience time.Duration

	service string
	guard   guard
	// enlisted are the accounts that this Vault has seen in the index.
	enlisted []string
}

// New returns a Vault for a service name. Real sign-ins and those of a test
// server have different names, and so never meet.
func New(service string) *Vault {
	v := &Vault{service: service, guard: newGuard()}
	v.guard.patience = func() time.Duration { return cmp.Or(v.Patience, patience) }
	v.guard.waiting = func(is bool) {
		if v.Waiting != nil {
			v.Waiting(is)
		}
	}
	return v
}

// Probe writes, reads and deletes a canary as large as a credential may be, so
// that nobody consents at Xero to what the keychain then cannot keep.
func (v *Vault) Probe(ctx context.Context) error {
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()

	if err := v.put(ctx, "write a canary", canaryAccount, newCanary()); err != nil {
		return err
	}
	_, err = v.call(ctx, "delete the canary", func() (string, error) {
		return "", keyring.Delete(v.service, canaryAccount)
	})
	if err != nil && !errors.Is(err, backend.ErrNoCredential) {
		return err
	}
	return nil
}

// Save stores a credential in place of an earlier one with the same key; when
// it returns nil, the keychain has given it back unchanged. A new key is in
// the index before its credential is stored. After a failure the keychain
// holds the earlier credential or this one.
func (v *Vault) Save(ctx context.Context, c backend.Credential) error {
	account, err := accountOf(c.SignInKey)
	if err != nil {
		return err
	}
	text, err := encode(c)
	if err != nil {
		return err
	}
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()

	if err := v.enlist(ctx, account); err != nil {
		return err
	}
	return v.put(ctx, "write the credential", account, text)
}

// Load returns the credential of a sign-in as it was saved, or
// [backend.ErrNoCredential]. An item that is not exactly what Save wrote for
// this sign-in fails with KeychainDamaged and is left as it is.
func (v *Vault) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	account, err := accountOf(key)
	if err != nil {
		return backend.Credential{}, err
	}
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return backend.Credential{}, err
	}
	defer leave()

	const doing = "read the credential"
	text, err := v.get(ctx, doing, account)
	if err != nil {
		return backend.Credential{}, err
	}
	c, err := decode(text)
	if err == nil && c.SignInKey != key {
		err = errors.New("it is another sign-in's")
	}
	if err != nil {
		return backend.Credential{}, damaged(doing, err)
	}
	return c, nil
}

// put writes an item and reads it back.
func (v *Vault) put(ctx context.Context, doing, account, text string) error {
	// Checked here, because on macOS a refusal by the library would leave a
	// process and a pipe behind.
	if len(text) > maxItem {
		return backend.Fail(backend.KeychainTooBig, "", fmt.Errorf("%s: %d bytes", doing, len(text)))
	}
	_, err := v.call(ctx, doing, func() (string, error) {
		return "", keyring.Set(v.service, account, text)
	})
	if err != nil {
		return err
	}
	back, err := v.get(ctx, doing+": read it back", account)
	switch {
	case errors.Is(err, backend.ErrNoCredential):
		return backend.Fail(backend.KeychainDismissed, "", fmt.Errorf("%s: reported as done, but nothing is there", doing))
	case err != nil:
		return err
	case back == text:
		return nil
	case unseal(back, nil) == nil:
		return backend.Fail(backend.KeychainDismissed, "", fmt.Errorf("%s: reported as done, but the earlier one is there", doing))
	}
	return damaged(doing, errors.New("read back something else"))
}

// get reads an item. A store that is just starting can overlook what it holds,
// so a missing item is asked for once more.
func (v *Vault) get(ctx context.Context, doing, account string) (string, error) {
	read := func() (string, error) { return keyring.Get(v.service, account) }
	text, err := v.call(ctx, doing, read)
	if errors.Is(err, backend.ErrNoCredential) {
		text, err = v.call(ctx, doing, read)
	}
	return text, err
}

func (v *Vault) call(ctx context.Context, doing string, f func() (string, error)) (string, error) {
	return v.guard.do(ctx, doing, func() (string, error) {
		if err := reachable(); err != nil {
			return "", err
		}
		text, err := f()
		return text, explained(err)
	})
}

const canaryAccount = "canary"

// newCanary returns a sealed text of exactly maxItem bytes, unlike any before.
func newCanary() string {
	canary := struct {
		V      int    `json:"v"`
		Canary string `json:"canary"`
		Filler string `json:"filler"`
	}{V: 1, Canary: rand.Text()}
	canary.Filler = filler(maxItem - len(seal(canary)))
	return seal(canary)
}
