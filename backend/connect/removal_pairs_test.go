package connect_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// stage is a removal in a phase, of one organisation of Jo's. Obstacles hold the removal in
// the phase until release.
type stage struct {
	*removing
	from         string // the phase with the pressed buttons
	release      func()
	kept         atomic.Bool // a button answered that everything is kept
	disconnected atomic.Bool // by the button Disconnect
	reopen       atomic.Int32
	closed       atomic.Bool
}

func newStage(t *testing.T, prepare func(*stage)) *stage {
	t.Helper()
	s := &stage{removing: &removing{desk: launch(t, simxero.Named("One"))}, release: func() {}}
	s.Removal.Files = func() backend.FileCounts { return backend.FileCounts{} }
	s.Removal.Erase = func() []backend.Leftover { s.erased.Store(true); return nil }
	s.connect(jo, "One")
	prepare(s)
	s.from = s.overview().Removal.Phase
	return s
}

// hold makes every call of a keychain method wait until release.
func (s *stage) hold(method string) (waiting <-chan struct{}) {
	asked, end := make(chan struct{}, 16), make(chan struct{})
	s.release = sync.OnceFunc(func() { close(end) })
	s.keychainFault.Store(new(func(called string) error {
		if called == method {
			asked <- struct{}{}
			<-end
		}
		return nil
	}))
	return asked
}

// stages reach each phase of a removal.
var stages = map[string]func(*stage){
	"idle": func(*stage) {},
	"disconnecting": func(s *stage) {
		held := s.xero.Fail(simxero.Disconnect, simxero.Stalled().Once())
		s.release = held.Release
		s.Remove(true, false)
		if err := held.Await(s.t.Context(), 1); err != nil {
			s.t.Fatal(err)
		}
	},
	"undecided": func(s *stage) {
		s.xero.Fail(simxero.Disconnect, simxero.StatusFault(500).Once())
		s.Remove(true, false)
		s.awaitRemoval(removal.Undecided)
	},
	"deleting": func(s *stage) {
		asked := s.hold("Delete")
		s.Remove(false, false)
		<-asked
	},
	"stopped": func(s *stage) {
		s.keychainFails("", backend.Fail(backend.KeychainLocked, "", nil))
		s.Remove(true, false)
		s.awaitRemoval(removal.Stopped)
		s.keychainWorks()
	},
	"stopped in the deletions": func(s *stage) {
		s.keychainFails("Delete", backend.Fail(backend.KeychainLocked, "", nil))
		s.Remove(true, false)
		s.awaitRemoval(removal.Stopped)
		s.keychainWorks()
	},
	"done": func(s *stage) {
		s.Remove(true, false)
		s.awaitRemoval(removal.Done)
	},
}

// presses are the buttons of the removal, and the other buttons that the person or the
// browser's page can press during a removal.
var presses = map[string]func(*stage){
	"Try again":       func(s *stage) { s.Connector.Remove(s.from, true, false) },
	"Remove anyway":   func(s *stage) { s.Connector.Remove(s.from, false, false) },
	"Remove the rest": func(s *stage) { s.Connector.Remove(s.from, true, true) },
	"Cancel": func(s *stage) {
		if s.Connector.CancelRemoval() == nil {
			s.kept.Store(true)
		}
	},
	"Keep the rest": func(s *stage) {
		reopen, err := s.KeepRest()
		if err == nil {
			s.kept.Store(true)
		}
		if reopen {
			s.reopen.Add(1)
		}
	},
	"Connect":   func(s *stage) { s.Connect() },
	"Check now": func(s *stage) { s.CheckNow() },
	"Stop":      func(s *stage) { s.StopCheck() },
	"Disconnect": func(s *stage) {
		if _, err := s.DisconnectSignIn(context.Background(), s.key(jo).String()); err == nil {
			s.disconnected.Store(true)
		}
	},
	"Close": func(s *stage) {
		s.MayClose(func() {})
		s.release() // a hanging keychain would hold the end of the program
		s.Close()
		s.closed.Store(true)
	},
}

// deciding are the buttons of the removal. Every other button is pressed before both
// buttons of retried.
var (
	deciding = []string{"Cancel", "Keep the rest", "Remove anyway", "Remove the rest", "Try again"}
	retried  = []string{"Keep the rest", "Try again"}
)

