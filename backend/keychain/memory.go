package keychain

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"bookring/backend"
)

// Memory keeps credentials until the program ends: for the demo, for people
// who go on without a keychain, and for tests. It keeps the contract of
// [Vault], without a limit to the size. The zero value is empty and ready.
type Memory struct {
	// Fail, if set before the first call, is asked at the start of every call,
	// by the name of the method; an error becomes the answer. For tests.
	Fail func(method string) error

	mu   sync.Mutex
	keys []backend.SignInKey
	kept map[backend.SignInKey]backend.Credential
}

// Probe finds nothing wrong.
func (m *Memory) Probe(ctx context.Context) error { return m.begin(ctx, "Probe") }

// Save keeps a credential in place of an earlier one with the same key.
func (m *Memory) Save(ctx context.Context, c backend.Credential) error {
	if err := m.begin(ctx, "Save"); err != nil {
		return err
	}
	if _, err := encode(c); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.kept[c.SignInKey]; !known {
		m.keys = append(m.keys, c.SignInKey)
	}
	if m.kept == nil {
		m.kept = make(map[backend.SignInKey]backend.Credential)
	}
	c = settled(c)
	c.Scopes = slices.Clone(c.Scopes)
	m.kept[c.SignInKey] = c
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
	c, ok := m.kept[key]
	if !ok {
		return backend.Credential{}, fmt.Errorf("read the credential: %w", backend.ErrNoCredential)
	}
	c.Scopes = slices.Clone(c.Scopes)
	return c, nil
}

// Delete forgets the credential of a sign-in, if there is one.
func (m *Memory) Delete(ctx context.Context, key backend.SignInKey) error {
	if err := m.begin(ctx, "Delete"); err != nil {
		return err
	}
	if err := complete(key); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, key)
	m.keys = slices.DeleteFunc(m.keys, func(k backend.SignInKey) bool { return k == key })
	return nil
}

// Empty forgets everything.
func (m *Memory) Empty(ctx context.Context) error {
	if err := m.begin(ctx, "Empty"); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys, m.kept = nil, nil
	return nil
}

// Keys returns the sign-ins in the order in which they were first saved.
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
