package removal

import (
	"context"
	"time"

	"bookring/backend"
)

// Ports are the parts outside the room. main.go sets Register, TestKeychain, Files and
// Erase, connect.New the others.
type Ports struct {
	Xero     xero
	Register register
	SignIns  signIns
	Recorder recorder
	// Pending returns the grants not recorded yet.
	Pending func() []backend.Grant
	// TestKeychain holds the credentials of test servers, deleted with the real data; nil
	// for other data.
	TestKeychain interface {
		Empty(ctx context.Context) error
	}
	// TestServer is the address of the test server behind the data, or "".
	TestServer string
	// Demo and ReadOnly data cannot be removed.
	Demo     bool
	ReadOnly *backend.Failure
	// Files counts the files of the data. Erase closes and deletes them and returns the
	// leftovers.
	Files func() backend.FileCounts
	Erase func() []backend.Leftover
}

// xero ends a connection: DELETE /connections/{id}.
type xero interface {
	Disconnect(ctx context.Context, token backend.Token, connectionID string) error
}

// register is the database; sqlite.Register documents the methods.
type register interface {
	Reachable(ctx context.Context) ([]backend.ReachableOrganisations, error)
	Organisations(ctx context.Context, q backend.Query) (backend.Page, error)
	RequestDisconnect(ctx context.Context, r backend.DisconnectRequest, at time.Time) error
}

// signIns uses and deletes credentials; renewal.Keeper does.
type signIns interface {
	Call(ctx context.Context, s backend.SignIn, do func(backend.Token) error) error
	Keys(ctx context.Context) (keys []backend.SignInKey, damaged bool, err error)
	Recall(ctx context.Context, key backend.SignInKey) (s backend.SignIn, found bool, err error)
	AdoptSession(ctx context.Context, g backend.Grant) error
	Delete(ctx context.Context, key backend.SignInKey) error
	Empty(ctx context.Context) error
	EmptySession(ctx context.Context)
}

// recorder reads Xero's lists, records disconnects and revokes; record.Recorder does.
type recorder interface {
	List(ctx context.Context, s backend.SignIn) ([]backend.Connection, error)
	RevokeUnused(ctx context.Context, s backend.SignIn, ended []string) (left []backend.Connection, err error)
	Disconnected(ctx context.Context, s backend.SignIn, connectionID string) error
}

// Events are the calls out of the room, never made under the room's lock.
type Events struct {
	// Rows reports changed rows of the list, Progress a changed [Progress].
	Rows, Progress func()
	// Disconnecting precedes the disconnecting: rounds and checks end.
	Disconnecting func()
	// Halt precedes the deleting: all other work ends for good.
	Halt func()
	// Cancelled follows an undone removal: the list does not show its disconnects yet.
	Cancelled func(ctx context.Context)
}
