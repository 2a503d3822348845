package connect

import (
	"context"
	"errors"
	"time"

	"bookring/backend"
)

// longestWait is how long a limit of Xero's is waited for while a person looks on.
const longestWait = 90 * time.Second

// withdraw tells Xero of every connection of every sign-in that still works
// that it is disconnected, and returns how many were, and what could not be
// told. It stops when ctx ends.
func (c *Connector) withdraw(ctx context.Context, reached []backend.ReachableOrganisations) (told int, untold []Untold) {
	total := 0
	for _, r := range reached {
		total += len(r.Organisations)
	}
	c.change(func() { c.removal.shown.Total = total })
	var everybodysTrouble backend.Code
	for _, r := range reached {
		code, left := everybodysTrouble, r.Organisations
		switch {
		case r.Ended:
			code = backend.SignInEnded
		case code == "":
			var n int
			n, left, code = c.withdrawOne(ctx, r)
			told += n
		}
		if ctx.Err() != nil {
			return told, untold
		}
		if len(left) > 0 {
			untold = append(untold, Untold{Person: r.SignIn.Name, Organisations: left, Code: string(code)})
			c.change(func() { c.removal.shown.Done += len(left) })
		}
		if !r.Ended && everybodys(code) {
			everybodysTrouble = code // and need not be met again
		}
	}
	return told, untold
}

// withdrawOne does that for one sign-in. Xero's list counts, not what is known
// here: it may hold what is no organisation.
func (c *Connector) withdrawOne(ctx context.Context, r backend.ReachableOrganisations) (told int, left []string, code backend.Code) {
	listed, over, err := c.list(ctx, r.SignIn)
	defer over()
	if errors.Is(err, backend.ErrNoCredential) {
		err = backend.Fail(backend.SignInEnded, "", err)
	}
	if err != nil {
		return 0, r.Organisations, backend.AsFailure(err).Code
	}
	for _, l := range listed.connections {
		err := c.disconnect(ctx, r.SignIn, l.ID)
		if err != nil {
			left, code = append(left, l.Name), backend.AsFailure(err).Code
			continue
		}
		c.noteWithdrawn(context.WithoutCancel(ctx), r.SignIn, l)
		told++
		c.change(func() { c.removal.shown.Done++ })
	}
	return told, left, code
}

// noteWithdrawn writes down that a connection was ended on purpose, for a person
// who cancels and keeps the list. Where that does not work Xero's list says it
// is gone.
func (c *Connector) noteWithdrawn(ctx context.Context, s backend.SignIn, l backend.Connection) {
	leave := backend.DisconnectRequest{SignIn: s.String(), Organisations: []string{l.OrganisationID}}
	err := c.Register.RequestDisconnect(ctx, leave, c.Now())
	if err == nil {
		err = c.recordEnded(ctx, s, l.ID)
	}
	if err != nil {
		c.Note(err)
	}
}

// disconnect ends one connection at Xero. A limit of Xero's that is over soon is
// waited for, once.
func (c *Connector) disconnect(ctx context.Context, s backend.SignIn, connectionID string) error {
	for try := 1; ; try++ {
		err := c.call(ctx, s, func(token backend.Token) error {
			if err := ctx.Err(); err != nil {
				return cancelled(err)
			}
			longer, release := c.work.reprieve(ctx) // who cancels should know what was told
			defer release()
			return c.Xero.Disconnect(longer, token, connectionID)
		})
		wait := time.Duration(0)
		if err != nil {
			wait = backend.AsFailure(err).Again.Sub(c.Now())
		}
		if wait <= 0 || wait > longestWait || try > 1 {
			return err
		}
		if err := c.pause(ctx, wait); err != nil {
			return cancelled(err)
		}
	}
}
