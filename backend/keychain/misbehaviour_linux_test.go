package keychain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"bookring/backend"
	"bookring/backend/keychain"
	"bookring/backend/simkeyring"
)

// impatient is the time limit for a missing answer.
const impatient = 400 * time.Millisecond

// wellKept is a credential saved before the service misbehaves.
var wellKept = credential("kept", 1)

const wellKeptAccount = "https://identity.xero.com|0123456789ABCDEF0123456789ABCDEF|kept"

// newVault returns a Vault with a time limit for a busy computer.
func newVault() *keychain.Vault {
	v := keychain.New("app.bookring.test")
	v.Shorten(impatient/4, time.Minute)
	return v
}

// misbehaviour is a fault of a Secret Service and the expected results, in the
// process of the Vault and in the service.
type misbehaviour struct {
	name   string
	silent bool // at least one answer is missing
	begin  func(*simkeyring.Service)
	client func(*testing.T, *keychain.Vault)
	after  func(*testing.T, *simkeyring.Service)
}

func TestAMisbehavingSecretServiceNeverPassesForAKeychain(t *testing.T) {
	misbehave(t, slices.Concat(prompts, answers, locks))
}

// misbehave tests each of the faults with a service of its own.
func misbehave(t *testing.T, all []misbehaviour) {
	for _, m := range all {
		t.Run(m.name, func(t *testing.T) {
			if inChild(t) {
				v := newVault()
				if m.silent {
					v.Shorten(impatient/4, impatient)
				}
				m.client(t, v)
				return
			}
			s := simkeyring.New()
			s.Put(wellKeptAccount, encode(t, wellKept))
			m.begin(s)
			bus := startBus(t)
			serve(t, s, bus)
			runAgain(t, "DBUS_SESSION_BUS_ADDRESS="+bus)
			if m.after != nil {
				m.after(t, s)
			}
		})
	}
}

func asksBeforeStoring(prompted func(*simkeyring.Service)) func(*simkeyring.Service) {
	return func(s *simkeyring.Service) {
		s.Create = func(string) (dbus.ObjectPath, *dbus.Error) { return simkeyring.PromptPath, nil }
		s.Prompted = func() { prompted(s) }
	}
}

// savesNothing checks that Probe and Save fail with a code, and that Load succeeds.
func savesNothing(code backend.Code) func(*testing.T, *keychain.Vault) {
	return func(t *testing.T, v *keychain.Vault) {
		failsWith(t, v.Probe(t.Context()), code)
		failsWith(t, v.Save(t.Context(), credential("kim", 1)), code)
		loads(t, v, wellKept)
	}
}

func keptNothingNew(t *testing.T, s *simkeyring.Service) {
	if got := s.Kept(); !slices.Equal(got, []string{wellKeptAccount}) {
		t.Errorf("the service holds %v", got)
	}
}

var prompts = []misbehaviour{
	{
		name:   "a dismissed prompt, reported by the library as success",
		begin:  asksBeforeStoring(func(s *simkeyring.Service) { s.Emit("Completed", true, dbus.MakeVariant("")) }),
		client: savesNothing(backend.KeychainDismissed),
		after:  keptNothingNew,
	},
	{
		name:   "another signal before the prompt is answered",
		begin:  asksBeforeStoring(func(s *simkeyring.Service) { s.Emit("Moved", "left") }),
		client: savesNothing(backend.KeychainDismissed),
		after:  keptNothingNew,
	},
	{
		name: "a prompt that breaks the library",
		begin: asksBeforeStoring(func(s *simkeyring.Service) {
			s.Emit("Completed", "true", dbus.MakeVariant(""))
		}),
		client: savesNothing(backend.KeychainFailed),
		after:  keptNothingNew,
	},
	{
		name:   "a prompt without a result",
		begin:  asksBeforeStoring(func(s *simkeyring.Service) { s.Emit("Completed") }),
		client: savesNothing(backend.KeychainFailed),
		after:  keptNothingNew,
	},
	{
		name:   "a prompt that is never answered",
		silent: true,
		begin:  asksBeforeStoring(func(*simkeyring.Service) {}),
		client: staysStuck,
		after:  keptNothingNew,
	},
	{
		name:   "a service that dies during the prompt",
		silent: true,
		begin:  asksBeforeStoring(func(s *simkeyring.Service) { time.AfterFunc(impatient/8, s.Die) }),
		client: staysStuck,
	},
	{
		name:  "a service that dies during a long prompt, and the waiting ends",
		begin: asksBeforeStoring(func(s *simkeyring.Service) { time.AfterFunc(impatient, s.Die) }),
		client: func(t *testing.T, v *keychain.Vault) {
			stopsWaiting(t, v)
			failsWith(t, v.Probe(t.Context()), backend.KeychainMissing) // the next call is made
		},
	},
	{
		name: "a service that starts again during a long prompt, and the waiting ends",
		begin: asksBeforeStoring(func(s *simkeyring.Service) {
			time.AfterFunc(impatient, func() {
				if err := s.Restart(); err != nil {
					panic(err)
				}
			})
		}),
		client: func(t *testing.T, v *keychain.Vault) {
			stopsWaiting(t, v)
			if _, err := v.Load(t.Context(), wellKept.SignInKey); err != nil { // the next call is made
				t.Error(err)
			}
		},
	},
	{
		name:  "a prompt that is answered after a while",
		begin: asksBeforeStoring(func(s *simkeyring.Service) { time.AfterFunc(impatient/2, s.Allow) }),
		client: func(t *testing.T, v *keychain.Vault) {
			var told []bool
			v.Waiting = func(is bool) { told = append(told, is) }
			if err := v.Probe(t.Context()); err != nil {
				t.Errorf("Probe: %v", err)
			}
			if len(told) < 2 || !told[0] || told[len(told)-1] { // a busy computer can cause additional calls
				t.Errorf("told %v", told)
			}
			save(t, v, credential("kim", 1))
			loads(t, v, credential("kim", 1))
		},
	},
}

