package simxero

import (
	"slices"
	"time"
)

// World is what the simulated Xero knows before anybody signs in. It can be
// written by hand; [New] fills in what is left empty as the fields describe.
type World struct {
	People        []Person
	Organisations []Organisation
	// Roles says who may do what where. No entry means no access at all.
	Roles   map[Membership]Role
	Clients []Client
	// Connected are connections that exist from the start.
	Connected []Link
}

// Person is somebody with a login at Xero.
type Person struct {
	// ID is the claim xero_userid, a GUID, and Subject the claim sub, 32 hex
	// digits; left empty, both follow from the e-mail address and the name.
	ID, Subject           string
	GivenName, FamilyName string
	Email                 string
}

// Name is the name on the sign-in page and in the identity token.
func (p Person) Name() string {
	if p.FamilyName == "" {
		return p.GivenName
	}
	return p.GivenName + " " + p.FamilyName
}

// Role is what a person is in an organisation. Only [Standard] and [Adviser]
// may connect it to an app.
type Role string

// The roles that the simulator tells apart.
const (
	Standard    Role = "Standard"
	Adviser     Role = "Adviser"
	ReadOnly    Role = "Read only"
	InvoiceOnly Role = "Invoice only"
)

func (r Role) mayConnect() bool { return r == Standard || r == Adviser }

// Membership is a person (by ID) in an organisation (by ID).
type Membership struct{ Person, Organisation string }

// Link is one connection: a person's access to an organisation through a client.
type Link struct{ Person, Organisation, Client string }

// The tenant types that Xero names. Others are open text.
const (
	TypeOrganisation    = "ORGANISATION"
	TypePractice        = "PRACTICE"
	TypePracticeManager = "PRACTICEMANAGER"
)

// Organisation is a set of books, or another thing that Xero lists as a tenant.
// Fields left empty are absent from the answer where Xero's documentation says
// "shown if set".
type Organisation struct {
	// ID is tenantId and OrganisationID, a GUID; left empty it follows from
	// the name and the place in the list.
	ID string
	// Type is the tenantType; empty means [TypeOrganisation].
	Type string
	Name string
	// LegalName is the name if left empty, ShortCode ("!" and five characters)
	// follows from the ID.
	LegalName, ShortCode string
	// Country (ISO 3166-1 alpha-2) and Currency (ISO 4217), GB and GBP if empty.
	Country, Currency string
	// Timezone is a Windows zone name, upper-case without spaces; Version is
	// Xero's edition for a country. Both follow from the country.
	Timezone, Version string
	// YearEndDay and YearEndMonth, 31 December if zero.
	YearEndDay, YearEndMonth int
	// LockDate and YearEndLockDate are calendar dates; zero means not set.
	LockDate, YearEndLockDate time.Time
	TaxNumber                 string
	// TaxBasis and TaxPeriod are SalesTaxBasis and SalesTaxPeriod; an empty
	// basis means not registered for tax.
	TaxBasis, TaxPeriod string
	RegistrationNumber  string
	// EmployerNumber is EmployerIdentificationNumber, in the US only.
	EmployerNumber string
	LineOfBusiness string
	// Kind is OrganisationType, COMPANY if empty.
	Kind string
	// Plan is Class, as Xero writes it; STANDARD if empty.
	Plan    string
	Demo    bool
	Created time.Time
	// TrialEnded: no app reaches it, whatever the role.
	TrialEnded bool
	// OtherUncertifiedApps counts uncertified apps that are connected besides
	// the simulated ones. Xero allows two in all.
	OtherUncertifiedApps int
}

// Client is an app as registered at the developer portal, of the type "Mobile
// or desktop app": it has no secret.
type Client struct {
	// ID is 32 upper-case hexadecimal digits.
	ID, Name string
	// RedirectAddresses are compared exactly. Nil means the eight of
	// [RedirectAddresses].
	RedirectAddresses []string
	// Scopes are those the app may ask for. Nil means every granular scope.
	Scopes []string
	// Connections is the most connections the app may have, over all its
	// users: 5, 50 or 1,000 by Xero's plans. Zero means 5.
	Connections int
	// DayLimit is the calls a day and organisation; zero means 1,000 up to
	// five connections and 5,000 above.
	DayLimit int
	// Bulk: several organisations can be chosen at once.
	Bulk bool
	// Certified: Xero's limit of two uncertified apps does not count it.
	Certified bool
	// Classic: made before 2 March 2026, when broad scopes still existed.
	Classic bool
	// Disabled at the portal.
	Disabled bool
}

// RedirectAddresses returns the eight addresses that a [Client] registers if
// nothing else is said.
func RedirectAddresses() []string {
	var all []string
	for _, port := range []string{"10742", "15742", "20742", "25742", "30742", "35742", "40742", "45742"} {
		all = append(all, "http://localhost:"+port+"/callback")
	}
	return all
}

// Person returns the person of a full name; the zero Person if there is none.
func (w World) Person(name string) Person {
	i := slices.IndexFunc(w.People, func(p Person) bool { return p.Name() == name })
	if i < 0 {
		return Person{}
	}
	return w.People[i]
}

// Organisation returns the first organisation of a name; the zero Organisation
// if there is none.
func (w World) Organisation(name string) Organisation {
	i := slices.IndexFunc(w.Organisations, func(o Organisation) bool { return o.Name == name })
	if i < 0 {
		return Organisation{}
	}
	return w.Organisations[i]
}
