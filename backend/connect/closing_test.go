package connect_test

import (
	"context"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// closingUnsaved returns a desk with an unsaved credential. A send on try ends the pause
// before a save (one second), a send on ask the pause before the question (five seconds).
func closingUnsaved(t *testing.T) (d *desk, try, ask chan struct{}, quits chan bool) {
	t.Helper()
	d = withUnsavedCredential(t)
	try, ask, quits = make(chan struct{}), make(chan struct{}), make(chan bool, 1)
	d.setPause(func(ctx context.Context, pause time.Duration) error {
		next := try
		if pause >= 5*time.Second {
			next = ask
		}
		select {
		case <-next:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return d, try, ask, quits
}

func (d *desk) awaitClosing(phase string) view.Overview {
	d.t.Helper()
	return d.until("closing: "+phase, func(o view.Overview) bool { return o.Closing == phase })
}

func TestProgramWithoutUnsavedCredentialMayClose(t *testing.T) {
	d := launch(t, allConnected(1))
	d.reconnect(jo)
	same(t, "may close", d.MayClose(func() { t.Error("quit was called") }), true)
	same(t, "closing", d.overview().Closing, "")
}

func TestClosingWaitsForTheSave(t *testing.T) {
	d, try, _, quits := closingUnsaved(t)
	quit := func() { quits <- d.MayClose(func() { t.Error("quit twice") }) }
	same(t, "may close", d.MayClose(quit), false)
	o := d.awaitClosing(connect.ClosingSaving)
	same(t, "people with an unsaved credential", o.UnsavedOf, []string{jo})
	same(t, "may close at the second request", d.MayClose(quit), false)
	d.keychainWorks()
	try <- struct{}{}
	same(t, "may close after the save", <-quits, true)
	d.awaitClosing("")
	same(t, "unsaved", d.overview().Unsaved, false)
}

func TestClosingWaitsForARunningSave(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.expire()
	d.refuseSecondSave()
	refused, try := make(chan struct{}, 9), make(chan struct{})
	d.setPause(func(ctx context.Context, pause time.Duration) error {
		if pause < time.Second {
			return ctx.Err()
		}
		refused <- struct{}{}
		select {
		case <-try:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	d.CheckNow()
	<-refused
	d.ahead.Store(0) // the unsaved access token lives for half an hour
	quits := make(chan bool, 1)
	same(t, "may close", d.MayClose(func() { quits <- true }), false)
	o := d.awaitClosing(connect.ClosingSaving)
	same(t, "people with an unsaved credential", o.UnsavedOf, []string{jo})
	same(t, "unsaved banner", o.Unsaved, false)
	d.keychainWorks()
	close(try)
	same(t, "may close after the save", <-quits, true)
	d.awaitSaved()
}

func TestClosingAfterARemovalWaitsForNoSave(t *testing.T) {
	d := withUnsavedCredential(t)
	d.Removal.Files = func() backend.FileCounts { return backend.FileCounts{} }
	d.Removal.Erase = func() []backend.Leftover { return nil }
	d.Remove(false, true)
	d.until("removed", func(o view.Overview) bool { return o.Removal.Phase == removal.Done })
	same(t, "may close", d.MayClose(func() { t.Error("quit was called") }), true)
}

func TestClosingWithAnUnsavedCredentialAsksTheUser(t *testing.T) {
	for answer, may := range map[string]bool{"keep open": false, "close anyway": true} {
		t.Run(answer, func(t *testing.T) {
			d, _, ask, _ := closingUnsaved(t)
			quit := func() { t.Error("quit was called") }
			same(t, "may close", d.MayClose(quit), false)
			ask <- struct{}{}
			d.awaitClosing(connect.ClosingAsking)
			if may {
				d.CloseAnyway()
				same(t, "may close", d.MayClose(quit), true)
			} else {
				d.KeepOpen()
				same(t, "closing", d.overview().Closing, "")
				same(t, "may close after Keep open", d.MayClose(quit), false)
			}
			d.status(vets, backend.NotChecked)
		})
	}
}
