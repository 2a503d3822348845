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
	through []backend.SignIn
}

// readable returns the organisations due and not deferred. The longest unread of each
// sign-in come first, so that no sign-in waits for all organisations of another.
func (r *Reader) readable(ctx context.Context) ([]organisation, error) {
	signIns, err := r.Register.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	now := r.clock.Now()
	var all []organisation
	place, rank := map[string]int{}, map[string]int{}
	for _, d := range r.dueSignIns(signIns) {
		ids, err := r.Register.StaleDetails(ctx, d.signIn.SignInKey, d.since, now)
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			r.finish(d.signIn.SignInKey, d.since)
		}
		for i, id := range r.ready(d.signIn.SignInKey, ids, now) {
			at, twice := place[id]
			if !twice {
				at, place[id], rank[id] = len(all), len(all), i
				all = append(all, organisation{id: id})
			}
			all[at].through = append(all[at].through, d.signIn)
		}
	}
	slices.SortStableFunc(all, func(a, b organisation) int { return cmp.Compare(rank[a.id], rank[b.id]) })
	return all, nil
}

// ready returns the organisations without a backoff and without a limit of Xero's.
func (r *Reader) ready(key backend.SignInKey, ids []string, now time.Time) []string {
	if !r.deferred.Ready(subject{signIn: key}, now) || r.Limits.Held(key.ClientID, "") != nil {
		return nil
	}
	return slices.DeleteFunc(ids, func(id string) bool {
		return !r.deferred.Ready(subject{organisation: id}, now) || r.Limits.Held(key.ClientID, id) != nil
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
	r.mu.Lock()
	defer r.mu.Unlock()
	usable := map[backend.SignInKey]bool{}
	for _, s := range signIns {
		switch s.Trouble {
		case "", backend.XeroPartlyRead, backend.ScopeMissing:
			usable[s.SignInKey] = true
		}
		if since, due := r.due[s.SignInKey]; due && usable[s.SignInKey] {
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
	if r.due[key].Equal(since) {
		delete(r.due, key)
	}
}
