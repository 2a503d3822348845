package keychain_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bookring/backend"
	"bookring/backend/keychain"
)

// vault is the contract of Vault and Memory.
type vault interface {
	Probe(ctx context.Context) error
	Save(ctx context.Context, c backend.Credential) error
	Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error)
	Delete(ctx context.Context, key backend.SignInKey) error
	Empty(ctx context.Context) error
	Keys(ctx context.Context) ([]backend.SignInKey, error)
}

// Every secret of the tests holds the word, so that a search finds secrets.
const planted = "PLANTED"

func credential(user string, generation int) backend.Credential {
	return backend.Credential{
		SignInKey: backend.SignInKey{
			Issuer:   "https://identity.xero.com",
			ClientID: "0123456789ABCDEF0123456789ABCDEF",
			UserID:   user,
		},
		Generation:  generation,
		Refresh:     backend.NewSecret(fmt.Sprintf("%s-%s-%d", planted, user, generation)),
		Previous:    backend.NewSecret(fmt.Sprintf("%s-%s-%d", planted, user, generation-1)),
		PresentedAt: time.Date(2026, 11, 22, 9, 30, 0, 123456789, time.UTC),
		SavedAt:     time.Date(2026, 11, 22, 9, 31, 0, 0, time.UTC),
		Scopes:      []string{"openid", "profile", "email", "offline_access", "accounting.settings.read"},
		Name:        "Kim Ōtāne",
		Email:       "kim@example.com",
	}
}

func TestMemoryFulfilsTheContract(t *testing.T) {
	contract(t, func() vault { return new(keychain.Memory) })
}

// contract tests the contract of a vault; open returns an empty vault.
func contract(t *testing.T, open func() vault) {
	for _, promise := range []struct {
		name string
		test func(*testing.T, vault)
	}{
		{"a sign-in without a Save has no credential", func(t *testing.T, v vault) {
			_, err := v.Load(t.Context(), credential("unknown", 1).SignInKey)
			if _, isFailure := errors.AsType[*backend.Failure](err); isFailure || !errors.Is(err, backend.ErrNoCredential) {
				t.Errorf("Load: %v", err)
			}
		}},
		{"Load returns the saved credential", func(t *testing.T, v vault) {
			c := credential("kim", 7)
			save(t, v, c)
			loads(t, v, c)
		}},
		{"a new credential replaces the earlier credential", func(t *testing.T, v vault) {
			save(t, v, credential("kim", 1))
			save(t, v, credential("kim", 2))
			loads(t, v, credential("kim", 2))
			lists(t, v, "kim")
		}},
		{"times lose only the zone", func(t *testing.T, v vault) {
			c := credential("kim", 1)
			c.SavedAt = time.Now().In(time.FixedZone("NZDT", 13*3600))
			c.PresentedAt = time.Time{}
			save(t, v, c)
			c.SavedAt = c.SavedAt.UTC().Round(0)
			loads(t, v, c)
		}},
		{"issuer, client ID and user keep sign-ins apart", keepsApart},
		{"the longest tokens fit", func(t *testing.T, v vault) {
			c := credential("kim", 1)
			c.Refresh = backend.NewSecret(strings.Repeat("r", 256))
			c.Previous = backend.NewSecret(strings.Repeat("p", 256))
			save(t, v, c)
			loads(t, v, c)
		}},
		{"name and e-mail address may be empty", func(t *testing.T, v vault) {
			c := credential("kim", 1)
			c.Name, c.Email = "", ""
			save(t, v, c)
			loads(t, v, c)
		}},
		{"long names are cut between two characters", func(t *testing.T, v vault) {
			c := credential("kim", 1)
			c.Name = "x" + strings.Repeat("ō", 100)
			save(t, v, c)
			c.Name = "x" + strings.Repeat("ō", 59)
			loads(t, v, c)
		}},
		{"what is not fit to be kept is refused, and the earlier one stays", refusesUnfit},
		{"every method with a cancelled context fails with Cancelled", func(t *testing.T, v vault) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, loadErr := v.Load(ctx, credential("kim", 1).SignInKey)
			_, keysErr := v.Keys(ctx)
			for _, err := range []error{v.Probe(ctx), v.Save(ctx, credential("kim", 1)), v.Delete(ctx, credential("kim", 1).SignInKey), v.Empty(ctx), loadErr, keysErr} {
				failsWith(t, err, backend.Cancelled)
			}
			lists(t, v)
		}},
		{"Delete deletes one credential only", func(t *testing.T, v vault) {
			for _, user := range []string{"kim", "lee", "max"} {
				save(t, v, credential(user, 1))
			}
			remove(t, v, "lee")
			lists(t, v, "kim", "max")
			loads(t, v, credential("kim", 1))
			loads(t, v, credential("max", 1))
			remove(t, v, "kim")
			remove(t, v, "max")
			lists(t, v)
		}},
		{"deleting a missing credential is no failure", func(t *testing.T, v vault) {
			remove(t, v, "unknown")
			save(t, v, credential("kim", 1))
			remove(t, v, "kim")
			remove(t, v, "kim")
			lists(t, v)
		}},
		{"a deleted credential can be saved again", func(t *testing.T, v vault) {
			save(t, v, credential("kim", 1))
			remove(t, v, "kim")
			save(t, v, credential("lee", 1))
			lists(t, v, "lee")
			save(t, v, credential("kim", 2))
			loads(t, v, credential("kim", 2))
			lists(t, v, "lee", "kim")
		}},
		{"an emptied vault is empty and usable", func(t *testing.T, v vault) {
			for range 2 {
				save(t, v, credential("kim", 1))
				save(t, v, credential("lee", 1))
				if err := v.Empty(t.Context()); err != nil {
					t.Errorf("Empty: %v", err)
				}
				lists(t, v)
				if _, err := v.Load(t.Context(), credential("kim", 1).SignInKey); !errors.Is(err, backend.ErrNoCredential) {
					t.Errorf("Load: %v", err)
				}
			}
			if err := v.Empty(t.Context()); err != nil {
				t.Errorf("Empty what is empty: %v", err)
			}
		}},
		{"an incomplete key cannot be deleted", func(t *testing.T, v vault) {
			failsWith(t, v.Delete(t.Context(), backend.SignInKey{UserID: "kim"}), backend.KeychainFailed)
		}},
		{"a probe leaves no item", func(t *testing.T, v vault) {
			if err := v.Probe(t.Context()); err != nil {
				t.Errorf("Probe: %v", err)
			}
			lists(t, v)
		}},
		{"concurrent saves succeed", func(t *testing.T, v vault) {
			var all sync.WaitGroup
			for i := range 6 {
				all.Go(func() { save(t, v, credential(fmt.Sprintf("user-%d", i), i)) })
			}
			all.Wait()
			for i := range 6 {
				loads(t, v, credential(fmt.Sprintf("user-%d", i), i))
			}
			if keys, err := v.Keys(t.Context()); err != nil || len(keys) != 6 {
				t.Errorf("Keys: %d, %v", len(keys), err)
			}
		}},
	} {
		t.Run(promise.name, func(t *testing.T) { promise.test(t, open()) })
	}
}

