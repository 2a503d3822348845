package syncing_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"bookring/backend"
	"bookring/backend/connect/record"
	"bookring/backend/connect/renewal"
	"bookring/backend/connect/syncing"
	"bookring/backend/connect/task"
	"bookring/backend/sqlite"
)

// stopped is a syncer with one sign-in. The first check waits for its end.
type stopped struct {
	*syncing.Syncer
	tasks  task.Group
	asked  chan struct{} // receives every question to Xero
	doubts func()        // runs when the syncer looks for a renewal in doubt
}

// register knows one living sign-in.
type register struct{ *sqlite.Register }

func (register) SignIns(context.Context) ([]backend.SignIn, error) {
	return []backend.SignIn{{SignInKey: backend.SignInKey{UserID: "jo"}}}, nil
}

func (register) EndedToRevoke(context.Context) ([]backend.SignIn, error) { return nil, nil }

// recorder answers the first question only after the end of the check.
type recorder struct {
	*record.Recorder
	asked chan struct{}
	first bool
}

func (r *recorder) Check(ctx context.Context, _ backend.SignIn) (backend.CheckResult, error) {
	if !r.first {
		r.first = true
		r.asked <- struct{}{}
		<-ctx.Done()
		return backend.CheckResult{Failure: backend.Fail(backend.Cancelled, "", ctx.Err())}, nil
	}
	r.asked <- struct{}{}
	return backend.CheckResult{}, nil
}

type keeper struct {
	*renewal.Keeper
	s *stopped
}

func (k keeper) Ready(backend.SignIn) bool { return true }

func (k keeper) InDoubt(backend.SignInKey) (time.Duration, bool) {
	k.s.doubts()
	return 0, false
}

// unlimited is a Xero without limits.
type unlimited struct{}

func (unlimited) Held(_, _ string) *backend.Failure { return nil }

type reader struct{}

func (reader) Add(backend.SignInKey) {}
func (reader) Suspend()              {}
func (reader) Resume()               {}

func newStopped() *stopped {
	s := &stopped{asked: make(chan struct{}, 9), doubts: func() {}}
	nothing := func() {}
	s.Syncer = syncing.New(syncing.Ports{
		Register: register{}, Recorder: &recorder{asked: s.asked}, SignIns: keeper{s: s}, Details: reader{}, Limits: unlimited{},
	}, syncing.Events{
		Rows: nothing, Progress: nothing, Checked: nothing,
	}, task.NewClock(nil, nil), &s.tasks, slog.New(slog.DiscardHandler))
	return s
}

// The stopped check used to defer its sign-ins after the click had ended every backoff.
func TestACheckWantedWhileAStoppedCheckDefersItsSignInsAsksThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStopped()
		s.Check(0, false)
		<-s.asked
		s.doubts = func() { s.Want() }
		s.Stop()
		synctest.Wait()
		s.tasks.Close()
		if len(s.asked) != 1 {
			t.Errorf("%d questions to Xero, want 1", len(s.asked))
		}
	})
}

func TestAStoppedCheckDefersItsSignInsForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStopped()
		s.Check(0, false)
		<-s.asked
		s.Stop()
		synctest.Wait()
		time.Sleep(time.Hour - time.Second)
		s.Check(0, true)
		synctest.Wait()
		if len(s.asked) != 0 {
			t.Error("asked within the hour")
		}
		time.Sleep(time.Second)
		s.Check(0, true)
		synctest.Wait()
		s.tasks.Close()
		if len(s.asked) != 1 {
			t.Errorf("%d questions after the hour, want 1", len(s.asked))
		}
	})
}
