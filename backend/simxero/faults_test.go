package simxero_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"bookring/backend/simxero"

	"github.com/coreos/go-oidc/v3/oidc"
)

func TestAFaultWithAStatusHasNoEffectAtXero(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 429, 500, 503} {
		a := start(t, simxero.Demo())
		code := a.allow(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets").Get("code")
		f := a.server.Fail(simxero.Token, simxero.StatusFault(status).Once())
		r := a.exchange(code)
		same(t, "status", []any{r.status, r.fields["Status"]}, []any{status, status})
		same(t, "the next request", a.exchange(code).status, 200)
		same(t, "met", f.Met(), 1)
	}
}

func TestEachCommonFaultGivesItsAnswer(t *testing.T) {
	later := noon.Add(time.Minute).Format(http.TimeFormat)
	for what, c := range map[string]struct {
		fault  simxero.Fault
		status int
		header [2]string
		body   string
	}{
		"rate limit, seconds":        {simxero.RateLimited("minute", "30"), 429, [2]string{"Retry-After", "30"}, ""},
		"rate limit, date":           {simxero.RateLimited("day", later), 429, [2]string{"Retry-After", later}, ""},
		"rate limit, no Retry-After": {simxero.RateLimited("day", ""), 429, [2]string{"Retry-After", ""}, ""},
		"OAuth error":                {simxero.OAuthFault("invalid_grant", "why"), 400, [2]string{"Content-Type", "application/json; charset=utf-8"}, `"error_description":"why"`},
		"edge":                       {simxero.EdgePage(403), 403, [2]string{"Content-Type", "text/html"}, "<h1>Forbidden</h1>"},
		"portal, page":               {simxero.CaptivePortal(200), 200, [2]string{"Content-Type", "text/html; charset=utf-8"}, "Guest network"},
		"portal, redirect":           {simxero.CaptivePortal(302), 302, [2]string{"Location", "http://portal.invalid/sign-in"}, ""},
		"portal, 511":                {simxero.CaptivePortal(511), 511, [2]string{"Content-Type", "text/html; charset=utf-8"}, "Guest network"},
		"redirect 301":               {simxero.RedirectTo(301, "http://elsewhere.invalid/"), 301, [2]string{"Location", "http://elsewhere.invalid/"}, ""},
		"redirect 307":               {simxero.RedirectTo(307, "http://elsewhere.invalid/"), 307, [2]string{"Location", "http://elsewhere.invalid/"}, ""},
		"HTML as JSON":               {simxero.NotJSON(), 200, [2]string{"Content-Type", "application/json; charset=utf-8"}, "<html>"},
		"empty body":                 {simxero.EmptyBody(), 200, [2]string{"Content-Length", "0"}, ""},
		"half of the body":           {simxero.HalfBody(), 200, [2]string{"Content-Type", "application/json; charset=utf-8"}, `"issuer"`},
		"a header on good JSON":      {simxero.Fault{Header: http.Header{"Age": {"9"}}}, 200, [2]string{"Age", "9"}, `"issuer"`},
	} {
		t.Run(what, func(t *testing.T) {
			a := start(t, simxero.Demo())
			whole := a.must(http.MethodGet, a.server.Discovery(), nil, nil).body
			a.server.Fail(simxero.Discovery, c.fault)
			r := a.must(http.MethodGet, a.server.Discovery(), nil, nil)
			same(t, "status", r.status, c.status)
			same(t, c.header[0], r.header.Get(c.header[0]), c.header[1])
			if what != "half of the body" && !strings.Contains(r.body, c.body) {
				t.Errorf("body: %s", r.body)
			}
			if what == "half of the body" && r.body != whole[:len(whole)/2] {
				t.Errorf("%d of %d bytes", len(r.body), len(whole))
			}
			a.server.Heal()
			same(t, "healed", a.must(http.MethodGet, a.server.Discovery(), nil, nil).body, whole)
		})
	}
}

