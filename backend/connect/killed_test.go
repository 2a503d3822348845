package connect_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
)

func TestAProgramThatIsKilledAtAnyStepOfDisconnectingFinishesItLater(t *testing.T) {
	for _, forget := range []bool{false, true} {
		last := int32(0)
		for at := int32(1); last == 0; at++ {
			t.Run(fmt.Sprintf("forget %t, step %d", forget, at), func(t *testing.T) {
				d := three(t)
				d.expire() // so that a renewal is among the steps
				ids := d.ids(vets, dunes)
				b := d.cutAll(at)
				_, err := d.Disconnect(context.Background(), ids, forget)
				if b.step < at {
					last = at
				}
				d = d.restart()
				d.ahead.Store(int64(40 * time.Minute))
				d.Start(t.Context())
				if at == 1 { // nothing was wanted yet
					same(t, "failed", err != nil, true)
					d.status(vets, backend.Connected)
					return
				}
				d.until("the end", func(view.Overview) bool { return len(d.told()) == 2 && d.untold() == 0 })
				same(t, "at Xero", d.told(), []string{jo + ": " + vets, jo + ": " + dunes})
				d.status(fjord, backend.Connected)
				if forget {
					same(t, "list", d.listed(), []string{fjord})
				}
				d.neverRevoked()
			})
		}
		if last < 8 {
			t.Errorf("only %d steps", last)
		}
	}
}

// untold counts the rows of which something is not done yet.
func (d *desk) untold() (n int) {
	for _, r := range d.rows() {
		if r.Pending != "" {
			n++
		}
	}
	return n
}

// cutAll arms a blade that falls on the register too.
func (d *desk) cutAll(at int32) *blade {
	d.checked()
	b := d.cut(at)
	d.ports.Register = mortal{d.ports.Register, b}
	return b
}

// mortal is a register that a dead program does not write to any more.
type mortal struct {
	rig.Register
	*blade
}

func (m mortal) dead() error {
	if m.fallen() {
		return backend.Fail(backend.DatabaseFailed, "", nil)
	}
	return nil
}

func (m mortal) RequestDisconnect(ctx context.Context, l backend.DisconnectRequest, at time.Time) error {
	if err := m.dead(); err != nil {
		return err
	}
	return m.Register.RequestDisconnect(ctx, l, at)
}

func (m mortal) MarkDisconnected(ctx context.Context, key backend.SignInKey, id string, at time.Time) error {
	if err := m.dead(); err != nil {
		return err
	}
	return m.Register.MarkDisconnected(ctx, key, id, at)
}

func (m mortal) MarkRevoked(ctx context.Context, key backend.SignInKey, at time.Time) error {
	if err := m.dead(); err != nil {
		return err
	}
	return m.Register.MarkRevoked(ctx, key, at)
}

func (m mortal) EndSignIn(ctx context.Context, key backend.SignInKey, why backend.Ending, at time.Time) error {
	if err := m.dead(); err != nil {
		return err
	}
	return m.Register.EndSignIn(ctx, key, why, at)
}
