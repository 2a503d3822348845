package connect_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// hanging holds the calls of one person until release, and then fails without an answer.
type hanging struct {
	rig.Authoriser
	rig.Xero
	userID    string
	release   chan struct{}
	asked     chan struct{} // receives each held call
	now, most atomic.Int32  // presentations at the same time
}

func hang(d *desk, person string) *hanging {
	h := &hanging{
		Authoriser: d.ports.Authoriser, Xero: d.ports.Xero, userID: d.key(person).UserID,
		release: make(chan struct{}), asked: make(chan struct{}, 100),
	}
	d.t.Cleanup(h.end)
	return h
}

var unanswered = &backend.Failure{Code: backend.Offline, Slow: true}

func (h *hanging) hold(ctx context.Context) error {
	h.asked <- struct{}{}
	select {
	case <-h.release:
		return unanswered
	case <-ctx.Done():
		return backend.Fail(backend.Cancelled, "", ctx.Err())
	}
}

func (h *hanging) end() {
	select {
	case <-h.release:
	default:
		close(h.release)
	}
}

func (h *hanging) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	if key.UserID != h.userID {
		return h.Authoriser.Renew(ctx, key, refresh)
	}
	h.most.Store(max(h.most.Load(), h.now.Add(1)))
	defer h.now.Add(-1)
	return backend.Token{}, h.hold(ctx)
}

func (h *hanging) Revoke(ctx context.Context, key backend.SignInKey, refresh backend.Secret) error {
	if key.UserID != h.userID {
		return h.Authoriser.Revoke(ctx, key, refresh)
	}
	return h.hold(ctx)
}

// quick makes a desk say at once what a program says after five seconds.
func (d *desk) quick() *desk {
	d.Renewal.SlowAfter, d.Syncing.GoOnAfter = 20*time.Millisecond, 30*time.Millisecond
	return d
}

func (d *desk) saysSlow(names ...string) {
	d.t.Helper()
	d.until("the slow sign-ins", func(o view.Overview) bool {
		return len(o.Check.Slow) == len(names) && (len(names) == 0 || o.Check.Slow[0] == names[0])
	})
}

func TestAHangingTokenEndpointOfOneSignInIsSaidAndTheOthersAreChecked(t *testing.T) {
	d := newDesk(t, simxero.Demo()).quick().launch().skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets) // the newest sign-in is checked first
	h := hang(d, jo)
	d.ports.Authoriser = h
	d.expire()
	before := d.listCalls()
	began := time.Now()
	d.CheckNow()
	d.saysSlow(jo)
	t.Logf("said after %v", time.Since(began))
	d.until("Sam's check", func(view.Overview) bool { return d.listCalls() == before+1 })
	d.wait("Sam's row", func() bool { return d.row(dunes).Status == string(backend.Connected) })
	same(t, "the check goes on", d.overview().Check.Running, true)
	d.CheckNow() // presents no token a second time meanwhile
	h.end()
	d.checked()
	d.saysSlow()
	d.status(dunes, backend.Connected)
	d.status(vets, backend.NotChecked)
	same(t, "presentations at once", h.most.Load(), int32(1))
	d.ports.Authoriser = h.Authoriser
	d.advance(time.Minute)
	d.look() // in doubt: asked again within the grace period
	d.status(vets, backend.Connected)
}

func TestAStoppedCheckPresentsNoTokenTwiceAtOnce(t *testing.T) {
	d := newDesk(t, simxero.Demo()).quick().launch().skipPauses()
	d.connect(jo, vets)
	h := hang(d, jo)
	d.ports.Authoriser = h
	d.expire()
	for range 3 {
		d.CheckNow()
		d.saysSlow(jo)
		d.StopCheck()
		d.until("the stop", func(o view.Overview) bool { return !o.Check.Running })
	}
	same(t, "presentations", len(h.asked), 1)
	same(t, "said while the trying goes on", d.overview().Check.Slow, []string{jo})
	h.end()
	d.saysSlow()
	same(t, "presentations at once", h.most.Load(), int32(1))
}

func TestTwoHangingSignInsAreBothAsked(t *testing.T) {
	d := newDesk(t, simxero.Demo()).quick().launch().skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.ports.Authoriser = failing{d.ports.Authoriser}
	d.expire()
	d.check()
	d.status(vets, backend.NotChecked)
	d.status(dunes, backend.NotChecked)
	same(t, "trouble", d.row(vets).Trouble, string(backend.Offline))
}

// failing is a token endpoint without an answer in time.
type failing struct{ rig.Authoriser }

