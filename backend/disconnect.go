package backend

// DisconnectRequest is what the user asked to disconnect: organisations
// through every sign-in, one sign-in, or organisations through one sign-in.
type DisconnectRequest struct {
	// Organisations are organisation IDs.
	Organisations []string
	// SignIn is a sign-in's key in the form of [SignInKey.String], or "". With
	// Organisations the request covers these organisations through this sign-in.
	// Without Organisations the request covers the whole sign-in: Bookring
	// revokes the sign-in after the last disconnect.
	SignIn string
	// Forget asks to delete the organisations from the register as soon as Xero
	// has confirmed the disconnects.
	Forget bool
	// KeepName, with Forget, keeps the organisations' names in the history.
	KeepName bool
}

// DisconnectEffect is the consequence of a [DisconnectRequest] for one
// organisation. Sign-ins are given by their users' names.
type DisconnectEffect struct {
	// ID and Name are the organisation's.
	ID, Name string
	// Through are the sign-ins that will disconnect the organisation at Xero.
	Through []string
	// Ended are the ended sign-ins. Bookring cannot disconnect through an ended
	// sign-in, so the connection stays at Xero.
	Ended []string
	// Staying are the sign-ins that continue to reach the organisation.
	Staying []string
}

// PendingDisconnects are the disconnects that one sign-in has not sent to Xero yet.
type PendingDisconnects struct {
	// Connections are Xero's connection IDs.
	Connections []string
	// Revoke asks to revoke the sign-in after the last disconnect.
	Revoke bool
}

// Pending is the unfinished part of a disconnect, for an organisation with the
// status [Disconnected].
type Pending string

const (
	// NothingPending: Xero has confirmed the disconnect.
	NothingPending Pending = ""
	// PendingXero: Bookring will send the disconnect when Xero is reachable.
	PendingXero Pending = "xero"
	// PendingForget: as PendingXero, and Bookring then forgets the organisation.
	PendingForget Pending = "forget"
	// PendingSignIn: only an ended sign-in could send the disconnect.
	PendingSignIn Pending = "sign-in"
)
