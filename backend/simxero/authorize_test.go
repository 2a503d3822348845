package simxero_test

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bookring/backend/simxero"
)

func TestEachSignInConnectsAFurtherOrganisation(t *testing.T) {
	a := start(t, simxero.Demo())
	jo := a.server.Visitor()
	first := a.signIn(jo, "Jo Whitmore", "Calder Street Vets")
	same(t, "after the first", a.names(first), []string{"Calder Street Vets"})
	second := a.signIn(jo, "Jo Whitmore", "Kererū Joinery Ltd")
	same(t, "after the second", a.names(second), []string{"Calder Street Vets", "Kererū Joinery Ltd"})
	same(t, "with the older token set", a.names(first), a.names(second))
}

func TestTheThreeHostsHaveDifferentAddresses(t *testing.T) {
	a := start(t, simxero.Demo())
	d := a.must(http.MethodGet, a.server.Discovery(), nil, nil)
	same(t, "issuer", d.text("issuer"), a.server.Issuer())
	for _, endpoint := range []string{"token_endpoint", "jwks_uri", "userinfo_endpoint", "revocation_endpoint"} {
		if !strings.HasPrefix(d.text(endpoint), a.server.Issuer()+"/") {
			t.Errorf("%s is %s", endpoint, d.text(endpoint))
		}
	}
	if !strings.HasPrefix(d.text("authorization_endpoint"), a.server.SignInBase()+"/") {
		t.Errorf("authorization_endpoint is %s", d.text("authorization_endpoint"))
	}
	hosts := []string{a.server.Issuer(), a.server.SignInBase(), a.server.APIBase()}
	slices.Sort(hosts)
	same(t, "different hosts", len(slices.Compact(hosts)), 3)
	for _, host := range hosts {
		if !strings.HasPrefix(host, "http://127.0.0.1:") {
			t.Errorf("%s is not on loopback", host)
		}
	}
}

func TestTheCallbackHasXerosFields(t *testing.T) {
	a := start(t, simxero.Demo())
	address, err := a.server.Visitor().Allow(t.Context(), a.link("state", "a b&c=%"), "Jo Whitmore", "Calder Street Vets")
	q := a.callback(address, err)
	var order []string
	_, query, _ := strings.Cut(address, "?")
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		order = append(order, name)
	}
	same(t, "fields, and no iss", order, []string{"code", "scope", "state", "session_state"})
	same(t, "state", q.Get("state"), "a b&c=%")
	same(t, "scope", q.Get("scope"), scopes)
	same(t, "length of the code", len(q.Get("code")), 43)
	if !regexp.MustCompile(`^[\w-]{43}\.[\w-]{22}$`).MatchString(q.Get("session_state")) {
		t.Errorf("session_state is %q", q.Get("session_state"))
	}
	a.server.Switch(func(s *simxero.Switches) { s.CallbackIssuer = "https://example.invalid" })
	same(t, "iss when switched on", a.allow(a.server.Visitor(), "Jo Whitmore", "Fjord Analytics Ltd").Get("iss"), "https://example.invalid")
}

func TestABadAuthorizationRequestEndsOnTheErrorPage(t *testing.T) {
	const redirect = "unauthorized_client : Invalid redirect_uri"
	for _, c := range []struct{ field, value, text string }{
		{"client_id", "", "unauthorized_client : Unknown client or client not enabled"},
		{"client_id", strings.ToLower(simxero.DemoClientID), "unauthorized_client : Unknown client or client not enabled"},
		{"redirect_uri", "", redirect},
		{"redirect_uri", "http://127.0.0.1:10742/callback", redirect},
		{"redirect_uri", "http://localhost:10743/callback", redirect},
		{"redirect_uri", "http://localhost:10742/callback/", redirect},
		{"redirect_uri", "http://localhost:10742/Callback", redirect},
		{"redirect_uri", "http://localhost/callback", redirect},
		{"redirect_uri", "http://localhost:*/callback", redirect},
		{"redirect_uri", "bookring://callback", redirect},
		{"redirect_uri", "https://localhost:10742/callback", redirect},
		{"scope", "", "invalid_scope"},
		{"scope", "openid acounting.settings.read", "invalid_scope"},
		{"scope", "openid accounting.reports.balancesheets.read", "invalid_scope"},
		{"scope", "openid accounting.transactions", "unauthorized_client : Invalid scope for client"},
		{"scope", "openid accounting.reports.read", "unauthorized_client : Invalid scope for client"},
		{"scope", "openid accounting.journals.read", "unauthorized_client : Invalid scope for client"},
		{"scope", "openid payroll.employees", "unauthorized_client : Invalid scope for client"},
		{"response_type", "token", "unsupported_response_type"},
		{"code_challenge", "", "invalid_request : code challenge required"},
		{"code_challenge", "too-short", "invalid_request : Invalid code challenge"},
		{"code_challenge_method", "plain", "invalid_request : Transform algorithm not supported"},
		{"code_challenge_method", "", "invalid_request : Transform algorithm not supported"},
	} {
		t.Run(c.field+"="+c.value, func(t *testing.T) {
			a := start(t, simxero.Demo())
			a.stuck(a.link(c.field, c.value), "/identity/error", "Sorry, something went wrong", "Error code: 500", "Error: "+c.text)
		})
	}
}

