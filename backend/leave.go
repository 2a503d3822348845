package backend

// DisconnectRequest says what a person wants to be disconnected: organisations, each
// through every sign-in that reaches it, or what one sign-in reaches.
type DisconnectRequest struct {
	// Organisations are IDs.
	Organisations []string
	// SignIn is the key of a sign-in, as [SignInKey.String] writes it, or "".
	// With Organisations it is about these alone, through this sign-in alone;
	// without, about everything, and with nothing left to reach the sign-in is
	// let go itself.
	SignIn string
	// Forget: the organisations are to be forgotten here, once Xero knows.
	Forget bool
}

// DisconnectEffect is what leaving means for one organisation.
type DisconnectEffect struct {
	// ID and Name are the organisation's.
	ID, Name string
	// Through names the people whose sign-ins tell Xero.
	Through []string
	// Ended names those whose sign-ins have ended: nothing can be told through
	// them, and their connection stays at Xero.
	Ended []string
	// Staying names those whose sign-ins go on reaching the organisation.
	Staying []string
}

// PendingDisconnects says what a sign-in still has to tell Xero.
type PendingDisconnects struct {
	// Connections are the IDs of the connections to be ended.
	Connections []string
	// Revoke: with the last of its connections the sign-in itself ends.
	Revoke bool
}

// Pending says what of a [Disconnected] organisation is not done yet.
type Pending string

// What can be pending.
const (
	NothingPending Pending = ""
	// PendingXero: Xero will be told when it can be reached. PendingForget: and
	// then the organisation is forgotten here.
	PendingXero   Pending = "xero"
	PendingForget Pending = "forget"
	// PendingSignIn: only through a sign-in that has ended could Xero be told.
	PendingSignIn Pending = "sign-in"
)
