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

// pauses records the program's pauses.
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

// taken returns the pauses since the last call.
func (p *pauses) taken() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	waits := p.waits
	p.waits = nil
	return waits
}

// recordPauses returns a desk with skipped and recorded pauses.
func recordPauses(t *testing.T, w simxero.World) (*desk, *pauses) {
	t.Helper()
	d, p := launch(t, w).skipPauses(), &pauses{}
	skipped := d.Pause
	d.Pause = func(ctx context.Context, pause time.Duration) error {
		p.note(ctx, pause)
		return skipped(ctx, pause)
	}
	return d, p
}

func TestScheduledChecksAreSpread(t *testing.T) {
	d, p := recordPauses(t, simxero.Demo())
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.advance(8 * 24 * time.Hour)
	p.taken()
	before := d.listCalls()
	d.look()
	same(t, "calls", d.listCalls()-before, 2)
	same(t, "pauses", slices.DeleteFunc(p.taken(), func(d time.Duration) bool { return d < time.Second }), []time.Duration{3 * time.Second})
}

func TestScheduledCheckOfOneSignInDoesNotPause(t *testing.T) {
	d, p := recordPauses(t, simxero.Demo())
	d.connect(jo, vets)
	d.advance(8 * 24 * time.Hour)
	p.taken()
	d.look()
	same(t, "pauses", slices.DeleteFunc(p.taken(), func(d time.Duration) bool { return d < time.Second }), nil)
}

// Check now used to end only the pause before the next sign-in; the pauses before the
// others remained.
func TestCheckNowEndsTheSpreading(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.connect("Aroha Ngata", "Bright Fern Nurseries")
	d.advance(25 * time.Hour)
	spaced := make(chan struct{}, 1)
	d.setPause(func(ctx context.Context, pause time.Duration) error {
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
	same(t, "calls during the spreading", d.listCalls()-before, 1)
	same(t, "rows during the spreading", len(d.rows()), 3)
	d.CheckNow()
	d.checked()
	same(t, "calls", d.listCalls()-before, 3)
	d.check()
	same(t, "calls after a second Check now", d.listCalls()-before, 6)

	d.advance(25 * time.Hour)
	d.Look()
	<-spaced
	d.StopCheck()
	d.check()
	same(t, "calls after a stopped check", d.listCalls()-before, 9)
}

// The clock stands still between the looks: with the system's clock, a slow computer had
// one look less in the two minutes.
func TestWokenComputerLooksEveryFiveSeconds(t *testing.T) {
	d := newDesk(t, simxero.Demo())
	began := time.Now()
	d.Now = func() time.Time { return began.Add(d.ahead.Ahead()) }
	d.launch().skipPauses()
	d.connect(jo, vets)
	d.checked()
	looked, over := make(chan time.Duration), make(chan struct{})
	d.setPause(func(ctx context.Context, pause time.Duration) error {
		if pause < 5*time.Second {
			return ctx.Err()
		}
		select {
		case looked <- pause:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-over: // until the test calls next
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

	d.offline()
	d.ahead.Add(int64(25 * time.Hour)) // the lid is closed
	same(t, "after waking", next(), 5*time.Second)
	d.status(vets, backend.NotChecked)
	d.checked() // a look during a check begins no other
	d.online()
	next()
	d.status(vets, backend.Connected)
	if !strings.Contains(d.logged(), "computer woke") {
		t.Error("the log does not say that the computer woke")
	}
}

func TestSignInIsRenewedAtHalfOfTheLifetime(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.advance(time.Hour) // the access token has expired, and no check is due
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
	d.advance(2 * time.Hour)
	d.look()
	same(t, "renewals after another hour", len(d.xero.Requests(simxero.Renewal)), 2)
	d.status(vets, backend.Connected)
}

func TestChecksFollowTheSetting(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	same(t, "at first", d.overview().CheckEvery, connect.Daily)
	for setting, hours := range map[string]int{
		connect.EveryHour: 1, connect.EveryFourHours: 4, connect.Daily: 24, connect.Weekly: 7 * 24,
	} {
		if err := d.SaveCheckEvery(t.Context(), setting); err != nil {
			t.Fatal(err)
		}
		same(t, "saved", d.overview().CheckEvery, setting)
		d.check()
		before := d.listCalls()
		d.advance(time.Duration(hours)*time.Hour - time.Minute)
		d.look()
		same(t, setting+": calls before", d.listCalls()-before, 0)
		d.advance(2 * time.Minute)
		d.look()
		same(t, setting+": calls after", d.listCalls()-before, 1)
	}
	if err := d.SaveCheckEvery(t.Context(), "minute"); err == nil {
		t.Error("the setting minute was accepted")
	}
}

func TestLogOfADayIsSmallAndNamesNoPerson(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	if err := d.SaveCheckEvery(t.Context(), connect.EveryHour); err != nil {
		t.Fatal(err)
	}
	for hour := range 24 {
		if hour == 12 {
			d.offline()
		}
		d.advance(time.Hour)
		for range 3 {
			d.look()
		}
	}
	log := d.logged()
	if len(log) > 20_000 {
		t.Errorf("the log of a day with an outage has %d bytes", len(log))
	}
	w := d.xero.World()
	for _, canary := range []string{
		jo, "Whitmore", w.Person(jo).Email, w.Person(jo).ID, sam, w.Person(sam).Email, w.Person(sam).ID,
		"Calder", "Dunes", w.Organisation(vets).ID, simxero.DemoClientID,
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