// staysStuck checks that one call fails and no later call starts.
func staysStuck(t *testing.T, v *keychain.Vault) {
	began := time.Now()
	failsWith(t, v.Save(t.Context(), credential("kim", 1)), backend.KeychainStuck)
	if took := time.Since(began); took < impatient || took > soon {
		t.Errorf("gave up after %v", took)
	}
	_, err := v.Load(t.Context(), wellKept.SignInKey)
	failsWith(t, err, backend.KeychainStuck)
}

var locks = []misbehaviour{
	{
		name: "a locked keyring without a prompt",
		begin: func(s *simkeyring.Service) {
			s.Unlock = func([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath) { return nil, "/" }
		},
		client: nothingWorks(backend.KeychainLocked),
	},
	{
		name: "a locked keyring whose prompt is dismissed",
		begin: func(s *simkeyring.Service) {
			s.Unlock = func([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath) { return nil, simkeyring.PromptPath }
			s.Prompted = func() { s.Emit("Completed", true, dbus.MakeVariant([]dbus.ObjectPath{})) }
		},
		client: nothingWorks(backend.KeychainLocked),
	},
	{
		name: "a locked keyring of another name than login",
		begin: func(s *simkeyring.Service) {
			s.Collections, s.Alias = []dbus.ObjectPath{simkeyring.SecretsPath + "/collection/kdewallet"}, simkeyring.SecretsPath+"/collection/kdewallet"
			s.Unlock = func([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath) { return nil, "/" }
		},
		client: nothingWorks(backend.KeychainLocked),
	},
	{
		name: "a service without any keyring",
		begin: func(s *simkeyring.Service) {
			s.Collections, s.Alias = []dbus.ObjectPath{}, "/"
			s.Unlock = func([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath) { return nil, "/" }
		},
		client: nothingWorks(backend.KeychainMissing),
	},
	{
		name:   "an unlock prompt that is never answered",
		silent: true,
		begin: func(s *simkeyring.Service) {
			s.Unlock = func([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath) { return nil, simkeyring.PromptPath }
		},
		client: nothingWorks(backend.KeychainStuck),
	},
	{
		name: "a locked item in an unlocked keyring",
		begin: func(s *simkeyring.Service) {
			s.Create = func(string) (dbus.ObjectPath, *dbus.Error) {
				return "", dbus.NewError("org.freedesktop.Secret.Error.IsLocked", nil)
			}
		},
		client: savesNothing(backend.KeychainLocked),
	},
}

// stopsWaiting saves a credential, and fails unless the waiting for the prompt ends early and
// is told.
func stopsWaiting(t *testing.T, v *keychain.Vault) {
	t.Helper()
	var told []bool
	v.Waiting = func(is bool) { told = append(told, is) }
	began := time.Now()
	err := v.Save(t.Context(), credential("kim", 1))
	if code := backend.CodeOf(err); code != backend.KeychainFailed && code != backend.KeychainMissing {
		t.Errorf("failed with %v", err)
	}
	if took := time.Since(began); took > soon {
		t.Errorf("waited %v for a service that is gone", took)
	}
	if len(told) < 2 || !told[0] || told[len(told)-1] {
		t.Errorf("told %v", told)
	}
}
