package connect

import "bookring/backend"

// open sends the browser to Xero. If it does not open, the person copies the
// link; the round goes on.
func (c *Connector) open(r *round) error {
	err := c.Browse(r.attempt.Link())
	if err != nil {
		c.Log.Warn("browser", "code", backend.AsFailure(err).Code)
	}
	c.change(func() {
		if r.progress.Phase == PhaseWaiting {
			r.progress.BrowserFailed = err != nil
		}
	})
	return err
}

// bringForward shows a round that is under way, or nil, and opens its link
// again if it waits. It counts anew, because the window may have seen the end of
// one that began later. Whoever is asked for now, is so from now on.
func (c *Connector) bringForward(r *round, asked *backend.SignIn) {
	c.change(func() {
		if r == nil {
			return
		}
		r.expect(asked)
		if r != c.shown {
			c.number++
			c.shown, r.progress.Number = r, c.number
		}
	})
	_ = c.OpenAgain() // what waits for no browser has none to open
}

// waiting returns the newest round that waits for the browser, or nil.
func (c *Connector) waiting() *round {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.newest(func(r *round) bool { return r.progress.Phase == PhaseWaiting })
}

// Link returns the link of the sign-in that waits, to be put on the clipboard.
// Fails with NothingWaits.
func (c *Connector) Link() (string, error) {
	if r := c.waiting(); r != nil {
		return r.attempt.Link(), nil
	}
	return "", backend.Fail(backend.NothingWaits, "", nil)
}

// OpenAgain opens the browser once more for the sign-in that waits. Fails with
// BrowserNotOpened or NothingWaits.
func (c *Connector) OpenAgain() error {
	if r := c.waiting(); r != nil {
		return c.open(r)
	}
	return backend.Fail(backend.NothingWaits, "", nil)
}

// MoreTime gives the sign-in that waits the full time again, from now.
func (c *Connector) MoreTime() {
	r := c.waiting()
	if r == nil {
		return
	}
	r.attempt.Extend()
	deadline := stamp(r.attempt.Deadline())
	c.change(func() {
		if r.progress.Phase == PhaseWaiting {
			r.progress.Deadline = deadline
		}
	})
}

// Paste takes the address on which the browser ended. Fails with PastedEmpty or
// PastedNotOurs, and the sign-in goes on waiting, or with NothingWaits.
func (c *Connector) Paste(address string) error {
	if r := c.waiting(); r != nil {
		return r.attempt.Paste(address)
	}
	return backend.Fail(backend.NothingWaits, "", nil)
}

// Cancel ends every sign-in that has not ended. One that Xero has granted
// already fails with CancelledLate, and can be taken up again.
func (c *Connector) Cancel() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.rounds {
		if !r.ended() {
			r.cancel()
		}
	}
}
