package connect_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/simxero"
)

// pauses notes what the program waits for, and lets nothing wait that is shorter
// than a look.
type pauses struct {
	mu    sync.Mutex
	waits []time.Duration
}

func (p *pauses) note(ctx context.Context, pause time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ctx.Err() == nil {
		p.waits = append(p.waits, pause)
	}
}

// taken returns what was waited for since it was asked last.
func (p *pauses) taken() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	waits := p.waits
	p.waits = nil
	return waits
}

// watched is a desk that is hurried and notes its pauses.
func watched(t *testing.T, w simxero.World) (*desk, *pauses) {
	t.Helper()
	d, p := sitDown(t, w).hurry(), &pauses{}
	hurried := d.Pause
	d.Pause = func(ctx context.Context, pause time.Duration) error {
		p.note(ctx, pause)
		return hurried(ctx, pause)
	}
	return d, p
}

func TestWhatIsCheckedUnaskedIsSpread(t *testing.T) {
	d, p := watched(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	d.pass(8 * 24 * time.Hour)
	p.taken()
	before := d.listCalls()
	d.look()
	same(t, "calls", d.listCalls()-before, 2)
	same(t, "pauses", slices.DeleteFunc(p.taken(), func(d time.Duration) bool { return d < time.Second }), []time.Duration{3 * time.Second})
}

func TestOneSignInWaitsForNothing(t *testing.T) {
	d, p := watched(t, simxero.Demo())
	d.connect(jo, "Calder Street Vets")
	d.pass(8 * 24 * time.Hour)
	p.taken()
	d.look()
	same(t, "pauses", slices.DeleteFunc(p.taken(), func(d time.Duration) bool { return d < time.Second }), nil)
}

// Check now used to end the waiting for the next sign-in only: each of the others
// took its time again.
func TestAPersonsCheckWaitsForNothingAndEndsTheSpreading(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	d.connect("Aroha Ngata", "Bright Fern Nurseries")
	d.pass(25 * time.Hour)
	spaced := make(chan struct{}, 1)
	d.waits(func(ctx context.Context, pause time.Duration) error {
		if pause < time.Second {
			return ctx.Err()
		}
		spaced <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	})
	before := d.listCalls()
	d.Look()
	<-spaced
	same(t, "calls while it is spread", d.listCalls()-before, 1)
	same(t, "rows meanwhile", len(d.rows()), 3)
	d.CheckNow()
	d.checked()
	same(t, "calls", d.listCalls()-before, 3)
	d.check()
	same(t, "calls of a check that was asked for", d.listCalls()-before, 6)

	d.pass(25 * time.Hour)
	d.Look()
	<-spaced
	d.StopCheck()
	d.check()
	same(t, "calls, with one that was stopped", d.listCalls()-before, 9)
}

func TestAComputerThatWokeLooksForTheNetworkSoon(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.checked()
	looked, over := make(chan time.Duration), make(chan struct{})
	d.waits(func(ctx context.Context, pause time.Duration) error {
		if pause < 5*time.Second {
			return ctx.Err()
		}
		select {
		case looked <- pause:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-over: // until the test goes on
			d.ahead.Add(int64(pause))
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	next := func() time.Duration {
		over <- struct{}{}
		return <-looked
	}
	d.Start(t.Context())
	soon := 0
	for pause := <-looked; pause < time.Minute; pause = next() {
		soon++
	}
	same(t, "looks in the first two minutes", soon, 24)
	d.checked()

	all := ""
	d.line.cut.Store(&all)
	d.ahead.Add(int64(25 * time.Hour)) // the lid is closed
	same(t, "after waking", next(), 5*time.Second)
	d.status("Calder Street Vets", backend.NotChecked)
	d.line.cut.Store(nil)
	next()
	d.status("Calder Street Vets", backend.Connected)
	if !strings.Contains(d.logged(), "computer woke") {
		t.Error("the log does not say that the computer woke")
	}
}

func TestASignInIsRenewedAtHalfOfItsLifeThoughNoCallNeedsIt(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.pass(time.Hour) // its access token has ended, and no check is due
	for _, step := range []struct {
		age      time.Duration
		renewals int
	}{
		{29 * 24 * time.Hour, 0}, {30*24*time.Hour + time.Minute, 1}, {time.Minute, 1}, {59 * 24 * time.Hour, 1},
	} {
		if err := d.ports.Register.SaveRenewal(t.Context(), d.key(jo), d.Now().Add(-step.age)); err != nil {
			t.Fatal(err)
		}
		d.look()
		same(t, "renewals at "+step.age.String(), len(d.xero.Requests(simxero.Renewal)), step.renewals)
	}
	d.pass(2 * time.Hour)
	d.look()
	same(t, "renewals, after another hour", len(d.xero.Requests(simxero.Renewal)), 2)
	d.status("Calder Street Vets", backend.Connected)
}

func TestItIsCheckedAsOftenAsAPersonWants(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	same(t, "at first", d.overview().CheckEvery, connect.Daily)
	for setting, hours := range map[string]int{
		connect.EveryHour: 1, connect.EveryFourHours: 4, connect.Daily: 24, connect.Weekly: 7 * 24,
	} {
		if err := d.SaveCheckEvery(t.Context(), setting); err != nil {
			t.Fatal(err)
		}
		same(t, "kept", d.overview().CheckEvery, setting)
		d.check()
		before := d.listCalls()
		d.pass(time.Duration(hours)*time.Hour - time.Minute)
		d.look()
		same(t, setting+": calls before", d.listCalls()-before, 0)
		d.pass(2 * time.Minute)
		d.look()
		same(t, setting+": calls after", d.listCalls()-before, 1)
	}
	if err := d.SaveCheckEvery(t.Context(), "minute"); err == nil {
		t.Error("every minute is no setting")
	}
}

func TestADaysUseIsASmallLogThatNamesNobody(t *testing.T) {
	d := sitDown(t, simxero.Demo()).hurry()
	d.connect(jo, "Calder Street Vets")
	d.connect(sam, "Dunes Surf School")
	if err := d.SaveCheckEvery(t.Context(), connect.EveryHour); err != nil {
		t.Fatal(err)
	}
	all := ""
	for hour := range 24 {
		if hour == 12 {
			d.line.cut.Store(&all)
		}
		d.pass(time.Hour)
		for range 3 {
			d.look()
		}
	}
	log := d.logged()
	if len(log) > 20_000 {
		t.Errorf("a day with a broken line is %d bytes", len(log))
	}
	w := d.xero.World()
	for _, canary := range []string{
		jo, "Whitmore", w.Person(jo).Email, w.Person(jo).ID, sam, w.Person(sam).Email, w.Person(sam).ID,
		"Calder", "Dunes", w.Organisation("Calder Street Vets").ID, simxero.DemoClientID,
	} {
		if strings.Contains(log, canary) {
			t.Errorf("the log names %s", canary)
		}
	}
	for _, wanted := range []string{"check begun", "check ended", "sign-in not checked", "signin=", "took="} {
		if !strings.Contains(log, wanted) {
			t.Errorf("the log does not say %q:\n%s", wanted, log)
		}
	}
}
