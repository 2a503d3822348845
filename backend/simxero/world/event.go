package world

import "time"

// Event is an entry in the history of a world.
type Event struct {
	At   time.Time
	Kind EventKind
	// Person, Organisation and Client are IDs. Fields without meaning for the kind are empty.
	Person, Organisation, Client string
	Detail                       string
}

// EventKind is the kind of an [Event].
type EventKind string

// The kinds of events.
const (
	SignedIn       EventKind = "signed in"
	SignedOut      EventKind = "signed out"
	Connected      EventKind = "connected"
	Reconnected    EventKind = "connected again"
	Continued      EventKind = "continued with what was connected"
	Refused        EventKind = "cancelled on the consent page"
	ErrorPage      EventKind = "ended on an error page" // Detail is the page's text
	LimitPage      EventKind = "ended on the connection limit page"
	CodeExchanged  EventKind = "code exchanged"
	Renewed        EventKind = "token renewed"
	RenewedAgain   EventKind = "token renewed with a token used before"
	RenewalRefused EventKind = "renewal refused" // Detail is the reason
	// RenewedTwiceAtOnce: a client presented a sign-in's refresh token during another renewal of the same sign-in.
	RenewedTwiceAtOnce EventKind = "two renewals at once"
	Disconnected       EventKind = "disconnected"
	Revoked            EventKind = "revoked"
	HostFailed         EventKind = "host failed"
)

// Record adds e to Events, with the current time.
func (st *State) Record(e Event) {
	e.At = st.Now()
	st.Events = append(st.Events, e)
}
