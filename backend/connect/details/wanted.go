package details

import (
	"context"
	"time"

	"bookring/backend"
)

// wanted is the reading that the user asked for.
type wanted struct {
	// since is the time before which details are stale for the user, or zero.
	since time.Time
	// unread counts the organisations unread at the end of the last reading.
	unread int
	// stopped: the user has stopped the reading.
	stopped bool
	// tried holds the last question about an organisation that brought no details.
	tried map[string]try
}

type try struct {
	at      time.Time
	refused bool // XeroForbidden is an answer about the organisation
}

// end notes the end of a reading of the details before since. A later request stays.
func (w *wanted) end(since time.Time, unread int) {
	if !w.since.Equal(since) {
		return
	}
	w.unread = unread
	if unread == 0 || w.stopped {
		w.since = time.Time{}
	}
}

// noteTry notes a question that brought no details.
func (r *Reader) noteTry(organisationID string, code backend.Code) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.wanted.tried == nil {
		r.wanted.tried = map[string]try{}
	}
	r.wanted.tried[organisationID] = try{r.clock.Now().Round(0), code == backend.XeroForbidden}
}

// forgetTries forgets the questions about organisations, for a new sign-in.
func (r *Reader) forgetTries(all []subject) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range all {
		delete(r.wanted.tried, s.organisation)
	}
}

// triedSince reports a question since age, with any answer but details.
func (r *Reader) triedSince(organisationID string, age time.Duration, now time.Time) (tried, refused bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, known := r.wanted.tried[organisationID]
	tried = known && now.Round(0).Sub(t.at).Abs() < age
	return tried, tried && t.refused
}

// unread counts the stale organisations of a reading that the user asked for, read before
// since. A refusal within 15 minutes is as good as a reading.
func (r *Reader) unread(ctx context.Context) (since time.Time, n int) {
	r.mu.Lock()
	since = r.wanted.since
	r.mu.Unlock()
	if since.IsZero() {
		return since, 0
	}
	signIns, err := r.Register.SignIns(ctx)
	if err != nil {
		return since, 0 // the window shows the failure
	}
	now := r.clock.Now()
	left := map[string]bool{}
	for _, d := range r.dueSignIns(signIns) {
		stale, err := r.Register.StaleDetails(ctx, d.signIn.SignInKey, since, now)
		if err != nil {
			return since, 0
		}
		for _, s := range stale {
			if _, refused := r.triedSince(s.OrganisationID, askedAge, now); !refused {
				left[s.OrganisationID] = true
			}
		}
	}
	return since, len(left)
}
