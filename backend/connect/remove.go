package connect

import (
	"context"
	"slices"
	"sync"

	"bookring/backend"
)

// removing is the removal of everything. It is no piece of [work], because it
// waits for the end of all that is.
type removing struct {
	running sync.WaitGroup
	begun   bool // and not yet stopped or done
	past    bool // the point up to which it can be cancelled
	closed  bool
	cancel  context.CancelFunc
	shown   Removal

	asked  bool // Xero was to be told
	told   int
	untold []Untold
	keys   int
}

// Remove removes everything that Bookring keeps on this computer, and returns
// at once; [Overview.Removal] says how it goes on. The order is such that a
// failure early loses nothing: tell first lets every sign-in that still works
// disconnect what it reaches at Xero; then whatever runs is ended for good; then
// go the keys in the keychain, then the files. What the running program needs
// goes with its end.
//
// If Xero cannot be told, though that could work later, it stops before anything
// is removed: with the keys the last way to tell it would be gone. Whoever does
// not mind begins anew without tell. If the keychain keeps a key it stops, and
// waits for a person who says anyway; that means Xero, too.
// What cannot be planned is not begun: the demo, and a list that is only shown.
func (c *Connector) Remove(tell, anyway bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := &c.removal
	if c.Facts.Demo || c.Opening.ReadOnly != nil || r.begun || r.closed || r.shown.Phase == RemovalDone {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.begun, r.cancel = true, cancel
	// Once the keys are being removed Xero cannot be told any more.
	tell = tell && !r.past
	r.shown = Removal{Phase: RemovalTelling}
	r.running.Go(func() {
		defer cancel()
		c.remove(ctx, tell, anyway)
	})
}

// CancelRemoval ends telling Xero, or decides against removing what it could not
// be told of. What was told stays told, and nothing is removed.
func (c *Connector) CancelRemoval() {
	c.mu.Lock()
	phase := c.removal.shown.Phase
	if c.removal.begun && phase == RemovalTelling {
		c.removal.cancel()
	}
	c.mu.Unlock()
	if phase == RemovalUntold {
		c.takeBack(context.Background())
	}
}

// takeBack ends a removal of which nothing was removed yet.
func (c *Connector) takeBack(ctx context.Context) {
	c.change(func() {
		r := &c.removal
		r.begun, r.shown, r.asked, r.untold = false, Removal{}, false, nil
	})
	_ = c.CheckNow(ctx) // of what was cut off the list knows nothing yet
}

// past reports that keys may have been removed.
func (c *Connector) past() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.removal.past
}

// KeepRest takes a removal back that was stopped before anything was removed, and
// reports whether it was: otherwise what is left must be opened anew.
func (c *Connector) KeepRest() (whole bool) {
	if c.past() {
		return false
	}
	c.takeBack(context.Background())
	return true
}

// Removed reports that everything was removed: nothing may be made anew.
func (c *Connector) Removed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.removal.shown.Phase == RemovalDone
}

func (c *Connector) remove(ctx context.Context, tell, anyway bool) {
	c.Notify()
	reached, _, err := c.signedIn(ctx)
	if ctx.Err() != nil && !c.past() { // cancelled while the keychain was asked
		c.takeBack(context.WithoutCancel(ctx))
		return
	}
	if err != nil && !anyway {
		c.stopRemoval([]Stuck{{Code: string(backend.AsFailure(err).Code)}})
		return
	}
	if tell {
		c.Cancel()
		c.StopCheck()
		told, untold := c.withdraw(ctx, reached)
		c.removal.asked, c.removal.told, c.removal.untold = true, c.removal.told+told, untold
		if ctx.Err() == nil && !anyway && slices.ContainsFunc(untold, Untold.later) {
			c.change(func() { c.removal.begun, c.removal.shown = false, Removal{Phase: RemovalUntold, Untold: untold} })
			return
		}
	}
	if !c.pastReturn(ctx) {
		c.takeBack(context.WithoutCancel(ctx))
		return
	}
	c.halt()
	reached, keys, _ := c.signedIn(ctx) // somebody may have signed in meanwhile
	stuck := c.removeKeys(ctx, reached, keys)
	if ctx.Err() != nil || len(stuck) > 0 && !anyway {
		c.stopRemoval(stuck)
		return
	}
	c.removeFiles(ctx, stuck)
}