// stuck opens a link and requires the browser to end on a page of Xero with the texts.
func (a *app) stuck(link, path string, texts ...string) {
	a.t.Helper()
	p, err := a.server.Visitor().Open(a.t.Context(), link)
	if err != nil {
		a.t.Fatal(err)
	}
	u, err := url.Parse(p.Address)
	if err != nil || !strings.HasPrefix(p.Address, a.server.SignInBase()) || u.Path != path {
		a.t.Fatalf("ended on %s", p.Address)
	}
	for _, text := range texts {
		if !strings.Contains(p.Body, text) {
			a.t.Errorf("the page does not say %q:\n%s", text, p.Body)
		}
	}
}

func TestARepeatedFieldEndsOnTheErrorPage(t *testing.T) {
	a := start(t, simxero.Demo())
	a.stuck(a.link()+"&state=other", "/identity/error", "duplicate state")
	a.stuck(a.link()+"&x=%zz", "/identity/error", "malformed query")
}

func TestAnAppRegisteredBeforeMarch2026MayRequestBroadScopes(t *testing.T) {
	w := simxero.Demo()
	w.Clients[0].Classic = true
	a := start(t, w)
	link := a.link("scope", "openid accounting.transactions")
	a.callback(a.server.Visitor().Allow(t.Context(), link, "Jo Whitmore", "Calder Street Vets"))
}

func TestADisabledClientIsUnknown(t *testing.T) {
	w := simxero.Demo()
	w.Clients[0].Disabled = true
	a := start(t, w)
	a.stuck(a.link(), "/identity/error", "Unknown client or client not enabled")
}

func TestTheBrowserStaysSignedInUntilLogout(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	sam := a.signIn(v, "Sam Adeyemi", "Abernathy & Sons Builders")
	p, err := v.Open(t.Context(), a.link())
	if err != nil || !strings.Contains(p.Body, "You are signed in as <b>Sam Adeyemi</b>") {
		t.Fatalf("the second authorization asked for the user again: %v %s", err, p.Address)
	}
	if !strings.Contains(p.Body, "Sign in as someone else") {
		t.Error("the page lacks the link for another user")
	}
	jo := a.signIn(v, "Jo Whitmore", "Calder Street Vets")
	if claims(t, sam.text("id_token"))["xero_userid"] == claims(t, jo.text("id_token"))["xero_userid"] {
		t.Error("the browser did not change the user")
	}
	if p, err = v.Open(t.Context(), a.server.Logout()); err != nil || p.Address != a.server.Logout() {
		t.Fatalf("logout went on to %s (%v)", p.Address, err)
	}
	if p, err = v.Open(t.Context(), a.link()); err != nil || !strings.Contains(p.Body, "Who is signing in?") {
		t.Fatalf("after logout the browser is still signed in (%v)", err)
	}
}

func TestCancelReturnsAccessDenied(t *testing.T) {
	a := start(t, simxero.Demo())
	same(t, "callback", a.callback(a.server.Visitor().Cancel(t.Context(), a.link(), "Jo Whitmore")), url.Values{
		"error": {"access_denied"}, "error_description": {"TenantConsent status DENIED"}, "state": {"the state"},
	})
}

func TestAnAuthorizationRequestIsAnsweredOnlyOnce(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	p, err := v.Open(t.Context(), a.link())
	if err != nil {
		t.Fatal(err)
	}
	a.signIn(v, "Jo Whitmore", "Calder Street Vets")
	consent := strings.Replace(p.Address, "/identity/login", "/consent", 1)
	if _, err := v.Cancel(t.Context(), consent, "Jo Whitmore"); err != nil {
		t.Fatalf("an unanswered request was lost: %v", err)
	}
	if _, err := v.Cancel(t.Context(), consent, "Jo Whitmore"); !errors.Is(err, simxero.ErrStuck) {
		t.Errorf("an answered request was answered again: %v", err)
	}
}
