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

// closes is a desk with an unsaved token, whose pauses a test lets end one kind
// at a time: what saves it is tried every second, and asked is after five.
func closes(t *testing.T) (d *desk, try, ask chan struct{}, quits chan bool) {
	t.Helper()
	d = unsaved(t)
	try, ask, quits = make(chan struct{}), make(chan struct{}), make(chan bool, 1)
	d.waits(func(ctx context.Context, pause time.Duration) error {
		goesOn := try
		if pause >= 5*time.Second {
			goesOn = ask
		}
		select {
		case <-goesOn:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return d, try, ask, quits
}

func (d *desk) closing(phase string) view.Overview {
	d.t.Helper()
	return d.until("closing: "+phase, func(o view.Overview) bool { return o.Closing == phase })
}

func TestAProgramWithNothingUnsavedMayClose(t *testing.T) {
	d := sitDown(t, allConnected(1))
	d.signInAgain(jo)
	same(t, "may close", d.MayClose(func() { t.Error("quit by itself") }), true)
	same(t, "closing", d.overview().Closing, "")
}

func TestClosingWaitsForTheKeyToBeSaved(t *testing.T) {
	d, try, _, quits := closes(t)
	quit := func() { quits <- d.MayClose(func() { t.Error("quit twice") }) }
	same(t, "may close", d.MayClose(quit), false)
	o := d.closing(connect.ClosingSaving)
	same(t, "of whom", o.UnsavedOf, []string{jo})
	same(t, "may close when asked again", d.MayClose(quit), false)
	d.trouble.Store(nil)
	try <- struct{}{}
	same(t, "and then it may", <-quits, true)
	d.closing("")
	same(t, "unsaved", d.overview().Unsaved, false)
}

func TestClosingWaitsForAKeyThatIsJustBeingSaved(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.expire()
	d.refuseTheNewToken()
	refused, try := make(chan struct{}, 9), make(chan struct{})
	d.waits(func(ctx context.Context, pause time.Duration) error {
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
	d.ahead.Store(0) // the access token that waits is half an hour old at most
	quits := make(chan bool, 1)
	same(t, "may close", d.MayClose(func() { quits <- true }), false)
	o := d.closing(connect.ClosingSaving)
	same(t, "of whom", o.UnsavedOf, []string{jo})
	same(t, "a banner already", o.Unsaved, false)
	d.trouble.Store(nil)
	close(try)
	same(t, "and then it may", <-quits, true)
	d.isSaved()
}

func TestAfterARemovalNoKeyIsWaitedFor(t *testing.T) {
	d := unsaved(t)
	d.Removal.Files = func() backend.FileCounts { return backend.FileCounts{} }
	d.Removal.Erase = func() []backend.Leftover { return nil }
	d.Remove(false, true)
	d.until("removed", func(o view.Overview) bool { return o.Removal.Phase == removal.Done })
	same(t, "may close", d.MayClose(func() { t.Error("quit by itself") }), true)
}

func TestWhoClosesWithAnUnsavedKeyIsAsked(t *testing.T) {
	for answer, may := range map[string]bool{"keep open": false, "close anyway": true} {
		t.Run(answer, func(t *testing.T) {
			d, _, ask, _ := closes(t)
			quit := func() { t.Error("quit by itself") }
			same(t, "may close", d.MayClose(quit), false)
			ask <- struct{}{}
			d.closing(connect.ClosingAsking)
			if may {
				d.CloseAnyway()
				same(t, "may close", d.MayClose(quit), true)
			} else {
				d.KeepOpen()
				same(t, "closing", d.overview().Closing, "")
				same(t, "asked again the next time", d.MayClose(quit), false)
			}
			d.status("Calder Street Vets", backend.NotChecked)
		})
	}
}
