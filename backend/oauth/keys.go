package oauth

import (
	"context"
	"encoding/json"
	"net/http"

	"bookring/backend"

	"github.com/go-jose/go-jose/v4"
)

// keys are an authorization server's signing keys (RFC 7517). They are read
// while the person signs in, so that nobody waits for them afterwards.
type keys struct {
	read func(context.Context) (jose.JSONWebKeySet, error)
	done chan struct{}
	set  jose.JSONWebKeySet
	err  error
}

// newKeys returns the keys at an address. They are there when load has run.
func newKeys(client *http.Client, address string) *keys {
	k := &keys{done: make(chan struct{})}
	k.read = func(ctx context.Context) (set jose.JSONWebKeySet, err error) {
		body, err := fetch(ctx, client, address, backend.Say.Doing.CheckedIdentity)
		if err != nil {
			return set, err
		}
		if err := json.Unmarshal(body, &set); err != nil {
			return set, backend.Fail(backend.XeroUnreadable, backend.Say.Doing.CheckedIdentity, nil)
		}
		return set, nil
	}
	return k
}

// load reads the keys. It is called once.
func (k *keys) load(ctx context.Context) {
	defer close(k.done)
	k.set, k.err = k.read(ctx)
}

// find returns the key with an ID, or nil. Keys that could not be read earlier,
// or that do not hold the ID because the server has changed its keys since, are
// read once more.
func (k *keys) find(ctx context.Context, id string) (*jose.JSONWebKey, error) {
	select {
	case <-k.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if k.err == nil {
		if found := k.set.Key(id); len(found) > 0 {
			return &found[0], nil
		}
	}
	set, err := k.read(ctx)
	if err != nil {
		return nil, err
	}
	if found := set.Key(id); len(found) > 0 {
		return &found[0], nil
	}
	return nil, nil
}