func TestEveryPairOfButtonsInEveryPhaseOfARemoval(t *testing.T) {
	for phase, prepare := range stages {
		for first := range presses {
			seconds := deciding
			if !slices.Contains(deciding, first) {
				seconds = retried
			}
			for _, second := range seconds {
				t.Run(phase+"/"+first+", then "+second, func(t *testing.T) {
					s := newStage(t, prepare)
					presses[first](s)
					if s.from == removal.Idle { // nothing was there to keep yet
						s.kept.Store(false)
					}
					presses[second](s)
					s.proves()
				})
			}
		}
		for i, first := range deciding {
			for _, second := range deciding[i:] {
				t.Run(phase+"/"+first+" and "+second+" at once", func(t *testing.T) {
					s := newStage(t, prepare)
					var both sync.WaitGroup
					both.Go(func() { presses[first](s) })
					both.Go(func() { presses[second](s) })
					both.Wait()
					if s.from == removal.Idle { // the order is not known
						s.kept.Store(false)
					}
					s.proves()
				})
			}
		}
	}
}

// proves waits for the end of the removal and compares the data with the answers.
func (s *stage) proves() {
	s.t.Helper()
	s.release()
	phase := s.rests()
	_, err := s.credential(jo)
	credential, erased := err == nil, s.erased.Load()
	switch {
	case s.from == removal.Done:
		same(s.t, "phase", phase.Phase, removal.Done)
		same(s.t, "kept", s.kept.Load(), false)
	case s.kept.Load():
		same(s.t, "erased although kept", erased, false)
		if s.from != removal.Deleting { // otherwise only the rest is kept
			same(s.t, "credential", credential, !s.disconnected.Load())
		}
		if s.reopen.Load() == 0 && phase.Phase != removal.Idle && !s.closed.Load() {
			s.t.Errorf("kept in the phase %s", phase.Phase)
		}
		if s.reopen.Load() > 1 {
			s.t.Errorf("opened anew %d times", s.reopen.Load())
		}
	}
	if erased != (phase.Phase == removal.Done) {
		s.t.Errorf("erased %v in the phase %q", erased, phase.Phase)
	}
	if phase.Phase == removal.Done {
		s.receiptIsTrue(*phase.Receipt, credential)
	}
}

// rests waits until nothing of the removal runs.
func (s *stage) rests() (r view.Removal) {
	s.t.Helper()
	s.wait("the end of the removal", func() bool {
		r = s.overview().Removal
		return r.Phase != removal.Disconnecting && r.Phase != removal.Deleting
	})
	return r
}

// receiptIsTrue compares a receipt with the keychain and with Xero.
func (s *stage) receiptIsTrue(r view.Receipt, credential bool) {
	s.t.Helper()
	same(s.t, "credential after the removal", credential, len(r.Undeleted) > 0)
	if r.DisconnectAsked && len(r.StillConnected) == 0 {
		same(s.t, "disconnected at Xero", len(s.ended()), 1)
	}
}

func (s *stage) ended() (all []string) {
	for _, e := range s.xero.Events() {
		if e.Kind == simxero.Disconnected {
			all = append(all, e.Person)
		}
	}
	return all
}

// The story as reported: the keychain was locked, the person opened the password store,
// pressed Try again and at once Keep the rest.
func TestKeepTheRestRightAfterTryAgainDoesNotSayKeptAndThenRemoveEverything(t *testing.T) {
	s := newStage(t, stages["stopped"])
	asked := s.hold("Keys")
	presses["Try again"](s)
	<-asked
	_, err := s.KeepRest()
	same(t, "code", backend.CodeOf(err), backend.RemovalUnderWay)
	s.release()
	s.awaitRemoval(removal.Done)
	same(t, "erased", s.erased.Load(), true)
}

func TestTryAgainAfterKeepTheRestRemovesNothing(t *testing.T) {
	s := newStage(t, stages["stopped"])
	presses["Keep the rest"](s)
	presses["Try again"](s)
	presses["Remove the rest"](s)
	s.proves()
	same(t, "phase", s.overview().Removal.Phase, removal.Idle)
}

func TestNothingIsConnectedDuringARemoval(t *testing.T) {
	s := newStage(t, stages["undecided"])
	s.Connect()
	same(t, "code", s.failed().Code, string(backend.RemovalUnderWay))
	s.noBrowserOpened()
	_, err := s.DisconnectSignIn(t.Context(), s.key(jo).String())
	same(t, "disconnect", backend.CodeOf(err), backend.RemovalUnderWay)
	s.CancelRemoval()
	s.openedAfter(t)
}

// openedAfter fails if the browser does not open for a new round.
func (s *stage) openedAfter(t *testing.T) {
	t.Helper()
	s.Connect()
	select {
	case <-s.opened:
	case <-time.After(20 * time.Second):
		t.Error("no browser opened")
	}
}
