package stress_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/keychain"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simxero"
	"bookring/backend/xero"
)

// office is where the program is used for days and months, in a bubble of
// testing/synctest: an hour takes as long as what happens in it. The keychain
// and the network are in memory.
type office struct {
	*program
	t        *testing.T
	xero     *simxero.Server
	network  *network
	client   *http.Client
	keychain *keychain.Memory
	// locked is what is wrong with the keychain.
	locked atomic.Pointer[backend.Failure]
	folder string
	// clock is the program's, of the days to come too.
	clock, xeroClock *clock
	door             *door
	end              context.CancelFunc
}

// CheckNow presses the button of that name; it fails only where nothing can be
// written.
func (o *office) CheckNow() {
	o.t.Helper()
	if err := o.program.CheckNow(context.Background()); err != nil {
		o.t.Error(err)
	}
}

// openOffice opens an office in which everybody has signed in.
func openOffice(t *testing.T, w simxero.World) *office {
	t.Helper()
	o := &office{t: t, network: &network{}, keychain: &keychain.Memory{}, folder: swiftDir(t), clock: &clock{}, xeroClock: &clock{}}
	w.Clients[0].Connections = len(w.Organisations)
	for m := range w.Roles {
		w.Connected = append(w.Connected, simxero.Link{Person: m.Person, Organisation: m.Organisation, Client: simxero.DemoClientID})
	}
	var err error
	o.xero, err = simxero.New(simxero.Options{World: w, Now: o.xeroClock.now, Listen: o.network.listen})
	must(t, err)
	t.Cleanup(o.xero.Close)
	o.client = xero.NewHTTPClient()
	transport, _ := o.client.Transport.(*http.Transport)
	transport.DialContext = o.network.dial
	t.Cleanup(transport.CloseIdleConnections)
	o.keychain.Fail = func(string) error {
		if f := o.locked.Load(); f != nil {
			return f
		}
		return nil
	}
	o.open()
	o.start()
	t.Cleanup(o.close)
	for _, person := range o.xero.World().People {
		o.signIn(person)
	}
	return o
}

// open makes the program; its clock stays as it was.
func (o *office) open() {
	o.t.Helper()
	var err error
	o.program, err = newProgram(context.Background(), parts{
		folder: o.folder, discovery: o.xero.Discovery(), api: o.xero.APIBase(), client: o.client,
		keychain: o.keychain, lock: make(oneLock, 1).lock, clock: o.clock,
		browse: func(string) error { return nil },
	})
	must(o.t, err)
	o.door = &door{o.ports.Authoriser, make(chan returned, 1)}
	o.ports.Authoriser = o.door
}

// start lets the program do what it does by itself.
func (o *office) start() {
	var ctx context.Context
	ctx, o.end = context.WithCancel(context.Background())
	o.Start(ctx)
}

// close ends the program as a person does. It can be called again.
func (o *office) close() {
	o.t.Helper()
	if o.program == nil {
		return
	}
	o.end()
	o.Close()
	must(o.t, o.register.Close())
	o.program = nil
}

// signIn is a trip through the browser from which a person has returned.
func (o *office) signIn(person simxero.Person) {
	o.t.Helper()
	key := backend.SignInKey{Issuer: o.xero.Issuer(), ClientID: simxero.DemoClientID, UserID: person.ID}
	o.door.returned <- returned{
		signIn:  backend.SignIn{SignInKey: key, Name: person.Name(), Email: person.Email, At: o.ahead.now()},
		refresh: backend.NewSecret(o.xero.Consent(person.ID, simxero.DemoClientID, oauth.Scopes...)),
		renew:   o.ports.Authoriser.Renew,
	}
	o.Connect()
	end, err := o.until(o.t.Context(), func(now view.Overview) bool {
		return now.SignIn.Phase == rounds.Done || now.SignIn.Phase == rounds.Failed
	})
	must(o.t, err)
	if end.SignIn.Failed != nil {
		o.t.Fatal(end.SignIn.Failed.Code)
	}
}

// statuses counts the organisations by their status.
func (o *office) statuses() map[backend.Status]int {
	o.t.Helper()
	rows, err := o.rows(context.Background())
	must(o.t, err)
	count := map[backend.Status]int{}
	for _, row := range rows {
		count[backend.Status(row.Status)]++
	}
	return count
}

// oneLock is the lock of a user who runs one copy: a channel, so that whoever
// waits for it lets time pass.
type oneLock chan struct{}

func (l oneLock) lock(ctx context.Context, _ backend.SignInKey) (func(), error) {
	select {
	case l <- struct{}{}:
		return func() { <-l }, nil
	case <-ctx.Done():
		return nil, backend.Fail(backend.Cancelled, "", ctx.Err())
	}
}

// door is an authoriser whose people have been through the browser already.
type door struct {
	rig.Authoriser
	returned chan returned
}

func (d *door) Begin(context.Context, string) (rig.Attempt, error) { return <-d.returned, nil }

// returned is an attempt that brings what was consented to.
type returned struct {
	signIn  backend.SignIn
	refresh backend.Secret
	renew   func(context.Context, backend.SignInKey, backend.Secret) (backend.Token, error)
}

func (returned) Link() string        { return "" }
func (returned) Deadline() time.Time { return time.Time{} }
func (returned) Extend()             {}
func (returned) Paste(string) error  { return errors.New("nothing to paste") }
func (returned) Cancel()             {}

func (returned) Show(backend.End, func() (string, error)) {}

func (r returned) Wait(ctx context.Context, answered func()) (backend.Grant, error) {
	answered()
	token, err := r.renew(ctx, r.signIn.SignInKey, r.refresh)
	return backend.Grant{SignIn: r.signIn, Token: token}, err
}
