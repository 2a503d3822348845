// Package world holds the simulated Xero's users, organisations, apps and connections.
//
// [World] is a description. [State] is a running world with a clock, connections, call counts and a history.
package world

import (
	"slices"
	"time"
)

// World describes the simulated Xero before the first sign-in. Empty fields get the defaults that the fields name.
type World struct {
	People        []Person
	Organisations []Organisation
	// Roles holds the role of each user in each organisation. No entry means no access.
	Roles   map[Membership]Role
	Clients []Client
	// Connected lists the connections that exist from the start.
	Connected []Link
}

// Person is a Xero user.
type Person struct {
	// ID is the claim xero_userid, a GUID. Subject is the claim sub, 32 hexadecimal digits. The defaults are derived
	// from the e-mail address and the name.
	ID, Subject           string
	GivenName, FamilyName string
	Email                 string
}

// Name returns the name on the sign-in page and in the identity token.
func (p Person) Name() string {
	if p.FamilyName == "" {
		return p.GivenName
	}
	return p.GivenName + " " + p.FamilyName
}

// Role is a user's role in an organisation. Only [Standard] and [Adviser] may connect the organisation to an app, with
// the permission for Connected Apps.
type Role string

// The simulated roles.
const (
	Standard    Role = "Standard"
	Adviser     Role = "Administrator" // formerly Adviser; still FINANCIALADVISER in the API
	ReadOnly    Role = "Read only"
	InvoiceOnly Role = "Invoice only"
)

// Membership is a user in an organisation, both by ID.
type Membership struct{ Person, Organisation string }

// Link identifies a connection by three IDs: the user's access to an organisation through a client.
type Link struct{ Person, Organisation, Client string }

// The tenant types that Xero's documentation names. Xero also returns other types.
const (
	TypeOrganisation = "ORGANISATION"
	TypePractice     = "PRACTICE"
)

// Organisation is a client's books, or another kind of Xero tenant. Xero's answer leaves out an empty field if the
// documentation says "shown if set".
type Organisation struct {
	// ID is tenantId and OrganisationID, a GUID. The default is derived from the name and the place in the list.
	ID string
	// Type is tenantType. Default: [TypeOrganisation].
	Type string
	Name string
	// LegalName defaults to Name. ShortCode ("!" and five characters) is derived from ID.
	LegalName, ShortCode string
	// Country (ISO 3166-1 alpha-2) and Currency (ISO 4217) default to GB and the country's currency.
	Country, Currency string
	// Timezone is a Windows zone name in upper case without spaces. Version is Xero's edition for a country. Both
	// defaults depend on the country.
	Timezone, Version string
	// YearEndDay and YearEndMonth default to 31 December.
	YearEndDay, YearEndMonth int
	// LockDate and YearEndLockDate are calendar dates. The zero time means not set.
	LockDate, YearEndLockDate time.Time
	TaxNumber                 string
	// TaxBasis and TaxPeriod are SalesTaxBasis and SalesTaxPeriod. An empty basis means not registered for tax.
	TaxBasis, TaxPeriod string
	RegistrationNumber  string
	// EmployerNumber is EmployerIdentificationNumber, used in the US only.
	EmployerNumber string
	LineOfBusiness string
	// Kind is OrganisationType. Default: COMPANY.
	Kind string
	// Plan is Class in Xero's spelling. Default: STANDARD.
	Plan    string
	Demo    bool
	Created time.Time
	// TrialEnded makes the organisation unreachable for every app and every role.
	TrialEnded bool
	// NoConnectedApps are the users, by ID, without the permission for Connected Apps. The users cannot connect the
	// organisation; an existing connection goes on working (choice; undocumented).
	NoConnectedApps []string
	// OtherUncertifiedApps counts connected uncertified apps outside the simulation. Xero allows two in total.
	OtherUncertifiedApps int
}

// Client is an app of the type "Mobile or desktop app" at Xero's developer portal. A client has no secret.
type Client struct {
	// ID is 32 upper-case hexadecimal digits.
	ID, Name string
	// RedirectAddresses are the exact redirect addresses. Nil means the eight addresses of [RedirectAddresses].
	RedirectAddresses []string
	// Scopes are the scopes that the app may request. Nil means every granular scope.
	Scopes []string
	// Connections limits the connections of all the app's users together: 5, 50 or 1,000 by Xero's plans. Zero
	// means 5.
	Connections int
	// DayLimit limits the calls per day and organisation. Zero means 1,000 for up to five connections, else 5,000.
	DayLimit int
	// Bulk lets a user connect several organisations at once.
	Bulk bool
	// Certified exempts the app from Xero's limit of two uncertified apps per organisation.
	Certified bool
	// Classic marks an app registered before 2 March 2026. A classic app may request broad scopes.
	Classic bool
	// Disabled marks an app switched off at the developer portal.
	Disabled bool
}

// RedirectAddresses returns the default redirect addresses of a [Client].
func RedirectAddresses() []string {
	var all []string
	for _, port := range []string{"10742", "15742", "20742", "25742", "30742", "35742", "40742", "45742"} {
		all = append(all, "http://localhost:"+port+"/callback")
	}
	return all
}

// SetRole gives a user a role in an organisation. Roles must not be nil.
func (w World) SetRole(person, organisation string, role Role) {
	w.Roles[Membership{person, organisation}] = role
}

// Edit changes the organisation with an ID.
func (w World) Edit(id string, change func(*Organisation)) {
	for i := range w.Organisations {
		if w.Organisations[i].ID == id {
			change(&w.Organisations[i])
		}
	}
}

// Person returns the user with a full name, or the zero Person.
func (w World) Person(name string) Person {
	i := slices.IndexFunc(w.People, func(p Person) bool { return p.Name() == name })
	if i < 0 {
		return Person{}
	}
	return w.People[i]
}

// Organisation returns the first organisation with a name, or the zero Organisation.
func (w World) Organisation(name string) Organisation {
	i := slices.IndexFunc(w.Organisations, func(o Organisation) bool { return o.Name == name })
	if i < 0 {
		return Organisation{}
	}
	return w.Organisations[i]
}
