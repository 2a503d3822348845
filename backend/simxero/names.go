package simxero

import "bookring/backend/simxero/world"

// The data of package world under the names that callers of this package use.
type (
	World        = world.World
	Person       = world.Person
	Organisation = world.Organisation
	Client       = world.Client
	Role         = world.Role
	Membership   = world.Membership
	Link         = world.Link
	Switches     = world.Switches
	Event        = world.Event
	EventKind    = world.EventKind
)

// The roles, a tenant type, and the events that callers look for.
const (
	Standard    = world.Standard
	Adviser     = world.Adviser
	ReadOnly    = world.ReadOnly
	InvoiceOnly = world.InvoiceOnly

	TypePractice = world.TypePractice

	Renewed            = world.Renewed
	RenewedAgain       = world.RenewedAgain
	RenewalRefused     = world.RenewalRefused
	RenewedTwiceAtOnce = world.RenewedTwiceAtOnce
	Disconnected       = world.Disconnected
	Revoked            = world.Revoked
)

// RedirectAddresses returns the default redirect addresses of a [Client].
func RedirectAddresses() []string { return world.RedirectAddresses() }
