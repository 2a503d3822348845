package xero_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"golang.org/x/oauth2"

	"bookring/backend"
	"bookring/backend/rig"
	"bookring/backend/simxero"
	"bookring/backend/xero"
)

// The simulated Xero follows Xero's API description and shares no code with package
// xero, so a misspelt field in package xero fails a test.

func TestASignInReadsItsConnections(t *testing.T) {
	server, c := simulated(t)
	world := server.World()
	token := signIn(t, server, world.People[0].Name(), world.Organisations[0].Name, world.Organisations[1].Name)
	listed, err := c.Connections(t.Context(), token)
	if err != nil || len(listed.Connections) != 2 {
		t.Fatalf("%d connections, %v", len(listed.Connections), err)
	}
	byID := map[string]simxero.Organisation{}
	for _, o := range world.Organisations {
		byID[o.ID] = o
	}
	for _, l := range listed.Connections {
		o := byID[l.OrganisationID]
		if l.Name != o.Name || l.Type != backend.OrganisationType || l.ID == "" || l.AuthEventID == "" || l.CreatedAt.IsZero() || l.UpdatedAt.IsZero() {
			t.Errorf("%+v is not %+v", l, o)
		}
		d, err := c.Details(t.Context(), token, l.OrganisationID)
		if err != nil || len(d.Country) != 2 || len(d.Currency) != 3 {
			t.Errorf("%s: %+v, %v", l.Name, d, err)
		}
	}
}

func TestARefusalOfXeroIsReported(t *testing.T) {
	server, c := simulated(t)
	world := server.World()
	person, organisation := world.People[0], world.Organisations[0]
	token := signIn(t, server, person.Name(), organisation.Name)
	details := func() error {
		_, err := c.Details(t.Context(), token, organisation.ID)
		return err
	}
	list := func() error {
		_, err := c.Connections(t.Context(), token)
		return err
	}
	for want, fault := range map[backend.Code]simxero.Fault{
		backend.XeroRateLimit:   simxero.RateLimited("minute", "30"),
		backend.XeroUnavailable: simxero.EdgePage(http.StatusServiceUnavailable),
		backend.XeroError:       simxero.StatusFault(http.StatusInternalServerError),
		backend.NetworkSignIn:   simxero.CaptivePortal(http.StatusOK),
		backend.XeroUnreadable:  simxero.HalfBody(),
	} {
		for endpoint, call := range map[simxero.Endpoint]func() error{simxero.Connections: list, simxero.Details: details} {
			server.Fail(endpoint, fault.Once())
			fails(t, want, call())
		}
	}
	if err := details(); err != nil {
		t.Errorf("after the faults: %v", err)
	}
	server.DisconnectInXero(person.ID, organisation.ID)
	fails(t, backend.XeroForbidden, details())
	server.Revoke(person.ID, simxero.DemoClientID)
	fails(t, backend.XeroUnauthorised, list())
}

func simulated(t *testing.T) (*simxero.Server, *xero.Client) {
	t.Helper()
	server := rig.StartXero(t, simxero.Options{})
	return server, &xero.Client{Base: server.APIBase(), HTTP: rig.HTTPClient(t)}
}

// signIn signs a user in, in place of package oauth.
func signIn(t *testing.T, server *simxero.Server, person string, organisations ...string) backend.Token {
	t.Helper()
	verifier := oauth2.GenerateVerifier()
	config := oauth2.Config{
		ClientID:    simxero.DemoClientID,
		RedirectURL: simxero.RedirectAddresses()[0],
		Scopes:      []string{"openid", "profile", "email", "offline_access", "accounting.settings.read"},
		Endpoint: oauth2.Endpoint{
			AuthURL:   server.SignInBase() + "/identity/connect/authorize",
			TokenURL:  server.Issuer() + "/connect/token",
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
	visitor := server.Visitor()
	var back string
	for _, organisation := range organisations {
		link := config.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier))
		address, err := visitor.Allow(t.Context(), link, person, organisation)
		if err != nil {
			t.Fatal(err)
		}
		back = address
	}
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, xero.NewHTTPClient())
	token, err := config.Exchange(ctx, u.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	return backend.Token{Access: backend.NewSecret(token.AccessToken)}
}
