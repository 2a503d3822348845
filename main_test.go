package main

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"sync"
	"testing"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/desktop"
	"bookring/backend/oauth"
	"bookring/backend/simkeyring"
	"bookring/backend/xero"

	"github.com/zalando/go-keyring"
)

// plugged returns the configuration for a data set. The end of the test ends the demo's
// simulated Xero.
func plugged(t *testing.T, e desktop.Environment) (c connect.Config, flow *oauth.Flow, api *xero.Client, err error) {
	t.Helper()
	flow, api = &oauth.Flow{HTTP: xero.NewHTTPClient()}, &xero.Client{Base: xero.Address}
	_, unplug, err := plugServer(&c, e, flow, api)
	if err == nil {
		t.Cleanup(unplug)
	}
	return c, flow, api, err
}

// keyrings starts a simulated keyring once, on a session bus of its own: the connection to
// the bus is shared by the whole process.
var keyrings = sync.OnceValues(func() (end func(), err error) {
	address, end, err := simkeyring.StartBus(context.Background())
	if err != nil {
		return func() {}, err
	}
	_ = os.Setenv("DBUS_SESSION_BUS_ADDRESS", address) // for every test
	return end, simkeyring.New().Serve(address)
})

func TestMain(m *testing.M) {
	end, _ := keyrings()
	code := m.Run()
	end()
	os.Exit(code)
}

// keychains skips the test without a simulated keyring.
func keychains(t *testing.T) {
	t.Helper()
	if _, err := keyrings(); err != nil {
		t.Skip(err)
	}
}

// A credential in the wrong keychain would be presented to the wrong server, or deleted
// with the data of another server.
func TestEachServerHasItsOwnKeychain(t *testing.T) {
	keychains(t)
	c := backend.Credential{
		SignInKey: backend.SignInKey{Issuer: "http://localhost:1", ClientID: "client", UserID: "user"}, Refresh: backend.NewSecret("refresh"),
	}
	local := desktop.Environment{Discovery: "http://localhost:1/.well-known/openid-configuration", API: "http://localhost:1"}
	const realXero, testServer = "app.bookring.xero.v1", "app.bookring.test.v1"
	services := []string{realXero, testServer}
	for _, set := range []struct {
		name    string
		e       desktop.Environment
		service string // "" is memory
	}{
		{"Xero", desktop.Environment{}, realXero},
		{"a test server", local, testServer},
		{"another discovery document", desktop.Environment{Discovery: local.Discovery}, testServer},
		{"another API", desktop.Environment{API: local.API}, testServer},
		{"the demo", desktop.Environment{Demo: true}, ""},
	} {
		t.Run(set.name, func(t *testing.T) {
			if set.e.Discovery == "" != (set.e.API == "") {
				if _, _, _, err := plugged(t, set.e); err == nil {
					t.Error("half a test server was accepted: the other half is Xero")
				}
				return
			}
			config, _, _, err := plugged(t, set.e)
			if err != nil {
				t.Fatal(err)
			}
			if err := config.Renewal.Keychain.Save(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			for _, service := range services {
				_, err := keyring.Get(service, "index")
				if (service == set.service) == errors.Is(err, keyring.ErrNotFound) {
					t.Errorf("%s: %v", service, err)
				}
				_ = keyring.DeleteAll(service)
			}
			if (config.TestServer != "") != (set.service == testServer) { // the standing banner
				t.Errorf("the test server is %q", config.TestServer)
			}
			if emptied := config.Removal.TestKeychain; (emptied != nil) != (set.service == realXero) {
				t.Errorf("a removal also empties %v", emptied)
			}
		})
	}
}

func TestARemovalOfTheRealDataEmptiesTheKeychainOfTestServers(t *testing.T) {
	keychains(t)
	config, _, _, err := plugged(t, desktop.Environment{})
	if err != nil {
		t.Fatal(err)
	}
	for _, service := range []string{realService, testService} {
		if err := keyring.Set(service, "stray", "s"); err != nil {
			t.Fatal(err)
		}
	}
	if err := config.Removal.TestKeychain.Empty(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.Get(testService, "stray"); !errors.Is(err, keyring.ErrNotFound) {
		t.Errorf("test servers: %v", err)
	}
	if _, err := keyring.Get(realService, "stray"); err != nil {
		t.Errorf("Xero: %v", err)
	}
}

func TestTheRealDataAreReadFromXeroOnly(t *testing.T) {
	config, flow, api, err := plugged(t, desktop.Environment{})
	if err != nil || flow.Discovery != "" || api.Base != "https://api.xero.com" || config.TestServer != "" {
		t.Errorf("discovery %q, API %q, test server %q, %v", flow.Discovery, api.Base, config.TestServer, err)
	}
}

func TestATestServerOnAnotherComputerIsRefused(t *testing.T) {
	const local = "http://localhost:1"
	for _, e := range []desktop.Environment{
		{Discovery: "https://evil.example", API: local}, {Discovery: local, API: "https://evil.example"}, {Discovery: "http://localhost.evil.example", API: local},
	} {
		if _, _, _, err := plugged(t, e); backend.CodeOf(err) != backend.NotLoopback {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

// The window needs a display, so the test reads the order of the calls.
func TestMainHardensTheProcessBeforeTheWindowOpens(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var calls []string
	for _, declared := range file.Decls {
		if f, ok := declared.(*ast.FuncDecl); ok && f.Name.Name == "main" {
			for _, statement := range f.Body.List {
				ast.Inspect(statement, func(n ast.Node) bool {
					if call, ok := n.(*ast.CallExpr); ok {
						if s, ok := call.Fun.(*ast.SelectorExpr); ok {
							calls = append(calls, s.Sel.Name)
						}
					}
					return true
				})
			}
		}
	}
	harden, run := slices.Index(calls, "Harden"), slices.Index(calls, "Run")
	if harden < 0 || run < 0 || harden > run {
		t.Errorf("main calls %v", calls)
	}
}
