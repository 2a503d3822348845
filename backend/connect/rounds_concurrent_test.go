package connect_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

func TestConcurrentRoundsAllSucceed(t *testing.T) {
	const times = 7
	all := make([]string, 2*times)
	for i := range all {
		all[i] = fmt.Sprintf("Client %02d", i)
	}
	d := launch(t, simxero.Named(all...))
	offers := make([]string, times)
	for i := range offers {
		_, page := d.connect(jo, all[i])
		offers[i] = d.nextLink(page)
	}
	var browsers sync.WaitGroup
	for i, offer := range offers {
		visitor := d.xero.Visitor()
		browsers.Go(func() {
			address, err := visitor.Allow(t.Context(), offer, jo, all[times+i])
			if err == nil {
				_, err = visitor.Open(t.Context(), address)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	browsers.Wait()
	o := d.until("every round", func(o view.Overview) bool { return o.Total == 2*times && o.SignIn.Phase == rounds.Done })
	same(t, "number", o.SignIn.Number, 2*times)
	for _, row := range d.rows() {
		same(t, row.Name, row.Status, string(backend.Connected))
	}
}

// twoWaiting returns the links of two waiting rounds: the older begun in the window, the
// newer on a page of Bookring's.
func twoWaiting(t *testing.T, d *desk) (older, newer string) {
	t.Helper()
	_, page := d.connect(jo, d.xero.World().Organisations[0].Name)
	older = d.click()
	newer = d.nextLink(page)
	if _, err := d.browser.Open(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	newer = d.copiedLink()
	if newer == older {
		t.Fatal("the page returned the link of the waiting round")
	}
	return older, newer
}

func TestEndOfAnOlderRoundDoesNotHideTheWaitingRound(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two", "Three"))
	older, newer := twoWaiting(t, d)
	page := d.follow(d.browser.Cancel(t.Context(), older, jo))
	pageSays(t, page, "Access was not allowed")
	same(t, "phase", d.overview().SignIn.Phase, rounds.Waiting)
	d.allow(newer, jo, "Two")
	d.phase(rounds.Done)
}

func TestConnectBringsAnOlderRoundForwardAfterAFailure(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two", "Three"))
	older, newer := twoWaiting(t, d)
	d.follow(d.browser.Cancel(t.Context(), newer, jo))
	failed := d.phase(rounds.Failed)
	same(t, "the link opened", d.click(), older)
	waiting := d.overview().SignIn
	if waiting.Phase != rounds.Waiting || waiting.Number <= failed.Number {
		t.Errorf("the window shows %+v after %+v", waiting, failed)
	}
	d.allow(older, jo, "Two")
	d.phase(rounds.Done)
}

func TestCancelEndsEveryWaitingRoundInTheWindow(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two", "Three"))
	older, newer := twoWaiting(t, d)
	d.Cancel()
	same(t, "failure", d.failed().Code, string(backend.CancelledWaiting))
	same(t, "cancelled", d.logs("round cancelled"), 2)
	d.allow(older, jo, "Two")
	same(t, "added", d.lateAdded(1), []string{"Two"})
	d.allow(newer, jo, "Three")
	same(t, "added", d.lateAdded(2), []string{"Three"})
}

// withoutOrganisation removes an organisation from Xero's list.
func withoutOrganisation(body []byte, name string) []byte {
	var all []map[string]any
	if err := json.Unmarshal(body, &all); err != nil {
		return body
	}
	all = slices.DeleteFunc(all, func(c map[string]any) bool { return c["tenantName"] == name })
	body, _ = json.Marshal(all)
	return body
}

func TestEarlierListDoesNotReplaceALaterList(t *testing.T) {
	d := launch(t, simxero.Named("One", "Two", "Three"))
	older, newer := twoWaiting(t, d)
	held := d.xero.Fail(simxero.Connections, simxero.Fault{Hold: true, Times: 1, Rewrite: func(b []byte) []byte {
		return withoutOrganisation(b, "Three") // the list before the later consent
	}})
	asked := len(d.xero.Requests(simxero.Connections))
	var first, second sync.WaitGroup
	first.Go(func() { d.allow(older, jo, "Two") })
	if err := d.xero.Await(t.Context(), simxero.Connections, asked+1); err != nil {
		t.Fatal(err)
	}
	other := d.xero.Visitor()
	second.Go(func() {
		address, err := other.Allow(t.Context(), newer, jo, "Three")
		if err == nil {
			_, err = other.Open(t.Context(), address)
		}
		if err != nil {
			t.Error(err)
		}
	})
	if err := d.xero.Await(t.Context(), simxero.Exchange, 3); err != nil {
		t.Fatal(err)
	}
	same(t, "concurrent list requests", len(d.xero.Requests(simxero.Connections)), asked+1)
	held.Release()
	first.Wait()
	second.Wait()
	d.until("both rounds", func(o view.Overview) bool { return o.Total == 3 && o.SignIn.Phase == rounds.Done })
	d.row("Three")
}