func TestAConnectionCanBreakAtEveryPoint(t *testing.T) {
	for loss, c := range map[simxero.Loss]struct {
		exchanged bool
		err       error
		share     float64
	}{
		simxero.BeforeWork: {false, io.EOF, 0},
		simxero.AnswerLost: {true, io.EOF, 0},
		simxero.InTheBody:  {true, io.ErrUnexpectedEOF, 0.5},
		simxero.AtTheEnd:   {true, io.ErrUnexpectedEOF, 1},
	} {
		a := start(t, simxero.Demo())
		whole := len(a.signIn(a.server.Visitor(), "Jo Whitmore", "Fjord Analytics Ltd").body)
		code := a.allow(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets").Get("code")
		a.server.Fail(simxero.Exchange, simxero.Fault{Lose: loss, Times: 1})
		form := url.Values{
			"grant_type": {"authorization_code"}, "client_id": {simxero.DemoClientID}, "code": {code},
			"redirect_uri": {simxero.RedirectAddresses()[0]}, "code_verifier": {a.verifier},
		}
		r, err := a.try("/connect/token", form)
		if !errors.Is(err, c.err) {
			t.Errorf("loss %d: %v", loss, err)
		}
		if got := float64(len(r.body)) / float64(whole); got < c.share-0.05 || got > c.share+0.05 {
			t.Errorf("loss %d: %.2f of the body", loss, got)
		}
		same(t, "the code was used up", a.exchange(code).text("error") == "invalid_grant", c.exchanged)
	}
}

func TestAStalledRequestWaitsUntilReleasedOrCancelled(t *testing.T) {
	a := start(t, simxero.Demo())
	stalled := a.server.Fail(simxero.Keys, simxero.Stalled())
	keys := a.server.Discovery() + "/jwks"
	ctx, giveUp := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	ask := func(ctx context.Context) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, keys, nil)
		if err == nil {
			var response *http.Response
			if response, err = a.http.Do(r); err == nil {
				err = response.Body.Close()
			}
		}
		ended <- err
	}
	go ask(ctx)
	if err := stalled.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	giveUp()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled request: %v", err)
	}
	go ask(t.Context())
	if err := stalled.Await(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	stalled.Release()
	if err := <-ended; err != nil {
		t.Errorf("the released request: %v", err)
	}
}

func TestClosingEndsStalledRequests(t *testing.T) {
	a := start(t, simxero.Demo())
	stalled := a.server.Fail(simxero.Discovery, simxero.Stalled())
	ended := make(chan error, 1)
	go func() {
		_, err := a.do(http.MethodGet, a.server.Discovery(), nil, nil)
		ended <- err
	}()
	if err := stalled.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	a.server.Close()
	if err := <-ended; err == nil {
		t.Error("a stalled request was answered by a closed server")
	}
	if _, err := a.do(http.MethodGet, a.server.Discovery(), nil, nil); err == nil {
		t.Error("the port is still open")
	}
	a.server.Close()
}

func TestADelayedRequestIsAnswered(t *testing.T) {
	a := start(t, simxero.Demo())
	const delay = 30 * time.Millisecond
	a.server.Fail(simxero.Discovery, simxero.Fault{Delay: delay})
	begun := time.Now()
	same(t, "status", a.must(http.MethodGet, a.server.Discovery(), nil, nil).status, 200)
	if took := time.Since(begun); took < delay {
		t.Errorf("the answer took %v", took)
	}
}

func TestAFaultCanRemoveOrChangeAnyFieldOfATokenAnswer(t *testing.T) {
	for what, c := range map[string]struct {
		fault simxero.Fault
		field string
		want  any
	}{
		"no refresh token":  {simxero.Without("refresh_token"), "refresh_token", nil},
		"no scope":          {simxero.Without("scope"), "scope", nil},
		"scope as a list":   {simxero.Replaced("scope", []string{"openid"}), "scope", []string{"openid"}},
		"absurd expires_in": {simxero.Replaced("expires_in", -1e12), "expires_in", -1e12},
		"another type":      {simxero.Replaced("token_type", "mac"), "token_type", "mac"},
	} {
		a := start(t, simxero.Demo())
		a.server.Fail(simxero.Token, c.fault)
		r := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
		same(t, what, r.fields[c.field], c.want)
		same(t, what+": the rest", r.text("access_token") != "", true)
	}
	a := start(t, simxero.Demo())
	a.server.Fail(simxero.Token, simxero.Swollen(70<<10))
	r := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	if len(r.body) < 70<<10 || r.text("refresh_token") == "" {
		t.Errorf("%d bytes", len(r.body))
	}
}

