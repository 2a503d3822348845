package removal

import (
	"context"
	"slices"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

// emptied is a sign-in without a connection. Ended holds the connections ended by the
// removal.
type emptied struct {
	signIn backend.SignIn
	ended  []string
}

// passes limits the lists of a sign-in before its revocation: another computer can connect
// organisations at the same time.
const passes = 3

// withPending adds the sign-ins of the grants not recorded yet. The token of a grant not
// saved either is in memory only.
func (r *Removal) withPending(ctx context.Context, all []backend.ReachableOrganisations) []backend.ReachableOrganisations {
	for _, g := range r.Pending() {
		i := slices.IndexFunc(all, func(s backend.ReachableOrganisations) bool { return s.SignIn.SignInKey == g.SignIn.SignInKey })
		if i < 0 {
			i, all = len(all), append(all, backend.ReachableOrganisations{SignIn: g.SignIn})
		}
		all[i].Ended = false
		if g.Saved {
			continue
		}
		if err := r.SignIns.AdoptSession(ctx, g); err != nil {
			r.warn(err)
			continue
		}
		all[i].SignIn.SessionOnly = true
	}
	return all
}

// reaches reports whether a sign-in may still reach Xero. The recorded end of a sign-in is
// out of date if a credential was saved since, or if a missing credential is back.
func (r *Removal) reaches(ctx context.Context, s backend.ReachableOrganisations) bool {
	if !s.Ended {
		return true
	}
	saved, found, err := r.SignIns.Recall(ctx, s.SignIn.SignInKey)
	return err == nil && found && (s.SignIn.Ending != backend.RefusedByXero || saved.At.After(s.SignIn.EndedAt))
}

// revokeAll revokes sign-ins without connections, and returns the sign-ins not revoked. It
// stops when ctx ends.
func (r *Removal) revokeAll(ctx context.Context, empty []emptied) (connected []StillConnected) {
	var shared backend.Code
	for _, e := range empty {
		var rest []string
		code := shared
		if code == "" {
			rest, code = r.revoke(ctx, e)
		}
		if ctx.Err() != nil {
			return connected
		}
		if retry.Shared(code) {
			shared = code
		}
		if code != "" && code != backend.SignInEnded {
			connected = append(connected, StillConnected{Person: e.signIn.Name, Organisations: rest, Code: code})
		}
	}
	return connected
}

// revoke revokes a sign-in as soon as Xero lists no connection. A connection made meanwhile
// is disconnected first. Rest holds the organisations still connected.
func (r *Removal) revoke(ctx context.Context, e emptied) (rest []string, code backend.Code) {
	for range passes {
		left, err := r.Recorder.RevokeUnused(ctx, e.signIn, e.ended)
		if err != nil {
			return nil, backend.SignInFailure(err).Code
		}
		if len(left) == 0 {
			r.recordRevocation(context.WithoutCancel(ctx), e.signIn)
			return nil, ""
		}
		var ended []string
		if ended, rest, code = r.disconnectListed(ctx, e.signIn, left); code != "" {
			return rest, code
		}
		e.ended = append(e.ended, ended...)
	}
	return nil, backend.XeroError
}

// recordRevocation records the disconnect of a sign-in as a whole, for a user who cancels
// and keeps the list: the next check finds the sign-in ended, and deletes the credential.
func (r *Removal) recordRevocation(ctx context.Context, s backend.SignIn) {
	if err := r.Register.RequestDisconnect(ctx, backend.DisconnectRequest{SignIn: s.String()}, r.clock.Now()); err != nil {
		r.warn(err)
	}
	r.events.Rows()
}
