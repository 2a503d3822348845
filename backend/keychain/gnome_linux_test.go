package keychain_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"bookring/backend"
	"bookring/backend/keychain"
)

func TestGNOMEKeyringFulfilsTheContract(t *testing.T) {
	if !inChild(t) {
		d := newDesktop(t)
		d.startKeyring(t, "a password")
		runAgain(t, d.env()...)
		return
	}
	services := 0
	open := func() vault {
		services++
		return keychain.New(fmt.Sprintf("app.bookring.test.%d", services))
	}
	contract(t, open)

	const service = "app.bookring.xero.test"
	t.Run("the next start of the program loads the saved credentials", func(t *testing.T) {
		save(t, keychain.New(service), credential("kim", 3))
		loads(t, keychain.New(service), credential("kim", 3))
		lists(t, keychain.New(service), "kim")
	})
	t.Run("a test server's sign-ins are separate from Xero's", func(t *testing.T) {
		lists(t, keychain.New("app.bookring.another"))
	})
	t.Run("the canary is gone after the probe", func(t *testing.T) {
		v := keychain.New("app.bookring.canary")
		if err := v.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := keyring.Get("app.bookring.canary", "canary"); !errors.Is(err, keyring.ErrNotFound) {
			t.Errorf("Get: %v", err)
		}
	})
	t.Run("a credential too big for the keychain is refused before the write", func(t *testing.T) {
		v := keychain.New("app.bookring.big")
		v.System = "windows"
		c := credential("kim", 1)
		c.Refresh = backend.NewSecret(strings.Repeat("r", 2500))
		failsWith(t, v.Save(t.Context(), c), backend.KeychainTooBig)
		failsWith(t, v.Save(t.Context(), credential(strings.Repeat("u", 600), 1)), backend.KeychainTooBig)
		_, err := v.Load(t.Context(), c.SignInKey)
		if !errors.Is(err, backend.ErrNoCredential) {
			t.Errorf("Load: %v", err)
		}
	})
	t.Run("a damaged item is reported and unchanged", leavesDamage)
	t.Run("the index is split before it is too big", splitsTheIndex)
	t.Run("a damaged part of the index costs no other part's sign-in", outlivesADamagedIndex)
	t.Run("a deleted credential leaves no item", leavesNothing)
	t.Run("deleting empties the index from its end", emptiesTheIndex)
	t.Run("Empty deletes all items of the service name and no other items", emptiesOneService)
	t.Run("how long it takes", measure)
}

func leavesDamage(t *testing.T) {
	const service = "app.bookring.damaged"
	v := keychain.New(service)
	kim, lee := credential("kim", 1), credential("lee", 1)
	save(t, v, kim)
	save(t, v, lee)
	account := func(c backend.Credential) string { return c.Issuer + "|" + c.ClientID + "|" + c.UserID }
	other, err := keyring.Get(service, account(lee))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"nothing":                   "",
		"something else":            planted,
		"another person's sign-in":  other,
		"a warning in front":        "warning: " + other,
		"the record of a later one": keychain.Seal(map[string]any{"v": 2, "rt": planted}),
	} {
		if err := keyring.Set(service, account(kim), text); err != nil {
			t.Fatal(err)
		}
		_, err := v.Load(t.Context(), kim.SignInKey)
		failsWith(t, err, backend.KeychainDamaged)
		if left, err := keyring.Get(service, account(kim)); err != nil || left != text {
			t.Errorf("%s: was not left as it was: %v", name, err)
		}
	}
	loads(t, v, lee)
	save(t, v, kim)
	loads(t, v, kim)
}

// long returns a credential with a long account: a part of the index holds three.
func long(i int) backend.Credential {
	c := credential(fmt.Sprintf("user-%d", i), 1)
	c.Issuer = "http://localhost:9000/" + strings.Repeat("x", 400)
	return c
}

