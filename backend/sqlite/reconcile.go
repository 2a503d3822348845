package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"bookring/backend"
)

// Reconcile writes, in one transaction, what Xero listed for a sign-in at a
// time, and returns what that changed, in Xero's order. A sign-in that had
// ended lives again.
//
// Connections that are not of [backend.OrganisationType] are not written. Of
// several for one organisation the one updated last counts. Connections of
// this sign-in that are not listed are marked removed; their organisations are
// in Removed only if no other sign-in reaches them. What is to be disconnected
// stays so, unless it was connected again since, and is in none of the changes.
func (r *Register) Reconcile(ctx context.Context, s backend.SignIn, listed []backend.Connection, at time.Time) (changes backend.Changes, err error) {
	err = r.write(ctx, "reconcile", func(tx *sql.Tx) error {
		listed := perOrganisation(listed)
		// Before the sign-in is written: that alone can change how they stand.
		before, err := standings(ctx, tx, listed)
		if err != nil {
			return err
		}
		signIn, err := saveSignIn(ctx, tx, s, at)
		if err != nil {
			return err
		}
		keys, err := saveListed(ctx, tx, signIn, listed, before, at)
		if err != nil {
			return err
		}
		gone, left, err := removeUnlisted(ctx, tx, signIn, keys, at)
		if err != nil {
			return err
		}
		changes, err = compare(ctx, tx, before, keys, gone)
		if err != nil {
			return err
		}
		if err := recordChanges(ctx, tx, changes, before, s, at); err != nil {
			return err
		}
		if err := recordLeft(ctx, tx, left, s, at); err != nil {
			return err
		}
		return settle(ctx, tx, at)
	})
	return changes, err
}

// perOrganisation returns one connection for each organisation, in the order
// listed.
func perOrganisation(listed []backend.Connection) []backend.Connection {
	var one []backend.Connection
	place := map[string]int{}
	for _, c := range listed {
		if c.Type != backend.OrganisationType {
			continue
		}
		i, twice := place[c.OrganisationID]
		if !twice {
			place[c.OrganisationID] = len(one)
			one = append(one, c)
			continue
		}
		if c.UpdatedAt.After(one[i].UpdatedAt) {
			one[i] = c
		}
	}
	return one
}

// known is how an organisation stood before; the zero value was never seen.
type known struct {
	name   string
	status backend.Status
}

// lost reports that an organisation was known but not connected.
func (k known) lost() bool {
	return k.status == backend.SignInAgain || k.status == backend.Removed || k.status == backend.Disconnected
}

// standings returns, by ID, those of the listed organisations that are known.
func standings(ctx context.Context, tx *sql.Tx, listed []backend.Connection) (map[string]known, error) {
	find, err := tx.PrepareContext(ctx, "SELECT name, standing FROM listed WHERE id = ?")
	if err != nil {
		return nil, fmt.Errorf("prepare to find: %w", err)
	}
	defer func() { _ = find.Close() }() // ends with the transaction at the latest
	before := map[string]known{}
	for _, c := range listed {
		var k known
		var standing int
		err := find.QueryRowContext(ctx, c.OrganisationID).Scan(&k.name, &standing)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("find organisation: %w", err)
		}
		if k.status, err = status(standing); err != nil {
			return nil, err
		}
		before[c.OrganisationID] = k
	}
	return before, nil
}

// compare sorts the organisations listed and gone by what happened to them.
func compare(ctx context.Context, tx *sql.Tx, before map[string]known, keys, gone []int64) (c backend.Changes, err error) {
	listed, err := organisations(ctx, tx, keys)
	if err != nil {
		return c, err
	}
	for _, o := range listed {
		k := before[o.ID]
		switch {
		case o.Status == backend.Disconnected:
		case k.status == "":
			c.Added = append(c.Added, o)
		case k.lost():
			c.Back = append(c.Back, o)
		default:
			c.Known = append(c.Known, o)
		}
	}
	unlisted, err := organisations(ctx, tx, gone)
	if err != nil {
		return c, err
	}
	for _, o := range unlisted {
		if o.Status == backend.Removed {
			c.Removed = append(c.Removed, o)
		}
	}
	err = tx.QueryRowContext(ctx, "SELECT connected FROM tally").Scan(&c.Total)
	if err != nil {
		return c, fmt.Errorf("count connected: %w", err)
	}
	return c, nil
}

func recordChanges(ctx context.Context, tx *sql.Tx, c backend.Changes, before map[string]known, s backend.SignIn, at time.Time) error {
	var events []event
	note := func(kind string, all []backend.Organisation) {
		for _, o := range all {
			events = append(events, event{at: at, kind: kind, organisation: o.ID, name: o.Name, signIn: s})
		}
	}
	note(connected, c.Added)
	note(back, c.Back)
	note(removed, c.Removed)
	for _, all := range [][]backend.Organisation{c.Back, c.Known} {
		for _, o := range all {
			if was := before[o.ID].name; was != o.Name {
				events = append(events, event{at: at, kind: renamed, organisation: o.ID, name: o.Name, was: was, signIn: s})
			}
		}
	}
	for _, e := range events {
		if err := record(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}
