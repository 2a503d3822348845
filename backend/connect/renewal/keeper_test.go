package renewal_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend"
	"bookring/backend/connect/renewal"
	"bookring/backend/connect/task"
	"bookring/backend/keychain"
)

var jo = backend.SignInKey{Issuer: "https://issuer", ClientID: "client", UserID: "jo"}

type register struct{}

func (register) SaveRenewal(context.Context, backend.SignInKey, time.Time) error { return nil }

// server renews as a function says.
type server struct {
	renew func(ctx context.Context) (backend.Token, error)
}

func (s server) Renew(ctx context.Context, _ backend.SignInKey, _ backend.Secret) (backend.Token, error) {
	return s.renew(ctx)
}

func (server) Revoke(context.Context, backend.SignInKey, backend.Secret) error { return nil }

// keeper is a Keeper with a keychain in memory.
type keeper struct {
	*renewal.Keeper
	tasks             task.Group
	keychain, session keychain.Memory
}

func newKeeper(s server) *keeper {
	k := &keeper{}
	k.Keeper = renewal.New(renewal.Ports{
		Authoriser: s, Keychain: &k.keychain, Session: &k.session, Register: register{},
		Lock: func(context.Context, backend.SignInKey) (func(), error) { return func() {}, nil },
	}, task.NewClock(nil, nil), &k.tasks, slog.New(slog.DiscardHandler),
		func(backend.SignInKey) string { return "" }, func() {})
	return k
}

func grant() backend.Grant {
	return backend.Grant{
		SignIn: backend.SignIn{SignInKey: jo},
		Token: backend.Token{
			Access: backend.NewSecret("access"), Refresh: backend.NewSecret("refresh"), Expires: time.Now().Add(time.Minute),
		},
	}
}

// The choice between keychain and session used to be read twice: a grant saved at the moment
// of the choice could go to the session while its row named the keychain.
func TestAGrantIsSavedWhereItsSignInSays(t *testing.T) {
	for i := range 10_000 {
		k := newKeeper(server{})
		var begun atomic.Bool
		var chosen sync.WaitGroup
		chosen.Go(func() {
			for spins := i % 100; !begun.Load() || spins > 0; {
				if begun.Load() {
					spins--
				}
			}
			k.UseSession()
		})
		g := grant()
		begun.Store(true)
		sessionOnly, err := k.Adopt(t.Context(), g)
		chosen.Wait()
		if err != nil {
			t.Fatal(err)
		}
		_, missing := k.session.Load(t.Context(), jo)
		if sessionOnly != (missing == nil) {
			t.Fatalf("session only: %t; in the session: %v", sessionOnly, missing)
		}
	}
}

// An answer cut off in its body by the program's end used to count as no presentation.
func TestARenewalCutOffInTheAnswerIsInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := make(chan struct{})
		k := newKeeper(server{renew: func(ctx context.Context) (backend.Token, error) {
			close(asked)
			<-ctx.Done() // the headers are here
			return backend.Token{}, backend.Fail(backend.XeroUnreadable, "", ctx.Err())
		}})
		if _, err := k.Adopt(t.Context(), grant()); err != nil {
			t.Fatal(err)
		}
		go func() {
			<-asked
			k.tasks.Close()
		}()
		err := k.Renew(t.Context(), backend.SignIn{SignInKey: jo})
		if backend.AsFailure(err).Code != backend.Cancelled {
			t.Error(err)
		}
		if _, inDoubt := k.InDoubt(jo); !inDoubt {
			t.Error("not in doubt")
		}
		if c, err := k.keychain.Load(t.Context(), jo); err != nil || c.PresentedAt.IsZero() {
			t.Errorf("presented at %v, %v", c.PresentedAt, err)
		}
	})
}

// locked is the failure of every save of a keychain.
func locked(method string) error {
	if method == "Save" {
		return backend.Fail(backend.KeychainLocked, "", nil)
	}
	return nil
}

// An access token used before the save of its refresh token would end with the sign-in at
// the next start.
func TestNoAccessTokenOfAGrantIsUsableBeforeTheKeychainHasTheGrant(t *testing.T) {
	k := newKeeper(server{renew: func(context.Context) (backend.Token, error) {
		t.Error("presented")
		return backend.Token{}, nil
	}})
	k.keychain.Fail = locked
	g := grant()
	g.Token.Expires = time.Now().Add(time.Hour)
	if _, err := k.Adopt(t.Context(), g); backend.CodeOf(err) != backend.KeychainLocked {
		t.Errorf("failed with %v", err)
	}
	if _, err := k.Token(t.Context(), backend.SignIn{SignInKey: jo}); !errors.Is(err, backend.ErrNoCredential) {
		t.Errorf("token, %v", err)
	}
}

