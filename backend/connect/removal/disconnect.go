package removal

import (
	"context"
	"errors"
	"slices"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

// longestWait is the longest limit of Xero's that a watching user waits for.
const longestWait = 90 * time.Second

// disconnectAll disconnects every connection of every living sign-in. It returns the number
// of confirmed disconnects and the organisations still connected. It stops when ctx ends.
func (r *Removal) disconnectAll(ctx context.Context, all []backend.ReachableOrganisations) (confirmed int, connected []StillConnected) {
	total := 0
	for _, s := range all {
		total += len(s.Organisations)
	}
	r.change(func() { r.progress.Total = total })
	var shared backend.Code
	for _, s := range all {
		code, rest := shared, s.Organisations
		switch {
		case s.Ended:
			code = backend.SignInEnded
		case code == "":
			var n int
			n, rest, code = r.disconnectSignIn(ctx, s)
			confirmed += n
		}
		if ctx.Err() != nil {
			return confirmed, connected
		}
		if len(rest) > 0 {
			connected = append(connected, StillConnected{Person: s.SignIn.Name, Organisations: rest, Code: code})
			r.change(func() { r.progress.Done += len(rest) })
		}
		if !s.Ended && retry.Shared(code) {
			shared = code // the next sign-in would meet the same
		}
	}
	return confirmed, connected
}

// disconnectSignIn disconnects every connection in Xero's list, organisation or not.
func (r *Removal) disconnectSignIn(ctx context.Context, s backend.ReachableOrganisations) (confirmed int, rest []string, code backend.Code) {
	listed, err := r.Recorder.List(ctx, s.SignIn)
	if errors.Is(err, backend.ErrNoCredential) {
		err = backend.Fail(backend.SignInEnded, "", err)
	}
	switch code = backend.CodeOf(err); code {
	case "":
	case backend.XeroPartlyRead: // the rest of the list can hold an organisation
		rest = slices.Clone(s.Organisations) // two organisations can have the same name
		for _, c := range listed {
			if i := slices.Index(rest, c.Name); i >= 0 {
				rest = slices.Delete(rest, i, i+1)
			}
		}
	default:
		return 0, s.Organisations, code
	}
	for _, c := range listed {
		if err := r.disconnect(ctx, s.SignIn, c.ID); err != nil {
			rest, code = append(rest, c.Name), backend.AsFailure(err).Code
			continue
		}
		r.recordDisconnect(context.WithoutCancel(ctx), s.SignIn, c)
		confirmed++
		r.change(func() { r.progress.Done++ })
	}
	return confirmed, rest, code
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

// disconnect ends one connection at Xero. A short limit of Xero's is awaited once: no later
// check can send the disconnect, because the removal deletes the credential.
func (r *Removal) disconnect(ctx context.Context, s backend.SignIn, connectionID string) error {
	for try := 1; ; try++ {
		err := r.SignIns.Call(ctx, s, func(token backend.Token) error {
			if err := ctx.Err(); err != nil {
				return backend.Fail(backend.Cancelled, "", err)
			}
			longer, release := r.tasks.Extend(ctx) // a cancelling user should learn the outcome
			defer release()
			return r.Xero.Disconnect(longer, token, connectionID)
		})
		wait := time.Duration(0)
		if err != nil {
			wait = backend.AsFailure(err).Again.Sub(r.clock.Now())
		}
		if wait <= 0 || wait > longestWait || try > 1 {
			return err
		}
		if err := r.clock.Pause(ctx, wait); err != nil {
			return backend.Fail(backend.Cancelled, "", err)
		}
	}
}
