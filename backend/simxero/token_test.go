package simxero_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bookring/backend/simxero"

	"github.com/coreos/go-oidc/v3/oidc"
)

func TestTheTokensHaveXerosFormat(t *testing.T) {
	a := start(t, simxero.Demo())
	r := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	same(t, "type, life and scope", []any{r.fields["token_type"], r.fields["expires_in"], r.fields["scope"]}, []any{"Bearer", 1800, scopes})
	same(t, "cache control", strings.Contains(r.header.Get("Cache-Control"), "no-store"), true)
	same(t, "length of the refresh token", len(r.text("refresh_token")), 256)
	for token, length := range map[string][2]int{"id_token": {1100, 1300}, "access_token": {1200, 1600}} {
		if n := len(r.text(token)); n < length[0] || n > length[1] {
			t.Errorf("%s has %d characters", token, n)
		}
	}
	jo := simxero.Demo().Person("Jo Whitmore")
	id, access := claims(t, r.text("id_token")), claims(t, r.text("access_token"))
	same(t, "identity", []any{id["iss"], id["aud"], id["nonce"], id["sub"], id["xero_userid"], id["email"], id["given_name"], id["family_name"]},
		[]any{a.server.Issuer(), simxero.DemoClientID, "the nonce", jo.Subject, jo.ID, jo.Email, "Jo", "Whitmore"})
	same(t, "times of the id_token", []any{id["iat"], id["nbf"], id["exp"], id["auth_time"]}, []any{noon.Unix(), noon.Unix(), noon.Unix() + 300, noon.Unix()})
	same(t, "times of the access token", access["exp"], noon.Unix()+1800)
	same(t, "scopes", access["scope"], strings.Fields(scopes))
	same(t, "event", access["authentication_event_id"], a.connections(r)[0].AuthEventID)
	if _, there := id["authentication_event_id"]; there {
		t.Error("the id_token has the event")
	}
	for pattern, value := range map[string]any{`^[0-9a-f]{32}$`: id["sub"], `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`: id["xero_userid"], `^[0-9A-F]{32}$`: id["aud"]} {
		if text, _ := value.(string); !regexp.MustCompile(pattern).MatchString(text) {
			t.Errorf("%v is not %s", value, pattern)
		}
	}
}

func TestTheIdentityTokenVerifiesWithThePublishedKeys(t *testing.T) {
	a := start(t, simxero.Demo(), func(o *simxero.Options) { o.Now = nil })
	ctx := oidc.ClientContext(t.Context(), a.http)
	provider, err := oidc.NewProvider(ctx, a.server.Issuer())
	if err != nil {
		t.Fatal(err)
	}
	r := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	token, err := provider.Verifier(&oidc.Config{ClientID: simxero.DemoClientID}).Verify(ctx, r.text("id_token"))
	if err != nil {
		t.Fatal(err)
	}
	if err := token.VerifyAccessToken(r.text("access_token")); err != nil {
		t.Errorf("at_hash: %v", err)
	}
	info := a.must(http.MethodGet, provider.UserInfoEndpoint(), nil, map[string]string{"Authorization": "Bearer " + r.text("access_token")})
	same(t, "userinfo", info.text("sub"), token.Subject)
}

func TestACodeIsValidOnceForFiveMinutesAndForTheSameRequest(t *testing.T) {
	for _, c := range []struct {
		name  string
		wait  time.Duration
		twist []string
		error string
	}{
		{name: "good"},
		{name: "at the end of the five minutes", wait: 5 * time.Minute},
		{name: "too late", wait: 5*time.Minute + 1, error: "invalid_grant"},
		{name: "another verifier", twist: []string{"code_verifier", strings.Repeat("x", 43)}, error: "invalid_grant"},
		{name: "no verifier", twist: []string{"code_verifier", ""}, error: "invalid_grant"},
		{name: "another redirect", twist: []string{"redirect_uri", simxero.RedirectAddresses()[1]}, error: "invalid_grant"},
		{name: "unknown code", twist: []string{"code", "nothing"}, error: "invalid_grant"},
		{name: "unknown client", twist: []string{"client_id", strings.Repeat("A", 32)}, error: "invalid_client"},
		{name: "empty client", twist: []string{"client_id", ""}, error: "unauthorized_client"},
		{name: "no grant type", twist: []string{"grant_type", ""}, error: "unsupported_grant_type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := start(t, simxero.Demo())
			code := a.allow(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets").Get("code")
			a.clock.Advance(c.wait)
			r := a.exchange(code, c.twist...)
			same(t, "error", r.text("error"), c.error)
			same(t, "refused", r.status == http.StatusBadRequest, c.error != "")
			if c.error == "" {
				same(t, "the second time", a.exchange(code).text("error"), "invalid_grant")
			}
		})
	}
}

