package backend

import (
	"errors"
	"slices"
	"time"
)

// Token is the token set of a sign-in. A Token exists in memory only.
type Token struct {
	// ClientID is the app that received the token.
	ClientID string
	Access   Secret
	Refresh  Secret
	// Expires is the end of Access, by this computer's clock.
	Expires time.Time
	// Scopes are the granted scopes. Nil means the scopes of the token set before (RFC
	// 6749 section 6).
	Scopes []string
}

// SettingsScope is the permission to read the organisations' settings.
const SettingsScope = "accounting.settings.read"

// ReadsSettings reports a token with [SettingsScope], with the wider scope of older Xero
// apps, or with unknown scopes.
func (t Token) ReadsSettings() bool {
	return t.Scopes == nil || slices.Contains(t.Scopes, SettingsScope) || slices.Contains(t.Scopes, "accounting.settings")
}

// Grant is the result of one completed authorization: the user and the token set.
type Grant struct {
	SignIn SignIn
	Token  Token
	// ClockSkew is this computer's time minus the authorization server's time,
	// from the Date header of the token response.
	ClockSkew time.Duration
	// Saved: the keychain has accepted the refresh token, or by now a successor.
	Saved bool
}

// Credential is the keychain's record of a sign-in: the refresh token and the
// data for a recovery.
type Credential struct {
	SignInKey
	// Generation orders the refresh tokens of the sign-in: each renewal adds 1, and each
	// grant continues from the time of the grant, or from 1 in older versions of Bookring.
	Generation int
	Refresh    Secret
	// Previous is the refresh token before Refresh.
	Previous Secret
	// PresentedAt is the time at which Refresh was first presented, or zero.
	PresentedAt time.Time
	SavedAt     time.Time
	Scopes      []string
	// Name and Email are the sign-in's, cut to [MaxCredentialText] bytes. A
	// recall restores both. Credentials of older versions of Bookring, and
	// credentials near the size limit, hold neither.
	Name, Email string
}

// MaxCredentialText is the maximum length of a [Credential]'s name or e-mail
// address, in bytes.
const MaxCredentialText = 120

// ErrNoCredential reports the keychain's answer that no credential exists for a
// sign-in. No other error has the same meaning.
var ErrNoCredential = errors.New("no credential")

// ErrCredentialDamaged reports a difference between the keychain's credential of a
// sign-in and the saved one, on the second look too. Only a new sign-in replaces the
// credential.
var ErrCredentialDamaged = errors.New("the key is damaged")

// ErrCredentialOld reports a refused refresh token from a credential older than the last
// renewal of the sign-in. The newest credential is missing.
var ErrCredentialOld = errors.New("the key is older than the last renewal")

// OthersToken reports a token set of another sign-in in the answer to a renewal. SignIn holds
// the key of the other sign-in, and the name and the e-mail address if known. The error holds
// no secret.
type OthersToken struct {
	SignIn SignIn
	Token  Token
}

func (*OthersToken) Error() string { return "the answer belongs to another sign-in" }