func TestNoAccessTokenOfARenewalIsUsableBeforeTheKeychainHasTheRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		renewed := grant().Token
		renewed.Expires = time.Now().Add(time.Hour)
		var saved atomic.Int32
		var usable atomic.Int32
		k := newKeeper(server{renew: func(context.Context) (backend.Token, error) {
			saved.Store(1)
			return renewed, nil
		}})
		if _, err := k.Adopt(t.Context(), grant()); err != nil {
			t.Fatal(err)
		}
		k.keychain.Fail = func(method string) error {
			if method == "Save" && saved.Load() > 0 { // the second save, after the answer
				if k.Usable(jo) {
					usable.Add(1)
				}
				return backend.Fail(backend.KeychainFailed, "", nil)
			}
			return nil
		}
		s := backend.SignIn{SignInKey: jo}
		for range 2 {
			if err := k.Call(t.Context(), s, func(backend.Token) error { t.Error("used"); return nil }); backend.CodeOf(err) != backend.RenewalUnsaved {
				t.Errorf("failed with %v", err)
			}
			time.Sleep(time.Minute)
		}
		if n := usable.Load(); n > 0 {
			t.Errorf("usable at %d saves", n)
		}
		k.tasks.Close()
	})
}

// Two programs of the user must not present one refresh token at the same time.
func TestNothingIsPresentedWhileAnotherProgramHoldsTheLock(t *testing.T) {
	k := newKeeper(server{renew: func(context.Context) (backend.Token, error) {
		t.Error("presented")
		return backend.Token{}, nil
	}})
	if _, err := k.Adopt(t.Context(), grant()); err != nil {
		t.Fatal(err)
	}
	k.Lock = func(context.Context, backend.SignInKey) (func(), error) {
		return nil, backend.Fail(backend.SignInBusy, "", nil)
	}
	if err := k.Renew(t.Context(), backend.SignIn{SignInKey: jo}); backend.CodeOf(err) != backend.SignInBusy {
		t.Errorf("failed with %v", err)
	}
	if _, err := k.Adopt(t.Context(), grant()); backend.CodeOf(err) != backend.SignInBusy {
		t.Errorf("a grant: %v", err)
	}
	if err := k.Revoke(t.Context(), backend.SignIn{SignInKey: jo}); backend.CodeOf(err) != backend.SignInBusy {
		t.Errorf("a revocation: %v", err)
	}
	if err := k.RevokeOnly(t.Context(), backend.SignIn{SignInKey: jo}); backend.CodeOf(err) != backend.SignInBusy {
		t.Errorf("the revocation of a removal: %v", err)
	}
}

func TestTheLockIsHeldFromTheLoadToTheSaveOfARenewal(t *testing.T) {
	var held atomic.Bool
	var k *keeper
	next := grant().Token
	next.Expires = time.Now().Add(time.Hour)
	k = newKeeper(server{renew: func(context.Context) (backend.Token, error) {
		if !held.Load() {
			t.Error("presented without the lock")
		}
		return next, nil
	}})
	if _, err := k.Adopt(t.Context(), grant()); err != nil {
		t.Fatal(err)
	}
	k.Lock = func(context.Context, backend.SignInKey) (func(), error) {
		held.Store(true)
		return func() { held.Store(false) }, nil
	}
	k.keychain.Fail = func(method string) error {
		if !held.Load() {
			t.Errorf("%s without the lock", method)
		}
		return nil
	}
	if err := k.Renew(t.Context(), backend.SignIn{SignInKey: jo}); err != nil || held.Load() {
		t.Errorf("held %v, %v", held.Load(), err)
	}
}

func TestCallersAtTheSameTimeShareOneRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var presented atomic.Int32
		k := newKeeper(server{renew: func(context.Context) (backend.Token, error) {
			presented.Add(1)
			time.Sleep(time.Second)
			next := grant().Token
			next.Expires = time.Now().Add(time.Hour)
			return next, nil
		}})
		if _, err := k.Adopt(t.Context(), grant()); err != nil {
			t.Fatal(err)
		}
		var callers sync.WaitGroup
		for i := range 10 {
			callers.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				if _, err := k.Token(t.Context(), backend.SignIn{SignInKey: jo}); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		if n := presented.Load(); n != 1 {
			t.Errorf("presented %d times", n)
		}
	})
}

// A filter between Xero and this computer can replace the answer of a renewal. The growing wait
// after a refusal on the way would end after the grace period.
func TestARenewalRefusedOnTheWayIsInDoubtButAskedOnce(t *testing.T) {
	asked := 0
	k := newKeeper(server{renew: func(context.Context) (backend.Token, error) {
		asked++
		return backend.Token{}, backend.Fail(backend.RefusedOnTheWay, "", nil)
	}})
	if _, err := k.Adopt(t.Context(), grant()); err != nil {
		t.Fatal(err)
	}
	if err := k.Renew(t.Context(), backend.SignIn{SignInKey: jo}); backend.CodeOf(err) != backend.RefusedOnTheWay {
		t.Error(err)
	}
	if _, inDoubt := k.InDoubt(jo); !inDoubt || asked != 1 {
		t.Errorf("in doubt: %v, asked %d times", inDoubt, asked)
	}
}
