package connect_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// promptingKeychain answers no call before the end of the context, like a prompt without
// a user.
type promptingKeychain struct {
	rig.Keychain
	asked chan struct{}
	once  sync.Once
}

func (v *promptingKeychain) wait(ctx context.Context) error {
	v.once.Do(func() { close(v.asked) })
	<-ctx.Done()
	return backend.Fail(backend.Cancelled, "", ctx.Err())
}

func (v *promptingKeychain) Probe(ctx context.Context) error { return v.wait(ctx) }

func (v *promptingKeychain) Load(ctx context.Context, _ backend.SignInKey) (backend.Credential, error) {
	return backend.Credential{}, v.wait(ctx)
}

// goleak finds the goroutines left by the tests below.

func TestCloseEndsAWaitingRound(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.click()
	d.Close()
	same(t, "code", d.failed().Code, string(backend.Cancelled))
	if d.listening() {
		t.Error("the port is still open")
	}
	before := d.overview()
	d.Connect()
	d.Start(t.Context())
	d.noBrowserOpened()
	same(t, "overview after later clicks", d.overview(), before)
	d.Close()
}

func TestCloseEndsAKeychainPrompt(t *testing.T) {
	d := launch(t, simxero.Demo())
	prompting := &promptingKeychain{Keychain: d.ports.Keychain, asked: make(chan struct{})}
	d.ports.Keychain = prompting
	var click sync.WaitGroup
	click.Go(d.Connect)
	<-prompting.asked
	d.Close()
	click.Wait()
	d.noBrowserOpened()
}

func TestCloseEndsAnyCallToXero(t *testing.T) {
	for _, step := range []simxero.Endpoint{
		simxero.Discovery, simxero.Keys, simxero.Exchange, simxero.Connections, simxero.Details,
	} {
		d := launch(t, simxero.Demo())
		d.xero.Fail(step, simxero.Stalled())
		var person sync.WaitGroup
		person.Go(func() {
			d.Connect()
			if len(d.opened) == 0 {
				return
			}
			address, err := d.browser.Allow(t.Context(), <-d.opened, jo, vets)
			if err != nil {
				t.Error(err)
			}
			_, _ = d.browser.Open(t.Context(), address) // Close may cut the page off
		})
		if err := d.xero.Await(t.Context(), step, 1); err != nil {
			t.Fatal(err)
		}
		d.Close()
		person.Wait()
		if d.listening() {
			t.Errorf("%s: the port is still open", step)
		}
	}
}

func TestCloseEndsARoundStartedOnABrowserPage(t *testing.T) {
	d := launch(t, simxero.Demo())
	_, page := d.connect(jo, vets)
	d.xero.Fail(simxero.Discovery, simxero.Stalled())
	var browser sync.WaitGroup
	browser.Go(func() {
		_, _ = d.browser.Open(t.Context(), d.nextLink(page)) // the page of a failure, or cut off
	})
	if err := d.xero.Await(t.Context(), simxero.Discovery, 2); err != nil {
		t.Fatal(err)
	}
	d.Close()
	browser.Wait()
	same(t, "code", d.failed().Code, string(backend.Cancelled))
	if d.listening() {
		t.Error("the port is still open")
	}
}

// renewing returns a desk with a check waiting for Xero's answer to a renewal.
func renewing(t *testing.T) (*desk, *simxero.Injected) {
	t.Helper()
	d := launch(t, simxero.Demo())
	d.connect(jo, vets)
	d.read(1)
	d.expire()
	held := d.xero.Fail(simxero.Renewal, simxero.Stalled())
	d.CheckNow()
	if err := held.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return d, held
}

func TestCloseWaitsForARenewalAndSavesTheCredential(t *testing.T) {
	d, held := renewing(t)
	before, _ := d.credential(jo)
	var closing sync.WaitGroup
	closing.Go(d.Close)
	d.checked() // the check does not wait
	held.Release()
	closing.Wait()
	after, err := d.credential(jo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "generation", after.Generation, before.Generation+1)
	same(t, "presented", after.PresentedAt.IsZero(), true)
}

func TestCloseWaitsNoLongerThanTheShutdownGrace(t *testing.T) {
	d, _ := renewing(t)
	d.SetGrace(50 * time.Millisecond)
	d.Close()
	d.xero.Heal()
	d = d.restart()
	d.Start(t.Context())
	d.status(vets, backend.Connected)
}

func TestCloseDoesNotWaitForARetry(t *testing.T) {
	d, pausing := paused(t)
	<-pausing
	d.Close()
}

func TestStopCheckEndsTheCheckWhileARenewalPauses(t *testing.T) {
	d, pausing := paused(t)
	<-pausing
	d.StopCheck()
	d.checked()
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
	pausing <- struct{}{} // the renewal goes on
	if err := d.xero.Await(t.Context(), simxero.Renewal, 2); err != nil {
		t.Fatal(err)
	}
}

// paused returns a desk with a renewal paused before a retry. The renewal sends on the
// channel at the beginning of the pause, and goes on after a send of the test.
func paused(t *testing.T) (*desk, chan struct{}) {
	t.Helper()
	d := launch(t, simxero.Demo())
	pausing := make(chan struct{})
	d.Pause = func(ctx context.Context, _ time.Duration) error {
		pausing <- struct{}{}
		select {
		case <-pausing:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	d.connect(jo, vets)
	d.expire()
	d.xero.Fail(simxero.Renewal, simxero.LostAnswer().Once())
	d.CheckNow()
	return d, pausing
}
