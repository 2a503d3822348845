package details_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/details"
	"bookring/backend/connect/task"
	"bookring/backend/sqlite"
)

// register knows one sign-in with one organisation, never read.
type register struct{ *sqlite.Register }

func (register) SignIns(context.Context) ([]backend.SignIn, error) {
	return []backend.SignIn{{SignInKey: backend.SignInKey{UserID: "jo"}}}, nil
}

func (register) StaleDetails(context.Context, backend.SignInKey, time.Time, time.Time) ([]backend.StaleDetails, error) {
	return []backend.StaleDetails{{OrganisationID: "vets"}}, nil
}

type signIns struct{}

func (signIns) Call(_ context.Context, _ backend.SignIn, do func(backend.Token) error) error {
	return do(backend.Token{})
}

// unlimited is a Xero without limits.
type unlimited struct{}

func (unlimited) Held(_, _ string) *backend.Failure { return nil }

// stalled is a Xero without an answer.
type stalled struct{}

func (stalled) Details(ctx context.Context, _ backend.Token, _ string) (backend.Details, error) {
	<-ctx.Done()
	return backend.Details{}, ctx.Err()
}

// The end of a check used to begin the reading of details between the two steps of Stop.
func TestStopAtTheEndOfACheckLeavesNothingRunning(t *testing.T) {
	for i := range 30_000 {
		var tasks task.Group
		ended := make(chan struct{}, 9)
		var r *details.Reader
		progress := func() {
			if r != nil && !r.Progress().Running {
				ended <- struct{}{}
			}
		}
		r = details.New(details.Ports{Xero: stalled{}, Register: register{}, SignIns: signIns{}, Limits: unlimited{}},
			details.Events{Rows: func() {}, Progress: progress}, task.NewClock(nil, nil), &tasks, slog.New(slog.DiscardHandler))
		r.Suspend()
		r.Add(backend.SignInKey{UserID: "jo"})
		var begun atomic.Bool
		var check sync.WaitGroup
		check.Go(func() {
			for spins := i % 400; !begun.Load() || spins > 0; {
				if begun.Load() {
					spins--
				}
			}
			r.Resume()
		})
		begun.Store(true)
		r.Stop()
		check.Wait()
		if r.Progress().Running {
			select {
			case <-ended:
			case <-time.After(time.Second):
				t.Errorf("run %d: details are read after Stop", i)
			}
		}
		tasks.Close()
		if t.Failed() {
			return
		}
	}
}
