package backend

import (
	"errors"
	"slices"
	"time"
)

// SignInKey identifies a sign-in: one Xero user (xero_userid, a GUID), one
// client ID and one issuer. Bookring never sends the tokens of one issuer to
// another issuer.
type SignInKey struct {
	Issuer, ClientID, UserID string
}

// String returns the key in one line.
func (k SignInKey) String() string { return k.Issuer + "|" + k.ClientID + "|" + k.UserID }

// SignIn is one Xero user's consent to Bookring.
type SignIn struct {
	SignInKey
	// Name and Email describe the Xero user, after [PlainText]. Neither is an
	// identifier: two users may share an e-mail address.
	Name, Email string
	// SessionOnly reports that the refresh token is in memory only.
	SessionOnly bool
	// At is the time of the user's last consent.
	At time.Time
	// CheckedAt is the time of the last reading of Xero's list. Trouble is the
	// reason why no later check succeeded, or "".
	CheckedAt time.Time
	Trouble   Code
	// RenewedAt is the time of the last renewal or consent; zero if unknown.
	// RemindedDays is the number of days before the expiry of the last reminder
	// since RenewedAt; 0 if there was no reminder.
	RenewedAt    time.Time
	RemindedDays int
	// EndedAt is the time at which Bookring found the sign-in ended, or zero.
	// Ending is the reason.
	EndedAt time.Time
	Ending  Ending
	// DisconnectPending reports a disconnect or a revocation not sent to Xero yet.
	DisconnectPending bool
}

// Lifetime is the time after which Xero ends an unused refresh token
// (developer.xero.com/faq/oauth2).
const Lifetime = 60 * 24 * time.Hour

// ExpiresAt returns the time at which Xero ends the sign-in unless Bookring
// renews the sign-in earlier, or zero if the last renewal is unknown.
func (s SignIn) ExpiresAt() time.Time {
	if s.RenewedAt.IsZero() {
		return time.Time{}
	}
	return s.RenewedAt.Add(Lifetime)
}

// RenewedInFuture reports a last renewal recorded by a wrong clock, more than a day ahead:
// the expiry is unknown.
func (s SignIn) RenewedInFuture(now time.Time) bool { return s.RenewedAt.Sub(now) > 24*time.Hour }

// reminderDays are the days before the expiry with a reminder.
var reminderDays = []int{3, 14}

// ReminderDays returns the least number of days, of those with a reminder, before the
// expiry of the sign-in, or 0. An unknown expiry counts as near after a failed check.
func (s SignIn) ReminderDays(now time.Time) int {
	if s.RenewedAt.IsZero() || !s.EndedAt.IsZero() || s.SessionOnly {
		return 0
	}
	if s.RenewedInFuture(now) && s.Trouble != "" {
		return reminderDays[0]
	}
	for _, days := range reminderDays {
		if !now.Before(s.ExpiresAt().AddDate(0, 0, -days)) {
			return days
		}
	}
	return 0
}

// Ending is the reason why a sign-in has ended.
type Ending string

const (
	// RefusedByXero: Xero no longer accepts the newest refresh token.
	RefusedByXero Ending = "refused"
	// KeyGone: the keychain holds no credential for the sign-in.
	KeyGone Ending = "key-gone"
	// KeyDamaged: the credential in the keychain is not the saved credential.
	KeyDamaged Ending = "key-damaged"
	// KeyOld: the keychain holds an older credential than the newest, and Xero refused
	// the older credential.
	KeyOld Ending = "key-old"
)

// KeyCanReturn reports an end for lack of the newest credential. The keychain can hold the
// credential again later: another KeePassXC database is open, or a backup was restored.
func (e Ending) KeyCanReturn() bool { return e == KeyGone || e == KeyDamaged || e == KeyOld }

// EndingOf returns the reason for a failure to be the end of its sign-in, or "".
func EndingOf(err error) Ending {
	switch {
	case errors.Is(err, ErrNoCredential):
		return KeyGone
	case errors.Is(err, ErrCredentialDamaged):
		return KeyDamaged
	case errors.Is(err, ErrCredentialOld):
		return KeyOld
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

// SignInUsage counts the organisations of a sign-in, for an ended sign-in at the
// time of the end.
type SignInUsage struct {
	// Organisations counts all organisations of the sign-in, Only the
	// organisations that no other living sign-in reaches.
	Organisations, Only int
	// First are some of the organisations: those of Only first, then by name.
	First []UsedOrganisation
}

// UsedOrganisation is an organisation of a sign-in.
type UsedOrganisation struct {
	Name string
	// Only reports that no other living sign-in reaches the organisation.
	Only bool
}

// Unreached counts organisations without a living sign-in. Each of the ended
// sign-ins in SignIns would reach the organisations again.
type Unreached struct {
	// SignIns has at least one element. The most recent sign-in is the first.
	SignIns       []SignIn
	Organisations int
}

// By reports whether the sign-in with the key would reach the organisations again.
func (u Unreached) By(key SignInKey) bool {
	return slices.ContainsFunc(u.SignIns, func(s SignIn) bool { return s.SignInKey == key })
}

// Connection is one sign-in's access to one organisation, an entry of Xero's
// /connections.
type Connection struct {
	// ID is Xero's connection ID. A disconnect takes the connection ID, not the
	// organisation's ID.
	ID string
	// OrganisationID and Name are Xero's tenantId and tenantName, Name after
	// [PlainText].
	OrganisationID, Name string
	// Type is Xero's tenantType. Bookring lists the [OrganisationType] only.
	Type string
	// AuthEventID is Xero's ID of the consent that made the connection.
	AuthEventID          string
	CreatedAt, UpdatedAt time.Time
}

// List is Xero's list of the connections of a sign-in.
type List struct {
	Connections []Connection
	Part
}

// Part tells how much of Xero's list was understood. An absence from a list that was not
// understood whole means nothing.
type Part struct {
	// Entries counts the entries that were read, Odd the ones not understood.
	Entries, Odd int
	// Cut: further entries may exist, because the list ended early or is too long.
	Cut bool
}

// Whole reports a list understood from the beginning to the end.
func (p Part) Whole() bool { return p.Odd == 0 && !p.Cut }

// OrganisationType is the tenantType of an organisation.
const OrganisationType = "ORGANISATION"
