package rounds

import (
	"errors"
	"slices"

	"bookring/backend"
)

// open sends the browser to Xero. If the browser does not open, the round goes on, and
// the user copies the link.
func (r *Rounds) open(entered *round) error {
	err := r.tasks.Try(func() error {
		return r.Browse(entered.attempt.Link(), func(err error) { r.opened(entered, err) })
	})
	if errors.Is(err, backend.ErrPanic) {
		err = backend.Fail(backend.BrowserNotOpened, "", err)
	}
	r.opened(entered, err)
	return err
}

// opened shows whether the browser has opened.
func (r *Rounds) opened(entered *round, err error) {
	if err != nil {
		r.log.Warn("browser", "code", backend.CodeOf(err))
	}
	r.change(func() {
		if entered.progress.Phase == Waiting {
			entered.progress.BrowserFailed = err != nil
		}
	})
}

// bringForward shows a round under way, or nil, and opens the link of a waiting round
// again. The round gets a new number, because the window may have seen the end of a later
// round. From now on asked is the expected person.
func (r *Rounds) bringForward(underWay *round, asked *backend.SignIn) {
	r.change(func() {
		if underWay == nil {
			return
		}
		underWay.expect(asked)
		if underWay != r.shown {
			r.number++
			r.shown, underWay.progress.Number = underWay, r.number
		}
	})
	_ = r.OpenAgain() // a round without a browser has nothing to open
}

// waiting returns the newest round waiting for the browser, or nil.
func (r *Rounds) waiting() *round {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.newestLocked(func(other *round) bool { return other.progress.Phase == Waiting })
}

// Link returns the link of the waiting round, for the clipboard. Fails with NothingWaits.
func (r *Rounds) Link() (string, error) {
	if w := r.waiting(); w != nil {
		return w.attempt.Link(), nil
	}
	return "", backend.Fail(backend.NothingWaits, "", nil)
}

// OpenAgain opens the browser again for the waiting round. Fails with BrowserNotOpened or
// NothingWaits.
func (r *Rounds) OpenAgain() error {
	if w := r.waiting(); w != nil {
		return r.open(w)
	}
	return backend.Fail(backend.NothingWaits, "", nil)
}

// MoreTime gives the waiting round the full time again, from now.
func (r *Rounds) MoreTime() {
	w := r.waiting()
	if w == nil {
		return
	}
	w.attempt.Extend()
	deadline := w.attempt.Deadline()
	r.change(func() {
		if w.progress.Phase == Waiting {
			w.progress.Deadline = deadline
		}
	})
}

// Paste takes the browser's last address. Fails with PastedEmpty or PastedNotOurs, and the
// round goes on, or with NothingWaits.
func (r *Rounds) Paste(address string) error {
	if w := r.waiting(); w != nil {
		return w.attempt.Paste(address)
	}
	return backend.Fail(backend.NothingWaits, "", nil)
}

// Cancel ends every round in the window. The browser can still be at Xero: the link of a
// waiting round works until its deadline, and an answer is recorded.
func (r *Rounds) Cancel() {
	defer r.events.Progress()
	r.mu.Lock()
	var released []attempt
	for _, other := range r.rounds {
		switch other.progress.Phase {
		case Opening:
			other.cancel()
		case Waiting:
			released = append(released, other.attempt)
			r.cancelledLocked(other, backend.CancelledWaiting)
		case Reading:
			r.cancelledLocked(other, backend.CancelledLate)
		}
	}
	r.mu.Unlock()
	for _, a := range released {
		a.Release()
	}
}

func (r *Rounds) cancelledLocked(cancelled *round, code backend.Code) {
	r.log.Info("round cancelled", "code", code)
	cancelled.cancelled = true
	cancelled.progress = Progress{
		Number: cancelled.progress.Number, Phase: Failed, Deadline: cancelled.progress.Deadline, Expected: cancelled.progress.Expected,
		Failure: backend.Fail(code, "", nil),
	}
}

// Stop ends every round, cancelled ones too: the links stop working, and no pending
// grant is tried before [Rounds.Admit]. Stop returns after the last round: a round answered
// by Xero has the shutdown grace period. [Ports.Prepare] must refuse new rounds meanwhile.
func (r *Rounds) Stop() {
	r.mu.Lock()
	r.stopped = true
	ending := slices.Clone(r.rounds)
	r.mu.Unlock()
	for _, other := range ending {
		other.cancel()
	}
	for _, other := range ending {
		<-other.left
	}
}

// Admit lets pending grants be tried again after [Rounds.Stop].
func (r *Rounds) Admit() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = false
}
