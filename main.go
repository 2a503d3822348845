// Bookring connects the Xero organisations of many clients and keeps every connection
// alive. main.go wires the program, app.go holds the window's calls, backend/connect
// answers the calls.
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

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
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

// The linker sets the variables; see build/build.sh.
var (
	version  = "dev"
	commit   = ""
	clientID = ""
)

// The service names in the keychain.
const (
	realService = "app.bookring.xero.v1"
	testService = "app.bookring.test.v1"
)

// main does nothing lasting before wails.Run: Wails runs main up to there, to generate the
// window's bindings.
func main() {
	environment := desktop.ReadEnvironment(os.Args[1:], os.Getenv)
	if text := environment.VersionOrHelp(version, desktop.Commit(commit)); text != "" {
		fmt.Print(text)
		return
	}
	desktop.Harden()
	app := &App{program: connect.NewProgram(func(ctx context.Context, demo bool, notify func()) (*connect.Connector, func(), error) {
		e := environment
		e.Demo = demo
		return open(ctx, e, notify)
	})}
	err := desktop.Run(desktop.Window{
		Page: page, Icon: icon, App: app, Environment: environment,
		Opened: func(window context.Context) { app.opened(window, environment.Demo) },
		Closed: app.program.Close, MayClose: app.mayClose, FormatError: view.FormatError,
	})
	if err != nil {
		os.Exit(1)
	}
}

// open opens the data and starts a Connector. End ends everything opened, once, in the
// reverse order; a failure has called end already.
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
	home, err := desktop.OpenDataFolder(e)
	if err != nil {
		return nil, end, err
	}
	ends = append(ends, home.Close)
	home.Log.Info("begun", "version", version, "commit", desktop.Commit(commit), "system", runtime.GOOS)
	ends = append(ends, func() { home.Log.Info("ended") })
	register, err := sqlite.Open(ctx, home.Path)
	if err != nil {
		return nil, end, err
	}
	ends = append(ends, func() { _ = register.Close() })

	client := xero.NewHTTPClient()
	flow := &oauth.Flow{HTTP: client, Log: home.Log, Ports: ports}
	api := &xero.Client{Base: xero.Address, HTTP: client}
	config := connect.Config{
		Opening: register.Opening(), CloseListener: flow.Close, Changed: notify, Log: home.Log,
		Network:  desktop.WatchNetwork,
		Remind:   func(c context.Context, title, text string) error { return desktop.Notify(c, ctx, title, text) },
		ClientID: clientID, ClientIDFrom: connect.FromBuild, RedirectAddresses: flow.RedirectAddresses(),
		Demo: e.Demo, System: runtime.GOOS, DataFolder: home.Path, Version: version, Commit: desktop.Commit(commit),
	}
	if e.ClientID != "" {
		config.ClientID, config.ClientIDFrom = e.ClientID, connect.FromEnvironment
	}
	plugAdapters(&config, register, flow, api)
	config.Renewal.Lock = desktop.LockSignIn
	config.Rounds.Browse = func(address string, late func(error)) error { return desktop.Browse(ctx, address, late) }
	config.Removal.Files = home.CountFiles
	config.Removal.Erase = func() []backend.Leftover { _ = register.Close(); return home.DeleteFiles() }
	vault, unplug, err := plugServer(&config, e, flow, api)
	if err != nil {
		return nil, end, err
	}
	c = connect.New(config)
	if vault != nil {
		vault.Waiting = c.KeychainWaits
	}
	ends = append(ends, unplug, c.Close)
	c.Start(ctx)
	return c, end, nil
}

// plugAdapters gives each room its adapters.
func plugAdapters(c *connect.Config, register *sqlite.Register, flow *oauth.Flow, api *xero.Client) {
	c.Lists, c.Settings, c.Upkeep, c.Reminders = register, register, register, register
	c.Limits.Xero, c.Limits.Authoriser, c.Limits.Register = api, flow, register
	c.Renewal.Register, c.Renewal.Session = register, &keychain.Memory{}
	c.Record.Register, c.Details.Register, c.Syncing.Register = register, register, register
	c.Removal.Register, c.Recovery.Register = register, register
	c.Recovery.Issuer = flow.Issuer
	c.Rounds.Store, c.Rounds.Begin = register, rounds.Attempts(flow.Begin)
}

// plugServer chooses the authorization server, the API and the keychain: of the real Xero,
// of a test server, or of the demo's simulated Xero. Vault is the system's keychain, or nil.
func plugServer(c *connect.Config, e desktop.Environment, flow *oauth.Flow, api *xero.Client) (vault *keychain.Vault, unplug func(), err error) {
	if e.Demo {
		firm := simxero.Demo()
		firm.Clients[0].RedirectAddresses = flow.RedirectAddresses()
		sim, err := simxero.New(simxero.Options{World: firm})
		if err != nil {
			return nil, nil, err
		}
		flow.Discovery, api.Base, c.Renewal.Keychain = sim.Discovery(), sim.APIBase(), &keychain.Memory{}
		c.ClientID, c.ClientIDFrom = simxero.DemoClientID, connect.FromDemo
		return nil, sim.Close, nil
	}
	service := realService
	if e.TestServer() != "" {
		flow.Discovery, api.Base = cmp.Or(e.Discovery, oauth.Xero.Issuer), cmp.Or(e.API, xero.Address)
		if err := errors.Join(backend.CheckLoopback(flow.Discovery), backend.CheckLoopback(api.Base)); err != nil {
			return nil, nil, err
		}
		c.TestServer = e.TestServer()
		service = testService
	} else {
		c.Removal.TestKeychain = keychain.New(testService)
	}
	vault = keychain.New(service)
	c.Renewal.Keychain, c.Recovery.Watch = vault, vault.Watch
	return vault, func() {}, nil
}
