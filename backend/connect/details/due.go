package details

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"bookring/backend"
)

// organisation is an organisation to read, through one of the sign-ins with access.
type organisation struct {
	id      string
	readAt  time.Time
	through []backend.SignIn
}

// readable returns the organisations due and not deferred, the oldest details first. Among
// equally old details, as of many new organisations, the sign-ins take turns.
func (r *Reader) readable(ctx context.Context) ([]organisation, error) {
	signIns, err := r.Register.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	now := r.clock.Now()
	var all []organisation
	place, rank := map[string]int{}, map[string]int{}
	for _, d := range r.dueSignIns(signIns) {
		stale, err := r.Register.StaleDetails(ctx, d.signIn.SignInKey, d.since, now)
		if err != nil {
			return nil, err
		}
		if len(stale) == 0 {
			r.finish(d.signIn.SignInKey, d.since)
		}
		for i, s := range r.ready(d.signIn.SignInKey, stale, now) {
			at, twice := place[s.OrganisationID]
			if !twice {
				at, place[s.OrganisationID], rank[s.OrganisationID] = len(all), len(all), i
				all = append(all, organisation{id: s.OrganisationID, readAt: s.ReadAt})
			}
			all[at].through = append(all[at].through, d.signIn)
		}
	}
	slices.SortStableFunc(all, func(a, b organisation) int {
		return cmp.Or(a.readAt.Compare(b.readAt), cmp.Compare(rank[a.id], rank[b.id]))
	})
	return all, nil
}

// ready returns the organisations without a backoff, without a limit of Xero's, and not asked
// a moment ago.
func (r *Reader) ready(key backend.SignInKey, stale []backend.StaleDetails, now time.Time) []backend.StaleDetails {
	if !r.deferred.Ready(subject{signIn: key}, now) || r.Limits.Held(key.ClientID, "") != nil {
		return nil
	}
	return slices.DeleteFunc(stale, func(s backend.StaleDetails) bool {
		tried, _ := r.triedSince(s.OrganisationID, again, now)
		return tried || !r.deferred.Ready(subject{organisation: s.OrganisationID}, now) ||
			r.Limits.Held(key.ClientID, s.OrganisationID) != nil
	})
}

// dueSignIn is a sign-in with due details, stale if read before since.
type dueSignIn struct {
	signIn backend.SignIn
	since  time.Time
}

// dueSignIns returns the living sign-ins with due details. The details of an ended
// sign-in, or of a sign-in in trouble, are not due until the next recorded list.
func (r *Reader) dueSignIns(signIns []backend.SignIn) (all []dueSignIn) {
	latest := r.clock.Now().Add(-askedAge) // also after the clock was set back
	r.mu.Lock()
	defer r.mu.Unlock()
	usable := map[backend.SignInKey]bool{}
	for _, s := range signIns {
		switch s.Trouble {
		case "", backend.XeroPartlyRead, backend.ScopeMissing:
			usable[s.SignInKey] = true
		}
		since, due := r.due[s.SignInKey]
		if r.wanted.since.After(since) {
			since, due = r.wanted.since, true
		}
		if since.After(latest) {
			since = latest
		}
		if due && usable[s.SignInKey] {
			all = append(all, dueSignIn{s, since})
		}
	}
	maps.DeleteFunc(r.due, func(key backend.SignInKey, _ time.Time) bool { return !usable[key] })
	return all
}

// finish removes a sign-in from due, unless further details became due since.
func (r *Reader) finish(key backend.SignInKey, since time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.due[key].After(since) {
		delete(r.due, key)
	}
}
