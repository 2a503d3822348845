package stress_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/keychain"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// simulation is a program in a bubble of testing/synctest. The bubble's time
// advances whenever the program waits. Keychain and network are in memory.
type simulation struct {
	*program
	t        *testing.T
	xero     *simxero.Server
	network  *network
	client   *http.Client
	keychain *keychain.Memory
	locked   atomic.Pointer[backend.Failure] // the present failure of the keychain
	folder   string
	// clock is the program's clock, also after a restart.
	clock, xeroClock *rig.Clock
	browser          *browser
	end              context.CancelFunc
}

// CheckNow presses the button. CheckNow fails only if the register cannot be written.
func (s *simulation) CheckNow() {
	s.t.Helper()
	if err := s.program.CheckNow(context.Background()); err != nil {
		s.t.Error(err)
	}
}

// simulate starts a program in a world and signs in every user of the world.
func simulate(t *testing.T, w simxero.World) *simulation {
	t.Helper()
	s := &simulation{
		t: t, network: &network{}, keychain: &keychain.Memory{}, folder: memoryDir(t),
		clock: &rig.Clock{}, xeroClock: &rig.Clock{},
	}
	w.Clients[0].Connections = len(w.Organisations)
	rig.ConnectAll(&w)
	s.xero = rig.StartXero(t, simxero.Options{World: w, Now: s.xeroClock.Now, Listen: s.network.listen})
	s.client = rig.HTTPClient(t)
	transport, _ := s.client.Transport.(*http.Transport)
	transport.DialContext = s.network.dial
	s.keychain.Fail = func(string) error {
		if f := s.locked.Load(); f != nil {
			return f
		}
		return nil
	}
	s.open()
	s.start()
	t.Cleanup(s.close)
	for _, user := range s.xero.World().People {
		s.signIn(user)
	}
	return s
}

// open makes a new program with the same data and the same clock.
func (s *simulation) open() {
	s.t.Helper()
	var err error
	s.program, err = newProgram(context.Background(), parts{
		folder: s.folder, discovery: s.xero.Discovery(), api: s.xero.APIBase(), client: s.client,
		keychain: s.keychain, lock: new(rig.Locks).Lock, clock: s.clock,
		browse: func(string) error { return nil },
	})
	must(s.t, err)
	s.browser = &browser{s.ports.Authoriser, make(chan finishedAttempt, 1)}
	s.ports.Authoriser = s.browser
}

// start begins the program's own work.
func (s *simulation) start() {
	var ctx context.Context
	ctx, s.end = context.WithCancel(context.Background())
	s.Start(ctx)
}

// close ends the program. A second close has no effect.
func (s *simulation) close() {
	s.t.Helper()
	if s.program == nil {
		return
	}
	s.end()
	s.Close()
	must(s.t, s.register.Close())
	s.program = nil
}

// signIn makes a round that returns from the browser at once.
func (s *simulation) signIn(user simxero.Person) {
	s.t.Helper()
	s.browser.finished <- finishedAttempt{
		signIn:  backend.SignIn{SignInKey: rig.Key(s.xero, user), Name: user.Name(), Email: user.Email, At: s.clock.Now()},
		refresh: backend.NewSecret(s.xero.Consent(user.ID, simxero.DemoClientID, oauth.Scopes...)),
		renew:   s.ports.Renew,
	}
	s.Connect()
	must(s.t, s.roundEnded(s.t.Context()))
}

// statuses returns the number of organisations by status.
func (s *simulation) statuses() map[backend.Status]int {
	s.t.Helper()
	rows, err := s.rows(context.Background())
	must(s.t, err)
	count := map[backend.Status]int{}
	for _, row := range rows {
		count[backend.Status(row.Status)]++
	}
	return count
}

// browser replaces the attempts of an authoriser by finished attempts.
type browser struct {
	rig.Authoriser
	finished chan finishedAttempt
}

func (b *browser) Begin(context.Context, string) (rig.Attempt, error) { return <-b.finished, nil }

// finishedAttempt is an attempt with the user's consent.
type finishedAttempt struct {
	signIn  backend.SignIn
	refresh backend.Secret
	renew   func(context.Context, backend.SignInKey, backend.Secret) (backend.Token, error)
}

func (finishedAttempt) Link() string        { return "" }
func (finishedAttempt) Deadline() time.Time { return time.Time{} }
func (finishedAttempt) Extend()             {}
func (finishedAttempt) Paste(string) error  { return errors.New("nothing to paste") }
func (finishedAttempt) Release()            {}
func (finishedAttempt) Cancel()             {}

func (finishedAttempt) Show(backend.End, func() (string, error)) {}

func (finishedAttempt) Wait(context.Context) error { return nil }

func (a finishedAttempt) Grant(ctx context.Context) (backend.Grant, error) {
	token, err := a.renew(ctx, a.signIn.SignInKey, a.refresh)
	return backend.Grant{SignIn: a.signIn, Token: token}, err
}
