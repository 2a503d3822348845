package connect

// Link returns the link of the sign-in that waits, to be put on the clipboard,
// or "" if none does.
func (c *Connector) Link() string {
	if attempt := c.waiting(); attempt != nil {
		return attempt.Link()
	}
	return ""
}

// OpenAgain opens the browser once more for the sign-in that waits.
func (c *Connector) OpenAgain() {
	if r := c.latest(); r != nil {
		c.open(r)
	}
}

// MoreTime gives the sign-in that waits the full time again, from now.
func (c *Connector) MoreTime() {
	r := c.latest()
	if r == nil {
		return
	}
	attempt := c.attempt(r)
	if attempt == nil {
		return
	}
	attempt.Extend()
	c.show(r, func(p *Progress) {
		if p.Phase == PhaseWaiting {
			p.Deadline = stamp(attempt.Deadline())
		}
	})
}

// Paste takes the address on which the browser ended. Fails with PastedEmpty or
// PastedNotOurs, and the sign-in goes on waiting. Without one that waits it
// does nothing.
func (c *Connector) Paste(address string) error {
	if attempt := c.waiting(); attempt != nil {
		return attempt.Paste(address)
	}
	return nil
}

// Cancel ends every sign-in that has not ended.
func (c *Connector) Cancel() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.rounds {
		if !r.ended {
			r.cancel()
		}
	}
}

func (c *Connector) waiting() Attempt {
	if r := c.latest(); r != nil {
		return c.attempt(r)
	}
	return nil
}
