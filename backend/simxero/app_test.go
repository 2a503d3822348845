package simxero_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"bookring/backend/rig"
	"bookring/backend/simxero"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const scopes = "openid profile email offline_access accounting.settings.read"

// app sends the requests of a Xero app and checks nothing.
type app struct {
	t        *testing.T
	server   *simxero.Server
	clock    *simxero.Clock
	verifier string
	http     *http.Client
}

func start(t *testing.T, w simxero.World, change ...func(*simxero.Options)) *app {
	t.Helper()
	clock := simxero.NewClock(noon)
	o := simxero.Options{World: w, Now: clock.Now}
	for _, c := range change {
		c(&o)
	}
	s := rig.StartXero(t, o)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &app{t, s, clock, strings.Repeat("verifier-", 5), &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// query returns a valid authorization request, changed by pairs of name and value. An empty value removes the name.
func (a *app) query(pairs ...string) url.Values {
	sum := sha256.Sum256([]byte(a.verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {simxero.DemoClientID}, "scope": {scopes},
		"redirect_uri": {simxero.RedirectAddresses()[0]}, "state": {"the state"}, "nonce": {"the nonce"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	return changed(q, pairs)
}

func changed(q url.Values, pairs []string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		if q.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	return q
}

func (a *app) link(pairs ...string) string {
	return a.server.SignInBase() + "/identity/connect/authorize?" + a.query(pairs...).Encode()
}

// allow signs in, allows access and returns the query of the callback.
func (a *app) allow(v *simxero.Visitor, person string, organisations ...string) url.Values {
	a.t.Helper()
	return a.callback(v.Allow(a.t.Context(), a.link(), person, organisations...))
}

func (a *app) callback(address string, err error) url.Values {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
	query, found := strings.CutPrefix(address, simxero.RedirectAddresses()[0]+"?")
	if !found {
		a.t.Fatalf("the callback went to %s", address)
	}
	q, err := url.ParseQuery(query)
	if err != nil {
		a.t.Fatal(err)
	}
	return q
}

type reply struct {
	status int
	header http.Header
	body   string
	fields map[string]any
}

func (a *app) do(method, address string, body io.Reader, header map[string]string) (reply, error) {
	a.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, address, body)
	if err != nil {
		return reply{}, err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := a.http.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	b, err := io.ReadAll(response.Body)
	answer := reply{status: response.StatusCode, header: response.Header, body: string(b)}
	_ = json.Unmarshal(b, &answer.fields) // not every answer is an object
	return answer, err
}

func (a *app) must(method, address string, body io.Reader, header map[string]string) reply {
	a.t.Helper()
	r, err := a.do(method, address, body, header)
	if err != nil {
		a.t.Fatal(err)
	}
	return r
}

func (a *app) try(path string, form url.Values) (reply, error) {
	a.t.Helper()
	return a.do(http.MethodPost, a.server.Issuer()+path, strings.NewReader(form.Encode()),
		map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
}

func (a *app) post(path string, form url.Values) reply {
	a.t.Helper()
	r, err := a.try(path, form)
	if err != nil {
		a.t.Fatal(err)
	}
	return r
}

// exchange sends a code in a valid request, changed by pairs of name and value.
func (a *app) exchange(code string, pairs ...string) reply {
	a.t.Helper()
	return a.post("/connect/token", changed(url.Values{
		"grant_type": {"authorization_code"}, "client_id": {simxero.DemoClientID}, "code": {code},
		"redirect_uri": {simxero.RedirectAddresses()[0]}, "code_verifier": {a.verifier},
	}, pairs))
}

func (a *app) renew(refresh string) reply {
	a.t.Helper()
	return a.post("/connect/token", url.Values{
		"grant_type": {"refresh_token"}, "client_id": {simxero.DemoClientID}, "refresh_token": {refresh},
	})
}

// signIn signs in, connects the organisations, exchanges the code and returns the token answer.
func (a *app) signIn(v *simxero.Visitor, person string, organisations ...string) reply {
	a.t.Helper()
	r := a.exchange(a.allow(v, person, organisations...).Get("code"))
	if r.status != http.StatusOK {
		a.t.Fatalf("token: %d %s", r.status, r.body)
	}
	return r
}

func (r reply) text(field string) string {
	value, _ := r.fields[field].(string)
	return value
}

func (a *app) call(method, path string, token reply, header ...string) reply {
	a.t.Helper()
	h := map[string]string{"Authorization": "Bearer " + token.text("access_token"), "Accept": "application/json"}
	for i := 0; i < len(header); i += 2 {
		h[header[i]] = header[i+1]
	}
	return a.must(method, a.server.APIBase()+path, nil, h)
}

type connection struct{ ID, AuthEventID, TenantID, TenantType, TenantName, CreatedDateUtc, UpdatedDateUtc string }

func (a *app) connections(token reply, query ...string) []connection {
	a.t.Helper()
	r := a.call(http.MethodGet, "/connections"+strings.Join(query, ""), token)
	var all []connection
	if err := json.Unmarshal([]byte(r.body), &all); err != nil || r.status != http.StatusOK {
		a.t.Fatalf("connections: %d %s", r.status, r.body)
	}
	return all
}

// names returns the sorted names of the organisations that a token lists.
func (a *app) names(token reply) []string {
	a.t.Helper()
	all := map[string]bool{}
	for _, c := range a.connections(token) {
		all[c.TenantName] = true
	}
	return slices.Sorted(maps.Keys(all))
}

func (a *app) details(token reply, organisation string, header ...string) reply {
	a.t.Helper()
	return a.call(http.MethodGet, "/api.xro/2.0/Organisation", token, append([]string{"Xero-Tenant-Id", organisation}, header...)...)
}

func claims(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("not a JWT: %d parts", len(parts))
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(g) != string(w) {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}
