package oauth_test

import (
	"go/parser"
	"go/token"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"bookring/backend/oauth"
	"bookring/backend/simxero"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
)

// random reports whether a text can be 256 bits in base64url (RFC 7636 section
// 4.1).
func random(s string) bool {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return len(s) == 43 && strings.Trim(s, alphabet) == ""
}

func TestTheLinkIsXerosDocumentedRequest(t *testing.T) {
	s := alone(t)
	a := s.begin()
	u, err := url.Parse(a.Link())
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if !random(q.Get(name)) || len(q[name]) != 1 {
			t.Errorf("%s is %q", name, q[name])
		}
		q.Del(name)
	}
	want := url.Values{
		"response_type":         {"code"},
		"client_id":             {simxero.DemoClientID},
		"redirect_uri":          {"http://localhost:" + strconv.Itoa(s.ports[0]) + "/callback"},
		"scope":                 {"openid profile email offline_access accounting.settings.read"},
		"code_challenge_method": {"S256"},
	}
	if diff := cmp.Diff(want, q); diff != "" {
		t.Error(diff)
	}
	u.RawQuery = ""
	if u.String() != "https://login.xero.com/identity/connect/authorize" {
		t.Errorf("sent to %s", u)
	}
}

func TestXerosAddressesArePinned(t *testing.T) {
	want := oauth.Server{
		Issuer:       "https://identity.xero.com",
		AuthorizeURL: "https://login.xero.com/identity/connect/authorize",
		TokenURL:     "https://identity.xero.com/connect/token",
		KeysURL:      "https://identity.xero.com/.well-known/openid-configuration/jwks",
		RevokeURL:    "https://identity.xero.com/connect/revocation",
	}
	if oauth.Xero != want {
		t.Errorf("got %+v", oauth.Xero)
	}
}

func TestTheRedirectAddressIsTheSameInBothRequests(t *testing.T) {
	for name, squat := range map[string]bool{"first port": false, "second port": true} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			if squat {
				occupy(t, "127.0.0.1", s.ports[0])
			}
			a := s.begin()
			ended := s.follow(a)
			s.open(s.allow(a))
			if e := <-ended; e.err != nil {
				t.Fatal(e.err)
			}
			authorize, exchange := s.xero.Requests(simxero.Authorize)[0], s.xero.Requests(simxero.Exchange)[0]
			asked := authorize.URL.Query().Get("redirect_uri")
			if sent := exchange.Form.Get("redirect_uri"); sent != asked || (asked == oauth.RedirectURI(s.ports[0])) == squat {
				t.Errorf("%q, then %q", asked, sent)
			}
			verifier := exchange.Form.Get("code_verifier")
			if !random(verifier) || oauth2.S256ChallengeFromVerifier(verifier) != authorize.URL.Query().Get("code_challenge") {
				t.Error("the verifier does not fit the challenge")
			}
			delete(exchange.Form, "code_verifier")
			want := url.Values{
				"grant_type": {"authorization_code"}, "client_id": {simxero.DemoClientID},
				"code": exchange.Form["code"], "redirect_uri": {asked},
			}
			if diff := cmp.Diff(want, exchange.Form); diff != "" {
				t.Error(diff)
			}
			if h := exchange.Header; exchange.Method != http.MethodPost || h.Get("Authorization") != "" || h.Get("Accept") != "application/json" {
				t.Errorf("%s with %v", exchange.Method, h)
			}
		})
	}
}

func TestTheChallengeFollowsRFC7636(t *testing.T) {
	if got := oauth2.S256ChallengeFromVerifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"); got != "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" {
		t.Errorf("appendix B gives %s", got)
	}
}

func TestVerifiersAndStatesAreNeverTheSame(t *testing.T) {
	for name, make := range map[string]func() string{"verifier": oauth2.GenerateVerifier, "state": oauth.Random} {
		seen := map[string]bool{}
		for range 100_000 {
			v := make()
			if !random(v) || seen[v] {
				t.Fatalf("%s %q", name, v)
			}
			seen[v] = true
		}
	}
}

func TestEveryAttemptHasItsOwnVerifierStateAndNonce(t *testing.T) {
	s := alone(t)
	seen := map[string]bool{}
	for range 8 {
		a, err := s.flow.Begin(t.Context(), simxero.DemoClientID)
		if err != nil {
			t.Fatal(err)
		}
		link, err := url.Parse(a.Link())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"state", "nonce", "code_challenge"} {
			value := link.Query().Get(name)
			if !random(value) || seen[value] {
				t.Errorf("%s is %q", name, value)
			}
			seen[value] = true
		}
		if method := link.Query().Get("code_challenge_method"); method != "S256" {
			t.Errorf("the method is %s", method)
		}
	}
}

func TestNothingIsMadeOfPredictableNumbers(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if strings.HasPrefix(i.Path.Value, `"math/rand`) && !strings.HasSuffix(name, "_test.go") {
				t.Errorf("%s imports %s", name, i.Path.Value)
			}
		}
	}
}

func TestTheEightRedirectAddresses(t *testing.T) {
	want := []string{
		"http://localhost:10742/callback", "http://localhost:15742/callback", "http://localhost:20742/callback",
		"http://localhost:25742/callback", "http://localhost:30742/callback", "http://localhost:35742/callback",
		"http://localhost:40742/callback", "http://localhost:45742/callback",
	}
	if diff := cmp.Diff(want, (&oauth.Flow{}).RedirectAddresses()); diff != "" {
		t.Error(diff)
	}
}

// occupy listens on a port as another program.
func occupy(t *testing.T, host string, port int) {
	t.Helper()
	ln, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port))) //nolint:noctx // binding loopback does not wait
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
}
