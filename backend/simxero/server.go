package simxero

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options say what [New] starts. The zero Options are the demo, by the
// computer's own clock.
type Options struct {
	// World is who and what there is; the zero World is replaced by [Demo]. A
	// world without a client gets one with [DemoClientID].
	World World
	// Now is the clock of everything the server dates, the Date header
	// included; nil means time.Now. See [Clock] for one that tests can set.
	Now      func() time.Time
	Switches Switches
	// Listen opens the listener of each of the three hosts. Nil means a free
	// port of 127.0.0.1.
	Listen func() (net.Listener, error)
}

// Switches are choices where Xero's behaviour is undocumented or varies. The
// zero value is the likelier behaviour.
type Switches struct {
	// SkipConsent sends a person who has connected something straight back.
	SkipConsent bool
	// EndOlderTokens ends a person's earlier token sets when they authorise
	// again. Otherwise those live on.
	EndOlderTokens bool
	// UpdateOnContinue gives connections a new authEventId and updatedDateUtc
	// when the person continues with what is connected already.
	UpdateOnContinue bool
	// ListRefused keeps organisations in /connections to which access was lost
	// by role, trial or reset; their data is refused either way.
	ListRefused bool
	// LowerCaseErrors writes the keys of API errors in lower case.
	LowerCaseErrors bool
	// EscapedSlashes writes dates as \/Date(0)\/, which is the same JSON.
	EscapedSlashes bool
	// CallbackIssuer, if set, is sent as iss with the code (RFC 9207). Xero
	// sends none.
	CallbackIssuer string
	// DiscoveryPerMinute is how often the discovery document is served within
	// a minute before the edge refuses it with 403 and a page; zero is without
	// limit.
	DiscoveryPerMinute int
	// Grace is how long a refresh token works after its first use; zero means
	// 30 minutes.
	Grace time.Duration
}

// Server is a running simulated Xero. All its methods may be called from any
// goroutine.
type Server struct {
	now     func() time.Time
	hosts   [3]host
	faults  faults
	journal journal

	closing context.Context
	close   context.CancelFunc
	running sync.WaitGroup // the three hosts
	gate    gate           // the requests

	mu    sync.Mutex
	state state
}

type host struct {
	server   *http.Server
	listener net.Listener
	address  string
}

const (
	signInHost = iota
	issuerHost
	apiHost
)

// New starts a simulated Xero, see [Options.Listen]. It fails only if no port
// can be opened. The first call in a process takes a moment to make
// the signing key. Whoever calls New must call Close.
func New(o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if len(o.World.People) == 0 && len(o.World.Clients) == 0 {
		o.World = Demo()
	}
	if len(o.World.Clients) == 0 {
		o.World.Clients = []Client{{ID: DemoClientID, Name: "Bookring"}}
	}
	if o.Listen == nil {
		o.Listen = func() (net.Listener, error) {
			return new(net.ListenConfig).Listen(context.Background(), "tcp4", "127.0.0.1:0")
		}
	}
	s := &Server{now: o.Now, state: newState(o.World, o.Switches, o.Now())}
	s.closing, s.close = context.WithCancel(context.Background())
	for i, handler := range []http.Handler{s.signInPages(), s.issuer(), s.api()} {
		if err := s.listen(i, o.Listen, handler); err != nil {
			s.Close()
			return nil, fmt.Errorf("start the simulated Xero: %w", err)
		}
	}
	return s, nil
}

func (s *Server) listen(i int, listen func() (net.Listener, error), handler http.Handler) error {
	listener, err := listen()
	if err != nil {
		return err
	}
	h := &s.hosts[i]
	h.listener, h.address = listener, "http://"+listener.Addr().String()
	h.server = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          quiet,
	}
	s.running.Go(func() {
		if err := h.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.journal.event(s.now(), Event{Kind: HostFailed, Detail: err.Error()})
		}
	})
	return nil
}

// Close ends every request, also the stalled ones, closes the ports and returns
// when nothing of the server runs any more. It can be called again.
func (s *Server) Close() {
	s.close()
	for _, h := range s.hosts {
		if h.server != nil {
			_ = h.server.Close() // the listener is gone either way
		}
	}
	s.running.Wait()
	s.gate.shut()
}

// Discovery returns the address of the OpenID discovery document.
func (s *Server) Discovery() string { return s.Issuer() + "/.well-known/openid-configuration" }

// Issuer returns the issuer identifier, as in the discovery document.
func (s *Server) Issuer() string { return s.hosts[issuerHost].address }

// APIBase returns the base address of the API: what https://api.xero.com is.
func (s *Server) APIBase() string { return s.hosts[apiHost].address }

// SignInBase returns the base address of the sign-in pages: what
// https://login.xero.com is.
func (s *Server) SignInBase() string { return s.hosts[signInHost].address }

// Logout returns the address that ends the browser's session. It does not
// return to the app.
func (s *Server) Logout() string { return s.SignInBase() + "/logout" }
