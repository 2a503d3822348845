package connect_test

import (
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

// narrow makes the next renewals of a person grant fewer scopes.
func (d *desk) narrow(person string) *simxero.Injected {
	d.t.Helper()
	return d.xero.Fail(simxero.Renewal, d.xero.AnswerFor(d.key(person).UserID, simxero.DemoClientID,
		"openid", "profile", "email", "offline_access"))
}

func TestFewerScopesAreSaidAsThatAndEndWithANewSignIn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	narrowed := d.narrow(jo)
	d.advance(25 * day)
	d.check()
	narrowed.Stop()
	d.status(vets, backend.NotChecked)
	same(t, "reason", d.row(vets).Trouble, string(backend.ScopeMissing))
	d.hasState(jo, view.StateUnchecked, string(backend.ScopeMissing))
	d.check()
	d.hasState(jo, view.StateUnchecked, string(backend.ScopeMissing))
	d.connect(jo, fjord)
	d.checked()
	d.status(vets, backend.Connected)
	d.hasState(jo, view.StateSaved, "")
}

func TestARefusalForLackOfAScopeIsNoLackOfAccess(t *testing.T) {
	for name, status := range map[string]int{"as Xero": 401, "as the standard": 403} {
		t.Run(name, func(t *testing.T) {
			d := launch(t, simxero.Demo()).skipPauses()
			d.connect(jo, vets)
			d.advance(25 * day)
			refusal := simxero.StatusFault(status)
			refusal.Header.Set("WWW-Authenticate", `Bearer error="insufficient_scope"`)
			refused := d.xero.Fail(simxero.Details, refusal)
			renewals := len(d.xero.Requests(simxero.Renewal))
			d.check()
			d.until("the trouble", func(view.Overview) bool { return d.signIn(jo).Reason == string(backend.ScopeMissing) })
			d.status(vets, backend.NotChecked)
			// The refusal is no end of the access token: no further renewal, and no repeated call.
			same(t, "renewals", len(d.xero.Requests(simxero.Renewal))-renewals, 1)
			d.check()
			d.hasState(jo, view.StateUnchecked, string(backend.ScopeMissing))
			refused.Stop()
			d.check()
			d.until("the end", func(view.Overview) bool { return d.signIn(jo).State == view.StateSaved })
			d.status(vets, backend.Connected)
		})
	}
}

func TestAnAnswerWithoutAScopeIsNoDifference(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	before := d.saved(jo).Scopes
	d.xero.Fail(simxero.Renewal, simxero.Without("scope"))
	d.advance(25 * day)
	d.check()
	d.hasState(jo, view.StateSaved, "")
	same(t, "scopes", d.saved(jo).Scopes, before)
}

func TestAMissingScopeIsAskedAboutOnceForManyOrganisations(t *testing.T) {
	d := launch(t, simxero.Named(clients(40)...)).skipPauses()
	d.connect(jo, clients(40)...)
	d.read(40)
	d.advance(25 * time.Hour)
	refusal := simxero.StatusFault(401)
	refusal.Header.Set("WWW-Authenticate", `Bearer error="insufficient_scope"`)
	d.xero.Fail(simxero.Details, refusal)
	before := d.detailCalls()
	d.check()
	d.until("the trouble", func(view.Overview) bool { return d.signIn(jo).Reason == string(backend.ScopeMissing) })
	d.checked()
	if calls := d.detailCalls() - before; calls > 4 { // four are read side by side
		t.Errorf("%d refused requests", calls)
	}
	same(t, "counts", d.counts(), "not-checked 40")
}
