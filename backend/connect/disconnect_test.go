package connect_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

const (
	vets  = "Calder Street Vets"
	fjord = "Fjord Analytics Ltd"
	dunes = "Dunes Surf School"
	// Both Jo and Sam may connect builders.
	builders = "Abernathy & Sons Builders"
)

// ids returns the organisation IDs of rows.
func (d *desk) ids(names ...string) (ids []string) {
	d.t.Helper()
	for _, name := range names {
		ids = append(ids, d.row(name).ID)
	}
	return ids
}

func (d *desk) disconnect(names ...string) view.DisconnectResult {
	d.t.Helper()
	return d.requestDisconnect(false, names...)
}

func (d *desk) forget(names ...string) view.DisconnectResult {
	d.t.Helper()
	return d.requestDisconnect(true, names...)
}

func (d *desk) requestDisconnect(forget bool, names ...string) view.DisconnectResult {
	d.t.Helper()
	result, err := d.Disconnect(context.Background(), d.ids(names...), forget, false)
	if err != nil {
		d.t.Fatal(err)
	}
	return result
}

// disconnected returns the connections ended by Xero, as "person: organisation".
func (d *desk) disconnected() []string {
	ended := []string{}
	w := d.xero.World()
	for _, e := range d.xero.Events() {
		if e.Kind != simxero.Disconnected {
			continue
		}
		for _, p := range w.People {
			for _, o := range w.Organisations {
				if p.ID == e.Person && o.ID == e.Organisation {
					ended = append(ended, p.Name()+": "+o.Name)
				}
			}
		}
	}
	slices.Sort(ended)
	return ended
}

func (d *desk) disconnectCalls() int { return len(d.xero.Requests(simxero.Disconnect)) }

// notRevoked fails after a call of the revocation endpoint.
func (d *desk) notRevoked() {
	d.t.Helper()
	same(d.t, "revocations", len(d.xero.Requests(simxero.Revocation)), 0)
}

// rowNames returns the names in the list.
func (d *desk) rowNames() []string {
	d.t.Helper()
	names := []string{}
	for _, r := range d.rows() {
		names = append(names, r.Name)
	}
	return names
}

// threeConnected returns a desk with three organisations of Jo's.
func threeConnected(t *testing.T) *desk {
	t.Helper()
	d := launch(t, simxero.Demo()).skipPauses()
	for _, name := range []string{vets, fjord, dunes} {
		d.connect(jo, name)
		d.until("the details", func(view.Overview) bool { return d.row(name).Country != "" })
	}
	d.checked()
	return d
}

// offline cuts the network to Xero; online restores the network.
func (d *desk) offline() { d.network.cut.Store(new("")) }
func (d *desk) online()  { d.network.cut.Store(nil) }

func TestDisconnectEndsOneOfThreeConnections(t *testing.T) {
	d := threeConnected(t)
	same(t, "result", d.disconnect(fjord), view.DisconnectResult{Count: 1})
	same(t, "requests", d.disconnectCalls(), 1)
	same(t, "at Xero", d.disconnected(), []string{jo + ": " + fjord})
	d.notRevoked()
	for range 2 {
		d.status(vets, backend.Connected)
		d.status(fjord, backend.Disconnected)
		d.status(dunes, backend.Connected)
		same(t, "pending", d.row(fjord).Pending, "")
		d.check()
	}
	same(t, "requests", d.disconnectCalls(), 1)
	same(t, "need attention", d.overview().Attention, 0)
	same(t, "total", d.overview().Total, 3)
	if d.row(fjord).Country == "" {
		t.Error("the details are lost")
	}
}

func TestDisconnectSendsEachOfManyOnce(t *testing.T) {
	d := launch(t, simxero.Named(clients(30)...)).skipPauses()
	d.connect(jo, clients(30)...)
	same(t, "result", d.disconnect(clients(30)[:25]...), view.DisconnectResult{Count: 25})
	same(t, "requests", d.disconnectCalls(), 25)
	same(t, "at Xero", len(d.disconnected()), 25)
	same(t, "need attention", d.overview().Attention, 0)
}

func TestDisconnectPlanSeparatesLivingAndEndedSignIns(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, builders)
	d.connect(sam, builders)
	d.connect(sam, dunes)
	d.xero.Revoke(d.xero.World().Person(jo).ID, simxero.DemoClientID)
	d.expire()
	d.check()
	plan, err := d.PlanDisconnect(t.Context(), d.ids(dunes, builders), true)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "plan", plan, view.Plan{Forget: true, Count: 2, Organisations: []view.DisconnectEffect{
		{ID: d.row(builders).ID, Name: builders, Through: []string{sam}, Ended: []string{jo}, Staying: []string{}},
		{ID: d.row(dunes).ID, Name: dunes, Through: []string{sam}, Ended: []string{}, Staying: []string{}},
	}})
	same(t, "disconnect calls", d.disconnectCalls(), 0)
}

func TestOrganisationOfTwoSignInsIsDisconnectedThroughBoth(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, builders)
	d.connect(sam, builders)
	d.disconnect(builders)
	same(t, "at Xero", d.disconnected(), []string{jo + ": " + builders, sam + ": " + builders})
	d.check()
	d.status(builders, backend.Disconnected)
}

