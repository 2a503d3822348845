package keychain_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/google/go-cmp/cmp"

	"bookring/backend"
	"bookring/backend/keychain"
	"bookring/backend/simkeyring"
)

// backup is the collection of a restored backup, beside the collection of the writes.
const backup = "backup"

// generation returns the well kept sign-in's credential of a generation, saved a day after
// the generation before.
func generation(n int) backend.Credential {
	c := credential("kept", n)
	c.PresentedAt, c.SavedAt = time.Time{}, c.SavedAt.AddDate(0, 0, n)
	return c
}

// record returns a credential as an item's text.
func record(c backend.Credential) string {
	text, err := keychain.Encode(c)
	if err != nil {
		panic(err)
	}
	return text
}

// putCopies stores copies of the well kept sign-in's item.
func putCopies(s *simkeyring.Service, collection string, texts ...string) {
	for _, text := range texts {
		s.PutCopy(collection, wellKeptAccount, text, false)
	}
}

// leaves checks the copies left in the service.
func leaves(texts ...string) func(*testing.T, *simkeyring.Service) {
	return func(t *testing.T, s *simkeyring.Service) {
		if diff := cmp.Diff(texts, s.Copies(wellKeptAccount)); diff != "" {
			t.Error("copies", diff)
		}
	}
}

// renewsFrom checks that Load returns a generation and that the next generation can be
// saved, as in a renewal: first the mark of the presentation.
func renewsFrom(n int) func(*testing.T, *keychain.Vault) {
	return func(t *testing.T, v *keychain.Vault) {
		loads(t, v, generation(n))
		marked := generation(n)
		marked.PresentedAt = marked.SavedAt.Add(time.Hour)
		save(t, v, marked)
		loads(t, v, marked)
		save(t, v, generation(n+1))
		loads(t, v, generation(n+1))
		loads(t, newVault(), generation(n+1)) // as after a restart
	}
}

var foreign = "the password of another program"

