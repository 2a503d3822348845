package keychain

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/zalando/go-keyring"

	"bookring/backend"
)

// maxItem is the maximum length of an item, in bytes. Windows accepts 2,560 bytes.
// macOS accepts about 2,900 bytes, because the command line of 4,096 bytes holds
// the item in base64, the service name and the account.
const maxItem = 2000

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

	service string
	guard   guard
	// enlisted are the accounts seen in the index.
	enlisted []string
	// moved reports another owner of the keychain since the last look at the index.
	moved atomic.Bool
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

// Probe writes, reads and deletes a canary with the maximum size of a credential.
// Callers probe before the user's consent at Xero, so that a credential after the
// consent can be saved.
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

// Save replaces the credential with the same key. After nil the keychain has
// returned the new credential unchanged. Save writes a new key into the index
// before the credential. After a failure the keychain holds the earlier or the
// new credential.
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

// Load returns the saved credential of a sign-in, or [backend.ErrNoCredential].
// Fails with KeychainDamaged, and leaves the item unchanged, if Save did not write
// the item for the sign-in.
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
		err = errors.New("the record is another sign-in's")
	}
	if err != nil {
		return backend.Credential{}, damaged(doing, err)
	}
	return c, nil
}

// put writes an item, reads the item back and compares.
func (v *Vault) put(ctx context.Context, doing, account, text string) error {
	// On macOS the library's own size check leaks a process and a pipe.
	if len(text) > maxItem {
		return backend.Fail(backend.KeychainTooBig, "", fmt.Errorf("%s: %d bytes", doing, len(text)))
	}
	_, err := v.call(ctx, doing, func() (string, error) {
		return "", keyring.Set(v.service, account, text)
	})
	if err != nil {
		return err
	}
	back, err := v.get(ctx, doing+": read the item back", account)
	switch {
	case errors.Is(err, backend.ErrNoCredential):
		return dismissed(doing, "no item")
	case err != nil:
		return err
	case back == text:
		return nil
	case unseal(back, nil) == nil:
		return dismissed(doing, "the earlier item")
	}
	return damaged(doing, errors.New("read back something else"))
}

// get reads an item. A keychain that is still starting can report an existing item
// as missing, so get asks for a missing item twice.
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

// newCanary returns a new random sealed text of exactly maxItem bytes.
func newCanary() string {
	canary := struct {
		V      int    `json:"v"`
		Canary string `json:"canary"`
		Filler string `json:"filler"`
	}{V: 1, Canary: rand.Text()}
	canary.Filler = filler(maxItem - len(seal(canary)))
	return seal(canary)
}
