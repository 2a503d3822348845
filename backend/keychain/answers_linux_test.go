package keychain_test

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/godbus/dbus/v5"

	"bookring/backend"
	"bookring/backend/keychain"
	"bookring/backend/simkeyring"
)

var answers = []misbehaviour{
	{
		name: "another value comes back",
		begin: func(s *simkeyring.Service) {
			s.Read = func(account, secret string) string {
				if account == wellKeptAccount {
					return secret
				}
				return secret[1:]
			}
		},
		client: savesNothing(backend.KeychainDamaged),
	},
	{
		name: "the earlier value comes back",
		begin: func(s *simkeyring.Service) {
			s.Read = func(account, secret string) string {
				if account == wellKeptAccount {
					return s.Item(wellKeptAccount + " at first")
				}
				return secret
			}
			s.Put(wellKeptAccount+" at first", s.Item(wellKeptAccount))
		},
		client: func(t *testing.T, v *keychain.Vault) {
			failsWith(t, v.Save(t.Context(), credential("kept", 2)), backend.KeychainDismissed)
			loads(t, v, wellKept)
		},
	},
	{
		name: "an item is overlooked once",
		begin: func(s *simkeyring.Service) {
			var searches atomic.Int32
			s.Hide = func(string) bool { return searches.Add(1)%2 == 1 }
		},
		client: func(t *testing.T, v *keychain.Vault) {
			loads(t, v, wellKept)
			save(t, v, credential("kim", 1))
			loads(t, v, credential("kim", 1))
			lists(t, v, "kim")
		},
	},
	{
		name: "an item is overlooked by the deletion",
		begin: func(s *simkeyring.Service) {
			var searches atomic.Int32
			s.Hide = func(string) bool { return searches.Add(1) == 1 }
		},
		client: func(t *testing.T, v *keychain.Vault) { remove(t, v, "kept") },
		after: func(t *testing.T, s *simkeyring.Service) {
			if got := s.Kept(); len(got) != 0 {
				t.Errorf("the service holds %v", got)
			}
		},
	},
	{
		name: "a deletion is reported and not done",
		begin: func(s *simkeyring.Service) {
			s.Replaced = map[string]any{
				"Delete": func(dbus.Message) (dbus.ObjectPath, *dbus.Error) { return "/", nil },
			}
		},
		client: func(t *testing.T, v *keychain.Vault) {
			save(t, v, credential("kim", 1))
			failsWith(t, v.Delete(t.Context(), credential("kim", 1).SignInKey), backend.KeychainDismissed)
			failsWith(t, v.Empty(t.Context()), backend.KeychainDismissed)
			lists(t, v, "kim")
		},
	},
	{
		name: "the index is overlooked just when it grows",
		begin: func(s *simkeyring.Service) {
			var searches atomic.Int32
			s.Hide = func(account string) bool {
				return account == "index" && slices.Contains(s.Written(), "canary") && searches.Add(1) <= 2
			}
		},
		client: func(t *testing.T, v *keychain.Vault) {
			save(t, v, credential("kim", 1))
			if err := v.Probe(t.Context()); err != nil {
				t.Errorf("Probe: %v", err)
			}
			save(t, v, credential("lee", 1))
			lists(t, v, "kim", "lee")
		},
	},
	{
		name:  "a new sign-in is in the index before its item is written",
		begin: func(*simkeyring.Service) {},
		client: func(t *testing.T, v *keychain.Vault) {
			save(t, v, credential("kim", 1))
			save(t, v, credential("kim", 2))
		},
		after: func(t *testing.T, s *simkeyring.Service) {
			order := s.Written()
			if len(order) != 3 || order[0] != "index" || !isUser("kim")(order[1]) || order[2] != order[1] {
				t.Errorf("written: %q", order)
			}
		},
	},
	{
		name: "a sign-in is in the index although the item cannot be written",
		begin: func(s *simkeyring.Service) {
			s.Create = func(account string) (dbus.ObjectPath, *dbus.Error) {
				if account == "index" {
					return "", nil
				}
				return "", dbus.NewError("org.example.DiskFull", []any{"could not store " + planted})
			}
		},
		client: func(t *testing.T, v *keychain.Vault) {
			failsWith(t, v.Save(t.Context(), credential("kim", 1)), backend.KeychainFailed)
			lists(t, v, "kim")
			_, err := v.Load(t.Context(), credential("kim", 1).SignInKey)
			if !errors.Is(err, backend.ErrNoCredential) {
				t.Errorf("Load: %v", err)
			}
		},
	},
	malformed("an answer that is too short", map[string]any{
		"OpenSession": func(string, dbus.Variant) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(""), nil },
	}),
	malformed("an answer of another type", map[string]any{
		"GetSecret": func(dbus.ObjectPath) (string, *dbus.Error) { return planted, nil },
		"CreateItem": func(map[string]dbus.Variant, simkeyring.Secret, bool) (uint32, string, *dbus.Error) {
			return 1, planted, nil
		},
	}),
	{
		name:   "collections that break the library",
		begin:  func(s *simkeyring.Service) { s.Collections = "login" },
		client: nothingWorks(backend.KeychainFailed),
	},
	{
		name: "a service that dies instead of answering",
		begin: func(s *simkeyring.Service) {
			s.Create = func(string) (dbus.ObjectPath, *dbus.Error) {
				s.Die()
				return "/", nil
			}
		},
		client: func(t *testing.T, v *keychain.Vault) {
			failsWith(t, v.Probe(t.Context()), backend.KeychainFailed)
			failsWith(t, v.Probe(t.Context()), backend.KeychainMissing)
		},
	},
}

func malformed(name string, replaced map[string]any) misbehaviour {
	return misbehaviour{
		name:   name,
		begin:  func(s *simkeyring.Service) { s.Replaced = replaced },
		client: nothingWorks(backend.KeychainFailed),
	}
}

func nothingWorks(code backend.Code) func(*testing.T, *keychain.Vault) {
	return func(t *testing.T, v *keychain.Vault) {
		failsWith(t, v.Probe(t.Context()), code)
		failsWith(t, v.Save(t.Context(), credential("kim", 1)), code)
		_, err := v.Load(t.Context(), wellKept.SignInKey)
		failsWith(t, err, code)
	}
}

func isUser(name string) func(string) bool {
	return func(account string) bool { return strings.HasSuffix(account, "|"+name) }
}
