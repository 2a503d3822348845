package simxero_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bookring/backend/simxero"
)

func TestConnectionsReturnsABareArrayWithZonelessDates(t *testing.T) {
	w := simxero.Demo()
	w.Organisations[0].Type, w.Organisations[1].Type = simxero.TypePractice, "WORKFLOWMAX"
	a := start(t, w)
	a.clock.Advance(516540 * time.Microsecond)
	v := a.server.Visitor()
	for _, o := range w.Organisations[:3] {
		a.signIn(v, "Jo Whitmore", o.ID)
	}
	token := a.renewable(v)
	r := a.call(http.MethodGet, "/connections", token)
	same(t, "content type", r.header.Get("Content-Type"), "application/json; charset=utf-8")
	if !strings.HasPrefix(r.body, "[{") {
		t.Fatalf("not a bare array: %.40s", r.body)
	}
	types := map[string]string{}
	for _, c := range a.connections(token) {
		types[c.TenantName] = c.TenantType
		same(t, "dates", []string{c.CreatedDateUtc, c.UpdatedDateUtc}, []string{"2026-11-22T12:00:00.5165400", "2026-11-22T12:00:00.5165400"})
	}
	same(t, "types", types, map[string]string{"Abernathy & Sons Builders": "PRACTICE", "Bright Fern Nurseries": "WORKFLOWMAX", "Calder Street Vets": "ORGANISATION"})
	same(t, "filter", len(a.connections(token, "?authEventId="+a.connections(token)[0].AuthEventID)), 1)
	same(t, "filter without a match", a.connections(token, "?authEventId=00000000-0000-0000-0000-000000000000"), []connection{})
}

// renewable signs in as Jo Whitmore without connecting an organisation.
func (a *app) renewable(v *simxero.Visitor) reply {
	a.t.Helper()
	return a.exchange(a.callback(v.Continue(a.t.Context(), a.link(), "Jo Whitmore")).Get("code"))
}

func TestConnectionsReturnsARandomOrder(t *testing.T) {
	names := make([]string, 30)
	for i := range names {
		names[i] = fmt.Sprintf("Client %02d", i)
	}
	a := start(t, simxero.Named(names...))
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", names...)
	var got []string
	for _, c := range a.connections(token) {
		got = append(got, c.TenantName)
	}
	if len(got) != 30 || fmt.Sprint(got) == fmt.Sprint(names) {
		t.Errorf("%d connections, in the order of the world", len(got))
	}
}

func TestDisconnectAcceptsOnlyTheConnectionsID(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	token := a.signIn(v, "Jo Whitmore", "Calder Street Vets")
	c := a.connections(token)[0]
	sam := a.signIn(a.server.Visitor(), "Sam Adeyemi", "Abernathy & Sons Builders")
	for id, status := range map[string]int{
		c.TenantID: 403, c.AuthEventID: 403, "00000000-0000-0000-0000-000000000000": 404, a.connections(sam)[0].ID: 404,
	} {
		same(t, id, a.call(http.MethodDelete, "/connections/"+id, token).status, status)
	}
	r := a.call(http.MethodDelete, "/connections/"+c.ID, token)
	same(t, "by its id", []any{r.status, r.body}, []any{204, ""})
	same(t, "again", a.call(http.MethodDelete, "/connections/"+c.ID, token).status, 404)
	same(t, "remaining connections", a.call(http.MethodGet, "/connections", token).body, "[]")
	same(t, "details", a.details(token, c.TenantID).status, 403)

	a.clock.Advance(time.Hour)
	back := a.connections(a.signIn(v, "Jo Whitmore", "Calder Street Vets"))[0]
	same(t, "id and event after reconnecting", []bool{back.ID == c.ID, back.AuthEventID == c.AuthEventID}, []bool{false, false})
	same(t, "dates after reconnecting", []string{back.CreatedDateUtc, back.UpdatedDateUtc}, []string{"2026-11-22T12:00:00.0000000", "2026-11-22T13:00:00.0000000"})
}

func TestARefusalOfTheAPIHasXerosFormat(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	token := a.signIn(v, "Jo Whitmore", "Calder Street Vets")
	id := a.connections(token)[0].TenantID
	identity := a.exchange(a.callback(v.Allow(t.Context(), a.link("scope", "openid"), "Jo Whitmore")).Get("code"))
	other := a.server.World().Organisation("Fjord Analytics Ltd").ID
	for what, c := range map[string]struct {
		got    reply
		status int
		detail string
	}{
		"no token":       {a.must(http.MethodGet, a.server.APIBase()+"/connections", nil, nil), 401, "AuthenticationUnsuccessful"},
		"no scope":       {a.details(identity, id), 401, "AuthorizationUnsuccessful"},
		"no tenant":      {a.call(http.MethodGet, "/api.xro/2.0/Organisation", token), 403, "AuthenticationUnsuccessful"},
		"unknown tenant": {a.details(token, "nothing"), 403, "AuthenticationUnsuccessful"},
		"another tenant": {a.details(token, other), 403, "AuthenticationUnsuccessful"},
	} {
		f := c.got.fields
		same(t, what, []any{c.got.status, f["Status"], f["Title"], f["Detail"], f["Extensions"], f["Type"]},
			[]any{c.status, c.status, http.StatusText(c.status), c.detail, map[string]any{}, nil})
		if instance, _ := f["Instance"].(string); len(instance) != 36 {
			t.Errorf("%s: Instance is %q", what, instance)
		}
	}
	same(t, "insufficient scope", a.details(identity, id).header.Get("WWW-Authenticate"), `Bearer error="insufficient_scope"`)
	a.clock.Advance(30 * time.Minute)
	r := a.details(token, id)
	same(t, "expired", []any{r.status, r.text("Detail")}, []any{401, "TokenExpired: token expired at 11/22/2026 12:30:00"})
	a.server.Switch(func(s *simxero.Switches) { s.LowerCaseErrors = true })
	same(t, "lower case", a.details(token, id).text("detail"), r.text("Detail"))
}

