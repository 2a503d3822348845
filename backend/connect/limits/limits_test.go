package limits_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/limits"
	"bookring/backend/connect/task"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// office is a Limits at a Xero whose answers the test chooses.
type office struct {
	*limits.Limits
	now time.Time

	mu     sync.Mutex
	calls  int
	answer error
	saved  map[string]string
}

func newOffice(saved map[string]string) *office {
	o := &office{now: noon, saved: saved}
	clock := task.NewClock(func() time.Time { return o.now }, nil)
	o.Limits = limits.New(limits.Ports{Xero: o, Authoriser: renewals{o}, Register: o}, clock, slog.New(slog.DiscardHandler), func() {})
	return o
}

func (o *office) ask() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls++
	return o.answer
}

func (o *office) Connections(context.Context, backend.Token) (backend.List, error) {
	return backend.List{}, o.ask()
}

func (o *office) Details(context.Context, backend.Token, string) (backend.Details, error) {
	return backend.Details{}, o.ask()
}

func (o *office) Disconnect(context.Context, backend.Token, string) error { return o.ask() }

func (o *office) Setting(_ context.Context, name string) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.saved[name], nil
}

func (o *office) SaveSetting(_ context.Context, name, value string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.saved[name] = value
	return nil
}

type renewals struct{ *office }

func (r renewals) Renew(context.Context, backend.SignInKey, backend.Secret) (backend.Token, error) {
	return backend.Token{}, r.ask()
}

func (r renewals) Revoke(context.Context, backend.SignInKey, backend.Secret) error { return r.ask() }

// limited lets Xero answer with a limit.
func (o *office) limited(wait time.Duration, oneOrganisation bool) {
	f := backend.RateLimited(o.now.Add(wait), o.now, nil)
	f.OneOrganisation = oneOrganisation
	o.answer = f
}

var ours, theirs = backend.Token{ClientID: "ours"}, backend.Token{ClientID: "theirs"}

func (o *office) list(token backend.Token) error {
	_, err := o.Limits.Connections(context.Background(), token)
	return err
}

func (o *office) details(id string) error {
	_, err := o.Limits.Details(context.Background(), ours, id)
	return err
}

func TestALimitOfOneAppLeavesAnotherAppAlone(t *testing.T) {
	o := newOffice(map[string]string{})
	o.limited(time.Hour, false)
	_ = o.list(ours)
	o.answer = nil
	if err := o.list(theirs); err != nil {
		t.Error(err)
	}
	if err := o.details("vets"); backend.CodeOf(err) != backend.XeroRateLimit {
		t.Error(err)
	}
	if o.calls != 2 {
		t.Errorf("%d calls", o.calls)
	}
}

func TestALimitOfOneOrganisationMetByTheListHoldsTheApp(t *testing.T) {
	o := newOffice(map[string]string{})
	o.limited(time.Hour, true)
	_ = o.list(ours)
	if o.Held("ours", "vets") == nil || o.OfApp("ours").IsZero() {
		t.Error("a list names no organisation, so its limit is the app's")
	}
}

func TestALimitOfOneOrganisationLeavesTheOthersAlone(t *testing.T) {
	o := newOffice(map[string]string{})
	o.limited(time.Hour, true)
	_ = o.details("vets")
	if f := o.Held("ours", "vets"); f == nil || !f.OneOrganisation || o.Of("vets").IsZero() {
		t.Errorf("vets: %+v", f)
	}
	if o.Held("ours", "dunes") != nil || o.Held("ours", "") != nil || !o.OfApp("ours").IsZero() {
		t.Error("the limit holds more than one organisation")
	}
}

func TestCallsSideBySideMeetOneLimit(t *testing.T) {
	o := newOffice(map[string]string{})
	o.limited(0, false)
	var together sync.WaitGroup
	for range 8 {
		together.Go(func() { _ = o.details("vets") })
	}
	together.Wait()
	if until := o.OfApp("ours"); until.Sub(noon) != time.Minute {
		t.Errorf("the limit ends after %v", until.Sub(noon))
	}
}

func TestALimitLastsBetweenAMinuteAndADay(t *testing.T) {
	for wait, want := range map[time.Duration]time.Duration{
		-24 * time.Hour: time.Minute, 0: time.Minute, time.Second: time.Minute, time.Hour: time.Hour, 1000 * time.Hour: 24 * time.Hour,
	} {
		o := newOffice(map[string]string{})
		o.limited(wait, false)
		_ = o.list(ours)
		if got := o.OfApp("ours").Sub(noon); got != want {
			t.Errorf("%v became %v, want %v", wait, got, want)
		}
	}
}

func TestALimitInARowLastsLongerUntilACallSucceeds(t *testing.T) {
	o := newOffice(map[string]string{})
	meet := func() time.Duration {
		o.limited(0, false)
		_ = o.list(ours)
		wait := o.OfApp("ours").Sub(o.now)
		o.now = o.OfApp("ours")
		return wait
	}
	for _, minutes := range []int{1, 2, 4, 8, 16, 16} {
		if got := meet(); got != time.Duration(minutes)*time.Minute {
			t.Errorf("%v, want %d minutes", got, minutes)
		}
	}
	o.answer = nil
	if err := o.list(ours); err != nil {
		t.Fatal(err)
	}
	if got := meet(); got != time.Minute {
		t.Errorf("after a success: %v", got)
	}
}

func TestAnAnswerFromBeforeALimitDoesNotEndTheLimit(t *testing.T) {
	o := newOffice(map[string]string{})
	begun, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	slow := &slow{office: o, begun: begun, goOn: goOn}
	o.Limits.Xero = slow
	go func() { ended <- o.list(ours) }()
	<-begun
	o.Limits.Xero = o
	o.limited(time.Hour, false)
	_ = o.list(ours)
	close(goOn)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if o.OfApp("ours").IsZero() {
		t.Error("the limit is over")
	}
}

// slow answers a list after the test lets it.
type slow struct {
	*office
	begun, goOn chan struct{}
}

func (s *slow) Connections(context.Context, backend.Token) (backend.List, error) {
	close(s.begun)
	<-s.goOn
	return backend.List{}, nil
}

func TestTheTokenEndpointHasALimitOfItsOwn(t *testing.T) {
	saved := map[string]string{}
	o := newOffice(saved)
	o.limited(24*time.Hour, false)
	key := backend.SignInKey{ClientID: "ours"}
	renew := func(o *office) error { _, err := o.Renew(context.Background(), key, backend.Secret{}); return err }
	_ = renew(o)
	o.answer = nil
	if err := renew(o); backend.CodeOf(err) != backend.XeroRateLimit || o.calls != 1 {
		t.Errorf("%v after %d calls", err, o.calls)
	}
	if err := o.list(ours); err != nil {
		t.Error(err)
	}
	if next := newOffice(saved); renew(next) != nil {
		t.Error("a restart must repeat an interrupted renewal at once")
	}
	o.now = noon.Add(10 * time.Minute)
	if err := renew(o); err != nil {
		t.Errorf("after ten minutes: %v", err)
	}
}

func TestARememberedLimitHoldsUntilItsEndOnly(t *testing.T) {
	saved := map[string]string{}
	o := newOffice(saved)
	o.limited(time.Hour, false)
	_ = o.list(ours)
	for ahead, holds := range map[time.Duration]bool{0: true, 59 * time.Minute: true, time.Hour: false, -time.Second: false, 9999 * time.Hour: false} {
		next := newOffice(saved)
		next.now = noon.Add(ahead)
		if held := next.Held("ours", "") != nil; held != holds {
			t.Errorf("%v later: held %v", ahead, held)
		}
	}
}