func TestReconnectingCancelsTheDisconnectRequest(t *testing.T) {
	d := threeConnected(t)
	d.disconnect(vets)
	c, _ := d.connect(jo, vets)
	same(t, "reconnected", names(c.Reconnected), []string{vets})
	d.check()
	d.status(vets, backend.Connected)
	same(t, "requests", d.disconnectCalls(), 1)

	d.xero.Fail(simxero.Disconnect, simxero.StatusFault(500))
	d.disconnect(dunes)
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(jo).ID, w.Organisation(dunes).ID)
	c, _ = d.connect(jo, dunes)
	same(t, "reconnected", names(c.Reconnected), []string{dunes})
	d.xero.Heal()
	d.check()
	d.status(dunes, backend.Connected)
	same(t, "pending", d.row(dunes).Pending, "")
}

func TestConnectAgainCancelsAPendingDisconnectWithoutABrowser(t *testing.T) {
	d := threeConnected(t)
	d.offline()
	d.disconnect(vets)
	if err := d.ConnectAgain(t.Context(), d.row(vets).ID); err != nil {
		t.Fatal(err)
	}
	d.noBrowserOpened()
	d.online()
	d.check()
	d.status(vets, backend.Connected)
	same(t, "requests", d.disconnectCalls(), 0)

	d.disconnect(vets)
	if err := d.ConnectAgain(t.Context(), d.row(vets).ID); err != nil {
		t.Fatal(err)
	}
	d.allow(<-d.opened, jo, vets)
	d.status(vets, backend.Connected)
}

func TestForgetDisconnectsFirst(t *testing.T) {
	d := threeConnected(t)
	same(t, "result", d.forget(vets), view.DisconnectResult{Count: 1})
	same(t, "at Xero", d.disconnected(), []string{jo + ": " + vets})
	same(t, "list", d.rowNames(), []string{dunes, fjord})
	c, _ := d.connect(jo, vets)
	same(t, "added after the forget", names(c.Added), []string{vets})
}

func TestOlderListDoesNotRestoreAForgottenOrganisation(t *testing.T) {
	d := threeConnected(t)
	asked, resume := make(chan struct{}), make(chan struct{})
	d.ports.Xero = &slowXero{Xero: d.ports.Xero, asked: asked, resume: resume}
	d.CheckNow()
	<-asked
	d.forget(vets)
	close(resume)
	d.checked()
	same(t, "list", d.rowNames(), []string{dunes, fjord})
	d.check()
	same(t, "list", d.rowNames(), []string{dunes, fjord})
}

// A request for a newer list used to hide an older request of the same sign-in, even if
// the newer request failed.
func TestOlderListDoesNotRestoreAForgottenOrganisationAfterALaterFailure(t *testing.T) {
	d := threeConnected(t)
	asked, resume := make(chan struct{}), make(chan struct{})
	d.ports.Xero = &slowXero{Xero: d.ports.Xero, asked: asked, resume: resume}
	d.CheckNow()
	<-asked
	d.forget(vets)
	d.xero.Fail(simxero.Connections, simxero.StatusFault(503))
	same(t, "pending revocation", d.disconnectSignIn(jo).RevokePending, true)
	close(resume)
	d.checked()
	same(t, "list", d.rowNames(), []string{dunes, fjord})
	d.status(fjord, backend.Disconnected)
}

func TestForgetWaitsForXero(t *testing.T) {
	d := threeConnected(t)
	d.offline()
	same(t, "pending disconnects", d.forget(vets).Pending, 1)
	same(t, "pending", d.row(vets).Pending, string(backend.PendingForget))
	d.online()
	d = d.restart().skipPauses()
	d.Start(t.Context())
	d.until("the forgotten organisation", func(o view.Overview) bool { return o.Total == 2 })
	same(t, "at Xero", d.disconnected(), []string{jo + ": " + vets})
	same(t, "list", d.rowNames(), []string{dunes, fjord})
}

func TestForgetDoesNotWaitForAnEndedSignIn(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, builders)
	d.connect(jo, builders)
	d.xero.EndTokens(d.xero.World().Person(jo).ID, simxero.DemoClientID)
	d.expire()
	d.check()
	same(t, "result", d.forget(vets, builders), view.DisconnectResult{Count: 2, StillConnected: 2})
	same(t, "list", d.rowNames(), []string{})
	same(t, "at Xero", d.disconnected(), []string{sam + ": " + builders})
}

func TestOrganisationIDsFollowTheOrderOfTheList(t *testing.T) {
	d := launch(t, simxero.Named("Alpha One", "Alpha Two", "Beta"))
	d.connect(jo, "Alpha One", "Alpha Two", "Beta")
	ids, err := d.OrganisationIDs(t.Context(), backend.Query{Search: "alpha", Sort: backend.ByName, Descending: true})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "IDs", strings.Join(ids, " "), strings.Join(d.ids("Alpha Two", "Alpha One"), " "))
}

func TestConnectAgainCancelsADisconnectNotSentYet(t *testing.T) {
	d := launch(t, simxero.Named(clients(12)...)).skipPauses()
	d.connect(jo, clients(11)...)
	d.connect(jo, "Client 012") // the last to be disconnected
	d.checked()
	ids := d.ids(clients(12)...)
	arrived, release := d.holdRequests(4)
	var sending sync.WaitGroup
	sending.Go(func() { _, _ = d.Disconnect(context.Background(), ids, false, false) })
	for range 4 {
		<-arrived
	}
	last := d.row("Client 012")
	same(t, "pending", last.Pending, string(backend.PendingXero))
	var again sync.WaitGroup
	again.Go(func() {
		if err := d.ConnectAgain(context.Background(), last.ID); err != nil {
			t.Error(err)
		}
	})
	release() // the disconnects go on, four at a time
	sending.Wait()
	again.Wait()
	same(t, "disconnected", len(d.disconnected()), 11)
	same(t, "opened browsers", len(d.opened), 0)
	d.check()
	d.status("Client 012", backend.Connected)
}
