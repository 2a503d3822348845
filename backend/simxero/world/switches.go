package world

import "time"

// Switches select between possible behaviours of Xero, for points that are undocumented or vary. The zero value is
// the likelier behaviour.
type Switches struct {
	// SkipConsent skips the consent page for a user with a connection.
	SkipConsent bool
	// EndOlderTokens ends a user's earlier token sets at a new authorisation. By default the earlier token sets
	// remain valid.
	EndOlderTokens bool
	// UpdateOnContinue gives existing connections a new authEventId and updatedDateUtc if the user continues without
	// connecting an organisation.
	UpdateOnContinue bool
	// ListRefused leaves organisations in /connections after the user lost access by role, trial or reset. Xero
	// refuses the organisations' data either way.
	ListRefused bool
	// LowerCaseErrors writes the keys of API errors in lower case.
	LowerCaseErrors bool
	// OpaqueTokens issues access tokens that are no JWT.
	OpaqueTokens bool
	// EscapedSlashes writes dates as \/Date(0)\/, an equivalent JSON text.
	EscapedSlashes bool
	// CallbackIssuer, if set, is the iss parameter of the callback (RFC 9207). Xero sends no iss.
	CallbackIssuer string
	// DiscoveryPerMinute limits the requests for the discovery document. Further requests get 403 and an HTML page.
	// Zero means no limit.
	DiscoveryPerMinute int
	// Grace is the grace period of a used refresh token. Zero means 30 minutes.
	Grace time.Duration
	// RefreshLength is the length of new refresh tokens. Zero means 256.
	RefreshLength int
}
