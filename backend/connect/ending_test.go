package connect_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// listen collects what is told outside the window.
func (d *desk) listen(told *[]string) *desk {
	d.Remind = func(_ context.Context, title, text string) error {
		*told = append(*told, title+". "+text)
		return nil
	}
	if d.Connector != nil {
		d.assemble()
	}
	return d
}

// offline is a desk whose sign-ins cannot be renewed any more: Jo's, and Sam's,
// which is a day newer.
func offline(t *testing.T, told *[]string) *desk {
	t.Helper()
	d := newDesk(t, simxero.Demo()).listen(told).sit().hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	d.pass(day)
	if _, err := d.renewNow(sam); err != nil {
		t.Fatal(err)
	}
	d.cutOff()
	return d
}

func (d *desk) cutOff() {
	d.line.cut.Store(new(""))
	d.t.Cleanup(func() { d.line.cut.Store(nil) })
}

func (d *desk) tells() {
	d.t.Helper()
	d.look()
	d.RemindNow(d.t.Context())
}

func (d *desk) ending() string {
	var names []string
	for _, e := range d.overview().Ending {
		names = append(names, e.Name)
	}
	return strings.Join(names, ", ")
}

func TestTheEndOfASignInIsToldOnceAtFourteenAndAtThreeDays(t *testing.T) {
	var told []string
	d := offline(t, &told)
	for _, step := range []struct {
		after  time.Duration
		ending string
		told   []string
	}{
		{44 * day, "", nil},
		{day, jo, []string{"Jo Whitmore’s sign-in to Xero ends in 14 days"}},
		{time.Hour, jo, nil},
		{day, jo + ", " + sam, []string{"Sam Adeyemi’s sign-in to Xero ends in 14 days"}},
		{9 * day, jo + ", " + sam, nil},
		{3 * day, jo + ", " + sam, []string{
			"Sam Adeyemi’s sign-in to Xero ends in 2 days", "Jo Whitmore’s sign-in to Xero ends in a day",
		}},
		{3 * day, jo + ", " + sam, nil}, // whether they have ended, only Xero can say
	} {
		told = nil
		d.pass(step.after)
		d.tells()
		d.tells()
		same(t, "in the window", d.ending(), step.ending)
		same(t, "told", len(told), len(step.told))
		for i, title := range step.told {
			same(t, "told", told[i], title+". Bookring could not renew it by itself. Open Bookring and press Renew now.")
		}
	}
}

func TestWhatWasToldIsNotToldAgainByTheNextStart(t *testing.T) {
	var told []string
	d := offline(t, &told)
	d.pass(47 * day)
	d.tells()
	same(t, "told", len(told), 2)
	ahead := d.ahead.Load()
	d = d.restart().listen(&told)
	d.ahead.Store(ahead)
	d.cutOff()
	d.tells()
	same(t, "told again", len(told), 2)
	d.pass(10 * day)
	d.tells()
	same(t, "the next threshold", len(told), 4)
}

func TestWhatCouldNotBeToldIsTriedAgainByTheNextStart(t *testing.T) {
	var told []string
	d := offline(t, &told)
	tries := 0
	d.Remind = func(context.Context, string, string) error { tries++; return errors.New("nobody listens") }
	d.pass(47 * day)
	d.tells()
	d.tells()
	same(t, "tries", tries, 2)
	ahead := d.ahead.Load()
	d = d.restart().listen(&told)
	d.ahead.Store(ahead)
	d.cutOff()
	d.tells()
	same(t, "told", len(told), 2)
}

func TestARenewalMakesTheEndOfASignInTellableAgain(t *testing.T) {
	var told []string
	d := offline(t, &told)
	d.pass(58 * day)
	d.tells()
	same(t, "told", len(told), 2)
	d.line.cut.Store(nil)
	d.tells()
	same(t, "ending", d.ending(), "")
	same(t, "kept for", fmt.Sprint(d.keptFor(jo), d.keptFor(sam)), "60 60")
	d.cutOff()
	d.pass(50 * day)
	d.tells()
	same(t, "told", len(told), 4)
}

func TestASignInThatNeedsNobodyIsNotTold(t *testing.T) {
	var told []string
	d := newDesk(t, simxero.Demo()).listen(&told).sit().hurry()
	d.connect(jo, "Calder Street Vets")
	d.UseThisSessionOnly()
	d.connect(sam, "Dunes Surf School")
	d.pass(50 * day)
	d.RemindNow(t.Context())
	same(t, "the one that is kept", len(told), 1)
	d.keychainFails("Load", backend.ErrNoCredential)
	d.look()
	d.is(jo, view.StateEnded, "key-gone")
	d.pass(9 * day)
	d.RemindNow(t.Context())
	same(t, "ended ones are told in the list", len(told), 1)
	same(t, "in the window", d.ending(), "")
}

func TestWhoRenewsWhileTheyAreBeingToldIsToldOfTheNextEnd(t *testing.T) {
	var d *desk
	told := 0
	d = newDesk(t, simxero.Demo())
	d.ports.Authoriser = rig.ClockedServer{Server: rig.Server{Flow: d.flow}, Clock: &d.ahead}
	renew := false
	d.Remind = func(context.Context, string, string) error {
		told++
		if renew {
			renew = false
			d.online()
			if _, err := d.renewNow(jo); err != nil {
				t.Error(err)
			}
		}
		return nil
	}
	d.sit().hurry()
	d.connect(jo, vets)
	d.cutOff()
	d.pass(58 * day)
	renew = true
	d.tells()
	d.checked()
	same(t, "told", told, 1)
	d.cutOff()
	d.pass(47 * day)
	d.tells()
	same(t, "told 13 days before the next end", told, 2)
	d.pass(11 * day)
	d.tells()
	same(t, "told 2 days before the next end", told, 3)
}
