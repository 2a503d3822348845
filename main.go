// Bookring connects the Xero organisations of many clients and keeps every
// connection alive. This file wires the program; app.go is what its window can
// ask for; backend is what happens then.
package main

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/desktop"
	"bookring/backend/keychain"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
	"bookring/backend/sqlite"
	"bookring/backend/xero"
)

//go:embed all:frontend/dist
var page embed.FS

//go:embed build/appicon.png
var icon []byte

// Set by the linker, see build/build.sh.
var (
	version  = "dev"
	commit   = ""
	clientID = ""
)

// The service names in the system's keychain.
const (
	realService = "app.bookring.xero.v1"
	testService = "app.bookring.test.v1"
)

// main does nothing that lasts: Wails also runs it, as far as its own Run, to
// write the window's bindings.
func main() {
	environment := desktop.ReadEnvironment(os.Args[1:], os.Getenv)
	if words := environment.Words(version, desktop.Commit(commit)); words != "" {
		fmt.Print(words)
		return
	}
	desktop.Harden()
	app := newApp(environment)
	err := desktop.Run(desktop.Window{
		Page: page, Icon: icon, App: app, Environment: app.environment,
		Opened: app.opened, Closed: app.closed, MayClose: app.mayClose, FormatError: connect.FormatError,
	})
	if err != nil {
		os.Exit(1)
	}
}

// authoriser lends an oauth.Flow the types that connect asks for.
type authoriser struct{ *oauth.Flow }

func (a authoriser) Begin(ctx context.Context, clientID string) (connect.Attempt, error) {
	return a.Flow.Begin(ctx, clientID)
}

// open makes what is behind the window. End ends what was made, once, in the
// reverse order; a failure has done so already.
func open(ctx context.Context, e desktop.Environment, notify func()) (c *connect.Connector, end func(), err error) {
	var ends []func()
	end = sync.OnceFunc(func() {
		for _, end := range slices.Backward(ends) {
			end()
		}
	})
	defer func() {
		if err != nil {
			end()
		}
	}()
	ports, err := e.Ports()
	if err != nil {
		return nil, end, err
	}
	home, err := desktop.Enter(e)
	if err != nil {
		return nil, end, err
	}
	ends = append(ends, home.Leave)
	home.Log.Info("begun", "version", version, "commit", desktop.Commit(commit), "system", runtime.GOOS)
	ends = append(ends, func() { home.Log.Info("ended") })
	register, err := sqlite.Open(ctx, home.Folder)
	if err != nil {
		return nil, end, err
	}
	ends = append(ends, func() { _ = register.Close() })

	client := xero.NewHTTPClient()
	flow := &oauth.Flow{HTTP: client, Log: home.Log, Ports: ports}
	api := &xero.Client{Base: xero.Address, HTTP: client}
	c = &connect.Connector{
		Authoriser: authoriser{flow}, Xero: api, Session: &keychain.Memory{}, Register: register, Opening: register.Opening(),
		Browse:   func(address string) error { return desktop.Browse(ctx, address) },
		Tell:     func(c context.Context, title, text string) error { return desktop.Tell(c, ctx, title, text) },
		ClientID: clientID, ClientIDFrom: connect.FromBuild,
		Facts: connect.Overview{
			Demo: e.Demo, RedirectAddresses: flow.RedirectAddresses(), System: runtime.GOOS,
			DataFolder: home.Folder, Version: version, Commit: desktop.Commit(commit),
		},
		Lock: desktop.LockSignIn, Now: time.Now, Notify: notify, Log: home.Log,
		Kept: home.Kept, Erase: func() []backend.Leftover { _ = register.Close(); return home.Erase() },
	}
	if e.ClientID != "" {
		c.ClientID, c.ClientIDFrom = e.ClientID, connect.FromEnvironment
	}
	unplug, err := plugIn(e, c, flow, api)
	if err != nil {
		return nil, end, err
	}
	ends = append(ends, unplug, c.Close)
	c.Start(ctx)
	return c, end, nil
}

// plugIn says whom a connector talks to, and which keychain goes with that: the
// real Xero, a test server, or the demo's simulated one.
func plugIn(e desktop.Environment, c *connect.Connector, flow *oauth.Flow, api *xero.Client) (unplug func(), err error) {
	if e.Demo {
		firm := simxero.Demo()
		firm.Clients[0].RedirectAddresses = flow.RedirectAddresses()
		sim, err := simxero.New(simxero.Options{World: firm})
		if err != nil {
			return nil, err
		}
		flow.Discovery, api.Base, c.Keychain = sim.Discovery(), sim.APIBase(), &keychain.Memory{}
		c.ClientID, c.ClientIDFrom = simxero.DemoClientID, connect.FromDemo
		return sim.Close, nil
	}
	service := realService
	if e.TestServer() != "" {
		flow.Discovery, api.Base = cmp.Or(e.Discovery, oauth.Xero.Issuer), cmp.Or(e.API, xero.Address)
		if err := errors.Join(backend.CheckLoopback(flow.Discovery), backend.CheckLoopback(api.Base)); err != nil {
			return nil, err
		}
		c.Facts.TestServer = e.TestServer()
		service = testService
	} else {
		c.TestKeychain = keychain.New(testService)
	}
	vault := keychain.New(service)
	vault.Waiting = c.KeychainWaits
	c.Keychain = vault
	return func() {}, nil
}