// Each identity token has a single fault. go-oidc detects most faults. The claims show the others.
func TestEachIdentityFaultIsDetectable(t *testing.T) {
	ours := map[simxero.IdentityFault]func(good, bad map[string]any) bool{
		simxero.OtherAuthorisedParty: func(_, bad map[string]any) bool { return bad["azp"] != simxero.DemoClientID },
		simxero.NoAuthorisedParty:    func(_, bad map[string]any) bool { _, is := bad["aud"].([]any); return is && bad["azp"] == nil },
		simxero.IssuedInTheFuture:    nil,
		simxero.IssuedLongAgo:        func(good, bad map[string]any) bool { return good["iat"] != bad["iat"] },
		simxero.OtherNonce:           func(_, bad map[string]any) bool { return bad["nonce"] != "the nonce" && bad["nonce"] != nil },
		simxero.NoNonce:              func(_, bad map[string]any) bool { return bad["nonce"] == nil },
		simxero.NoSubject:            func(_, bad map[string]any) bool { return bad["sub"] == nil },
		simxero.EmptySubject:         func(_, bad map[string]any) bool { return bad["sub"] == "" },
		simxero.NoUserID:             func(_, bad map[string]any) bool { return bad["xero_userid"] == nil },
		simxero.OtherAccessHash:      func(good, bad map[string]any) bool { return good["at_hash"] != bad["at_hash"] },
	}
	a := start(t, simxero.Demo())
	ctx := oidc.ClientContext(t.Context(), a.http)
	provider, err := oidc.NewProvider(ctx, a.server.Issuer())
	if err != nil {
		t.Fatal(err)
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: simxero.DemoClientID, Now: a.clock.Now})
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	if _, err := verifier.Verify(ctx, token.text("id_token")); err != nil {
		t.Fatalf("the token without a fault: %v", err)
	}
	good := claims(t, token.text("id_token"))
	for _, wrong := range simxero.IdentityFaults() {
		t.Run(string(wrong), func(t *testing.T) {
			a.server.Fail(simxero.Renewal, simxero.WrongIdentity(wrong).Once())
			r := a.renew(token.text("refresh_token"))
			same(t, "the rest of the answer", r.status == 200 && r.text("access_token") != "", true)
			if wrong == simxero.NoIdentityToken {
				same(t, "id_token", r.fields["id_token"], nil)
				return
			}
			_, err := verifier.Verify(ctx, r.text("id_token"))
			if check := ours[wrong]; check != nil {
				same(t, "signature and the rest are good", err == nil, true)
				same(t, "the claim is wrong", check(good, claims(t, r.text("id_token"))), true)
				return
			}
			if err == nil {
				t.Error("go-oidc accepts the token")
			}
		})
	}
}

func TestAClaimCanHaveAnyValue(t *testing.T) {
	a := start(t, simxero.Demo())
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	hostile := "<script>\u202e" + strings.Repeat("x", 300)
	a.server.Fail(simxero.Renewal, simxero.WithClaim("given_name", hostile).Once())
	same(t, "set", claims(t, a.renew(token.text("refresh_token")).text("id_token"))["given_name"], hostile)
	a.server.Fail(simxero.Renewal, simxero.WithClaim("email", nil).Once())
	same(t, "removed", claims(t, a.renew(token.text("refresh_token")).text("id_token"))["email"], nil)
}

func TestTheRequestLogHoldsEveryRequest(t *testing.T) {
	a := start(t, simxero.Demo())
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	a.connections(token)
	all := a.server.Requests(simxero.Token, simxero.Connections)
	same(t, "in order", []simxero.Endpoint{all[0].Endpoint, all[1].Endpoint}, []simxero.Endpoint{simxero.Exchange, simxero.Connections})
	same(t, "the form", []string{all[0].Form.Get("redirect_uri"), all[0].Form.Get("code_verifier")}, []string{simxero.RedirectAddresses()[0], a.verifier})
	same(t, "the header", all[1].Header.Get("Authorization"), "Bearer "+token.text("access_token"))
	same(t, "status and time", []any{all[1].Status, all[1].At, all[1].Method}, []any{200, noon, "GET"})
	same(t, "all requests", len(a.server.Requests()) > 5, true)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.server.Await(ctx, simxero.Revocation, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("waited for a request that never arrived: %v", err)
	}
	if _, err := json.Marshal(a.server.Events()); err != nil || len(a.server.Events()) < 3 {
		t.Errorf("events: %v (%v)", a.server.Events(), err)
	}
}

func TestTheDateHeaderShowsTheServersClock(t *testing.T) {
	a := start(t, simxero.Demo())
	a.clock.Advance(-48 * time.Hour)
	r := a.must(http.MethodGet, a.server.Discovery(), nil, nil)
	same(t, "Date", r.header.Get("Date"), "Fri, 20 Nov 2026 12:00:00 GMT")
	a.clock.Set(noon)
	r = a.must(http.MethodGet, a.server.Discovery(), nil, nil)
	same(t, "Date", r.header.Get("Date"), "Sun, 22 Nov 2026 12:00:00 GMT")
}
