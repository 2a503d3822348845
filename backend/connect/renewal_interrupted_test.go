package connect_test

import (
	"fmt"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// kill ends a program's effects: from a step on, no call reaches the keychain or Xero.
// Keychain and Xero cannot tell the difference from a killed process.
type kill struct{ step, falls int32 }

// killAt kills the program at a step: a keychain call, a request or an answer.
func (d *desk) killAt(at int32) *kill {
	b := &kill{falls: at}
	d.keychainFault.Store(new(func(string) error {
		if b.killed() {
			return backend.Fail(backend.KeychainFailed, "", nil)
		}
		return nil
	}))
	d.network.intercept.Store(new(func() error {
		if b.killed() {
			return &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
		}
		return nil
	}))
	return b
}

func (b *kill) killed() bool { return atomic.AddInt32(&b.step, 1) >= b.falls }

func TestRenewalSurvivesAKillAtAnyStep(t *testing.T) {
	for _, clock := range []time.Duration{40 * time.Minute, -365 * 24 * time.Hour} {
		last := int32(0)
		for at := int32(1); last == 0; at++ {
			t.Run(fmt.Sprintf("%v, step %d", clock, at), func(t *testing.T) {
				d := launch(t, simxero.Demo()).skipPauses()
				d.connect(jo, vets)
				d.read(1)
				d.expire()
				b := d.killAt(at)
				d.check()
				if b.step < at {
					last = at
				}
				d = d.restart()
				before := d.listCalls()
				d.ahead.Store(int64(clock))
				d.Start(t.Context())
				if err := d.xero.Await(t.Context(), simxero.Connections, before+1); err != nil {
					t.Fatal(err)
				}
				d.checked()
				d.status(vets, backend.Connected)
				for _, e := range d.xero.Events() {
					if e.Kind == simxero.RenewalRefused {
						t.Error("refused:", e.Detail)
					}
				}
				saved, err := d.credential(jo)
				if err != nil || !saved.PresentedAt.IsZero() {
					t.Errorf("presented %v, %v", saved.PresentedAt, err)
				}
			})
		}
		if last < 6 {
			t.Errorf("only %d steps", last)
		}
	}
}

func TestInterruptedRenewalsResumeFirst(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes) // the latest is checked first
	interrupted, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	interrupted.PresentedAt = time.Now().Add(-59 * 24 * time.Hour) // long after the grace period
	if err := d.keychain.Save(t.Context(), interrupted); err != nil {
		t.Fatal(err)
	}
	before := d.listCalls()
	d = d.restart().skipPauses()
	d.Start(t.Context())
	if err := d.xero.Await(t.Context(), simxero.Connections, before+2); err != nil {
		t.Fatal(err)
	}
	d.checked()
	renewals := d.xero.Requests(simxero.Renewal)
	same(t, "renewals", len(renewals), 2)
	same(t, "first presented token", renewals[0].Form.Get("refresh_token"), interrupted.Refresh.Reveal())
	same(t, "need attention", d.overview().Attention, 0)
}

func TestInterruptedRenewalsResumeInsideTheGracePeriod(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	for _, person := range []string{jo, sam} {
		interrupted, err := d.credential(person)
		if err != nil {
			t.Fatal(err)
		}
		interrupted.PresentedAt = time.Now()
		if err := d.keychain.Save(t.Context(), interrupted); err != nil {
			t.Fatal(err)
		}
	}
	down := d.xero.Fail(simxero.Renewal, simxero.StatusFault(503))
	d = d.restart().skipPauses()
	d.Start(t.Context())
	if err := down.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.until("trouble", func(view.Overview) bool {
		return d.row(dunes).Trouble == string(backend.XeroUnavailable)
	})
	d.looks(20)
	down.Stop()
	d.looks(2)
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

// Xero has been seen to refuse a token once and accept the token a moment later. Another
// program ended the sign-in after the first refusal.
func TestSingleRefusalEndsNoSignIn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.expire()
	d.xero.Fail(simxero.Renewal, simxero.OAuthFault("invalid_grant", "").Once())
	d.check()
	d.status(vets, backend.Connected)
	same(t, "need attention", d.overview().Attention, 0)
}

// The previous token used to be presented only within half an hour of the save. A late
// retry of a grant, or a kill, can leave the living token in that place for longer.
func TestPreviousTokenIsPresentedBeforeASignInEnds(t *testing.T) {
	for _, age := range []time.Duration{0, time.Hour, 59 * 24 * time.Hour} {
		d := withOnlyPreviousToken(t, age)
		d.check()
		d.status(vets, backend.Connected)
	}
}

// withOnlyPreviousToken returns a desk with a living previous token and an unknown newest
// token.
func withOnlyPreviousToken(t *testing.T, age time.Duration) *desk {
	t.Helper()
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.expire()
	saved, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	saved.Refresh, saved.Previous = backend.NewSecret("unknown to Xero"), saved.Refresh
	saved.SavedAt = d.Now().Add(-age)
	if err := d.keychain.Save(t.Context(), saved); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLostAnswerToThePreviousTokenEndsNoSignIn(t *testing.T) {
	d := withOnlyPreviousToken(t, time.Hour)
	var marks atomic.Int32
	d.keychainFault.Store(new(func(method string) error {
		if method == "Save" && marks.Add(1) == 3 { // for the previous token, after two refusals of the newest
			d.xero.Fail(simxero.Renewal, simxero.LostAnswer())
		}
		return nil
	}))
	d.check()
	d.status(vets, backend.NotChecked)
	d.xero.Heal()
	d.looks(1)
	d.status(vets, backend.Connected)
}
