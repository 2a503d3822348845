package connect

import (
	"context"
	"time"

	"bookring/backend"
)

// Authoriser begins sign-ins at the authorization server.
type Authoriser interface {
	// Begin listens on loopback and prepares one attempt for clientID; no
	// browser is opened yet. The attempt lives until its answer has been shown
	// or it is cancelled. Fails with PortsTaken, TooManySignIns, NotLoopback,
	// or Offline (a test server's discovery document).
	Begin(ctx context.Context, clientID string) (Attempt, error)
	// Renew presents the refresh token of a sign-in, once (RFC 6749 section 6).
	// Fails with SignInEnded if the server does not know it any more.
	Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error)
	// Revoke ends a sign-in at the server, and there whatever it is connected to
	// (RFC 7009): only for one that is let go and reaches nothing.
	Revoke(ctx context.Context, key backend.SignInKey, refresh backend.Secret) error
	// Issuer names the authorization server that a sign-in belongs to.
	Issuer(ctx context.Context) (string, error)
	// Close ends every attempt, closes the listener and waits until both are gone.
	Close()
}

// Attempt is one sign-in in somebody's browser.
type Attempt interface {
	// Link is the authorization request (RFC 6749 section 4.1.1). It holds
	// state and nonce and therefore never reaches the window.
	Link() string
	// Deadline is when the attempt ends by itself; Extend moves it to the full
	// time from now.
	Deadline() time.Time
	Extend()
	// Paste takes the address on which the browser ended, for computers where
	// the way back is blocked. Fails with PastedNotOurs or PastedEmpty and
	// leaves the attempt alive.
	Paste(address string) error
	// Wait returns what the first valid answer brought: it calls answered once
	// the answer is there, exchanges the code and checks the identity token.
	// Fails with Refused, SignInTimeout, Cancelled, or any failure of the
	// exchange.
	Wait(ctx context.Context, answered func()) (backend.Grant, error)
	// Show puts the end of the attempt on the browser's page. If again is not
	// nil the page offers to connect another organisation, for as long as a
	// new attempt would live; following that link calls again once and sends
	// the browser to the link it returns.
	Show(end backend.End, again func() (link string, err error))
	// Cancel ends the attempt.
	Cancel()
}

// Xero reads what a sign-in reaches, and disconnects it.
type Xero interface {
	// Connections returns everything the token reaches, of every type, in
	// Xero's order: GET /connections. Texts are plain, times UTC.
	Connections(ctx context.Context, token backend.Token) ([]backend.Connection, error)
	// Details reads one organisation: GET /api.xro/2.0/Organisation.
	Details(ctx context.Context, token backend.Token, organisationID string) (backend.Details, error)
	// Disconnect ends a connection: DELETE /connections/{id}. One that Xero does
	// not know is disconnected already.
	Disconnect(ctx context.Context, token backend.Token, connectionID string) error
}

// Vault keeps credentials. Every call has a deadline of its own and fails with
// one of the Keychain codes; only [backend.ErrNoCredential] means that there
// is none.
type Vault interface {
	// Probe writes, reads and deletes a canary.
	Probe(ctx context.Context) error
	// Save stores a credential and has read it back unchanged when it returns nil.
	Save(ctx context.Context, c backend.Credential) error
	Load(ctx context.Context, key backend.SignInKey) (backend.Credential, error)
	// Keys returns the sign-ins that are kept, the first saved first; with
	// KeychainDamaged, those that can still be told. One can be listed and have
	// no credential.
	Keys(ctx context.Context) ([]backend.SignInKey, error)
	// Delete removes a credential for good, and has looked that it is gone when
	// it returns nil. One that is not there is deleted already.
	Delete(ctx context.Context, key backend.SignInKey) error
	// Empty removes all that there is.
	Empty(ctx context.Context) error
}

