package simxero

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"bookring/backend/simxero/api"
	"bookring/backend/simxero/identity"
	"bookring/backend/simxero/pages"
	"bookring/backend/simxero/world"
)

// Options configure [New]. The zero Options start the demo with the computer's clock.
type Options struct {
	// World describes users, organisations and apps. The default is [Demo]. A world without clients gets a client with
	// [DemoClientID].
	World World
	// Now is the clock of every date, including the Date header. The default is time.Now. A [Clock] can be set.
	Now      func() time.Time
	Switches Switches
	// Listen opens the listener of each of the three hosts. The default is a free port of 127.0.0.1.
	Listen func() (net.Listener, error)
}

func (o *Options) complete() {
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
}

// Server is a running simulated Xero. Concurrent calls of all methods are safe.
type Server struct {
	faults
	journal

	now     func() time.Time
	hosts   [3]host
	closing context.Context
	close   context.CancelFunc
	running sync.WaitGroup // hosts
	gate    gate           // requests

	// mu guards the world and the state of the hosts. Handlers only use memory, so the server runs one handler at a time.
	mu       sync.Mutex
	world    *world.State
	pages    *pages.Site
	identity *identity.Issuer
	api      *api.API
}

type host struct {
	listener net.Listener
	address  string
	server   *http.Server
}

// The indexes of Server.hosts.
const (
	signInHost = iota
	issuerHost
	apiHost
)

// New starts a simulated Xero. The caller must call [Server.Close]. New fails only if a listener cannot be opened.
func New(o Options) (*Server, error) {
	o.complete()
	s := &Server{now: o.Now, world: world.NewState(o.World, o.Switches, o.Now)}
	s.closing, s.close = context.WithCancel(context.Background())
	for i := range s.hosts {
		listener, err := o.Listen()
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("start the simulated Xero: %w", err)
		}
		s.hosts[i] = host{listener, "http://" + listener.Addr().String(), &http.Server{
			ReadHeaderTimeout: 10 * time.Second,
			MaxHeaderBytes:    64 << 10,
			ErrorLog:          log.New(io.Discard, "", 0),
		}}
	}
	s.identity = identity.New(s.world, s.Issuer(), s.SignInBase())
	s.pages = pages.New(s.world, s.identity)
	s.api = api.New(s.world, s.identity)
	for i, routes := range s.routes() {
		s.hosts[i].server.Handler = routes
		s.running.Go(func() { s.run(s.hosts[i]) })
	}
	return s, nil
}

func (s *Server) run(h host) {
	if err := h.server.Serve(h.listener); !errors.Is(err, http.ErrServerClosed) {
		s.do(func() { s.world.Record(Event{Kind: world.HostFailed, Detail: err.Error()}) })
	}
}

// Close ends every request, including stalled requests, closes the ports and waits for the end of all goroutines.
// A second call does nothing.
func (s *Server) Close() {
	s.close()
	for _, h := range s.hosts {
		if h.server != nil {
			_ = h.server.Close()
			_ = h.listener.Close() // a server that never ran has not closed the listener
		}
	}
	s.running.Wait()
	s.gate.shut()
}

// do runs a function while no handler runs.
func (s *Server) do(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// Discovery returns the address of the OpenID discovery document.
func (s *Server) Discovery() string { return s.Issuer() + "/.well-known/openid-configuration" }

// Issuer returns the issuer identifier of the discovery document.
func (s *Server) Issuer() string { return s.hosts[issuerHost].address }

// APIBase returns the base address of the API, in place of https://api.xero.com.
func (s *Server) APIBase() string { return s.hosts[apiHost].address }

// SignInBase returns the base address of the sign-in pages, in place of https://login.xero.com.
func (s *Server) SignInBase() string { return s.hosts[signInHost].address }

// Logout returns the address that ends the browser's session. The page does not lead back to the app.
func (s *Server) Logout() string { return s.SignInBase() + "/logout" }
