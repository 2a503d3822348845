package connect

import (
	"context"
	"slices"
	"strings"

	"bookring/backend"
)

// RemovalPlan is what removing everything would remove, for the window, before it is
// begun.
type RemovalPlan struct {
	// Nothing: the demo keeps nothing.
	Nothing bool `json:"nothing"`
	// Keys counts the sign-ins whose key is in the password store. Keychain is
	// why that could not be found out, or nil.
	Keys     int     `json:"keys"`
	Keychain *Failed `json:"keychain"`
	// Organisations are on the list. Connections are what Xero counts for them,
	// through sign-ins that work; Lost those of sign-ins that have ended.
	Organisations int  `json:"organisations"`
	Connections   int  `json:"connections"`
	Lost          int  `json:"lost"`
	Files         Kept `json:"files"`
}

// Kept is a [backend.FileCounts] for the window.
type Kept struct {
	Backups int  `json:"backups"`
	Damaged int  `json:"damaged"`
	Logs    int  `json:"logs"`
	Others  int  `json:"others"`
	Shared  bool `json:"shared"`
}

// The phases of removing everything, as they follow each other.
const (
	RemovalIdle     = ""
	RemovalTelling  = "telling"  // Xero is told; it can still be cancelled
	RemovalUntold   = "untold"   // Xero could not be told; the person decides
	RemovalRemoving = "removing" // nothing can be taken back
	RemovalStopped  = "stopped"  // the password store keeps keys; the person decides
	RemovalDone     = "done"
)

// Removal is how removing everything goes on, for the window.
type Removal struct {
	Phase string `json:"phase"`
	// Done and Total count the connections that Xero is told of.
	Done  int `json:"done"`
	Total int `json:"total"`
	// Untold is set in the phase untold: what Xero would go on counting, and why.
	Untold []Untold `json:"untold"`
	// Stuck is set in the phase stopped: whose keys stay, and why.
	Stuck []Stuck `json:"stuck"`
	// Receipt is set in the phase done.
	Receipt *Receipt `json:"receipt"`
}

// Stuck is a sign-in whose key could not be removed. Person is "" if it is not
// known whose, or that there is any.
type Stuck struct {
	Person string `json:"person"`
	Code   string `json:"code"`
}

// Untold is what Xero still counts for a sign-in, and why it was not told.
type Untold struct {
	Person        string   `json:"person"`
	Organisations []string `json:"organisations"`
	Code          string   `json:"code"`
}

// later reports whether Xero could be told some other time: not through a sign-in
// that has ended.
func (u Untold) later() bool { return u.Code != string(backend.SignInEnded) }

// Receipt is what was removed and what was not. It holds no secret.
type Receipt struct {
	At string `json:"at"` // RFC 3339
	// Told counts the connections that were disconnected at Xero; Asked says
	// whether the person wanted that.
	Asked  bool     `json:"asked"`
	Told   int      `json:"told"`
	Untold []Untold `json:"untold"`
	// Keys counts the sign-ins whose key was removed; Stuck are the others.
	Keys          int       `json:"keys"`
	Stuck         []Stuck   `json:"stuck"`
	Organisations int       `json:"organisations"`
	Files         Kept      `json:"files"`
	Left          []Remnant `json:"left"`
}

// Remnant is a [backend.Leftover] for the window.
type Remnant struct {
	Path  string `json:"path"`
	InUse bool   `json:"inUse"`
}

// forWindow is how it goes on. The Connector's lock is held.
func (r *removing) forWindow() Removal {
	shown := r.shown
	shown.Untold = append([]Untold{}, shown.Untold...)
	shown.Stuck = append([]Stuck{}, shown.Stuck...)
	return shown
}

// afterwards is the overview of a program that has removed everything.
func (c *Connector) afterwards() Overview {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.Facts
	o.SignIn, o.Removal, o.Revision = Progress{Phase: PhaseIdle}, c.removal.forWindow(), c.revision
	o.Ending, o.Counts, o.Repairs = []EndingSoon{}, []Count{}, []Repair{}
	return o
}

// PlanRemoval says what [Connector.Remove] would remove. A keychain that does
// not answer is part of the plan, no failure. Fails if nothing can be removed.
func (c *Connector) PlanRemoval(ctx context.Context) (RemovalPlan, error) {
	if c.Facts.Demo {
		return RemovalPlan{Nothing: true}, nil
	}
	if c.Opening.ReadOnly != nil {
		return RemovalPlan{}, c.Opening.ReadOnly
	}
	reached, err := c.Register.Reachable(ctx)
	if err != nil {
		return RemovalPlan{}, err
	}
	page, err := c.Register.Organisations(ctx, backend.Query{Limit: 1})
	if err != nil {
		return RemovalPlan{}, err
	}
	p := RemovalPlan{Organisations: page.Total, Files: Kept(c.Kept())}
	for _, r := range reached {
		if r.Ended {
			p.Lost += len(r.Organisations)
			continue
		}
		p.Connections += len(r.Organisations)
	}
	keys, err := c.keptKeys(ctx, reached)
	p.Keys = len(keys)
	if err != nil {
		p.Keychain = ForWindow(backend.AsFailure(err))
	}
	return p, nil
}

// keptKeys returns the sign-ins whose keys are in the keychain's index and go
// with these data. A damaged index is none to fail for: the keychain is emptied.
func (c *Connector) keptKeys(ctx context.Context, reached []backend.ReachableOrganisations) ([]backend.SignInKey, error) {
	keys, err := c.Keychain.Keys(ctx)
	if err != nil && backend.AsFailure(err).Code != backend.KeychainDamaged {
		return nil, err
	}
	return slices.DeleteFunc(keys, func(key backend.SignInKey) bool { return !c.goesWithUs(key, reached) }), nil
}

// goesWithUs reports whether a sign-in is of these data. All that is real is;
// test servers share a keychain, and one's data do not take another's along
// (the issuer is the beginning of the discovery document's address, OpenID
// Connect Discovery 1.0 section 4).
func (c *Connector) goesWithUs(key backend.SignInKey, reached []backend.ReachableOrganisations) bool {
	if c.Facts.TestServer == "" || strings.HasPrefix(c.Facts.TestServer, strings.TrimSuffix(key.Issuer, "/")+"/") {
		return true
	}
	return slices.ContainsFunc(reached, func(r backend.ReachableOrganisations) bool { return r.SignIn.Issuer == key.Issuer })
}