func (failing) Renew(context.Context, backend.SignInKey, backend.Secret) (backend.Token, error) {
	return backend.Token{}, unanswered
}

// hangingList holds the lists of the first call.
type hangingList struct {
	rig.Xero
	once    sync.Once
	release chan struct{}
}

func (h *hangingList) Connections(ctx context.Context, token backend.Token) (backend.List, error) {
	first := false
	h.once.Do(func() { first = true })
	if first {
		<-h.release
		return backend.List{}, unanswered
	}
	return h.Xero.Connections(ctx, token)
}

func TestAHangingListOfOneSignInIsSaidAndTheOthersAreChecked(t *testing.T) {
	d := newDesk(t, simxero.Demo()).quick().launch().skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets)
	d.checked()
	h := &hangingList{Xero: d.ports.Xero, release: make(chan struct{})}
	d.ports.Xero = h
	before := d.listCalls()
	d.CheckNow()
	d.saysSlow(jo)
	d.until("Sam's list", func(view.Overview) bool { return d.listCalls() == before+1 })
	close(h.release)
	d.checked()
	d.saysSlow()
	d.status(dunes, backend.Connected)
	d.status(vets, backend.NotChecked)
}

func TestAHangingDisconnectIsSaidAndTheOtherSignInsAreSent(t *testing.T) {
	d := newDesk(t, simxero.Demo()).quick().launch().skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets)
	d.checked()
	h := &hangingDelete{Xero: d.ports.Xero, release: make(chan struct{})}
	d.ports.Xero = h
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.disconnect(vets, dunes)
	}()
	d.saysSlow(jo)
	close(h.release)
	<-done
	d.saysSlow()
	same(t, "disconnected at Xero", d.disconnected(), []string{sam + ": " + dunes})
}

// hangingDelete holds the first disconnect.
type hangingDelete struct {
	rig.Xero
	once    sync.Once
	release chan struct{}
}

func (h *hangingDelete) Disconnect(ctx context.Context, token backend.Token, connectionID string) error {
	first := false
	h.once.Do(func() { first = true })
	if first {
		<-h.release
		return unanswered
	}
	return h.Xero.Disconnect(ctx, token, connectionID)
}

func TestAHangingOrganisationIsSaidAndTheOthersAreRead(t *testing.T) {
	d := newDesk(t, allConnected(8)).quick().launch().skipPauses()
	h := &hangingDetails{Xero: d.ports.Xero, release: make(chan struct{})}
	d.ports.Xero = h
	d.reconnect(jo)
	d.saysSlow(jo)
	close(h.release)
	d.checked()
	d.advance(2 * time.Minute)
	d.look()
	d.checked()
	same(t, "unread", d.unread(), 1)
}

// hangingDetails holds the first reading of details.
type hangingDetails struct {
	rig.Xero
	mu      sync.Mutex
	held    string
	release chan struct{}
}

func (h *hangingDetails) Details(ctx context.Context, token backend.Token, organisationID string) (backend.Details, error) {
	h.mu.Lock()
	if h.held == "" {
		h.held = organisationID
	}
	held := h.held == organisationID
	h.mu.Unlock()
	if held {
		<-h.release
		return backend.Details{}, unanswered
	}
	return h.Xero.Details(ctx, token, organisationID)
}

func TestAHangingKeychainHoldsUpNoSignInThatNeedsNone(t *testing.T) {
	d := newDesk(t, simxero.Demo()).quick().launch().skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets) // the newest sign-in is checked first
	d.checked()
	d.network.cut.Store(new("/token"))
	_, _ = d.renewNow(jo) // Jo's access token is forgotten
	d.online()
	release := make(chan struct{})
	answer := sync.OnceFunc(func() { close(release) })
	t.Cleanup(answer)
	d.keychainFault.Store(new(func(string) error {
		<-release
		return backend.Fail(backend.KeychainStuck, "", nil)
	}))
	before := d.listCalls()
	d.CheckNow()
	d.KeychainWaits(true)
	d.until("Sam's list", func(view.Overview) bool { return d.listCalls() == before+1 })
	same(t, "said", d.overview().KeychainWaiting, true)
	answer()
	d.KeychainWaits(false)
	d.checked()
	d.status(dunes, backend.Connected)
	d.status(vets, backend.NotChecked)
}

func TestAHangingRevocationIsSaid(t *testing.T) {
	d := newDesk(t, simxero.Demo()).quick().launch().skipPauses()
	d.connect(jo, vets)
	h := hang(d, jo)
	d.ports.Authoriser = h
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = d.DisconnectSignIn(context.Background(), d.key(jo).String())
	}()
	d.saysSlow(jo)
	h.end()
	<-done
	d.saysSlow()
}

