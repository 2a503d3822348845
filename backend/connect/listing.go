package connect

import (
	"context"
	"slices"

	"bookring/backend"
)

// listing is Xero's list of what a sign-in reaches, from when it is asked for
// until it is written down.
type listing struct {
	of          backend.SignInKey
	connections []backend.Connection
	// ended are the connections that were ended meanwhile: the list may still hold
	// them, and what was forgotten would come back. Guarded by [Connector.mu].
	ended []string
}

// list reads Xero's list. Whoever asks must call over when it is written down, or
// is of no use.
func (c *Connector) list(ctx context.Context, s backend.SignIn) (l *listing, over func(), err error) {
	asked := &listing{of: s.SignInKey}
	c.mu.Lock()
	c.listings = append(c.listings, asked)
	c.mu.Unlock()
	over = func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.listings = slices.DeleteFunc(c.listings, func(other *listing) bool { return other == asked })
	}
	err = c.call(ctx, s, func(token backend.Token) error {
		asked.connections, err = c.Xero.Connections(ctx, token)
		return err
	})
	if err != nil {
		return nil, over, err
	}
	return asked, over, nil
}

// noteEnded tells the lists of a sign-in that are under way that a connection was
// ended. The lock is held.
func (c *Connector) noteEnded(key backend.SignInKey, connectionID string) {
	for _, l := range c.listings {
		if l.of == key {
			l.ended = append(l.ended, connectionID)
		}
	}
}

// still returns what of a list was not ended since it was asked for. The lock on
// recording is held.
func (c *Connector) still(l *listing) []backend.Connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(l.connections), func(listed backend.Connection) bool {
		return slices.Contains(l.ended, listed.ID)
	})
}
