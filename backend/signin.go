package backend

import (
	"errors"
	"slices"
	"time"
)

// SignInKey identifies a sign-in: one Xero user (xero_userid, a GUID) for one
// client ID at one issuer. A sign-in made at one issuer is never presented to
// another.
type SignInKey struct {
	Issuer, ClientID, UserID string
}

// String returns the key in one line.
func (k SignInKey) String() string { return k.Issuer + "|" + k.ClientID + "|" + k.UserID }

// SignIn is one Xero user's standing consent to Bookring.
type SignIn struct {
	SignInKey
	// Name and Email describe the person, after [PlainText]. They never
	// identify them: two people may share an e-mail address.
	Name, Email string
	// SessionOnly: the refresh token is in memory and ends with the program.
	SessionOnly bool
	// At is when the person last signed in.
	At time.Time
	// CheckedAt is when Xero's list was last read through it. Trouble is what
	// has kept it from being read since, or "".
	CheckedAt time.Time
	Trouble   Code
	// RenewedAt is when its refresh token was last exchanged for a new one, or
	// the person signed in; zero if that is not known. ToldDays is how many
	// days before the end a person was last told of it, since then; 0 is never.
	RenewedAt    time.Time
	RemindedDays int
	// EndedAt is when it was found to have ended, or zero; Ending is why.
	EndedAt time.Time
	Ending  Ending
	// DisconnectPending: Xero has still to be told through it that something is
	// disconnected, or it is to be let go itself.
	DisconnectPending bool
}

// Lifetime is how long Xero keeps a refresh token that nobody uses
// (developer.xero.com/faq/oauth2).
const Lifetime = 60 * 24 * time.Hour

// ExpiresAt is when Xero ends the sign-in unless it is renewed before, or zero
// if that is not known.
func (s SignIn) ExpiresAt() time.Time {
	if s.RenewedAt.IsZero() {
		return time.Time{}
	}
	return s.RenewedAt.Add(Lifetime)
}

// reminderDays are the days before the expiry with a reminder.
var reminderDays = []int{3, 14}

// ReminderDays returns the least number of days, of those with a reminder, within which
// the sign-in expires, or 0.
func (s SignIn) ReminderDays(now time.Time) int {
	if s.RenewedAt.IsZero() || !s.EndedAt.IsZero() || s.SessionOnly {
		return 0
	}
	for _, days := range reminderDays {
		if !now.Before(s.ExpiresAt().AddDate(0, 0, -days)) {
			return days
		}
	}
	return 0
}

// Ending says why a sign-in has ended.
type Ending string

const (
	// RefusedByXero: it does not know its newest refresh token any more.
	RefusedByXero Ending = "refused"
	// KeyGone: the keychain holds no refresh token for it.
	KeyGone Ending = "key-gone"
	// KeyDamaged: what the keychain holds for it is not what was stored there.
	KeyDamaged Ending = "key-damaged"
)

// SignInUsage is what a sign-in carries, or carried when it ended.
type SignInUsage struct {
	// Organisations counts them all, Only those that no other sign-in reaches
	// which has not ended.
	Organisations, Only int
	// First are some of them: those of Only come first, then by name.
	First []UsedOrganisation
}

// UsedOrganisation is an organisation as a sign-in carries it.
type UsedOrganisation struct {
	Name string
	// Only: no other sign-in reaches it.
	Only bool
}

// Connection is one sign-in's access to one organisation, as Xero's
// /connections lists it.
type Connection struct {
	// ID is Xero's connection id. Disconnecting takes it, not the
	// organisation's ID.
	ID string
	// OrganisationID and Name are Xero's tenantId and tenantName, Name after
	// [PlainText].
	OrganisationID, Name string
	// Type is Xero's tenantType. [OrganisationType] is the one Bookring lists;
	// the others are open text.
	Type string
	// AuthEventID is the sign-in event that made the connection.
	AuthEventID          string
	CreatedAt, UpdatedAt time.Time
}

// OrganisationType is the tenantType of an organisation.
const OrganisationType = "ORGANISATION"

// Token is what one sign-in presents to Xero. It lives in memory only.
type Token struct {
	Access  Secret
	Refresh Secret
	// Expires is when Access ends, by this computer's clock.
	Expires time.Time
	Scopes  []string
}

