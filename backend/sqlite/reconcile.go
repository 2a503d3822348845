package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"bookring/backend"
)

// Reconcile records Xero's connection list for a sign-in in a transaction and returns the changes, in Xero's
// order. An ended sign-in becomes living again: Xero answers living sign-ins only.
//
//   - Reconcile ignores connections of other types than [backend.OrganisationType]. Of several connections to
//     an organisation, the last updated connection counts.
//   - If the list was understood whole, Reconcile marks the sign-in's other connections as removed, except
//     connections to an organisation listed with another type. Otherwise Reconcile concludes nothing from an
//     absence, and records XeroPartlyRead as the trouble of the sign-in. Changes.Removed holds only organisations
//     without a connection through another sign-in.
//   - A disconnect request stays unless the organisation was connected again. Changes holds no organisation
//     with a disconnect request.
func (r *Register) Reconcile(ctx context.Context, s backend.SignIn, list backend.List, at time.Time) (changes backend.Changes, err error) {
	err = r.write(ctx, "reconcile", func(tx *sql.Tx) error {
		listed := perOrganisation(list.Connections)
		// Read before saveSignIn: a sign-in that becomes living changes statuses.
		before, err := readKnown(ctx, tx, listed)
		if err != nil {
			return err
		}
		var trouble backend.Code
		if !list.Whole() {
			trouble = backend.XeroPartlyRead
		}
		signIn, err := saveSignIn(ctx, tx, s, trouble, at)
		if err != nil {
			return err
		}
		keys, err := saveConnections(ctx, tx, signIn, listed, before, at)
		if err != nil {
			return err
		}
		var unlisted, confirmed []int64
		if list.Whole() {
			unlisted, confirmed, err = removeUnlisted(ctx, tx, signIn, list.Connections, at)
		}
		if err != nil {
			return err
		}
		changes, err = compare(ctx, tx, before, keys, unlisted)
		if err != nil {
			return err
		}
		if err := recordChanges(ctx, tx, changes, before, confirmed, s, at); err != nil {
			return err
		}
		return settle(ctx, tx, at)
	})
	return changes, err
}

// perOrganisation returns a single connection for each organisation, in the order of listed.
func perOrganisation(listed []backend.Connection) []backend.Connection {
	var single []backend.Connection
	place := map[string]int{}
	for _, c := range listed {
		if c.Type != backend.OrganisationType {
			continue
		}
		i, twice := place[c.OrganisationID]
		if !twice {
			place[c.OrganisationID] = len(single)
			single = append(single, c)
			continue
		}
		if c.UpdatedAt.After(single[i].UpdatedAt) {
			single[i] = c
		}
	}
	return single
}

// known is an organisation before a Reconcile. The zero value is an unknown organisation.
type known struct {
	name   string
	status backend.Status
}

// unconnected reports an organisation known but not connected.
func (k known) unconnected() bool {
	return k.status == backend.SignInAgain || k.status == backend.Removed || k.status == backend.Disconnected
}

// readKnown returns the known organisations of a list, by ID.
func readKnown(ctx context.Context, tx *sql.Tx, listed []backend.Connection) (map[string]known, error) {
	find, err := tx.PrepareContext(ctx, "SELECT name, standing FROM listed WHERE id = ?")
	if err != nil {
		return nil, fmt.Errorf("prepare to find: %w", err)
	}
	defer func() { _ = find.Close() }() // the transaction closes the statement too
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

// compare returns the changes: keys are the listed organisations, unlisted the organisations of removed
// connections.
func compare(ctx context.Context, tx *sql.Tx, before map[string]known, keys, unlisted []int64) (c backend.Changes, err error) {
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
		case k.unconnected():
			c.Reconnected = append(c.Reconnected, o)
		default:
			c.AlreadyConnected = append(c.AlreadyConnected, o)
		}
	}
	maybeRemoved, err := organisations(ctx, tx, unlisted)
	if err != nil {
		return c, err
	}
	for _, o := range maybeRemoved {
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

// recordChanges adds the changes to the history. confirmed are the organisations with a disconnect confirmed by
// the absence from Xero's list.
func recordChanges(ctx context.Context, tx *sql.Tx, c backend.Changes, before map[string]known, confirmed []int64, s backend.SignIn, at time.Time) error {
	disconnects, err := organisations(ctx, tx, confirmed)
	if err != nil {
		return err
	}
	var events []event
	note := func(kind string, all []backend.Organisation) {
		for _, o := range all {
			events = append(events, event{at: at, kind: kind, organisation: o.ID, name: o.Name, signIn: s})
		}
	}
	note(connected, c.Added)
	note(back, c.Reconnected)
	note(removed, c.Removed)
	for _, all := range [][]backend.Organisation{c.Reconnected, c.AlreadyConnected} {
		for _, o := range all {
			if was := before[o.ID].name; was != o.Name {
				events = append(events, event{at: at, kind: renamed, organisation: o.ID, name: o.Name, was: was, signIn: s})
			}
		}
	}
	note(disconnected, disconnects)
	return record(ctx, tx, events...)
}
