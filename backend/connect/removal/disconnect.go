package removal

import (
	"cmp"
	"context"
	"slices"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

// longestWait is the longest limit of Xero's that a watching user waits for.
const longestWait = 90 * time.Second

// disconnectAll disconnects every connection of every sign-in that may still reach Xero,
// and returns the sign-ins still connected. It stops when ctx ends.
func (r *Removal) disconnectAll(ctx context.Context, all []backend.ReachableOrganisations) (connected []StillConnected) {
	all = r.withPending(ctx, all)
	total := 0
	for _, s := range all {
		total += len(s.Organisations)
	}
	r.change(func() { r.progress.Total = total })
	var shared backend.Code
	var empty []emptied
	for _, s := range all {
		code, rest := shared, s.Organisations
		if !r.reaches(ctx, s) {
			code = backend.SignInEnded
		} else if code == "" {
			var ended []string
			if ended, rest, code = r.disconnectSignIn(ctx, s); code == "" {
				empty = append(empty, emptied{s.SignIn, ended})
			}
			if retry.Shared(code) && code != backend.XeroRateLimit {
				shared = code // the next sign-in would meet the same; a limit refuses without a call
			}
		}
		if ctx.Err() != nil {
			return connected
		}
		if len(rest) > 0 || code != "" && code != backend.SignInEnded {
			connected = append(connected, StillConnected{Person: s.SignIn.Name, Organisations: rest, Code: code})
			r.change(func() { r.progress.Done += len(rest) })
		}
	}
	if slices.ContainsFunc(connected, StillConnected.retriable) {
		return connected // a cancelled removal leaves every sign-in with its credential
	}
	return append(connected, r.revokeAll(ctx, empty)...)
}

// disconnectSignIn disconnects every connection in Xero's list, organisation or not. Ended
// holds the confirmed connections, rest the organisations still connected.
func (r *Removal) disconnectSignIn(ctx context.Context, s backend.ReachableOrganisations) (ended, rest []string, code backend.Code) {
	var listed []backend.Connection
	err := r.patiently(ctx, func() (err error) {
		listed, err = r.Recorder.List(ctx, s.SignIn)
		return err
	})
	code = backend.CodeOf(err)
	if err != nil && code != backend.XeroPartlyRead {
		return nil, s.Organisations, backend.SignInFailure(err).Code
	}
	ended, rest, failed := r.disconnectListed(ctx, s.SignIn, listed)
	if code == backend.XeroPartlyRead { // the rest of the list can hold an organisation
		rest = append(unread(s.Organisations, listed), rest...)
	}
	return ended, rest, cmp.Or(failed, code)
}

// unread returns the organisations without an entry in a part of Xero's list. Two
// organisations can have the same name.
func unread(organisations []string, listed []backend.Connection) []string {
	rest := slices.Clone(organisations)
	for _, c := range listed {
		if i := slices.Index(rest, c.Name); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
		}
	}
	return rest
}

// disconnectListed disconnects listed connections. After a failure that the next connection
// would meet too, the rest is not asked.
func (r *Removal) disconnectListed(ctx context.Context, s backend.SignIn, listed []backend.Connection) (ended, rest []string, code backend.Code) {
	met := false
	for _, c := range listed {
		if met {
			rest = append(rest, c.Name)
			continue
		}
		if err := r.disconnect(ctx, s, c.ID); err != nil {
			f := backend.AsFailure(err)
			rest, code = append(rest, c.Name), f.Code
			met = retry.SharedFailure(f) && !f.OneOrganisation
			continue
		}
		r.recordDisconnect(context.WithoutCancel(ctx), s, c)
		ended = append(ended, c.ID)
		r.change(func() { r.receipt.Disconnected++; r.progress.Done++ })
	}
	return ended, rest, code
}

// recordDisconnect records a disconnect on purpose, for a user who cancels and keeps the
// list. After a failure the next list of Xero's shows the connection as removed.
func (r *Removal) recordDisconnect(ctx context.Context, s backend.SignIn, c backend.Connection) {
	request := backend.DisconnectRequest{SignIn: s.String(), Organisations: []string{c.OrganisationID}}
	err := r.Register.RequestDisconnect(ctx, request, r.clock.Now())
	if err == nil {
		err = r.Recorder.Disconnected(ctx, s, c.ID)
		r.events.Rows()
	}
	if err != nil {
		r.warn(err)
	}
}

// disconnect ends one connection at Xero.
func (r *Removal) disconnect(ctx context.Context, s backend.SignIn, connectionID string) error {
	return r.patiently(ctx, func() error {
		return r.SignIns.Call(ctx, s, func(token backend.Token) error {
			if err := ctx.Err(); err != nil {
				return backend.Fail(backend.Cancelled, "", err)
			}
			longer, release := r.tasks.Extend(ctx) // a cancelling user should learn the outcome
			defer release()
			return r.Xero.Disconnect(longer, token, connectionID)
		})
	})
}

// patiently makes a call to Xero and waits once for the end of a short limit: no later check
// can send the disconnect, because the removal deletes the credential.
func (r *Removal) patiently(ctx context.Context, call func() error) error {
	err := call()
	if err == nil {
		return nil
	}
	wait := backend.AsFailure(err).Again.Sub(r.clock.Now())
	if wait <= 0 || wait > longestWait {
		return err
	}
	if err := r.clock.Pause(ctx, wait); err != nil {
		return backend.Fail(backend.Cancelled, "", err)
	}
	return call()
}