// signedIn returns every sign-in that is known here or in the keychain. An
// error is the keychain's; what is known here is returned all the same.
func (c *Connector) signedIn(ctx context.Context) (all []backend.ReachableOrganisations, keys []backend.SignInKey, err error) {
	all, err = c.Register.Reachable(ctx)
	if err != nil {
		// A register that cannot be read does not keep anything from being removed.
		c.Note(err)
	}
	keys, keychainErr := c.keptKeys(ctx, all)
	for _, key := range keys {
		known := func(r backend.ReachableOrganisations) bool { return r.SignIn.SignInKey == key }
		if !slices.ContainsFunc(all, known) {
			all = append(all, backend.ReachableOrganisations{SignIn: backend.SignIn{SignInKey: key}})
		}
	}
	return all, keys, keychainErr
}

// pastReturn goes on to where nothing can be taken back, unless it is cancelled.
func (c *Connector) pastReturn(ctx context.Context) (past bool) {
	c.change(func() {
		if past = ctx.Err() == nil; past {
			c.removal.past, c.removal.shown.Phase = true, RemovalRemoving
		}
	})
	return past
}

func (c *Connector) stopRemoval(stuck []Stuck) {
	c.change(func() {
		c.removal.begun = false
		c.removal.shown = Removal{Phase: RemovalStopped, Stuck: stuck}
	})
}

// removeKeys removes the keys of every sign-in from the keychain, and then what
// is left there: the index goes last. It returns whose keys stay. One at a time,
// and while no other program renews it, which would put it back.
func (c *Connector) removeKeys(ctx context.Context, reached []backend.ReachableOrganisations, keys []backend.SignInKey) (stuck []Stuck) {
	_ = c.Session.Empty(ctx) // memory
	var everybodysTrouble backend.Code
	for _, r := range reached {
		code := everybodysTrouble
		if code == "" {
			code = c.removeKey(ctx, r.SignIn.SignInKey)
		}
		listed := slices.Contains(keys, r.SignIn.SignInKey)
		switch {
		case code == "" && listed:
			c.removal.keys++
		case code != "" && (listed || !r.Ended):
			stuck = append(stuck, Stuck{Person: r.SignIn.Name, Code: string(code)})
		}
		if asksThePerson[code] {
			everybodysTrouble = code
		}
	}
	if len(stuck) > 0 {
		return stuck
	}
	return c.emptyKeychains(ctx, reached)
}

func (c *Connector) removeKey(ctx context.Context, key backend.SignInKey) backend.Code {
	unlock, err := c.Lock(ctx, key)
	if err == nil {
		defer unlock()
		err = c.Keychain.Delete(ctx, key)
	}
	if err != nil {
		c.Note(err)
		return backend.AsFailure(err).Code
	}
	return ""
}

// emptyKeychains removes what no index names. Of the keychain that test servers
// share, it does so only if no other one's keys are in it.
func (c *Connector) emptyKeychains(ctx context.Context, reached []backend.ReachableOrganisations) []Stuck {
	vaults := []Vault{c.Keychain}
	if c.Facts.TestServer != "" {
		keys, err := c.Keychain.Keys(ctx)
		others := func(key backend.SignInKey) bool { return !c.goesWithUs(key, reached) }
		if err != nil || slices.ContainsFunc(keys, others) {
			vaults = nil
		}
	}
	if c.TestKeychain != nil {
		vaults = append(vaults, c.TestKeychain)
	}
	for _, v := range vaults {
		if err := v.Empty(ctx); err != nil {
			c.Note(err)
			return []Stuck{{Code: string(backend.AsFailure(err).Code)}}
		}
	}
	return nil
}

// removeFiles removes the files and writes the receipt.
func (c *Connector) removeFiles(ctx context.Context, stuck []Stuck) {
	r := &c.removal
	receipt := Receipt{
		At: stamp(c.Now()), Asked: r.asked, Told: r.told, Untold: append([]Untold{}, r.untold...),
		Keys: r.keys, Stuck: append([]Stuck{}, stuck...), Left: []Remnant{},
	}
	if page, err := c.Register.Organisations(ctx, backend.Query{Limit: 1}); err == nil {
		receipt.Organisations = page.Total
	}
	receipt.Files = Kept(c.Kept())
	for _, remnant := range c.Erase() {
		receipt.Left = append(receipt.Left, Remnant(remnant))
	}
	c.change(func() {
		r.begun, r.shown = false, Removal{Phase: RemovalDone, Receipt: &receipt}
	})
}
