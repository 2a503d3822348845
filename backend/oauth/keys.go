package oauth

import (
	"context"
	"encoding/json"
	"net/http"

	"bookring/backend"

	"github.com/go-jose/go-jose/v4"
)

// keys are an authorization server's signing keys (RFC 7517). keys reads the key
// set while the user signs in, to save time after the answer.
type keys struct {
	read func(context.Context) (jose.JSONWebKeySet, error)
	done chan struct{}
	set  jose.JSONWebKeySet
	err  error
}

// newKeys returns the keys at an address. The caller must call load.
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

// load reads the key set. The caller must call load exactly once.
func (k *keys) load(ctx context.Context) {
	defer close(k.done)
	k.set, k.err = k.read(ctx)
}

// find returns the key with an ID, or nil. find waits for load. If load failed, or
// if the key set does not hold the ID because the server has changed keys, find
// reads the key set again.
func (k *keys) find(ctx context.Context, id string) (*jose.JSONWebKey, error) {
	select {
	case <-k.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	set, err := k.set, k.err
	if err != nil || len(set.Key(id)) == 0 {
		set, err = k.read(ctx)
	}
	if found := set.Key(id); err == nil && len(found) > 0 {
		return &found[0], nil
	}
	return nil, err
}
