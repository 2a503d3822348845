// Package limits keeps Xero's rate limits (429) in one place. Every call of Xero's API goes
// through [Limits]: lists, details and disconnects, of checks, disconnects, removals and
// rounds. A call during a limit fails at once, and Xero is not asked.
//
// Xero counts the calls of an app, of an app for one organisation by the minute, by the day
// and side by side, and the calls of the token endpoint (limits page of developer.xero.com):
//
//   - A limit of the app holds every call of the app's API. A limit without a name, and a
//     limit met by a call without an organisation (the list), count as limits of the app.
//   - A limit of one organisation holds the details of the organisation. A disconnect has a
//     connection instead of an organisation: a limit of one connection holds its disconnect.
//   - A limit of the token endpoint holds the renewals of the app, in memory only and for ten
//     minutes at most: a sign-in in doubt must be renewed within the grace period. API calls
//     with a valid access token go on.
//
// A limit lasts between a minute and a day. The register remembers the limits of the API, so
// that a restart ends none. A clock set back to a time before the limit was met ends the limit.
package limits

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/connect/task"
)

// Ports are the parts outside the room. main.go sets them.
type Ports struct {
	Xero       xero
	Authoriser authoriser
	Register   register
}

// xero is Xero's API; see package xero.
type xero interface {
	Connections(ctx context.Context, token backend.Token) (backend.List, error)
	Details(ctx context.Context, token backend.Token, organisationID string) (backend.Details, error)
	Disconnect(ctx context.Context, token backend.Token, connectionID string) error
}

// authoriser is the token endpoint; see package renewal.
type authoriser interface {
	Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error)
	Revoke(ctx context.Context, key backend.SignInKey, refresh backend.Secret) error
}

// register remembers the limits; sqlite.Register documents the methods.
type register interface {
	Setting(ctx context.Context, name string) (string, error)
	SaveSetting(ctx context.Context, name, value string) error
}

// Limits asks Xero within Xero's limits. Make a Limits with [New].
type Limits struct {
	Ports
	clock task.Clock
	log   *slog.Logger
	// changed reports a new limit.
	changed func()

	// saving is held while the register is written, so that an older state never replaces a
	// newer one.
	saving sync.Mutex
	load   sync.Once

	mu   sync.Mutex
	held map[subject]hold
}

// subject is the subject of a limit: an organisation or a connection of an app, by its ID;
// the whole app, with the ID ""; or the app's renewals, with the ID renewals.
type subject struct{ app, id string }

const renewals = "renewals"

// New returns a Limits. Changed is called after every new limit.
func New(p Ports, clock task.Clock, log *slog.Logger, changed func()) *Limits {
	return &Limits{Ports: p, clock: clock, log: log, changed: changed, held: map[subject]hold{}}
}

// Connections reads the list of a sign-in; see [xero.Client.Connections].
func (l *Limits) Connections(ctx context.Context, token backend.Token) (list backend.List, err error) {
	err = l.ask(ctx, token.ClientID, "", func() error {
		list, err = l.Xero.Connections(ctx, token)
		return err
	})
	return list, err
}

// Details reads one organisation; see [xero.Client.Details].
func (l *Limits) Details(ctx context.Context, token backend.Token, organisationID string) (read backend.Details, err error) {
	err = l.ask(ctx, token.ClientID, organisationID, func() error {
		read, err = l.Xero.Details(ctx, token, organisationID)
		return err
	})
	return read, err
}

// Disconnect ends a connection; see [xero.Client.Disconnect].
func (l *Limits) Disconnect(ctx context.Context, token backend.Token, connectionID string) error {
	return l.ask(ctx, token.ClientID, connectionID, func() error {
		return l.Xero.Disconnect(ctx, token, connectionID)
	})
}

// Renew renews a sign-in; see [oauth.Flow.Renew].
func (l *Limits) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (token backend.Token, err error) {
	err = l.askAuthoriser(key.ClientID, func() error {
		token, err = l.Authoriser.Renew(ctx, key, refresh)
		return err
	})
	return token, err
}

// Revoke revokes a sign-in; see [oauth.Flow.Revoke].
func (l *Limits) Revoke(ctx context.Context, key backend.SignInKey, refresh backend.Secret) error {
	return l.askAuthoriser(key.ClientID, func() error { return l.Authoriser.Revoke(ctx, key, refresh) })
}

// ask makes a call of the API, unless a limit holds the call.
func (l *Limits) ask(ctx context.Context, app, id string, call func() error) error {
	if f := l.Held(app, id); f != nil {
		return f
	}
	err := call()
	f := limitOf(err)
	switch {
	case err == nil:
		l.passed(subject{app: app}, subject{app, id})
		return nil
	case f == nil:
		return err
	}
	if !f.OneOrganisation {
		id = ""
	}
	until := l.hold(subject{app, id}, f.Again, longest)
	l.save(ctx)
	l.changed()
	return l.failure(until, id, err)
}

func (l *Limits) askAuthoriser(app string, call func() error) error {
	endpoint := subject{app, renewals}
	if until := l.until(endpoint); !until.IsZero() {
		return l.failure(until, "", nil)
	}
	err := call()
	f := limitOf(err)
	switch {
	case err == nil:
		l.passed(endpoint)
		return nil
	case f == nil:
		return err
	}
	return l.failure(l.hold(endpoint, f.Again, longestOfRenewals), "", err)
}

// limitOf returns the failure of a call that met a limit, or nil.
func limitOf(err error) *backend.Failure {
	if f := backend.AsFailure(err); f != nil && f.Code == backend.XeroRateLimit {
		return f
	}
	return nil
}

// failure returns the failure of a call during a limit of one organisation or connection, or
// of more with the ID "".
func (l *Limits) failure(until time.Time, id string, cause error) *backend.Failure {
	f := backend.RateLimited(until, l.clock.Now().Local(), cause)
	f.OneOrganisation = id != ""
	return f
}

// Held returns the failure of every call of an app for an organisation or a connection until
// the end of a limit, or nil. With the ID "" only a limit of the whole app counts.
func (l *Limits) Held(app, id string) *backend.Failure {
	for _, id := range []string{"", id} {
		if until := l.until(subject{app, id}); !until.IsZero() {
			return l.failure(until, id, nil)
		}
	}
	return nil
}
