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
	// builders are whom both Jo and Sam may connect.
	builders = "Abernathy & Sons Builders"
)

// ids are the IDs of rows of the list.
func (d *desk) ids(names ...string) (ids []string) {
	d.t.Helper()
	for _, name := range names {
		ids = append(ids, d.row(name).ID)
	}
	return ids
}

func (d *desk) disconnect(names ...string) view.DisconnectResult {
	d.t.Helper()
	return d.depart(false, names...)
}

func (d *desk) forget(names ...string) view.DisconnectResult {
	d.t.Helper()
	return d.depart(true, names...)
}

func (d *desk) depart(forget bool, names ...string) view.DisconnectResult {
	d.t.Helper()
	gone, err := d.Disconnect(context.Background(), d.ids(names...), forget)
	if err != nil {
		d.t.Fatal(err)
	}
	return gone
}

// told are the connections that Xero has ended, as "person organisation".
func (d *desk) told() []string {
	told := []string{}
	w := d.xero.World()
	for _, e := range d.xero.Events() {
		if e.Kind != simxero.Disconnected {
			continue
		}
		for _, p := range w.People {
			for _, o := range w.Organisations {
				if p.ID == e.Person && o.ID == e.Organisation {
					told = append(told, p.Name()+": "+o.Name)
				}
			}
		}
	}
	slices.Sort(told)
	return told
}

func (d *desk) deletes() int { return len(d.xero.Requests(simxero.Disconnect)) }

// neverRevoked expects that the endpoint that ends everything was not called.
func (d *desk) neverRevoked() {
	d.t.Helper()
	same(d.t, "revocations", len(d.xero.Requests(simxero.Revocation)), 0)
}

// listed are the names in the list.
func (d *desk) listed() []string {
	d.t.Helper()
	names := []string{}
	for _, r := range d.rows() {
		names = append(names, r.Name)
	}
	return names
}

// three is a desk where Jo has connected three organisations.
func three(t *testing.T) *desk {
	t.Helper()
	d := sitDown(t, simxero.Demo()).hurry()
	for _, name := range []string{vets, fjord, dunes} {
		d.connect(jo, name)
		d.until("its details", func(view.Overview) bool { return d.row(name).Country != "" })
	}
	d.checked()
	return d
}

// offline cuts the way to Xero; online mends it.
func (d *desk) offline() { d.line.cut.Store(new("")) }
func (d *desk) online()  { d.line.cut.Store(nil) }

func TestOneOfThreeIsDisconnectedAtXeroAndHere(t *testing.T) {
	d := three(t)
	same(t, "gone", d.disconnect(fjord), view.DisconnectResult{Count: 1})
	same(t, "requests", d.deletes(), 1)
	same(t, "at Xero", d.told(), []string{jo + ": " + fjord})
	d.neverRevoked()
	for range 2 {
		d.status(vets, backend.Connected)
		d.status(fjord, backend.Disconnected)
		d.status(dunes, backend.Connected)
		same(t, "pending", d.row(fjord).Pending, "")
		d.check()
	}
	same(t, "requests", d.deletes(), 1)
	same(t, "need attention", d.overview().Attention, 0)
	same(t, "total", d.overview().Total, 3)
	if d.row(fjord).Country == "" {
		t.Error("what was known of it is gone")
	}
}

func TestSeveralAreDisconnectedAtOnceAndEachOnce(t *testing.T) {
	d := sitDown(t, simxero.Named(clients(30)...)).hurry()
	d.connect(jo, clients(30)...)
	same(t, "gone", d.disconnect(clients(30)[:25]...), view.DisconnectResult{Count: 25})
	same(t, "requests", d.deletes(), 25)
	same(t, "at Xero", len(d.told()), 25)
	same(t, "need attention", d.overview().Attention, 0)
}

func TestThePlanSaysWhoTellsXeroAndWhoCannot(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
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
	same(t, "nothing was done", d.deletes(), 0)
}

func TestAnOrganisationOfTwoSignInsIsDisconnectedThroughBoth(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, builders)
	d.connect(sam, builders)
	d.disconnect(builders)
	same(t, "at Xero", d.told(), []string{jo + ": " + builders, sam + ": " + builders})
	d.check()
	d.status(builders, backend.Disconnected)
}

func TestConnectingItAgainOnPurposeForgetsTheWish(t *testing.T) {
	d := three(t)
	d.disconnect(vets)
	c, _ := d.connect(jo, vets)
	same(t, "back", names(c.Reconnected), []string{vets})
	d.check()
	d.status(vets, backend.Connected)
	same(t, "requests", d.deletes(), 1)

	d.xero.Fail(simxero.Disconnect, simxero.StatusFault(500))
	d.disconnect(dunes)
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(jo).ID, w.Organisation(dunes).ID)
	c, _ = d.connect(jo, dunes)
	same(t, "back", names(c.Reconnected), []string{dunes})
	d.xero.Heal()
	d.check()
	d.status(dunes, backend.Connected)
	same(t, "pending", d.row(dunes).Pending, "")
}

