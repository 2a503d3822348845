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
		if len(seal(longer)) > maxPart {
			continue
		}
		parts[i] = longer
		return parts, v.putPart(ctx, i, longer)
	}
	return parts, backend.Fail(backend.KeychainTooBig, "", errors.New("write the index: full"))
}

// putPart writes a part and deletes older copies of the part.
func (v *Vault) putPart(ctx context.Context, i int, p *part) error {
	text := seal(p)
	found, err := v.put(ctx, "write the index", partName(i), text)
	if err == nil {
		v.clean(ctx, partName(i), found, func(other string) bool { return other != text && readPart(other) != nil })
	}
	return err
}

// readIndex returns the parts in order, up to the first missing part. The copies of a
// part are joined: an older copy names fewer sign-ins.
func (v *Vault) readIndex(ctx context.Context) ([]*part, error) {
	const doing = "read the index"
	var parts []*part
	for i := range maxParts {
		found, err := v.find(ctx, doing, partName(i))
		switch {
		case err != nil:
			return nil, err
		case found.failed != nil:
			return nil, found.failed
		case len(found.read) == 0:
			return parts, nil
		}
		var joined *part
		for _, one := range found.read {
			switch p := readPart(one.text); {
			case p == nil:
			case joined == nil:
				joined = p
			default:
				joined.join(p)
			}
		}
		parts = append(parts, joined)
	}
	return parts, nil
}

// readPart returns a part, or nil for a damaged text.
func readPart(text string) *part {
	p := new(part)
	if err := unseal(text, p); err != nil || p.V != recordVersion {
		return nil
	}
	return p
}

// join adds the accounts of a copy while the part remains short enough.
func (p *part) join(other *part) {
	for _, a := range other.Accounts {
		longer := &part{V: recordVersion, Accounts: append(slices.Clone(p.Accounts), a)}
		if !slices.Contains(p.Accounts, a) && len(seal(longer)) <= maxPart {
			p.Accounts = longer.Accounts
		}
	}
}
