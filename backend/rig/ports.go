// Package rig holds the helpers of several test packages: the adapters as replaceable ports,
// a movable clock, a simulated Xero until the end of the test, free ports, and locks and a
// log in memory. Only tests import rig.
package rig

import (
	"context"
	"time"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/connect/rounds"
	"bookring/backend/oauth"
)

// Ports are the adapters of a program. A test replaces a field to disturb an adapter, before
// the program starts or while the program is idle.
type Ports struct {
	Authoriser
	Xero
	Keychain
	Register
}

// Plug gives every room of c the ports.
func (p *Ports) Plug(c *connect.Config) {
	c.Lists, c.Settings, c.Upkeep, c.Reminders = p, p, p, p
	c.Limits.Xero, c.Limits.Authoriser, c.Limits.Register = p, p, p
	c.Renewal.Keychain, c.Renewal.Register = p, p
	c.Record.Register, c.Details.Register, c.Syncing.Register = p, p, p
	c.Removal.Register, c.Recovery.Register, c.Rounds.Store = p, p, p
	c.Recovery.Issuer = func(ctx context.Context) (string, error) { return p.Issuer(ctx) }
	c.Rounds.Begin = rounds.Attempts(func(ctx context.Context, clientID string) (Attempt, error) { return p.Begin(ctx, clientID) })
}

// Authoriser is the authorization server.
type Authoriser interface {
	Begin(ctx context.Context, clientID string) (Attempt, error)
	Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error)
	Revoke(ctx context.Context, key backend.SignInKey, refresh backend.Secret) error
	Issuer(ctx context.Context) (string, error)
	Close()
}

// Attempt is an authorization request in the browser.
type Attempt interface {
	Link() string
	Deadline() time.Time
	Extend()
	Paste(address string) error
	Wait(ctx context.Context) error
	Grant(ctx context.Context) (backend.Grant, error)
	Show(end backend.End, again func() (link string, err error))
	Release()
	Cancel()
}

// Xero is Xero's API.
type Xero interface {
	Connections(ctx context.Context, token backend.Token) (backend.List, error)
	Details(ctx context.Context, token backend.Token, organisationID string) (backend.Details, error)
	Disconnect(ctx context.Context, token backend.Token, connectionID string) error
}

// Keychain is the system's keychain.
type Keychain interface {
	Probe(ctx context.Context) error
	Save(ctx context.Context, c backend.Credential) error
	Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error)
	Copies(ctx context.Context, key backend.SignInKey) ([]backend.Credential, error)
	Fits(ctx context.Context, c backend.Credential, longer int) error
	Keys(ctx context.Context) ([]backend.SignInKey, error)
	Delete(ctx context.Context, key backend.SignInKey) error
	Empty(ctx context.Context) error
	Unlocked(ctx context.Context) error
}

// Register is the database, in six parts.
type Register interface {
	Lists
	SignIns
	Returns
	Details
	Disconnects
	Store
}

// Lists is the register of the organisation list.
type Lists interface {
	Organisations(ctx context.Context, q backend.Query) (backend.Page, error)
	IDs(ctx context.Context, q backend.Query) ([]string, error)
	Counts(ctx context.Context) ([]backend.Count, error)
	Reachable(ctx context.Context) ([]backend.ReachableOrganisations, error)
	Unreached(ctx context.Context) ([]backend.Unreached, error)
	Usage(ctx context.Context, names int) (map[backend.SignInKey]backend.SignInUsage, error)
	CheckedSince(ctx context.Context, since time.Time) (int, error)
}

// SignIns is the register of the sign-ins and their checks.
type SignIns interface {
	Reconcile(ctx context.Context, s backend.SignIn, list backend.List, at time.Time) (backend.Changes, error)
	SaveTrouble(ctx context.Context, keys []backend.SignInKey, trouble backend.Code) error
	EndSignIn(ctx context.Context, key backend.SignInKey, why backend.Ending, at time.Time) error
	SaveRenewal(ctx context.Context, key backend.SignInKey, at time.Time) error
	SaveReminder(ctx context.Context, key backend.SignInKey, days int) error
	SignIns(ctx context.Context) ([]backend.SignIn, error)
	EndedToRevoke(ctx context.Context) ([]backend.SignIn, error)
	AllSignIns(ctx context.Context) ([]backend.SignIn, error)
}

// Returns is the register of the sign-ins that the keychain brings back.
type Returns interface {
	Recall(ctx context.Context, signIns []backend.SignIn, at time.Time) (recalled int, err error)
	ReturnSignIns(ctx context.Context, signIns []backend.SignIn, at time.Time) (returned int, err error)
}

// Details is the register of the organisations' details.
type Details interface {
	SaveDetails(ctx context.Context, organisationID string, d backend.Details, at time.Time) error
	SaveRefusal(ctx context.Context, organisationID string, at time.Time) error
	StaleDetails(ctx context.Context, key backend.SignInKey, since, until time.Time) ([]backend.StaleDetails, error)
}

// Disconnects is the register of the disconnect requests.
type Disconnects interface {
	DisconnectEffects(ctx context.Context, r backend.DisconnectRequest) ([]backend.DisconnectEffect, string, error)
	RequestDisconnect(ctx context.Context, r backend.DisconnectRequest, at time.Time) error
	PendingDisconnects(ctx context.Context, key backend.SignInKey) (backend.PendingDisconnects, error)
	MarkDisconnected(ctx context.Context, key backend.SignInKey, connectionID string, at time.Time) error
	MarkRevoked(ctx context.Context, key backend.SignInKey, at time.Time) error
	CancelDisconnect(ctx context.Context, organisationID string, at time.Time) (reached bool, err error)
}

// Store is the register of the settings and the backups.
type Store interface {
	Setting(ctx context.Context, name string) (string, error)
	SaveSetting(ctx context.Context, name, value string) error
	Unwritten() *backend.Failure
	Tidy(ctx context.Context, now time.Time) error
	BackUp(ctx context.Context) (made bool, err error)
}

// Server is the real authorization server.
type Server struct{ *oauth.Flow }

// Begin begins an attempt; see [oauth.Flow.Begin].
func (s Server) Begin(ctx context.Context, clientID string) (Attempt, error) {
	return s.Flow.Begin(ctx, clientID)
}
