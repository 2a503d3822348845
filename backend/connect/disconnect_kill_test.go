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

func TestDisconnectSurvivesAKillAtAnyStep(t *testing.T) {
	for _, forget := range []bool{false, true} {
		last := int32(0)
		for at := int32(1); last == 0; at++ {
			t.Run(fmt.Sprintf("forget %t, step %d", forget, at), func(t *testing.T) {
				d := threeConnected(t)
				d.expire() // a renewal is among the steps
				ids := d.ids(vets, dunes)
				b := d.killWithRegister(at)
				_, err := d.Disconnect(context.Background(), ids, forget, false)
				if b.step < at {
					last = at
				}
				d = d.restart()
				d.ahead.Store(int64(40 * time.Minute))
				d.Start(t.Context())
				if at == 1 { // the kill precedes the request
					same(t, "failed", err != nil, true)
					d.status(vets, backend.Connected)
					return
				}
				d.until("the end", func(view.Overview) bool { return len(d.disconnected()) == 2 && d.pendingRows() == 0 })
				same(t, "at Xero", d.disconnected(), []string{jo + ": " + vets, jo + ": " + dunes})
				d.status(fjord, backend.Connected)
				if forget {
					same(t, "list", d.rowNames(), []string{fjord})
				}
				d.notRevoked()
			})
		}
		if last < 8 {
			t.Errorf("only %d steps", last)
		}
	}
}

// pendingRows counts the rows with a pending disconnect.
func (d *desk) pendingRows() (n int) {
	for _, r := range d.rows() {
		if r.Pending != "" {
			n++
		}
	}
	return n
}

// killWithRegister is killAt with the register among the steps.
func (d *desk) killWithRegister(at int32) *kill {
	d.checked()
	b := d.killAt(at)
	d.ports.Register = killedRegister{d.ports.Register, b}
	return b
}

// killedRegister is a register without writes after the kill.
type killedRegister struct {
	rig.Register
	*kill
}

func (m killedRegister) failure() error {
	if m.killed() {
		return backend.Fail(backend.DatabaseFailed, "", nil)
	}
	return nil
}

func (m killedRegister) RequestDisconnect(ctx context.Context, l backend.DisconnectRequest, at time.Time) error {
	if err := m.failure(); err != nil {
		return err
	}
	return m.Register.RequestDisconnect(ctx, l, at)
}

func (m killedRegister) MarkDisconnected(ctx context.Context, key backend.SignInKey, id string, at time.Time) error {
	if err := m.failure(); err != nil {
		return err
	}
	return m.Register.MarkDisconnected(ctx, key, id, at)
}

func (m killedRegister) MarkRevoked(ctx context.Context, key backend.SignInKey, at time.Time) error {
	if err := m.failure(); err != nil {
		return err
	}
	return m.Register.MarkRevoked(ctx, key, at)
}

func (m killedRegister) EndSignIn(ctx context.Context, key backend.SignInKey, why backend.Ending, at time.Time) error {
	if err := m.failure(); err != nil {
		return err
	}
	return m.Register.EndSignIn(ctx, key, why, at)
}