var copies = []misbehaviour{
	{
		name:   "an older copy in the same collection, which the searches return first",
		begin:  func(s *simkeyring.Service) { putCopies(s, "login", record(generation(0))) },
		client: renewsFrom(1),
		after:  leaves(),
	},
	{
		name:   "older copies in a restored backup",
		begin:  func(s *simkeyring.Service) { putCopies(s, backup, record(generation(-2)), record(generation(0))) },
		client: renewsFrom(1),
		after:  leaves(),
	},
	{
		name:   "a newer copy in another collection, by another program",
		begin:  func(s *simkeyring.Service) { putCopies(s, backup, record(generation(4))) },
		client: renewsFrom(4),
		after:  leaves(),
	},
	{
		name: "damaged copies beside the whole one",
		begin: func(s *simkeyring.Service) {
			whole := record(generation(5))
			putCopies(s, "login", "", whole[1:], strings.Replace(whole, "5", "6", 1), whole[:len(whole)/2])
		},
		client: renewsFrom(1),
		after: func(t *testing.T, s *simkeyring.Service) {
			if n := len(s.Copies(wellKeptAccount)); n != 4 {
				t.Errorf("%d of 4 damaged copies are left", n)
			}
		},
	},
	{
		name: "items of another program and of another sign-in under the same names",
		begin: func(s *simkeyring.Service) {
			putCopies(s, "login", foreign, record(credential("lee", 9)))
		},
		client: renewsFrom(1),
		after:  leaves(foreign, record(credential("lee", 9))),
	},
	{
		name:  "the mark of a presentation deletes no copy",
		begin: func(s *simkeyring.Service) { putCopies(s, backup, record(generation(0))) },
		client: func(t *testing.T, v *keychain.Vault) {
			loads(t, v, generation(1))
			marked := generation(1)
			marked.PresentedAt = marked.SavedAt
			save(t, v, marked)
		},
		after: leaves(record(generation(0))),
	},
	{
		name: "a copy that needs the user's confirmation stays",
		begin: func(s *simkeyring.Service) {
			putCopies(s, backup, record(generation(0)))
			s.Replaced = map[string]any{
				"Delete": func(dbus.Message) (dbus.ObjectPath, *dbus.Error) { return simkeyring.PromptPath, nil },
			}
			s.Prompted = func() { panic("a prompt for a deletion that the user did not ask for") }
		},
		client: renewsFrom(1),
		after:  leaves(record(generation(0))),
	},
	{
		name: "a copy of the same generation with another token",
		begin: func(s *simkeyring.Service) {
			other := generation(1)
			other.Refresh, other.SavedAt = backend.NewSecret(planted+"-other"), other.SavedAt.Add(-time.Minute)
			putCopies(s, "login", record(other))
		},
		client: func(t *testing.T, v *keychain.Vault) {
			c := generation(1)
			c.Previous = backend.NewSecret(planted + "-other")
			loads(t, v, c)
			c.PresentedAt = c.SavedAt.Add(time.Hour)
			save(t, v, c)
			loads(t, v, c)
			save(t, v, generation(2))
			loads(t, v, generation(2))
		},
		after: leaves(),
	},
	{
		name: "a later consent that an older version counted from 1",
		begin: func(s *simkeyring.Service) {
			late := generation(1)
			late.Refresh, late.SavedAt = backend.NewSecret(planted+"-late"), late.SavedAt.AddDate(1, 0, 0)
			s.Put(wellKeptAccount, record(generation(57)))
			putCopies(s, backup, record(late))
		},
		client: func(t *testing.T, v *keychain.Vault) {
			c := generation(57)
			c.Previous = backend.NewSecret(planted + "-late")
			loads(t, v, c)
		},
	},
	{
		name: "only damaged copies",
		begin: func(s *simkeyring.Service) {
			s.Put(wellKeptAccount, "damaged")
			putCopies(s, backup, "damaged, too")
		},
		client: func(t *testing.T, v *keychain.Vault) {
			_, err := v.Load(t.Context(), wellKept.SignInKey)
			failsWith(t, err, backend.KeychainDamaged)
		},
		after: leaves("damaged, too"),
	},
	{
		name: "deleting a sign-in deletes every copy",
		begin: func(s *simkeyring.Service) {
			putCopies(s, backup, record(generation(0)))
			putCopies(s, "login", "damaged")
		},
		client: func(t *testing.T, v *keychain.Vault) { remove(t, v, "kept") },
		after:  leaves(),
	},
	{
		name: "Remove everything reaches other collections",
		begin: func(s *simkeyring.Service) {
			putCopies(s, backup, record(generation(0)))
			s.PutCopy(backup, "unlisted", "text", false)
		},
		client: func(t *testing.T, v *keychain.Vault) {
			if err := v.Empty(t.Context()); err != nil {
				t.Error(err)
			}
		},
		after: func(t *testing.T, s *simkeyring.Service) {
			if left := append(s.Copies(wellKeptAccount), s.Copies("unlisted")...); len(left) > 0 {
				t.Errorf("%q is left", left)
			}
		},
	},
	{
		name:  "an older copy of the index",
		begin: func(s *simkeyring.Service) { s.PutCopy("login", "index", indexOf("lee"), false) },
		client: func(t *testing.T, v *keychain.Vault) {
			save(t, v, credential("kim", 1))
			save(t, newVault(), credential("max", 1)) // as after a restart
			lists(t, newVault(), "lee", "kim", "max")
		},
	},
}

// indexOf returns a part of the index with one user.
func indexOf(user string) string {
	c := credential(user, 1)
	return keychain.Seal(struct {
		V        int      `json:"v"`
		Accounts []string `json:"accounts"`
	}{1, []string{c.Issuer + "|" + c.ClientID + "|" + c.UserID}})
}

// The keychain's first item used to win. An older copy then ended a living sign-in.
func TestTheNewestWholeCopyWins(t *testing.T) { misbehave(t, unmarked(copies)) }

// unmarked begins with an unpresented credential.
func unmarked(all []misbehaviour) []misbehaviour {
	all = slices.Clone(all)
	for i, m := range all {
		all[i].begin = func(s *simkeyring.Service) {
			s.Put(wellKeptAccount, record(generation(1)))
			m.begin(s)
		}
	}
	return all
}

// locked stores a locked copy and a prompt that unlocks or not.
func locked(text string, unlocks bool) func(*simkeyring.Service) {
	return func(s *simkeyring.Service) {
		s.PutCopy(backup, wellKeptAccount, text, true)
		s.Unlock = func(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath) {
			if unlocks || !slices.ContainsFunc(paths, inBackup) {
				return paths, "/"
			}
			s.Put("prompts", s.Item("prompts")+"x")
			return nil, simkeyring.PromptPath
		}
		s.Prompted = func() { s.Emit("Completed", true, dbus.MakeVariant([]dbus.ObjectPath{})) }
	}
}

