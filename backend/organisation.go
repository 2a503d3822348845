package backend

import "time"

// Status is the state of an organisation. The window has the words for each
// status; the database and the window's code use these values.
type Status string

// The statuses, in the order of urgency for the user.
const (
	// SignInAgain: every sign-in with access to the organisation has ended.
	SignInAgain Status = "sign-in-again"
	// Removed: Xero no longer lists the organisation through any sign-in.
	Removed Status = "removed"
	// NoAccess: Xero lists the organisation but refuses the data.
	NoAccess Status = "no-access"
	// NotChecked: the last check brought no usable list. The values shown are
	// from an earlier check.
	NotChecked Status = "not-checked"
	// Connected: Xero listed the organisation at the last check.
	Connected Status = "connected"
	// Disconnected: the user disconnected the organisation in Bookring.
	Disconnected Status = "disconnected"
)

// NeedsPerson reports whether only the user can change the status.
func (s Status) NeedsPerson() bool {
	return s == SignInAgain || s == Removed || s == NoAccess
}

// Count is the number of organisations with a status.
type Count struct {
	Status        Status
	Organisations int
}

// Organisation is a client's set of books at Xero.
type Organisation struct {
	// ID is Xero's tenantId, a GUID, equal to the API's OrganisationID.
	ID string
	// Name is Xero's tenantName after [PlainText].
	Name   string
	Status Status
	// SignIns are the names of the users with access, the user of FirstSignIn first.
	// SignIns is never empty.
	SignIns []string
	// FirstSignIn is the first of the SignIns. For the status [SignInAgain], a new
	// sign-in of the same user repairs the organisation.
	FirstSignIn SignIn
	// LastChecked is the time at which Xero's list was last read for the organisation.
	LastChecked time.Time
	// Trouble is the reason for [NotChecked], or "".
	Trouble Code
	// Pending is the unfinished part of a disconnect; see [Disconnected].
	Pending Pending
	// Country (ISO 3166-1 alpha-2) and Currency (ISO 4217) are empty until the
	// first reading of the organisation's details.
	Country, Currency string
}

// Details are the settings from Xero's Organisation endpoint.
type Details struct {
	Country, Currency string
}

// StaleDetails is an organisation with details to read, and the time of the last reading; zero
// means never.
type StaleDetails struct {
	OrganisationID string
	ReadAt         time.Time
}

// Sort names the column that orders the organisation list.
type Sort string

// The columns that can order the list. [ByStatus] orders by urgency, then by name.
const (
	ByName        Sort = "name"
	ByStatus      Sort = "status"
	BySignIn      Sort = "sign-in"
	ByLastChecked Sort = "last-checked"
	ByCountry     Sort = "country"
	ByCurrency    Sort = "currency"
)

// Query selects a part of the organisation list.
type Query struct {
	// Search selects organisations by name: each word of Search must occur in
	// the name, without regard to case or accents. Empty selects all.
	Search string `json:"search"`
	// Attention selects the organisations that need the user, as
	// [Status.NeedsPerson] defines.
	Attention  bool `json:"attention"`
	Sort       Sort `json:"sort"`
	Descending bool `json:"descending"`
	// Offset and Limit select the rows. Limit is at most 500.
	Offset int `json:"offset"`
	Limit  int `json:"limit"`
}

// Page is the answer to a [Query].
type Page struct {
	Rows []Organisation
	// Matching counts the organisations that match the query, Total all
	// organisations, Attention all that need the user.
	Matching, Total, Attention int
}
