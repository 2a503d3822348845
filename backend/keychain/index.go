package keychain

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"bookring/backend"
)

// maxParts limits the number of parts of the index, for a keychain that answers
// every question with an item. A part holds about 18 sign-ins.
const maxParts = 50

// part is one item of the index. A damaged part is nil and remains unchanged in the
// keychain: the damaged text may name wanted sign-ins, and other parts have room.
type part struct {
	V        int      `json:"v"`
	Accounts []string `json:"accounts"`
}

func partName(i int) string {
	if i == 0 {
		return "index"
	}
	return fmt.Sprintf("index-%d", i+1)
}

// Keys returns the sign-ins in the index, in the order of the first save. After
// an interrupted Save or Delete a sign-in in the index can have no credential.
// If a part of the index is damaged, Keys returns the other sign-ins together
// with KeychainDamaged.
func (v *Vault) Keys(ctx context.Context) ([]backend.SignInKey, error) {
	leave, err := v.guard.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()

	parts, err := v.readIndex(ctx)
	if err != nil {
		return nil, err
	}
	var keys []backend.SignInKey
	for i, p := range parts {
		if p == nil {
			err = damaged("read the index", fmt.Errorf("%s is not as it was written", partName(i)))
			continue
		}
		for _, account := range p.Accounts {
			key, keyErr := keyOf(account)
			if keyErr != nil {
				err = damaged("read the index", keyErr)
				continue
			}
			keys = append(keys, key)
		}
	}
	return keys, err
}

// enlist adds an account to the index unless the index holds the account.
func (v *Vault) enlist(ctx context.Context, account string) (err error) {
	moved := v.moved.Swap(false) // before the look: the owner can change during the look
	if slices.Contains(v.enlisted, account) && !moved {
		return nil
	}
	defer func() {
		if err != nil && moved {
			v.moved.Store(true)
		}
	}()
	parts, err := v.readIndex(ctx)
	if err != nil {
		return err
	}
	var listed []string
	for _, p := range parts {
		if p != nil {
			listed = append(listed, p.Accounts...)
		}
	}
	// Accounts seen earlier are added again if missing: a keychain that reports
	// a part as missing must not cost the part's sign-ins.
	for _, a := range append(slices.Clone(v.enlisted), account) {
		if slices.Contains(listed, a) {
			continue
		}
		if parts, err = v.add(ctx, parts, a); err != nil {
			return err
		}
		listed = append(listed, a)
	}
	v.enlisted = listed
	return nil
}

// add writes an account into the first part with enough room, or into a new part.
func (v *Vault) add(ctx context.Context, parts []*part, account string) ([]*part, error) {
	for i := 0; i <= len(parts) && i < maxParts; i++ {
		if i == len(parts) {
			parts = append(parts, &part{V: recordVersion})
		}
		if parts[i] == nil {
			continue
		}
		longer := &part{V: recordVersion, Accounts: append(slices.Clone(parts[i].Accounts), account)}
		text := seal(longer)
		if len(text) > maxItem {
			continue
		}
		parts[i] = longer
		return parts, v.put(ctx, "write the index", partName(i), text)
	}
	return parts, backend.Fail(backend.KeychainTooBig, "", errors.New("write the index: full"))
}

// readIndex returns the parts in order, up to the first missing part.
func (v *Vault) readIndex(ctx context.Context) ([]*part, error) {
	var parts []*part
	for i := range maxParts {
		text, err := v.get(ctx, "read the index", partName(i))
		if errors.Is(err, backend.ErrNoCredential) {
			break
		}
		if err != nil {
			return nil, err
		}
		p := new(part)
		if err := unseal(text, p); err != nil || p.V != recordVersion {
			p = nil
		}
		parts = append(parts, p)
	}
	return parts, nil
}
