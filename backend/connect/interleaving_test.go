package connect_test

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// revokes is a register that does something else before a revocation is recorded.
type revokes struct {
	rig.Register
	first func()
}

func (r *revokes) MarkRevoked(ctx context.Context, key backend.SignInKey, at time.Time) error {
	r.first()
	return r.Register.MarkRevoked(ctx, key, at)
}

// A click between the deletion of the credential and its record used to take the pending
// grant of the revoked sign-in, whose refresh token was saved once and is deleted now.
func TestNoPendingGrantOutlivesTheCredentialOfARevokedSignIn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.checked()
	d.xero.Fail(simxero.Connections, simxero.StatusFault(503).Once())
	d.follow(d.browser.Continue(t.Context(), d.click(), jo))
	same(t, "failure", d.failed().Code, string(backend.XeroUnavailable))
	d.ports.Register = &revokes{d.ports.Register, d.Connect}
	d.disconnectSignIn(jo)
	d.phase(rounds.Waiting)
	d.openedLink()
	d.Cancel()
	d.phase(rounds.Failed)
	d.isDeleted(jo)
}

func TestTheWindowLearnsOfTheDisconnectsOfARemoval(t *testing.T) {
	l := beforeRemoval(t)
	l.skipPauses()
	before := l.overview().Revision
	l.xero.Fail(simxero.Disconnect, simxero.StatusFault(500).Once())
	l.Remove(true, false)
	l.awaitRemoval(removal.Undecided)
	same(t, "at Xero", l.connectionsAtXero(), 1)
	if now := l.overview().Revision; now < before+2 {
		t.Errorf("revision %d after %d and two disconnects", now, before)
	}
}

func TestTheOverviewAfterARemovalHoldsNothingOfThePast(t *testing.T) {
	l := beforeRemoval(t)
	l.KeychainWaits(true)
	l.Remove(false, false)
	l.receipt()
	o := l.overview()
	same(t, "sign-in", o.SignIn, view.Progress{Phase: rounds.Idle})
	same(t, "check", o.Check, view.Overview{}.Complete().Check)
	same(t, "keychain", o.KeychainWaiting, false)
}

// The system's question whether Bookring may remind the user can take minutes, and a check
// begun meanwhile may renew the sign-ins of the next reminders.
func TestAReminderAfterALongerOneWaitsForTheCheckBegunMeanwhile(t *testing.T) {
	var told atomic.Int32
	asking, answer := make(chan struct{}), make(chan struct{})
	d := newDesk(t, simxero.Demo())
	d.Remind = func(context.Context, string, string) error {
		if told.Add(1) == 1 {
			close(asking)
			<-answer
		}
		return nil
	}
	d.launch().skipPauses()
	d.connect(jo, vets)
	d.checked()
	d.advance(2 * day)
	d.connect(sam, dunes)
	d.checked()
	d.advance(45 * day)
	var reminding sync.WaitGroup
	reminding.Go(func() { d.RemindNow(context.Background()) }) // of Jo's
	<-asking
	d.advance(2 * day)
	reminding.Go(func() { d.RemindNow(context.Background()) }) // of Sam's
	d.running("connect.(*reminder).run", 2)
	held := d.xero.Fail(simxero.Renewal, simxero.Stalled())
	d.CheckNow()
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	close(answer)
	reminding.Wait()
	same(t, "reminders during the check", told.Load(), 1)
	held.Stop()
	held.Release()
}

// running waits until a function runs in a number of goroutines.
func (d *desk) running(function string, goroutines int) {
	d.t.Helper()
	stacks := make([]byte, 1<<20)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); runtime.Gosched() {
		if strings.Count(string(stacks[:runtime.Stack(stacks, true)]), function+"(") >= goroutines {
			return
		}
	}
	d.t.Fatalf("%s does not run %d times", function, goroutines)
}
