package keychain

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"bookring/backend"
)

// Memory holds credentials until the program ends: for the demo, for users without
// a keychain, and for tests. Memory fulfils the contract of [Vault], without a
// size limit. The zero value is empty and ready to use.
type Memory struct {
	// Fail, if not nil, is called at the start of every method with the method's
	// name; an error becomes the method's result. For tests. Set Fail before the
	// first call.
	Fail func(method string) error

	mu    sync.Mutex
	keys  []backend.SignInKey
	saved map[backend.SignInKey]backend.Credential
}

// Probe tests nothing.
func (m *Memory) Probe(ctx context.Context) error { return m.begin(ctx, "Probe") }

// Save replaces the credential with the same key.
func (m *Memory) Save(ctx context.Context, c backend.Credential) error {
	if err := m.begin(ctx, "Save"); err != nil {
		return err
	}
	if _, err := encode(c, math.MaxInt); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.saved[c.SignInKey]; !known {
		m.keys = append(m.keys, c.SignInKey)
	}
	if m.saved == nil {
		m.saved = make(map[backend.SignInKey]backend.Credential)
	}
	c = settled(c)
	c.Scopes = slices.Clone(c.Scopes)
	m.saved[c.SignInKey] = c
	return nil
}

// Load returns the credential of a sign-in, or [backend.ErrNoCredential].
func (m *Memory) Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error) {
	if err := m.begin(ctx, "Load"); err != nil {
		return backend.Credential{}, err
	}
	if err := complete(key); err != nil {
		return backend.Credential{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.saved[key]
	if !ok {
		return backend.Credential{}, fmt.Errorf("read the credential: %w", backend.ErrNoCredential)
	}
	c.Scopes = slices.Clone(c.Scopes)
	return c, nil
}

// Copies returns the credential of a sign-in, or [backend.ErrNoCredential].
func (m *Memory) Copies(ctx context.Context, key backend.SignInKey) ([]backend.Credential, error) {
	c, err := m.Load(ctx, key)
	if err != nil {
		return nil, err
	}
	return []backend.Credential{c}, nil
}

// Fits accepts every length.
func (m *Memory) Fits(context.Context, backend.Credential, int) error { return nil }

// Delete deletes the credential of a sign-in, if any.
func (m *Memory) Delete(ctx context.Context, key backend.SignInKey) error {
	if err := m.begin(ctx, "Delete"); err != nil {
		return err
	}
	if err := complete(key); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.saved, key)
	m.keys = slices.DeleteFunc(m.keys, func(k backend.SignInKey) bool { return k == key })
	return nil
}

// Empty deletes all credentials.
func (m *Memory) Empty(ctx context.Context) error {
	if err := m.begin(ctx, "Empty"); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys, m.saved = nil, nil
	return nil
}

// Unlocked has nothing to unlock.
func (m *Memory) Unlocked(ctx context.Context) error { return m.begin(ctx, "Unlocked") }

// Keys returns the sign-ins in the order of the first save.
func (m *Memory) Keys(ctx context.Context) ([]backend.SignInKey, error) {
	if err := m.begin(ctx, "Keys"); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.keys), nil
}

func (m *Memory) begin(ctx context.Context, method string) error {
	if ctx.Err() != nil {
		return cancelled(ctx, method)
	}
	if m.Fail != nil {
		return m.Fail(method)
	}
	return nil
}
