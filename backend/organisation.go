package backend

import "time"

// Status says how an organisation stands. The words a person reads for it are
// the window's; these are the stable names.
type Status string

// The statuses, in the order in which they need a person.
const (
	// SignInAgain: every sign-in that reaches the organisation has ended.
	SignInAgain Status = "sign-in-again"
	// Removed: a sign-in works, but Xero no longer lists the organisation.
	Removed Status = "removed"
	// NoAccess: Xero lists the organisation but refuses its data.
	NoAccess Status = "no-access"
	// NotChecked: Xero could not be asked at the last check; what is shown is
	// older.
	NotChecked Status = "not-checked"
	// Connected: Xero listed the organisation at the last check.
	Connected Status = "connected"
	// Disconnected: disconnected here, on purpose. What was known is kept.
	Disconnected Status = "disconnected"
)

// NeedsPerson reports whether nothing but a person can change how it stands.
func (s Status) NeedsPerson() bool {
	return s == SignInAgain || s == Removed || s == NoAccess
}

// Count is how many organisations have a status.
type Count struct {
	Status        Status
	Organisations int
}

// Organisation is a client's set of books at Xero.
type Organisation struct {
	// ID is Xero's tenantId, a GUID; it equals the API's OrganisationID.
	ID string
	// Name is Xero's tenantName after [PlainText].
	Name   string
	Status Status
	// SignIns names the people whose sign-ins reach the organisation, the one
	// that carries it first. Never empty.
	SignIns []string
	// Carrier is the first of those: signing in as that person again is what an
	// organisation in [SignInAgain] needs.
	Carrier SignIn
	// LastChecked is when Xero's list was last read for this organisation.
	LastChecked time.Time
	// Trouble is why the organisation is [NotChecked], or "".
	Trouble Code
	// Pending is what is not done yet if the organisation is [Disconnected].
	Pending Pending
	// Country (ISO 3166-1 alpha-2) and Currency (ISO 4217) are empty until the
	// organisation's details have been read.
	Country, Currency string
}

// Details are what Xero's Organisation endpoint adds to a connection.
type Details struct {
	Country, Currency string
}

// Sort names a column to order organisations by.
type Sort string

// The columns a list can be ordered by. [ByStatus] puts what needs attention
// first and orders by name within a status.
const (
	ByName        Sort = "name"
	ByStatus      Sort = "status"
	BySignIn      Sort = "sign-in"
	ByLastChecked Sort = "last-checked"
	ByCountry     Sort = "country"
	ByCurrency    Sort = "currency"
)

// Query asks for a part of the organisation list.
type Query struct {
	// Search keeps organisations whose name contains every word of it, without
	// regard to case or accents. Empty keeps all.
	Search string `json:"search"`
	// Attention keeps only organisations that need a person: not those that are
	// [Connected], [NotChecked] or [Disconnected].
	Attention  bool `json:"attention"`
	Sort       Sort `json:"sort"`
	Descending bool `json:"descending"`
	// Offset and Limit choose the rows returned; Limit is at most 500.
	Offset int `json:"offset"`
	Limit  int `json:"limit"`
}

// Page is the answer to a [Query].
type Page struct {
	Rows []Organisation
	// Matching counts what fits the query, Total all organisations, Attention
	// those that need a person.
	Matching, Total, Attention int
}
