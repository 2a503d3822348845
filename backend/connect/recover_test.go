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

// blade cuts a program off from the world: from one of its steps on, neither the
// keychain nor Xero hears of it. For both, that is what a kill looks like.
type blade struct{ step, falls int32 }

// cut arms a blade that falls at a step: a call of the keychain, a request that
// leaves, an answer that arrives.
func (d *desk) cut(at int32) *blade {
	b := &blade{falls: at}
	d.trouble.Store(new(func(string) error {
		if b.fallen() {
			return backend.Fail(backend.KeychainFailed, "", nil)
		}
		return nil
	}))
	d.line.meet.Store(new(func() error {
		if b.fallen() {
			return &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
		}
		return nil
	}))
	return b
}

func (b *blade) fallen() bool { return atomic.AddInt32(&b.step, 1) >= b.falls }

func TestAProgramThatIsKilledAtAnyStepOfARenewalLosesNothing(t *testing.T) {
	for _, clock := range []time.Duration{40 * time.Minute, -365 * 24 * time.Hour} {
		last := int32(0)
		for at := int32(1); last == 0; at++ {
			t.Run(fmt.Sprintf("%v, step %d", clock, at), func(t *testing.T) {
				d := sitDown(t, simxero.Demo()).hurry()
				d.connect(jo, "Calder Street Vets")
				d.read(1)
				d.expire()
				b := d.cut(at)
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
				d.status("Calder Street Vets", backend.Connected)
				for _, e := range d.xero.Events() {
					if e.Kind == simxero.RenewalRefused {
						t.Error("refused:", e.Detail)
					}
				}
				kept, err := d.credential(jo)
				if err != nil || !kept.PresentedAt.IsZero() {
					t.Errorf("presented %v, %v", kept.PresentedAt, err)
				}
			})
		}
		if last < 6 {
			t.Errorf("only %d steps", last)
		}
	}
}

func TestWhatWasCutOffIsRenewedBeforeAnythingElse(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School") // the latest is checked first
	cutOff, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	cutOff.PresentedAt = time.Now().Add(-59 * 24 * time.Hour) // far beyond the grace
	if err := d.keychain.Save(t.Context(), cutOff); err != nil {
		t.Fatal(err)
	}
	before := d.listCalls()
	d = d.restart().hurry()
	d.Start(t.Context())
	if err := d.xero.Await(t.Context(), simxero.Connections, before+2); err != nil {
		t.Fatal(err)
	}
	d.checked()
	renewals := d.xero.Requests(simxero.Renewal)
	same(t, "renewals", len(renewals), 2)
	same(t, "the first is the one that was cut off", renewals[0].Form.Get("refresh_token"), cutOff.Refresh.Reveal())
	same(t, "need attention", d.overview().Attention, 0)
}

func TestAllThatWasCutOffIsTakenUpInsideTheGraceWhenXeroIsBack(t *testing.T) {
	d := sitDown(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	for _, person := range []string{jo, sam} {
		cutOff, err := d.credential(person)
		if err != nil {
			t.Fatal(err)
		}
		cutOff.PresentedAt = time.Now()
		if err := d.keychain.Save(t.Context(), cutOff); err != nil {
			t.Fatal(err)
		}
	}
	down := d.xero.Fail(simxero.Renewal, simxero.StatusFault(503))
	d = d.restart().hurry()
	d.Start(t.Context())
	if err := down.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.until("trouble", func(view.Overview) bool {
		return d.row("Dunes Surf School").Trouble == string(backend.XeroUnavailable)
	})
	d.looks(20)
	down.Stop()
	d.looks(2)
	d.status("Calder Street Vets", backend.Connected)
	d.status("Dunes Surf School", backend.Connected)
}

// A refusal that Xero takes back a moment later has been seen in the wild; so has
// a program that believed it and threw the sign-in away.
func TestARefusalThatFlickersEndsNothing(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.expire()
	d.xero.Fail(simxero.Renewal, simxero.OAuthFault("invalid_grant", "").Once())
	d.check()
	d.status("Calder Street Vets", backend.Connected)
	same(t, "history of ends", d.overview().Attention, 0)
}

// The token before used to be tried only half an hour after its successor was
// kept. A grant that was taken up late, or a program that was killed with the older
// one in front, left the one that lives there for longer.
func TestTheTokenBeforeIsTriedBeforeASignInEndsHoweverOldItIs(t *testing.T) {
	for _, age := range []time.Duration{0, time.Hour, 59 * 24 * time.Hour} {
		d := behind(t, age)
		d.check()
		d.status("Calder Street Vets", backend.Connected)
	}
}

// behind is a desk where the token that lives is the one before.
func behind(t *testing.T, age time.Duration) *desk {
	t.Helper()
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.expire()
	kept, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	kept.Refresh, kept.Previous = backend.NewSecret("what Xero does not know"), kept.Refresh
	kept.SavedAt = d.Now().Add(-age)
	if err := d.keychain.Save(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestATokenBeforeThatGetsNoAnswerIsNotTheEnd(t *testing.T) {
	d := behind(t, time.Hour)
	var marks atomic.Int32
	d.trouble.Store(new(func(method string) error {
		if method == "Save" && marks.Add(1) == 3 { // of the one before, after the newest was refused twice
			d.xero.Fail(simxero.Renewal, simxero.LostAnswer())
		}
		return nil
	}))
	d.check()
	d.status("Calder Street Vets", backend.NotChecked)
	d.xero.Heal()
	d.looks(1)
	d.status("Calder Street Vets", backend.Connected)
}