// Register is what Bookring knows: sign-ins, connections, organisations,
// history and settings. It fails with one of the Database codes.
type Register interface {
	// Reconcile writes, in one transaction, what Xero listed for a sign-in,
	// and returns what that changed. A connection that is not of
	// [backend.OrganisationType] is not written.
	Reconcile(ctx context.Context, s backend.SignIn, listed []backend.Connection, at time.Time) (backend.Changes, error)
	// SaveDetails writes what the organisation's details said; SaveRefusal
	// that Xero refused them.
	SaveDetails(ctx context.Context, organisationID string, d backend.Details, at time.Time) error
	SaveRefusal(ctx context.Context, organisationID string, at time.Time) error
	// StaleDetails returns the organisations that a sign-in reaches and whose
	// details were not read between two times, the longest ago first.
	StaleDetails(ctx context.Context, key backend.SignInKey, since, until time.Time) ([]string, error)
	// SaveTrouble records what kept sign-ins from being checked, until
	// Reconcile succeeds.
	SaveTrouble(ctx context.Context, keys []backend.SignInKey, trouble backend.Code) error
	// EndSignIn records that a sign-in can no longer be used, and why.
	EndSignIn(ctx context.Context, key backend.SignInKey, why backend.Ending, at time.Time) error
	// SaveRenewal records when a sign-in was renewed; SaveReminder that a person
	// was told of its end, so many days before.
	SaveRenewal(ctx context.Context, key backend.SignInKey, at time.Time) error
	SaveReminder(ctx context.Context, key backend.SignInKey, days int) error
	// SignIns returns every sign-in that has not ended, latest first; Departing
	// those that have ended and are to be let go.
	SignIns(ctx context.Context) ([]backend.SignIn, error)
	EndedToRevoke(ctx context.Context) ([]backend.SignIn, error)
	// AllSignIns returns those that have ended, too, and these first, but for
	// those that were let go. Loads
	// returns what each carries, with so many names at most of what only it
	// reaches, and as many of the rest.
	AllSignIns(ctx context.Context) ([]backend.SignIn, error)
	Usage(ctx context.Context, names int) (map[backend.SignInKey]backend.SignInUsage, error)
	// Unreached counts the organisations in [backend.SignInAgain].
	Unreached(ctx context.Context) ([]backend.Unreached, error)
	// Departures returns what leaving would mean, or still means, by name, and
	// the name of the sign-in if it is about one.
	DisconnectEffects(ctx context.Context, l backend.DisconnectRequest) ([]backend.DisconnectEffect, string, error)
	// RequestDisconnect writes down, in one transaction, what a person wants to be
	// disconnected. Waiting returns what of that a sign-in has still to tell
	// Xero; Left records that Xero has ended a connection, LetGo that a sign-in
	// was let go. What nothing has to wait for is forgotten with it.
	RequestDisconnect(ctx context.Context, l backend.DisconnectRequest, at time.Time) error
	PendingDisconnects(ctx context.Context, key backend.SignInKey) (backend.PendingDisconnects, error)
	MarkDisconnected(ctx context.Context, key backend.SignInKey, connectionID string, at time.Time) error
	MarkRevoked(ctx context.Context, key backend.SignInKey, at time.Time) error
	// Stay records that an organisation is to stay connected after all, as far
	// as it still is, and reports whether a sign-in that lives reaches it.
	CancelDisconnect(ctx context.Context, organisationID string, at time.Time) (reached bool, err error)
	// Recall brings sign-ins back that were lost. CheckedSince counts the
	// organisations that Xero has told of since a time.
	Recall(ctx context.Context, signIns []backend.SignIn, at time.Time) error
	CheckedSince(ctx context.Context, since time.Time) (int, error)
	// Unwritten says why nothing can be written: the failure of the last write,
	// or nil. BackUp keeps a copy, once a day and when something was left since,
	// and reports whether it made one.
	Unwritten() *backend.Failure
	BackUp(ctx context.Context) (made bool, err error)
	// Reached returns every sign-in, also those that have ended, and what Xero
	// counts for each.
	Reachable(ctx context.Context) ([]backend.ReachableOrganisations, error)
	Organisations(ctx context.Context, q backend.Query) (backend.Page, error)
	// IDs returns those of every organisation that fits a query, in its order.
	IDs(ctx context.Context, q backend.Query) ([]string, error)
	// Counts returns how many organisations have each status that any has, in
	// the order in which they need a person.
	Counts(ctx context.Context) ([]backend.Count, error)
	// Setting returns "" for a setting that was never saved.
	Setting(ctx context.Context, name string) (string, error)
	SaveSetting(ctx context.Context, name, value string) error
}