func TestACodeIsCaseSensitiveAndAVerifierHas43To128Characters(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	code := a.allow(v, "Jo Whitmore", "Calder Street Vets").Get("code")
	same(t, "another case", a.exchange(strings.Map(swapCase, code)).text("error"), "invalid_grant")
	for _, verifier := range []string{strings.Repeat("a", 42), strings.Repeat("a", 129), strings.Repeat("a", 42) + "é", strings.Repeat("a", 43) + "="} {
		a.verifier = verifier
		code := a.callback(v.Continue(t.Context(), a.link(), "Jo Whitmore")).Get("code")
		same(t, "verifier "+verifier, a.exchange(code).text("error"), "invalid_grant")
	}
	a.verifier = strings.Repeat("a", 128)
	code = a.callback(v.Continue(t.Context(), a.link(), "Jo Whitmore")).Get("code")
	same(t, "a verifier of 128", a.exchange(code).status, 200)
}

func swapCase(r rune) rune {
	if lower := []rune(strings.ToLower(string(r)))[0]; lower != r {
		return lower
	}
	return []rune(strings.ToUpper(string(r)))[0]
}

func TestARefusedExchangeUsesUpTheCode(t *testing.T) {
	a := start(t, simxero.Demo())
	code := a.allow(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets").Get("code")
	a.exchange(code, "code_verifier", strings.Repeat("x", 43))
	same(t, "with the right verifier", a.exchange(code).text("error"), "invalid_grant")
}

func TestTheTokenEndpointAcceptsOnlyAFormWithoutASecret(t *testing.T) {
	a := start(t, simxero.Demo())
	code := a.allow(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets").Get("code")
	endpoint := a.server.Issuer() + "/connect/token"
	r := a.must(http.MethodPost, endpoint, strings.NewReader(`{"grant_type":"authorization_code"}`), map[string]string{"Content-Type": "application/json"})
	same(t, "a JSON body", r.text("error"), "unsupported_grant_type")
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {simxero.DemoClientID}, "code": {code}}
	r = a.must(http.MethodPost, endpoint, strings.NewReader(form.Encode()),
		map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic eDp5"})
	same(t, "an Authorization header", r.text("error"), "invalid_client")
	same(t, "the code after that", a.exchange(code).status, 200)
}

func TestWithoutOfflineAccessThereIsNoRefreshToken(t *testing.T) {
	a := start(t, simxero.Demo())
	link := a.link("scope", "openid accounting.settings.read")
	q := a.callback(a.server.Visitor().Allow(t.Context(), link, "Jo Whitmore", "Calder Street Vets"))
	r := a.exchange(q.Get("code"))
	same(t, "fields", []bool{r.text("refresh_token") == "", r.text("access_token") == ""}, []bool{true, false})
	if _, there := claims(t, r.text("id_token"))["email"]; there {
		t.Error("the id_token has the e-mail address without the scope")
	}
}

func TestANewAuthorisationMayEndOlderTokens(t *testing.T) {
	for _, end := range []bool{false, true} {
		a := start(t, simxero.Demo(), func(o *simxero.Options) { o.Switches.EndOlderTokens = end })
		v := a.server.Visitor()
		older := a.signIn(v, "Jo Whitmore", "Calder Street Vets")
		newer := a.signIn(v, "Jo Whitmore", "Fjord Analytics Ltd")
		same(t, "older refused", a.renew(older.text("refresh_token")).text("error") == "invalid_grant", end)
		same(t, "newer", a.renew(newer.text("refresh_token")).status, 200)
	}
}

func TestSecretsReturnsEveryIssuedToken(t *testing.T) {
	a := start(t, simxero.Demo())
	q := a.allow(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	a.server.Fail(simxero.Renewal, simxero.WrongIdentity(simxero.OtherNonce))
	first := a.exchange(q.Get("code"))
	second := a.renew(first.text("refresh_token"))
	secrets := a.server.Secrets()
	for _, secret := range []string{
		q.Get("code"), first.text("access_token"), first.text("refresh_token"), first.text("id_token"),
		second.text("access_token"), second.text("refresh_token"), second.text("id_token"),
	} {
		if secret == "" || !slices.Contains(secrets, secret) {
			t.Errorf("%.20q… is not among the secrets", secret)
		}
	}
}