func inBackup(path dbus.ObjectPath) bool { return strings.Contains(string(path), "/"+backup+"/") }

// prompted checks the number of the user's prompts.
func prompted(times int) func(*testing.T, *simkeyring.Service) {
	return func(t *testing.T, s *simkeyring.Service) {
		if n := len(s.Item("prompts")); n != times {
			t.Errorf("%d prompts, want %d", n, times)
		}
	}
}

var lockedCopies = []misbehaviour{
	{
		name:  "a locked copy in another collection is left alone beside a readable one",
		begin: locked(record(generation(3)), false),
		client: func(t *testing.T, v *keychain.Vault) {
			loads(t, v, generation(1))
			if _, err := v.Keys(t.Context()); err != nil {
				t.Error(err)
			}
			if err := v.Probe(t.Context()); err != nil {
				t.Error(err)
			}
			save(t, v, generation(2))
			loads(t, newVault(), generation(2)) // as after a restart
		},
		after: prompted(0),
	},
	{
		name:  "Copies unlocks a copy that is newer",
		begin: locked(record(generation(3)), true),
		client: func(t *testing.T, v *keychain.Vault) {
			copies, err := v.Copies(t.Context(), wellKept.SignInKey)
			if diff := cmp.Diff([]backend.Credential{generation(3), generation(1)}, copies); diff != "" || err != nil {
				t.Error(diff, err)
			}
			renewsFrom(3)(t, v)
		},
		after: leaves(),
	},
	{
		name: "the user is asked once for all sign-ins, and does not unlock",
		begin: func(s *simkeyring.Service) {
			locked(record(generation(3)), false)(s)
			lee := credential("lee", 1)
			account := lee.Issuer + "|" + lee.ClientID + "|" + lee.UserID
			s.Put(account, record(lee))
			s.PutCopy(backup, account, record(credential("lee", 9)), true)
		},
		client: func(t *testing.T, v *keychain.Vault) {
			for _, c := range []backend.Credential{generation(1), credential("lee", 1), generation(1)} {
				copies, err := v.Copies(t.Context(), c.SignInKey)
				failsWith(t, err, backend.KeychainLocked)
				if len(copies) != 1 || !copies[0].Refresh.Equal(c.Refresh) {
					t.Error("without the readable copy")
				}
			}
			for _, user := range []string{"kept", "lee"} {
				if err := v.Delete(t.Context(), credential(user, 1).SignInKey); err != nil {
					t.Error(err)
				}
			}
		},
		after: prompted(1),
	},
	{
		name: "the only copy is locked",
		begin: func(s *simkeyring.Service) {
			locked(record(generation(3)), false)(s)
			s.Hide = func(account string) bool { return account == wellKeptAccount }
		},
		client: func(t *testing.T, v *keychain.Vault) {
			for range 2 {
				c, err := v.Load(t.Context(), wellKept.SignInKey)
				failsWith(t, err, backend.KeychainLocked)
				if errors.Is(err, backend.ErrNoCredential) || !c.Refresh.IsZero() {
					t.Errorf("the locked copy counts as missing or as read: %v", err)
				}
			}
		},
		after: prompted(2),
	},
	{
		name: "a damaged copy beside a locked copy",
		begin: func(s *simkeyring.Service) {
			locked(record(generation(3)), false)(s)
			s.Put(wellKeptAccount, "damaged")
		},
		client: func(t *testing.T, v *keychain.Vault) {
			_, err := v.Load(t.Context(), wellKept.SignInKey)
			failsWith(t, err, backend.KeychainLocked)
		},
	},
	{
		name: "a locked collection of the user without a copy",
		begin: func(s *simkeyring.Service) {
			locked(record(generation(3)), false)(s)
			s.DropCopies()
			s.PutCopy(backup, "another program’s", "text", true)
		},
		client: func(t *testing.T, v *keychain.Vault) {
			renewsFrom(1)(t, v)
			if _, err := v.Copies(t.Context(), wellKept.SignInKey); err != nil {
				t.Error(err)
			}
			_, err := v.Load(t.Context(), credential("lee", 1).SignInKey)
			if !errors.Is(err, backend.ErrNoCredential) {
				t.Error(err)
			}
			if _, err := v.Keys(t.Context()); err != nil {
				t.Error(err)
			}
			remove(t, v, "kept")
		},
		after: prompted(0),
	},
}

func TestALockedCopyMayBeTheNewest(t *testing.T) { misbehave(t, unmarked(lockedCopies)) }