func TestAnOrganisationIsXMLUnlessTheClientAcceptsJSON(t *testing.T) {
	a := start(t, simxero.Demo())
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Abernathy & Sons Builders")
	id := a.connections(token)[0].TenantID
	for _, accept := range []string{"", "*/*", "text/html"} {
		r := a.details(token, id, "Accept", accept)
		if r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/xml") ||
			!strings.Contains(r.body, "<Name>Abernathy &amp; Sons Builders</Name>") || !strings.Contains(r.body, "<PeriodLockDate>2026-07-31T00:00:00</PeriodLockDate>") {
			t.Errorf("Accept %q: %d %s", accept, r.status, r.body)
		}
	}
	r := a.details(token, id, "Accept", "application/xml;q=0.1, application/json")
	same(t, "JSON", []any{r.status, r.text("Status"), r.text("ProviderName"), r.text("DateTimeUTC")}, []any{200, "OK", "Bookring", "/Date(1795348800000)/"})
	if len(r.header.Get("xero-correlation-id")) != 36 {
		t.Error("the answer lacks xero-correlation-id")
	}
}

// organisation returns the single organisation of an answer.
func (r reply) organisation(t *testing.T) map[string]any {
	t.Helper()
	all, _ := r.fields["Organisations"].([]any)
	if len(all) != 1 {
		t.Fatalf("%d: %s", r.status, r.body)
	}
	o, _ := all[0].(map[string]any)
	return o
}

func TestAnOrganisationHasOnlyTheFieldsThatAreSet(t *testing.T) {
	w := simxero.Demo()
	w.Organisations[3].Plan = "PLAN_OF_2027"
	a := start(t, w)
	v := a.server.Visitor()
	full, bare := w.Organisations[0], w.Organisations[3]
	a.signIn(v, "Jo Whitmore", full.ID)
	token := a.signIn(v, "Jo Whitmore", bare.ID)
	o := a.details(token, full.ID).organisation(t)
	same(t, "both forms of a date", []any{o["PeriodLockDate"], o["CreatedDateUTC"]}, []any{"/Date(1785456000000+0000)/", "/Date(1613682193000)/"})
	same(t, "the fields that are set", []any{o["OrganisationID"], o["CountryCode"], o["BaseCurrency"], o["FinancialYearEndDay"], o["FinancialYearEndMonth"], o["PaysTax"], o["SalesTaxBasis"], o["TaxNumber"]},
		[]any{full.ID, "GB", "GBP", 30, 4, true, "CASH", "GB 318 4471 09"})
	if code, _ := o["ShortCode"].(string); !regexp.MustCompile(`^![\w-]{5}$`).MatchString(code) {
		t.Errorf("ShortCode is %q", code)
	}
	o = a.details(token, bare.ID).organisation(t)
	for _, name := range []string{"PeriodLockDate", "EndOfYearLockDate", "TaxNumber", "SalesTaxBasis", "EmployerIdentificationNumber"} {
		if value, there := o[name]; there {
			t.Errorf("the answer has %s: %v", name, value)
		}
	}
	same(t, "an unknown plan", o["Class"], "PLAN_OF_2027")
	a.server.Switch(func(s *simxero.Switches) { s.EscapedSlashes = true })
	r := a.details(token, full.ID)
	if !strings.Contains(r.body, `"\/Date(1785456000000+0000)\/"`) {
		t.Errorf("slashes are not escaped: %s", r.body)
	}
	same(t, "the same JSON", r.organisation(t)["PeriodLockDate"], "/Date(1785456000000+0000)/")
}

func TestTwoOrganisationsMayHaveTheSameName(t *testing.T) {
	long := strings.Repeat("Very ", 2000) + "long"
	a := start(t, simxero.Named("The Old Mill", "The Old Mill", long))
	w := a.server.World()
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", w.Organisations[0].ID, w.Organisations[1].ID, w.Organisations[2].ID)
	same(t, "connections", len(a.connections(token)), 3)
	same(t, "names", a.names(token), []string{"The Old Mill", long})
	if w.Organisations[0].ID == w.Organisations[1].ID || w.Organisations[0].ShortCode == w.Organisations[1].ShortCode {
		t.Error("the two organisations share an ID or a short code")
	}
}
