package removal

import (
	"time"

	"bookring/backend"
)

// The phases of a removal, in their order.
const (
	Idle          = ""
	Disconnecting = "disconnecting" // at Xero; the user can still cancel
	Undecided     = "undecided"     // Xero did not confirm everything; the user decides
	Deleting      = "deleting"
	Stopped       = "stopped" // the keychain did not delete everything; the user decides
	Done          = "done"
)

// decides reports a phase in which nothing runs and the user decides.
func decides(phase string) bool { return phase == Idle || phase == Undecided || phase == Stopped }

// Progress is a removal as it goes on.
type Progress struct {
	Phase string
	// Done and Total count the connections to disconnect.
	Done, Total int
	// StillConnected is set in the phase Undecided, Undeleted in the phase Stopped, Receipt
	// in the phase Done.
	StillConnected []StillConnected
	Undeleted      []UndeletedCredential
	Receipt        *Receipt
}

// StillConnected holds the organisations of a sign-in still connected at Xero, and the
// failure of the disconnect. Without organisations, only the sign-in itself was not
// revoked, or the list of its connections was not read.
type StillConnected struct {
	Person        string
	Organisations []string
	Code          backend.Code
}

// retriable reports that Xero could confirm later; an ended sign-in never can.
func (c StillConnected) retriable() bool { return c.Code != backend.SignInEnded }

// UndeletedCredential is a sign-in whose credential is still in the keychain. Person is ""
// for an unknown person, or an unknown credential.
type UndeletedCredential struct {
	Person string
	Code   backend.Code
}

// Receipt lists the removed and the remaining parts. A receipt holds no secret.
type Receipt struct {
	At time.Time
	// DisconnectAsked: the user wanted to disconnect at Xero. Disconnected counts the
	// confirmed connections, StillConnected holds the others.
	DisconnectAsked bool
	Disconnected    int
	StillConnected  []StillConnected
	// Credentials counts the deleted credentials; Undeleted holds the others.
	Credentials   int
	Undeleted     []UndeletedCredential
	Organisations int
	Files         backend.FileCounts
	Leftovers     []backend.Leftover
}
