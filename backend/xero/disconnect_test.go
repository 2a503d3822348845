package xero_test

import (
	"net/http"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/simxero"
	"bookring/backend/xero"
)

func TestDisconnectTakesTheConnectionID(t *testing.T) {
	server, c := simulated(t)
	world := server.World()
	token := signIn(t, server, world.People[0].Name(), world.Organisations[0].Name, world.Organisations[1].Name)
	listed, err := c.Connections(t.Context(), token)
	if err != nil || len(listed.Connections) != 2 {
		t.Fatalf("%d connections, %v", len(listed.Connections), err)
	}
	fails(t, backend.XeroForbidden, c.Disconnect(t.Context(), token, listed.Connections[0].OrganisationID))
	for range 2 { // Xero answers the second call with 404
		if err := c.Disconnect(t.Context(), token, listed.Connections[0].ID); err != nil {
			t.Error(err)
		}
	}
	left, err := c.Connections(t.Context(), token)
	if err != nil || len(left.Connections) != 1 || left.Connections[0].ID != listed.Connections[1].ID {
		t.Errorf("left are %v, %v", left, err)
	}
	if n := len(server.Requests(simxero.Revocation)); n != 0 {
		t.Errorf("%d revocations", n)
	}
}

func TestAFailedDisconnectIsReported(t *testing.T) {
	server, c := simulated(t)
	world := server.World()
	token := signIn(t, server, world.People[0].Name(), world.Organisations[0].Name)
	listed, err := c.Connections(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	for name, fault := range map[string]struct {
		fault simxero.Fault
		code  backend.Code
	}{
		"401":             {simxero.StatusFault(401), backend.XeroUnauthorised},
		"429":             {simxero.RateLimited("minute", "30"), backend.XeroRateLimit},
		"500":             {simxero.StatusFault(500), backend.XeroError},
		"503":             {simxero.EdgePage(503), backend.XeroUnavailable},
		"captive portal":  {simxero.CaptivePortal(200), backend.NetworkSignIn},
		"an edge's 404":   {simxero.EdgePage(404), backend.RefusedOnTheWay},
		"a portal's page": {simxero.CaptivePortal(302), backend.NetworkSignIn},
	} {
		server.Fail(simxero.Disconnect, fault.fault.Once())
		t.Run(name, func(t *testing.T) { fails(t, fault.code, c.Disconnect(t.Context(), token, listed.Connections[0].ID)) })
	}
	if left, err := c.Connections(t.Context(), token); err != nil || len(left.Connections) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestDisconnectSendsOnlyAConnectionID(t *testing.T) {
	c := &xero.Client{Base: xero.Address, HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		t.Error("a request left")
		return nil, http.ErrHandlerTimeout
	})}}
	for _, id := range []string{"", "../connections", organisation + "/..", organisation + "?x", strings.Repeat("a", 36)} {
		fails(t, backend.Unexpected, c.Disconnect(t.Context(), token, id))
	}
}
