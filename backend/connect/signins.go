package connect

import (
	"context"
	"time"

	"bookring/backend"
)

// The states of a sign-in.
const (
	StateKept      = "kept"
	StateSession   = "session"   // kept, until the program ends
	StateUnchecked = "unchecked" // Xero could not be asked at the last check
	StateEnded     = "ended"
)

// Reasons of sign-ins that have ended; the others are those of [backend.Ending].
const (
	endedUnused  = "unused"  // was not renewed in time
	endedSession = "session" // was for one session only
)

// SignInRow is one sign-in, for the window.
type SignInRow struct {
	// ID names the sign-in to the other calls.
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	State string `json:"state"`
	// Reason is the code of why it is unchecked, or why it has ended: unused,
	// session, refused, key-gone, or "" if that is not known.
	Reason string `json:"reason"`
	// Since is when the person last signed in, Renewed when it was renewed,
	// KeptUntil when it ends unless it is renewed, Ended when it was found to
	// have ended: RFC 3339, or "" for what is not known or does not apply.
	Since     string `json:"since"`
	Renewed   string `json:"renewed"`
	KeptUntil string `json:"keptUntil"`
	Ended     string `json:"ended"`
	// Soon: it ends in a fortnight.
	Soon bool `json:"soon"`
	// Organisations counts what it carries, Only what nothing else reaches.
	Organisations int          `json:"organisations"`
	Only          int          `json:"only"`
	First         []CarriedRow `json:"first"`
}

// CarriedRow is a [backend.UsedOrganisation] for the window.
type CarriedRow struct {
	Name string `json:"name"`
	Only bool   `json:"only"`
}

// firstCarried is how many organisations of a sign-in are named, of those that
// only it reaches and of the others.
const firstCarried = 12

// SignIns returns every sign-in: those that have ended first, then by name.
func (c *Connector) SignIns(ctx context.Context) ([]SignInRow, error) {
	signIns, err := c.Register.AllSignIns(ctx)
	if err != nil {
		return nil, err
	}
	loads, err := c.Register.Usage(ctx, firstCarried)
	if err != nil {
		return nil, err
	}
	rows := make([]SignInRow, len(signIns))
	for i, s := range signIns {
		rows[i] = signInRow(s, loads[s.SignInKey], c.Now())
	}
	return rows, nil
}

func signInRow(s backend.SignIn, carries backend.SignInUsage, now time.Time) SignInRow {
	row := SignInRow{
		ID: s.String(), Name: s.Name, Email: s.Email, State: StateKept,
		Since: stamp(s.At), Renewed: stamp(s.RenewedAt), Ended: stamp(s.EndedAt),
		Organisations: carries.Organisations, Only: carries.Only, First: []CarriedRow{},
	}
	switch {
	case !s.EndedAt.IsZero():
		row.State, row.Reason = StateEnded, ending(s)
	case s.Trouble != "":
		row.State, row.Reason = StateUnchecked, string(s.Trouble)
	case s.SessionOnly:
		row.State = StateSession
	}
	if s.EndedAt.IsZero() && !s.SessionOnly {
		row.KeptUntil, row.Soon = stamp(s.ExpiresAt()), threshold(s, now) > 0
	}
	for _, o := range carries.First {
		row.First = append(row.First, CarriedRow(o))
	}
	return row
}

// ending is why a sign-in has ended. Xero says no more than no, also to one that
// nobody has used for too long.
func ending(s backend.SignIn) string {
	unused := !s.RenewedAt.IsZero() && s.EndedAt.Sub(s.RenewedAt) >= backend.Lifetime
	switch {
	case s.Ending == backend.RefusedByXero && unused:
		return endedUnused
	case s.Ending == backend.KeyGone && s.SessionOnly:
		return endedSession
	}
	return string(s.Ending)
}
