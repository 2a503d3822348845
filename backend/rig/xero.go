package rig

import (
	"net/http"
	"testing"

	"bookring/backend"
	"bookring/backend/simxero"
	"bookring/backend/xero"
)

// StartXero starts a simulated Xero until the end of the test.
func StartXero(t testing.TB, o simxero.Options) *simxero.Server {
	t.Helper()
	server, err := simxero.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// HTTPClient returns the HTTP client of the adapters. The idle connections of the client's
// present transport end with the test.
func HTTPClient(t testing.TB) *http.Client {
	t.Helper()
	client := xero.NewHTTPClient()
	t.Cleanup((&http.Client{Transport: client.Transport}).CloseIdleConnections)
	return client
}

// Key returns the key of a user's sign-in to a simulated Xero.
func Key(server *simxero.Server, user simxero.Person) backend.SignInKey {
	return backend.SignInKey{Issuer: server.Issuer(), ClientID: simxero.DemoClientID, UserID: user.ID}
}

// ConnectAll connects every organisation with a role for a user, for every user.
func ConnectAll(w *simxero.World) {
	for _, user := range w.People {
		for _, organisation := range w.Organisations {
			if _, member := w.Roles[simxero.Membership{Person: user.ID, Organisation: organisation.ID}]; member {
				w.Connected = append(w.Connected, simxero.Link{Person: user.ID, Organisation: organisation.ID, Client: simxero.DemoClientID})
			}
		}
	}
}
