package connect_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// takeKey takes a person's credential out of the keychain. Put brings the credential back.
func (d *desk) takeKey(person string) (put func()) {
	d.t.Helper()
	c, err := d.credential(person)
	if err == nil {
		err = d.keychain.Delete(context.Background(), c.SignInKey)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return func() {
		d.t.Helper()
		if err := d.keychain.Save(context.Background(), c); err != nil {
			d.t.Error(err)
		}
	}
}

// loseKey takes a person's credential out of the keychain and lets a check find the loss.
func (d *desk) loseKey(person string) (put func()) {
	d.t.Helper()
	put = d.takeKey(person)
	d.expire()
	d.check()
	d.hasState(person, view.StateEnded, string(backend.KeyGone))
	return put
}

// keychainChanges lets the test tell the program of a change of the keychain.
func (d *desk) keychainChanges() (change func()) {
	changes := make(chan struct{})
	d.Recovery.Watch = func(ctx context.Context, changed func()) {
		for {
			select {
			case <-changes:
				changed()
			case <-ctx.Done():
				return
			}
		}
	}
	d.rebuild()
	return func() { changes <- struct{}{} }
}

// countKeychain counts the keychain's calls of a method.
func (d *desk) countKeychain(method string) *atomic.Int32 {
	var calls atomic.Int32
	d.keychainFault.Store(new(func(called string) error {
		if called == method {
			calls.Add(1)
			d.signal()
		}
		return nil
	}))
	return &calls
}

// returns counts the history's entries about keys that came back.
func (d *desk) returns() int {
	d.t.Helper()
	_, history := d.stored()
	return strings.Count(history, " returned ")
}

func TestAKeyThatComesBackIsFoundByCheckNow(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	put := d.loseKey(jo)
	d.status(vets, backend.SignInAgain)
	put()
	d.CheckNow()
	d.status(vets, backend.Connected)
	d.checked()
	d.hasState(jo, view.StateSaved, "")
	same(t, "entries in the history", d.returns(), 1)
}

func TestAKeyThatComesBackIsFoundAtTheNextStart(t *testing.T) {
	for name, others := range map[string][]string{"the only sign-in": nil, "beside another sign-in": {dunes}} {
		t.Run(name, func(t *testing.T) {
			d := launch(t, simxero.Demo())
			for _, other := range others {
				d.connect(sam, other)
			}
			d.connect(jo, vets)
			put := d.loseKey(jo)
			d = d.restart()
			d.Start(t.Context())
			d.checked()
			d.status(vets, backend.SignInAgain)
			put()
			d = d.restart()
			d.Start(t.Context())
			d.status(vets, backend.Connected)
		})
	}
}

func TestAKeyThatComesBackIsFoundWhenAnotherPasswordStoreTakesOver(t *testing.T) {
	d := newDesk(t, simxero.Demo()).launch()
	change := d.keychainChanges()
	d.connect(jo, vets)
	put := d.loseKey(jo)
	d.Start(t.Context())
	put()
	change()
	d.status(vets, backend.Connected)
}

func TestAStartBeforeThePasswordStoreIsMendedWhenTheStoreAppears(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	put := d.loseKey(jo)
	d.status(dunes, backend.Connected)
	put()
	d = d.restart().skipPauses()
	change := d.keychainChanges()
	d.keychainFails("", backend.Fail(backend.KeychainMissing, "", nil))
	d.Start(t.Context())
	d.status(dunes, backend.NotChecked)
	d.status(vets, backend.SignInAgain)
	d.keychainWorks()
	change()
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

func TestADamagedKeyThatBecomesWholeIsFound(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.expire()
	d.keychainFails("Load", backend.Fail(backend.KeychainDamaged, "", nil))
	d.check()
	d.hasState(jo, view.StateEnded, string(backend.KeyDamaged))
	d.CheckNow()
	d.keychainWorks()
	d.CheckNow()
	d.status(vets, backend.Connected)
}

func TestTheLookForAKeyAsksXeroNothing(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.loseKey(jo)
	before := len(d.xero.Requests())
	looks := d.countKeychain("Load")
	d.CheckNow()
	d.wait("the look", func() bool { return looks.Load() > 0 })
	d.quit()
	same(t, "requests to Xero", len(d.xero.Requests())-before, 0)
}

func TestTheLookForAKeyDoesNotAskALockedPasswordStore(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	put := d.loseKey(jo)
	put()
	var looked, loaded atomic.Int32
	d.keychainFault.Store(new(func(method string) error {
		switch method {
		case "Unlocked":
			looked.Add(1)
			d.signal()
			return backend.Fail(backend.KeychainLocked, "", nil)
		case "Load":
			loaded.Add(1)
		}
		return nil
	}))
	d.CheckNow()
	d.wait("the look", func() bool { return looked.Load() > 0 })
	d.quit()
	same(t, "reads of the locked password store", loaded.Load(), 0)
}

func TestASignInRefusedByXeroIsNotLookedFor(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.xero.EndTokens(d.key(jo).UserID, simxero.DemoClientID)
	d.expire()
	d.check()
	d.hasState(jo, view.StateEnded, string(backend.RefusedByXero))
	renewals := len(d.xero.Requests(simxero.Renewal))
	d.check()
	d = d.restart()
	d.Start(t.Context())
	d.checked()
	d.check()
	d.quit()
	same(t, "renewals of the refused key", len(d.xero.Requests(simxero.Renewal))-renewals, 0)
}

func TestAKeyThatComesBackDuringACheckIsCheckedToo(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	put := d.loseKey(jo)
	arrived, release := d.holdRequests(1)
	d.CheckNow()
	<-arrived
	put()
	d.CheckNow()
	d.wait("the return", func() bool { return d.returns() == 1 })
	release()
	d.status(vets, backend.Connected)
	d.checked()
	d.status(dunes, backend.Connected)
}

func TestAKeyOfADisconnectedSignInDoesNotReturn(t *testing.T) {
	for name, before := range map[string]bool{"disconnected while the key was gone": true, "disconnected before the key came back": false} {
		t.Run(name, func(t *testing.T) {
			d := launch(t, simxero.Demo())
			d.connect(sam, dunes)
			d.connect(jo, vets)
			var put func()
			if before {
				put = d.loseKey(jo)
				d.disconnectSignIn(jo)
			} else {
				put = d.takeKey(jo)
				put()
				d.disconnectSignIn(jo)
			}
			d.checked()
			put()
			d.check()
			d.status(vets, backend.Disconnected)
			d = d.restart()
			d.Start(t.Context())
			d.checked()
			d.check()
			d.status(vets, backend.Disconnected)
			rows, err := d.SignIns(t.Context())
			if err != nil || len(rows) != 1 || rows[0].Name != sam {
				t.Errorf("sign-ins: %+v, %v", rows, err)
			}
			same(t, "entries in the history", d.returns(), 0)
		})
	}
}

func TestAKeyThatComesBackDuringARemovalDoesNotReturn(t *testing.T) {
	l := beforeRemoval(t)
	change := l.keychainChanges()
	put := l.loseKey(sam)
	l.Start(t.Context())
	l.checked()
	arrived, release := l.holdRequests(1)
	l.Remove(true, false)
	<-arrived
	put()
	change()
	change() // the first change has been dealt with
	same(t, "entries in the history", l.returns(), 0)
	release()
	l.CancelRemoval()
	l.awaitRemoval(removal.Idle)
	l.status(dunes, backend.Connected) // the look follows the cancelled removal
}

func TestOneOfTwoKeysComesBack(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	putJo := d.takeKey(jo)
	d.loseKey(sam)
	d.hasState(jo, view.StateEnded, string(backend.KeyGone))
	putJo()
	d.CheckNow()
	d.status(vets, backend.Connected)
	d.checked()
	d.status(dunes, backend.SignInAgain)
}

func TestAnOldKeyDoesNotEndANewSignInAsRefused(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	put := d.loseKey(jo)
	d.xero.EndTokens(d.key(jo).UserID, simxero.DemoClientID)
	d.connect(jo, fjord)
	d.read(2)
	newest, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	d.quit() // the memory holds the newest, too
	put()    // over the newest
	d = d.restart().skipPauses()
	d.expire()
	d.check()
	d.hasState(jo, view.StateEnded, string(backend.KeyOld))
	renewals := len(d.xero.Requests(simxero.Renewal))
	d.check()
	same(t, "renewals of the refused old key", len(d.xero.Requests(simxero.Renewal)), renewals)
	if err := d.keychain.Save(t.Context(), newest); err != nil {
		t.Fatal(err)
	}
	d.CheckNow()
	d.status(vets, backend.Connected)
}

func TestAReturnedKeyRefusedByXeroIsSaidToBeOld(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	old, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // the old key is behind the grace period
		d.expire()
		d.check()
	}
	d.loseKey(jo)
	d.xero.EndTokens(d.key(jo).UserID, simxero.DemoClientID)
	d = d.restart().skipPauses() // the memory held the newest, too
	if err := d.keychain.Save(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	d.CheckNow()
	d.until("the refusal", func(view.Overview) bool { return d.signIn(jo).Reason == string(backend.KeyOld) })
	d.status(vets, backend.SignInAgain)
}

func TestOfflineTheReturnedKeyIsNotCheckedYet(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	put := d.loseKey(jo)
	put()
	d.offline()
	d.CheckNow()
	d.until("the return", func(view.Overview) bool { return d.signIn(jo).Reason == string(backend.Offline) })
	d.status(vets, backend.NotChecked)
	d.online()
	d.CheckNow()
	d.status(vets, backend.Connected)
}

func TestANewSignInIsNotDisturbedByTheLook(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	put := d.loseKey(jo)
	put()
	found, resume := make(chan struct{}), make(chan struct{})
	var once atomic.Bool
	d.keychainFault.Store(new(func(method string) error {
		if method == "Load" && once.CompareAndSwap(false, true) {
			close(found)
			<-resume
		}
		return nil
	}))
	d.CheckNow()
	<-found
	d.connect(jo, fjord)
	newest, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	close(resume)
	d.check()
	now, err := d.credential(jo)
	if err != nil || now.Generation < newest.Generation {
		t.Errorf("an older key came after the newest: generation %d after %d, %v", now.Generation, newest.Generation, err)
	}
	same(t, "entries in the history", d.returns(), 0)
}

func TestAHangingPasswordStoreHoldsNeitherTheStartNorTheButtons(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	putJo := d.takeKey(jo)
	putSam := d.loseKey(sam)
	d.hasState(jo, view.StateEnded, string(backend.KeyGone))
	putJo()
	putSam()
	d = d.restart()
	answers := make(chan struct{})
	var looks atomic.Int32
	d.keychainFault.Store(new(func(method string) error {
		if method == "Unlocked" {
			looks.Add(1)
			d.signal()
			<-answers
		}
		return nil
	}))
	d.Start(t.Context())
	for range 3 {
		d.CheckNow()
	}
	d.wait("the look", func() bool { return looks.Load() > 0 })
	d.status(vets, backend.SignInAgain)
	d.status(dunes, backend.SignInAgain)
	close(answers)
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
	same(t, "entries in the history", d.returns(), 2)
}

func TestAKeychainEmptiedAndBroughtBackBringsEverySignInBack(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	putJo, putSam := d.takeKey(jo), d.takeKey(sam)
	d.expire()
	d.check()
	d.status(vets, backend.SignInAgain)
	d.status(dunes, backend.SignInAgain)
	putJo()
	putSam()
	d.CheckNow()
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
}

// Of several copies of a credential the highest generation counts. An older version of
// Bookring counted the renewals from 1 again after each grant.
func TestANewSignInIsNewerThanEveryKeyThatCanComeBack(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	c := d.saved(jo)
	c.Generation = 40
	if err := d.keychain.Save(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, organisation := range []string{fjord, builders} {
		before := d.saved(jo)
		d.loseKey(jo)
		d.connect(jo, organisation)
		now := d.saved(jo)
		if now.Generation <= before.Generation {
			t.Errorf("generation %d after %d", now.Generation, before.Generation)
		}
		d.expire()
		d.check()
		d.status(vets, backend.Connected)
		if renewed := d.saved(jo); renewed.Generation <= now.Generation {
			t.Errorf("generation %d after a renewal of %d", renewed.Generation, now.Generation)
		}
	}
}

func TestAWrongClockDoesNotMakeANewSignInNewerThanLaterOnes(t *testing.T) {
	d := newDeskAt(t, xeroAhead(t, -1000*time.Hour)).launch()
	d.connect(jo, vets)
	if ahead := time.Unix(int64(d.saved(jo).Generation), 0).Sub(time.Now().Add(-1000 * time.Hour)); ahead.Abs() > time.Hour {
		t.Errorf("the generation is %v ahead of Xero's clock", ahead)
	}
}

func TestASignalDuringTheRecallOfALostListCountsNoSignInTwice(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d = d.damageRegister()
	change := d.keychainChanges()
	found, resume := make(chan struct{}), make(chan struct{})
	var once atomic.Bool
	d.keychainFault.Store(new(func(method string) error {
		if method == "Load" && once.CompareAndSwap(false, true) {
			close(found)
			<-resume
		}
		return nil
	}))
	d.Start(t.Context())
	<-found
	change()
	change() // the first change has been dealt with
	close(resume)
	o := d.until("the recovery", func(o view.Overview) bool {
		return o.Recovery != nil && o.Recovery.KeychainRead && !o.Recovery.Unchecked
	})
	same(t, "recalled sign-ins", o.Recovery.SignIns, 2)
	d.status(vets, backend.Connected)
	d.status(dunes, backend.Connected)
	_, history := d.stored()
	same(t, "entries in the history", strings.Count(history, " recalled "), 2)
}