func splitsTheIndex(t *testing.T) {
	const service = "app.bookring.index"
	v := keychain.New(service)
	var users []string
	for i := range 8 {
		save(t, v, long(i))
		users = append(users, fmt.Sprintf("user-%d", i))
	}
	lists(t, keychain.New(service), users...)
	for _, name := range []string{"index", "index-2"} {
		text, err := keyring.Get(service, name)
		if err != nil || len(text) > 2000 || strings.Contains(text, planted) {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
}

func leavesNothing(t *testing.T) {
	const service = "app.bookring.deleted"
	save(t, keychain.New(service), credential("kim", 1))
	v := keychain.New(service) // as after a restart
	remove(t, v, "kim")
	for _, account := range []string{"https://identity.xero.com|0123456789ABCDEF0123456789ABCDEF|kim", "index"} {
		if _, err := keyring.Get(service, account); !errors.Is(err, keyring.ErrNotFound) {
			t.Errorf("%s: %v", account, err)
		}
	}
	lists(t, v)
}

func emptiesOneService(t *testing.T) {
	const service = "app.bookring.emptied"
	another := keychain.New(service + ".not")
	save(t, another, credential("kim", 1))
	for i := range 6 {
		save(t, keychain.New(service), long(i))
	}
	for name, text := range map[string]string{"index": "damaged", "canary": "left", "unlisted": "lost"} {
		if err := keyring.Set(service, name, text); err != nil {
			t.Fatal(err)
		}
	}
	v := keychain.New(service)
	if err := v.Empty(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index", "index-2", "canary", "unlisted"} {
		if _, err := keyring.Get(service, name); !errors.Is(err, keyring.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range 6 {
		if _, err := v.Load(t.Context(), long(i).SignInKey); !errors.Is(err, backend.ErrNoCredential) {
			t.Errorf("Load: %v", err)
		}
	}
	loads(t, another, credential("kim", 1))
}

func emptiesTheIndex(t *testing.T) {
	const service = "app.bookring.index-shrinks"
	v := keychain.New(service)
	for i := range 8 { // three parts: 0 to 2, 3 to 5, 6 and 7
		save(t, v, long(i))
	}
	discard := func(all ...int) {
		t.Helper()
		for _, i := range all {
			if err := v.Delete(t.Context(), long(i).SignInKey); err != nil {
				t.Fatal(err)
			}
		}
	}
	discard(3, 4, 5)
	lists(t, keychain.New(service), "user-0", "user-1", "user-2", "user-6", "user-7")
	discard(6, 7)
	lists(t, keychain.New(service), "user-0", "user-1", "user-2")
	for _, name := range []string{"index-2", "index-3"} {
		if _, err := keyring.Get(service, name); !errors.Is(err, keyring.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func outlivesADamagedIndex(t *testing.T) {
	const service = "app.bookring.index-damaged"
	for i := range 6 {
		save(t, keychain.New(service), long(i))
	}
	if err := keyring.Set(service, "index", "damaged"); err != nil {
		t.Fatal(err)
	}
	next := keychain.New(service)
	save(t, next, long(6))
	keys, err := next.Keys(t.Context())
	failsWith(t, err, backend.KeychainDamaged)
	if len(keys) < 3 || keys[len(keys)-1] != long(6).SignInKey {
		t.Errorf("%d keys", len(keys))
	}
	for i := range 7 {
		loads(t, next, long(i))
	}
	if left, err := keyring.Get(service, "index"); left != "damaged" {
		t.Errorf("the damaged part was not left as it was: %v", err)
	}
}

func measure(t *testing.T) {
	v := keychain.New("app.bookring.speed")
	const n = 20
	began := time.Now()
	save(t, v, credential("kim", 0))
	first := time.Since(began)
	began = time.Now()
	for i := range n {
		save(t, v, credential("kim", i))
	}
	saved := time.Since(began) / n
	began = time.Now()
	for range n {
		loads(t, v, credential("kim", n-1))
	}
	loaded := time.Since(began) / n
	began = time.Now()
	if err := v.Probe(t.Context()); err != nil {
		t.Error(err)
	}
	t.Logf("first save with its index %v, save %v, load %v, probe %v", first, saved, loaded, time.Since(began))
}

func TestALockedKeyringIsLockedAndNotEmpty(t *testing.T) {
	if !inChild(t) {
		d := newDesktop(t)
		end := d.startKeyring(t, "a password")
		end()
		d.startKeyring(t, "")
		runAgain(t, d.env()...)
		return
	}
	v := keychain.New("app.bookring.locked")
	_, err := v.Load(t.Context(), credential("kim", 1).SignInKey)
	failsWith(t, err, backend.KeychainLocked)
	failsWith(t, v.Probe(t.Context()), backend.KeychainLocked)
	failsWith(t, v.Save(t.Context(), credential("kim", 1)), backend.KeychainLocked)
	failsWith(t, v.Empty(t.Context()), backend.KeychainLocked)
}

func TestADesktopWithoutAKeyringHasNoKeychain(t *testing.T) {
	if !inChild(t) {
		d := newDesktop(t)
		d.startKeyring(t, "")
		runAgain(t, d.env()...)
		return
	}
	v := keychain.New("app.bookring.fresh")
	failsWith(t, v.Probe(t.Context()), backend.KeychainMissing)
	_, err := v.Load(t.Context(), credential("kim", 1).SignInKey)
	failsWith(t, err, backend.KeychainMissing)
}
