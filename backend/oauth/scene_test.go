package oauth_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simxero"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	jo   = "Jo Whitmore"
	vets = "Calder Street Vets"
)

// scene is a flow, a simulated Xero, and a user of the simulated Xero.
type scene struct {
	t         *testing.T
	xero      *simxero.Server
	visitor   *simxero.Visitor
	flow      *oauth.Flow
	connected bool // the user has connected an organisation
	ports     []int
	log       *rig.Journal

	life    context.Context
	running sync.WaitGroup
	begun   atomic.Int32 // rounds begun by the link on a page
	next    atomic.Pointer[oauth.Attempt]
}

func start(t *testing.T, change ...func(*simxero.Options)) *scene {
	t.Helper()
	s := &scene{t: t, ports: rig.FreePorts(t, 3), log: &rig.Journal{}}
	o := simxero.Options{World: simxero.Demo()}
	for _, port := range s.ports {
		o.World.Clients[0].RedirectAddresses = append(o.World.Clients[0].RedirectAddresses, oauth.RedirectURI(port))
	}
	for _, c := range change {
		c(&o)
	}
	s.xero = rig.StartXero(t, o)
	s.visitor = s.xero.Visitor()
	s.flow = &oauth.Flow{
		Discovery: s.xero.Discovery(), HTTP: rig.HTTPClient(t), Ports: s.ports,
		Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	life, end := context.WithCancel(context.Background())
	s.life = life
	t.Cleanup(func() {
		end()
		s.flow.Close()
		s.running.Wait()
		s.keepsSecrets(s.log.String())
	})
	return s
}

// alone is a flow for tests without a request to Xero.
func alone(t *testing.T) *scene {
	t.Helper()
	s := &scene{t: t, ports: rig.FreePorts(t, 3), log: &rig.Journal{}}
	s.flow = &oauth.Flow{
		HTTP: &http.Client{Transport: nowhere{}}, Ports: s.ports,
		Log: slog.New(slog.NewTextHandler(s.log, nil)),
	}
	life, end := context.WithCancel(context.Background())
	s.life = life
	t.Cleanup(func() {
		end()
		s.flow.Close()
		s.running.Wait()
	})
	return s
}

// another returns a second flow with the same settings.
func (s *scene) another() *oauth.Flow {
	return &oauth.Flow{Discovery: s.flow.Discovery, HTTP: s.flow.HTTP, Ports: s.ports, Log: s.flow.Log}
}

func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// nowhere is a network without a connection.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) { return nil, syscall.ENETUNREACH }

// keepsSecrets fails if a text holds a code, a token or a key issued by Xero.
func (s *scene) keepsSecrets(text string) {
	s.t.Helper()
	for _, secret := range s.xero.Secrets() {
		if strings.Contains(text, secret) {
			s.t.Error("a secret was shown")
		}
	}
}

// begin is [oauth.Flow.Begin] for the client of the demo.
func (s *scene) begin() *oauth.Attempt {
	s.t.Helper()
	a, err := s.flow.Begin(s.t.Context(), simxero.DemoClientID)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// end is the end of an attempt.
type end struct {
	grant backend.Grant
	err   error
}

// grantOf waits for the answer and returns the grant.
func grantOf(ctx context.Context, a *oauth.Attempt) (backend.Grant, error) {
	if err := a.Wait(ctx); err != nil {
		return backend.Grant{}, err
	}
	return a.Grant(ctx)
}

// follow calls an attempt as package connect does.
func (s *scene) follow(a *oauth.Attempt) <-chan end {
	ended := make(chan end, 1)
	s.running.Go(func() {
		grant, err := grantOf(s.life, a)
		a.Show(shown(grant, err), s.again)
		ended <- end{grant, err}
	})
	return ended
}

func shown(grant backend.Grant, err error) backend.End {
	if err != nil {
		return backend.End{Failure: backend.AsFailure(err)}
	}
	o := backend.Outcome{SignIn: grant.SignIn}
	o.Added, o.Total = []backend.Organisation{{Name: vets}}, 25
	return backend.End{Outcome: &o}
}

// again is the callback of the link on the page.
func (s *scene) again() (string, error) {
	s.begun.Add(1)
	a, err := s.flow.Begin(s.life, simxero.DemoClientID)
	if err != nil {
		return "", err
	}
	s.next.Store(a)
	s.follow(a)
	return a.Link(), nil
}

// allow signs the user in at the simulated Xero, connects an organisation the first
// time, and returns the callback's address without opening the address.
func (s *scene) allow(a *oauth.Attempt) string {
	s.t.Helper()
	return s.allowAt(a.Link())
}

func (s *scene) allowAt(link string) string {
	s.t.Helper()
	var address string
	var err error
	if s.connected {
		address, err = s.visitor.Continue(s.t.Context(), link, jo)
	} else {
		address, err = s.visitor.Allow(s.t.Context(), link, jo, vets)
	}
	s.connected = true
	if err != nil {
		s.t.Fatal(err)
	}
	return address
}

// signIn makes one complete attempt and returns the end.
func (s *scene) signIn() end {
	s.t.Helper()
	a := s.begin()
	ended := s.follow(a)
	if got := s.open(s.allow(a)); got.status != http.StatusSeeOther {
		s.t.Fatalf("the callback was answered %d", got.status)
	}
	return <-ended
}

// param returns a parameter of an address.
func param(t *testing.T, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get(name)
}

func portOf(t *testing.T, a *oauth.Attempt) int {
	t.Helper()
	u, err := url.Parse(param(t, a.Link(), "redirect_uri"))
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// fails checks the code and the detail of a failure.
func fails(t *testing.T, err error, code backend.Code, detail string) {
	t.Helper()
	f := backend.AsFailure(err)
	if f == nil || f.Code != code || f.Detail != detail {
		t.Errorf("got %v, want %s (%s)", err, code, detail)
	}
}

// hostile is the number of hostile requests in a run: BOOKRING_HOSTILE, or a small
// default.
func hostile(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("BOOKRING_HOSTILE"))
	if err != nil {
		return 5_000
	}
	return n
}