func TestAnInterruptedRenewalThatHangsAtTheStartHoldsUpNoOtherSignIn(t *testing.T) {
	d := newDesk(t, simxero.Demo()).quick().launch().skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets)
	d.expire()
	d.ports.Authoriser = failing{d.ports.Authoriser}
	_, _ = d.renewNow(jo) // the keychain holds the time of the presentation
	d.quit()
	next := newDeskAt(t, d.xero).quick()
	next.folder, next.keychain, next.locks = d.folder, d.keychain, d.locks
	d.keychain.Fail = next.keychainError
	next.launch().skipPauses()
	h := hang(next, jo)
	next.ports.Authoriser = h
	next.advance(2 * time.Hour)
	before := next.listCalls()
	next.Start(t.Context())
	next.saysSlow(jo)
	next.until("Sam's check", func(view.Overview) bool { return next.listCalls() > before })
	h.end()
}

// refusedList refuses the list for one access token as an unavailable Xero does.
type refusedList struct {
	rig.Authoriser
	rig.Xero
	of     backend.SignInKey
	access atomic.Pointer[backend.Token]
}

func (r *refusedList) Renew(ctx context.Context, key backend.SignInKey, refresh backend.Secret) (backend.Token, error) {
	token, err := r.Authoriser.Renew(ctx, key, refresh)
	if key == r.of && err == nil {
		r.access.Store(&token)
	}
	return token, err
}

func (r *refusedList) Connections(ctx context.Context, token backend.Token) (backend.List, error) {
	if of := r.access.Load(); of != nil && of.Access == token.Access {
		return backend.List{}, backend.Fail(backend.XeroUnavailable, "", nil)
	}
	return r.Xero.Connections(ctx, token)
}

// forgetAccess leaves a person without an access token, by a renewal refused once.
func (d *desk) forgetAccess(person string) {
	d.t.Helper()
	authoriser := d.ports.Authoriser
	d.ports.Authoriser = refusing{authoriser}
	_, err := d.renewNow(person)
	d.ports.Authoriser = authoriser
	same(d.t, "refused", backend.CodeOf(err), backend.XeroError)
}

// refusing is a token endpoint with a fault.
type refusing struct{ rig.Authoriser }

func (refusing) Renew(context.Context, backend.SignInKey, backend.Secret) (backend.Token, error) {
	return backend.Token{}, backend.Fail(backend.XeroError, "", nil)
}

func TestASignInThatIsReadyAndAlwaysFailsLetsTheOthersGoFirst(t *testing.T) {
	d := newDesk(t, simxero.Demo()).launch().skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets)
	d.checked()
	r := &refusedList{Authoriser: d.ports.Authoriser, Xero: d.ports.Xero, of: d.key(jo)}
	d.ports.Authoriser, d.ports.Xero = r, r
	if _, err := d.renewNow(jo); err != nil {
		t.Fatal(err)
	}
	d.forgetAccess(sam)
	d.check()
	d.status(dunes, backend.NotChecked)
	d.check()
	d.status(dunes, backend.Connected)
	d.status(vets, backend.NotChecked)
}

func TestASignInThatNeedsTheKeychainIsAskedLast(t *testing.T) {
	d := newDesk(t, simxero.Demo()).quick().launch().skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets) // the newest sign-in is checked first
	d.checked()
	d.forgetAccess(jo)
	release := make(chan struct{})
	answer := sync.OnceFunc(func() { close(release) })
	t.Cleanup(answer)
	d.keychainFault.Store(new(func(string) error {
		<-release
		return backend.Fail(backend.KeychainStuck, "", nil)
	}))
	before := d.listCalls()
	d.KeychainWaits(true)
	d.CheckNow()
	d.until("Sam's list", func(view.Overview) bool { return d.listCalls() == before+1 })
	answer()
	d.KeychainWaits(false)
	d.checked()
	d.status(vets, backend.NotChecked)
}

func TestAStopBetweenTwoSignInsPresentsNoFurtherToken(t *testing.T) {
	d := newDesk(t, simxero.Demo()).launch().skipPauses()
	d.connect(sam, dunes)
	d.connect(jo, vets)
	d.checked()
	d.advance(25 * time.Hour)
	spaced := make(chan struct{}, 1)
	d.setPause(func(ctx context.Context, _ time.Duration) error {
		spaced <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	})
	d.Look()
	<-spaced
	d.StopCheck()
	d.until("the stop", func(o view.Overview) bool { return !o.Check.Running })
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal)), 1)
}