func keepsApart(t *testing.T, v vault) {
	var want []backend.Credential
	for i, key := range []backend.SignInKey{
		{Issuer: "https://identity.xero.com", ClientID: "A", UserID: "u"},
		{Issuer: "http://localhost:9000/a", ClientID: "A", UserID: "u"},
		{Issuer: "https://identity.xero.com", ClientID: "B", UserID: "u"},
		{Issuer: "https://identity.xero.com", ClientID: "A", UserID: "u|u"},
		{Issuer: "https://identity.xero.com", ClientID: "A|u", UserID: "u"},
		{Issuer: "https://identity.xero.com", ClientID: "A", UserID: "u%7Cu"},
		{Issuer: "https://identity.xero.com", ClientID: "A", UserID: "' ; \n\"ü 日本"},
	} {
		c := credential("u", i+1)
		c.SignInKey = key
		save(t, v, c)
		want = append(want, c)
	}
	var keys []backend.SignInKey
	for _, c := range want {
		loads(t, v, c)
		keys = append(keys, c.SignInKey)
	}
	got, err := v.Keys(t.Context())
	if diff := cmp.Diff(keys, got); err != nil || diff != "" {
		t.Errorf("Keys: %v, %s", err, diff)
	}
}

func refusesUnfit(t *testing.T, v vault) {
	good := credential("kim", 1)
	save(t, v, good)
	for _, spoil := range []func(*backend.Credential){
		func(c *backend.Credential) { c.Refresh = backend.Secret{} },
		func(c *backend.Credential) { c.Refresh = backend.NewSecret(planted + "\xff") },
		func(c *backend.Credential) { c.SavedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		func(c *backend.Credential) { c.UserID = "" },
	} {
		bad := credential("kim", 2)
		spoil(&bad)
		failsWith(t, v.Save(t.Context(), bad), backend.KeychainFailed)
	}
	loads(t, v, good)
	lists(t, v, "kim")
}

func save(t *testing.T, v vault, c backend.Credential) {
	t.Helper()
	if err := v.Save(t.Context(), c); err != nil {
		t.Errorf("Save: %v", err)
	}
}

// remove deletes a credential and checks the deletion.
func remove(t *testing.T, v vault, user string) {
	t.Helper()
	key := credential(user, 1).SignInKey
	if err := v.Delete(t.Context(), key); err != nil {
		t.Errorf("Delete: %v", err)
	}
	if _, err := v.Load(t.Context(), key); !errors.Is(err, backend.ErrNoCredential) {
		t.Errorf("Load: %v", err)
	}
}

func loads(t *testing.T, v vault, want backend.Credential) {
	t.Helper()
	got, err := v.Load(t.Context(), want.SignInKey)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Load: %v\n%s", err, diff)
	}
}

func lists(t *testing.T, v vault, users ...string) {
	t.Helper()
	keys, err := v.Keys(t.Context())
	if err != nil {
		t.Errorf("Keys: %v", err)
	}
	var got []string
	for _, k := range keys {
		got = append(got, k.UserID)
	}
	if diff := cmp.Diff(users, got); diff != "" {
		t.Errorf("Keys: %s", diff)
	}
}

// failsWith checks the code and looks for secrets in the error.
func failsWith(t *testing.T, err error, code backend.Code) {
	t.Helper()
	f, ok := errors.AsType[*backend.Failure](err)
	if !ok || f.Code != code || errors.Is(err, backend.ErrNoCredential) {
		t.Errorf("got %v, want %s", err, code)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), planted) {
		t.Error("the error tells a secret")
	}
}

func TestATestCanMakeMemoryFail(t *testing.T) {
	locked := backend.Fail(backend.KeychainLocked, "", nil)
	m := &keychain.Memory{Fail: func(method string) error {
		if method == "Save" {
			return locked
		}
		return nil
	}}
	failsWith(t, m.Save(t.Context(), credential("kim", 1)), backend.KeychainLocked)
	if err := m.Probe(t.Context()); err != nil {
		t.Errorf("Probe: %v", err)
	}
	lists(t, m)
}

func TestMemoryAcceptsACredentialTooBigForAKeychain(t *testing.T) {
	c := credential(strings.Repeat("u", 600), 1)
	c.Refresh = backend.NewSecret(strings.Repeat("r", 10_000))
	m := new(keychain.Memory)
	save(t, m, c)
	loads(t, m, c)
}
