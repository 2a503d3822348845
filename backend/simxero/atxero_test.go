package simxero_test

import (
	"testing"

	"bookring/backend/simxero"
)

func TestTheSignInRemainsWhenTheUserLosesAccessAtXero(t *testing.T) {
	const name, kept = "Calder Street Vets", "Fjord Analytics Ltd"
	demo := simxero.Demo()
	jo, id := demo.Person("Jo Whitmore").ID, demo.Organisation(name).ID
	for what, lose := range map[string]func(*simxero.Server){
		"disconnected": func(s *simxero.Server) { s.DisconnectInXero(jo, id) },
		"demoted":      func(s *simxero.Server) { s.Demote(jo, id, simxero.ReadOnly) },
		"trial ended":  func(s *simxero.Server) { s.EndTrial(id) },
		"demo reset":   func(s *simxero.Server) { s.ResetDemo(id) },
		"left": func(s *simxero.Server) {
			s.Change(func(w *simxero.World) { delete(w.Roles, simxero.Membership{Person: jo, Organisation: id}) })
		},
	} {
		t.Run(what, func(t *testing.T) {
			a := start(t, demo)
			v := a.server.Visitor()
			a.signIn(v, "Jo Whitmore", kept)
			token := a.signIn(v, "Jo Whitmore", name)
			lose(a.server)
			token = a.renew(token.text("refresh_token"))
			same(t, "renewal", token.status, 200)
			same(t, "listed", a.names(token), []string{kept})
			r := a.details(token, id)
			same(t, "details", []any{r.status, r.text("Detail")}, []any{403, "AuthenticationUnsuccessful"})
		})
	}
}

func TestTheListMayContainLostAccess(t *testing.T) {
	a := start(t, simxero.Demo(), func(o *simxero.Options) { o.Switches.ListRefused = true })
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	id := a.connections(token)[0].TenantID
	a.server.EndTrial(id)
	same(t, "listed", a.names(token), []string{"Calder Street Vets"})
	same(t, "details", a.details(token, id).status, 403)
}

func TestARestoredRoleRestoresTheConnection(t *testing.T) {
	a := start(t, simxero.Demo())
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	before := a.connections(token)
	jo, id := a.server.World().Person("Jo Whitmore").ID, before[0].TenantID
	a.server.Demote(jo, id, simxero.InvoiceOnly)
	same(t, "while demoted", a.connections(token), []connection{})
	a.server.Demote(jo, id, simxero.Standard)
	same(t, "after the role is restored", a.connections(token), before)
}

func TestARenamedOrganisationHasTheSameID(t *testing.T) {
	a := start(t, simxero.Demo())
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	id := a.connections(token)[0].TenantID
	a.server.Rename(id, "Calder Vets")
	same(t, "list", a.names(token), []string{"Calder Vets"})
	same(t, "details", a.details(token, id).organisation(t)["Name"], "Calder Vets")
}

func TestAResetDemoCompanyCanBeConnectedUnderTheNewID(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	token := a.signIn(v, "Jo Whitmore", "Demo Company (NZ)")
	old := a.connections(token)[0].TenantID
	renewed := a.server.ResetDemo(old)
	token = a.signIn(v, "Jo Whitmore", renewed)
	same(t, "listed", a.connections(token)[0].TenantID, renewed)
	same(t, "the old ID", a.details(token, old).status, 403)
}

func TestConnectionsRemainWhenTokensEnd(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	token := a.signIn(v, "Jo Whitmore", "Calder Street Vets")
	jo := a.server.World().Person("Jo Whitmore").ID
	a.server.EndTokens(jo, simxero.DemoClientID)
	same(t, "renewal", a.renew(token.text("refresh_token")).text("error"), "invalid_grant")
	same(t, "after a new sign-in", a.names(a.renewable(v)), []string{"Calder Street Vets"})
	a.server.Revoke(jo, simxero.DemoClientID)
	same(t, "after revocation", a.names(a.renewable(v)), []string(nil))
}

func TestTwoUsersHaveSeparateConnectionsToAnOrganisation(t *testing.T) {
	const name = "Abernathy & Sons Builders"
	a := start(t, simxero.Demo())
	jo := a.signIn(a.server.Visitor(), "Jo Whitmore", name)
	sam := a.signIn(a.server.Visitor(), "Sam Adeyemi", name)
	one, two := a.connections(jo)[0], a.connections(sam)[0]
	same(t, "one organisation", one.TenantID, two.TenantID)
	same(t, "one connection", one.ID == two.ID, false)
	a.call("DELETE", "/connections/"+one.ID, jo)
	same(t, "Sam's connections", a.names(sam), []string{name})
}

func TestTheLargeFirmHas200OrganisationsAndTwoUsers(t *testing.T) {
	a := start(t, simxero.LargeFirm())
	w := a.server.World()
	same(t, "organisations and people", []int{len(w.Organisations), len(w.People)}, []int{200, 2})
	jo := a.names(a.renewable(a.server.Visitor()))
	sam := a.names(a.exchange(a.callback(a.server.Visitor().Continue(t.Context(), a.link(), "Sam Adeyemi")).Get("code")))
	same(t, "connected by each", []int{len(jo), len(sam)}, []int{25, 20})
	both := map[string]int{}
	for _, name := range append(jo, sam...) {
		both[name]++
	}
	same(t, "connected in all", len(both), 40)
	a.signIn(a.server.Visitor(), "Sam Adeyemi", "Client 200 Limited")
}

func TestTheDemoIsTheSameAtEveryCall(t *testing.T) {
	w := simxero.Demo()
	same(t, "twice", w.Organisations, simxero.Demo().Organisations)
	same(t, "people", w.People, simxero.Demo().People)
	countries, ids, codes := map[string]int{}, map[string]bool{}, map[string]bool{}
	locked := 0
	for _, o := range w.Organisations {
		countries[o.Country]++
		ids[o.ID], codes[o.ShortCode] = true, true
		if !o.LockDate.IsZero() {
			locked++
		}
	}
	same(t, "organisations, short codes, countries", []int{len(ids), len(codes), len(countries)}, []int{12, 12, 5})
	if locked < 8 {
		t.Errorf("only %d have a lock date", locked)
	}
}
