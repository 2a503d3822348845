package identity

import (
	"context"
	"crypto/rsa"
	"encoding/json"

	"bookring/backend"

	"github.com/go-jose/go-jose/v4"
)

// Keys are an authorization server's signing keys (RFC 7517). Keys reads the key
// set while the user signs in, to save time after the answer. Make Keys with [New].
type Keys struct {
	fetch func(context.Context) ([]byte, error)
	done  chan struct{}
	set   keySet
	err   error
}

// New returns the keys of a key set, which fetch returns. The caller must call Load.
func New(fetch func(context.Context) ([]byte, error)) *Keys {
	return &Keys{fetch: fetch, done: make(chan struct{})}
}

// Load reads the key set. The caller must call Load exactly once.
func (k *Keys) Load(ctx context.Context) {
	defer close(k.done)
	k.set, k.err = k.read(ctx)
}

func (k *Keys) read(ctx context.Context) (keySet, error) {
	body, err := k.fetch(ctx)
	if err != nil {
		return keySet{}, err
	}
	return parseKeys(body)
}

// find returns the keys with an ID. find waits for Load. If Load failed, or if the
// key set does not hold the ID because the server has changed keys, find reads the
// key set again. A missing ID proves nothing if an entry was not understood: find
// then fails with XeroUnreadable.
func (k *Keys) find(ctx context.Context, id string) ([]jose.JSONWebKey, error) {
	select {
	case <-k.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	set, err := k.set, k.err
	if err != nil || len(set.Key(id)) == 0 {
		set, err = k.read(ctx)
	}
	if err != nil {
		return nil, err
	}
	found := set.Key(id)
	if len(found) == 0 && set.partial {
		return nil, backend.Fail(backend.XeroUnreadable, backend.Say.Doing.CheckedIdentity, nil)
	}
	return found, nil
}

// keySet holds the usable keys of a key set: RSA keys for signatures.
type keySet struct {
	jose.JSONWebKeySet
	partial bool // an entry was not understood
}

// parseKeys ignores every entry that is not understood (RFC 7517 section 5), so
// that an odd key beside the right key does not prevent a sign-in.
func parseKeys(body []byte) (set keySet, err error) {
	var members map[string]json.RawMessage // a struct would match KEYS too
	var entries []json.RawMessage
	err = json.Unmarshal(body, &members)
	if list, present := members["keys"]; err == nil && present {
		err = json.Unmarshal(list, &entries)
	}
	if err != nil {
		return keySet{}, backend.Fail(backend.XeroUnreadable, backend.Say.Doing.CheckedIdentity, nil)
	}
	for _, entry := range entries {
		key, ok := parseKey(entry)
		set.partial = set.partial || !ok
		if ok && (key.Use == "" || key.Use == "sig") { // RFC 7517 section 4.2
			set.Keys = append(set.Keys, key)
		}
	}
	return set, nil
}

// parseKey reads the members of an RSA key (RFC 7518 section 6.3.1) and ignores all
// other members, certificates included.
func parseKey(entry []byte) (key jose.JSONWebKey, ok bool) {
	var members map[string]json.RawMessage
	if json.Unmarshal(entry, &members) != nil {
		return key, false
	}
	needed := map[string]json.RawMessage{}
	for _, name := range []string{"kty", "kid", "use", "n", "e"} {
		if value, present := members[name]; present {
			needed[name] = value
		}
	}
	raw, err := json.Marshal(needed)
	if err != nil || key.UnmarshalJSON(raw) != nil {
		return key, false
	}
	_, ok = key.Key.(*rsa.PublicKey)
	return key, ok
}