// Grant is what one completed authorisation brought: who consented, and their
// token.
type Grant struct {
	SignIn SignIn
	Token  Token
	// ClockSkew is how far this computer's clock is ahead of the authorization
	// server's (negative: behind), from the Date of the token response.
	ClockSkew time.Duration
	// Saved: the keychain has accepted the refresh token, or by now a successor.
	Saved bool
}

// Credential is what the keychain keeps of a sign-in: the refresh token and
// what recovery needs.
type Credential struct {
	SignInKey
	// Generation counts the refresh tokens this sign-in has had.
	Generation int
	Refresh    Secret
	// Previous is the refresh token before this one.
	Previous Secret
	// PresentedAt is when Refresh was first presented; zero if never.
	PresentedAt time.Time
	SavedAt     time.Time
	Scopes      []string
	// Name and Email are the sign-in's, cut to [MaxCredentialText] bytes, so that
	// a lost register can be rebuilt. Empty in credentials of older Bookrings and
	// where there was no room for them.
	Name, Email string
}

// MaxCredentialText is the most bytes that a [Credential] keeps of a name.
const MaxCredentialText = 120

// ErrNoCredential says that the keychain answered and holds no credential for
// a sign-in. No other error means that.
var ErrNoCredential = errors.New("no credential")

// ErrCredentialDamaged says that the keychain's credential of a sign-in differs from
// the saved one, on the second look too. Only a new sign-in replaces the credential.
var ErrCredentialDamaged = errors.New("the key is damaged")

// EndingOf returns why a failure of a sign-in is the end of the sign-in, or "".
func EndingOf(err error) Ending {
	switch {
	case errors.Is(err, ErrNoCredential):
		return KeyGone
	case errors.Is(err, ErrCredentialDamaged):
		return KeyDamaged
	case CodeOf(err) == SignInEnded:
		return RefusedByXero
	}
	return ""
}

// SignInFailure returns the failure of a call through a sign-in. Every end of a
// sign-in has the code [SignInEnded].
func SignInFailure(err error) *Failure {
	if EndingOf(err) != "" {
		return Fail(SignInEnded, "", err)
	}
	return AsFailure(err)
}

// CheckResult is the result of recording a check of one sign-in.
type CheckResult struct {
	// Superseded: a newer list or a new sign-in came meanwhile, so nothing was recorded.
	Superseded bool
	// Ended: the sign-in was recorded as ended.
	Ended bool
	// Failure prevented the reading or recording of Xero's list, or is nil.
	Failure *Failure
}

// Changes are what comparing Xero's list with what was known showed.
type Changes struct {
	// Added were never seen before. Back were known, and had been removed,
	// disconnected or needed a sign-in. Known were known and connected already.
	Added, Back, Known []Organisation
	// Removed were connected through this sign-in and are no longer listed.
	Removed []Organisation
	// Total counts the organisations connected now.
	Total int
}

// Outcome is what one trip through the browser brought.
type Outcome struct {
	SignIn SignIn
	Changes
	// Others are connections that are not organisations, such as a practice.
	Others []Connection
	// Expected is who should have signed in, if it was somebody else; otherwise
	// nil.
	Expected *Expected
	// ClockSkew is the grant's.
	ClockSkew time.Duration
}

// Expected is a person who was expected to sign in when somebody else did. Their
// own sign-in is as it was.
type Expected struct {
	SignIn SignIn
	// Asked: this person was asked for. Otherwise it is whoever signed in last,
	// and nothing is wrong.
	Asked bool
	// Carried counts the organisations that waited for this person and are
	// connected through the other one now; Waiting those that still wait.
	Carried, Waiting int
}

// Missed reports that this person was asked for and is needed still.
func (e *Expected) Missed() bool {
	return e != nil && e.Asked && (e.Waiting > 0 || e.Carried == 0)
}

// Unreached counts organisations that no sign-in reaches any more, by the
// ended sign-ins each of which would reach them again.
type Unreached struct {
	// SignIns are never none; the one that signed in last is the first.
	SignIns       []SignIn
	Organisations int
}

// By reports whether a sign-in would reach them again.
func (u Unreached) By(key SignInKey) bool {
	return slices.ContainsFunc(u.SignIns, func(s SignIn) bool { return s.SignInKey == key })
}

// End is how an attempt to sign in ended: an outcome or a failure, never both.
type End struct {
	Outcome *Outcome
	Failure *Failure
}