func TestConnectAgainWhileXeroWasNotToldNeedsNoBrowser(t *testing.T) {
	d := three(t)
	d.offline()
	d.disconnect(vets)
	if err := d.ConnectAgain(t.Context(), d.row(vets).ID); err != nil {
		t.Fatal(err)
	}
	d.noBrowser()
	d.online()
	d.check()
	d.status(vets, backend.Connected)
	same(t, "requests", d.deletes(), 0)

	d.disconnect(vets)
	if err := d.ConnectAgain(t.Context(), d.row(vets).ID); err != nil {
		t.Fatal(err)
	}
	d.allow(<-d.opened, jo, vets)
	d.status(vets, backend.Connected)
}

func TestForgettingDisconnectsFirst(t *testing.T) {
	d := three(t)
	same(t, "gone", d.forget(vets), view.DisconnectResult{Count: 1})
	same(t, "at Xero", d.told(), []string{jo + ": " + vets})
	same(t, "list", d.listed(), []string{dunes, fjord})
	c, _ := d.connect(jo, vets)
	same(t, "listed again it is new", names(c.Added), []string{vets})
}

func TestAnOlderListDoesNotBringBackWhatWasForgottenMeanwhile(t *testing.T) {
	d := three(t)
	asked, goOn := make(chan struct{}), make(chan struct{})
	d.ports.Xero = &slowXero{Xero: d.ports.Xero, asked: asked, goOn: goOn}
	d.CheckNow()
	<-asked
	d.forget(vets)
	close(goOn)
	d.checked()
	same(t, "list", d.listed(), []string{dunes, fjord})
	d.check()
	same(t, "list", d.listed(), []string{dunes, fjord})
}

// A list used to be forgotten about when the next one of the same sign-in was asked
// for, be that answered or not.
func TestAnOlderListDoesNotBringBackWhatWasForgottenThoughALaterOneFails(t *testing.T) {
	d := three(t)
	asked, goOn := make(chan struct{}), make(chan struct{})
	d.ports.Xero = &slowXero{Xero: d.ports.Xero, asked: asked, goOn: goOn}
	d.CheckNow()
	<-asked
	d.forget(vets)
	d.xero.Fail(simxero.Connections, simxero.StatusFault(503))
	same(t, "the sign-in waits", d.disconnectAllOf(jo).RevokePending, true)
	close(goOn)
	d.checked()
	same(t, "list", d.listed(), []string{dunes, fjord})
	d.status(fjord, backend.Disconnected)
}

func TestForgettingWaitsForXero(t *testing.T) {
	d := three(t)
	d.offline()
	same(t, "waiting", d.forget(vets).Pending, 1)
	same(t, "pending", d.row(vets).Pending, string(backend.PendingForget))
	d.online()
	d = d.restart().hurry()
	d.Start(t.Context())
	d.until("that it is forgotten", func(o view.Overview) bool { return o.Total == 2 })
	same(t, "at Xero", d.told(), []string{jo + ": " + vets})
	same(t, "list", d.listed(), []string{dunes, fjord})
}

func TestForgettingDoesNotWaitForASignInThatHasEnded(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, vets)
	d.connect(sam, builders)
	d.connect(jo, builders)
	d.xero.EndTokens(d.xero.World().Person(jo).ID, simxero.DemoClientID)
	d.expire()
	d.check()
	same(t, "gone", d.forget(vets, builders), view.DisconnectResult{Count: 2, StillConnected: 2})
	same(t, "list", d.listed(), []string{})
	same(t, "at Xero", d.told(), []string{sam + ": " + builders})
}

func TestTheIDsOfAllThatMatchAreInTheOrderOfTheList(t *testing.T) {
	d := sitDown(t, simxero.Named("Alpha One", "Alpha Two", "Beta"))
	d.connect(jo, "Alpha One", "Alpha Two", "Beta")
	ids, err := d.OrganisationIDs(t.Context(), backend.Query{Search: "alpha", Sort: backend.ByName, Descending: true})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "IDs", strings.Join(ids, " "), strings.Join(d.ids("Alpha Two", "Alpha One"), " "))
}

func TestWhatIsConnectedAgainBeforeItsTurnIsNotTold(t *testing.T) {
	d := sitDown(t, simxero.Named(clients(12)...)).hurry()
	d.connect(jo, clients(11)...)
	d.connect(jo, "Client 012") // it is the last to be told
	d.checked()
	ids := d.ids(clients(12)...)
	met, letGo := d.holds(4)
	var told sync.WaitGroup
	told.Go(func() { _, _ = d.Disconnect(context.Background(), ids, false) })
	for range 4 {
		<-met
	}
	last := d.row("Client 012")
	same(t, "pending", last.Pending, string(backend.PendingXero))
	var again sync.WaitGroup
	again.Go(func() {
		if err := d.ConnectAgain(context.Background(), last.ID); err != nil {
			t.Error(err)
		}
	})
	letGo() // four after four go on, and it waits from before the first of them
	told.Wait()
	again.Wait()
	same(t, "told", len(d.told()), 11)
	same(t, "browsers", len(d.opened), 0)
	d.check()
	d.status("Client 012", backend.Connected)
}
