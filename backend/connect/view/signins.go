package view

import (
	"cmp"
	"slices"
	"time"

	"bookring/backend"
)

// The states of a sign-in.
const (
	StateSaved     = "saved"
	StateSession   = "session"   // ends with the program
	StateUnchecked = "unchecked" // in trouble since the last check
	StateEnded     = "ended"
)

// Reasons of an end beside those of [backend.Ending].
const (
	endedUnused  = "unused"  // not renewed in time
	endedSession = "session" // for one session only
)

// SignInRow is one sign-in.
type SignInRow struct {
	// ID is the sign-in's key as a text.
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	State string `json:"state"`
	// Reason is the code of the trouble, or the reason of the end: unused, session, refused,
	// key-gone, key-damaged, key-old, or "" if unknown.
	Reason string `json:"reason"`
	// Since is the time of the person's last sign-in, Renewed of the last renewal, ExpiresAt
	// of the expiry, Ended of the end.
	Since     string `json:"since"`
	Renewed   string `json:"renewed"`
	ExpiresAt string `json:"expiresAt"`
	Ended     string `json:"ended"`
	// NearExpiry: the expiry is less than two weeks away.
	NearExpiry bool `json:"nearExpiry"`
	// Organisations counts the sign-in's organisations, Only the ones without another
	// sign-in.
	Organisations int                `json:"organisations"`
	Only          int                `json:"only"`
	First         []UsedOrganisation `json:"first"`
}

// UsedOrganisation is a [backend.UsedOrganisation].
type UsedOrganisation struct {
	Name string `json:"name"`
	Only bool   `json:"only"`
}

// SignIn formats a sign-in.
func SignIn(s backend.SignIn, usage backend.SignInUsage, now time.Time) SignInRow {
	row := SignInRow{
		ID: s.String(), Name: s.Name, Email: s.Email, State: StateSaved,
		Since: Stamp(s.At), Renewed: Stamp(s.RenewedAt), Ended: Stamp(s.EndedAt),
		Organisations: usage.Organisations, Only: usage.Only, First: []UsedOrganisation{},
	}
	switch {
	case !s.EndedAt.IsZero():
		row.State, row.Reason = StateEnded, endReason(s)
	case s.Trouble != "":
		row.State, row.Reason = StateUnchecked, string(s.Trouble)
	case s.SessionOnly:
		row.State = StateSession
	}
	if s.EndedAt.IsZero() && !s.SessionOnly {
		row.ExpiresAt, row.NearExpiry = Stamp(s.ExpiresAt()), s.ReminderDays(now) > 0
	}
	for _, o := range usage.First {
		row.First = append(row.First, UsedOrganisation(o))
	}
	return row
}

// endReason returns the reason of a sign-in's end. Xero's refusal does not tell a revoked
// sign-in from an expired one.
func endReason(s backend.SignIn) string {
	expired := !s.RenewedAt.IsZero() && s.EndedAt.Sub(s.RenewedAt) >= backend.Lifetime
	switch {
	case s.Ending == backend.RefusedByXero && expired:
		return endedUnused
	case s.Ending == backend.KeyGone && s.SessionOnly:
		return endedSession
	}
	return string(s.Ending)
}

// NearExpiry is a sign-in near expiry: checks could not renew the sign-in for weeks.
type NearExpiry struct {
	// ID is the sign-in's key as a text.
	ID   string `json:"id"`
	Name string `json:"name"`
	// ExpiresAt is the expiry, possibly in the past: only Xero knows an end.
	ExpiresAt string `json:"expiresAt"`
}

// SignInsNearExpiry returns the sign-ins near expiry, the first expiry first.
func SignInsNearExpiry(signIns []backend.SignIn, now time.Time) []NearExpiry {
	soon := slices.DeleteFunc(slices.Clone(signIns), func(s backend.SignIn) bool { return s.ReminderDays(now) == 0 })
	slices.SortStableFunc(soon, func(a, b backend.SignIn) int {
		return cmp.Compare(a.ExpiresAt().Unix(), b.ExpiresAt().Unix())
	})
	rows := make([]NearExpiry, len(soon))
	for i, s := range soon {
		rows[i] = NearExpiry{ID: s.String(), Name: s.Name, ExpiresAt: Stamp(s.ExpiresAt())}
	}
	return rows
}

// CheckedAt returns the oldest check of a living sign-in, or the newest check of all if
// none lives.
func CheckedAt(signIns []backend.SignIn) string {
	var oldest, newest time.Time
	for _, s := range signIns {
		if s.CheckedAt.After(newest) {
			newest = s.CheckedAt
		}
		if s.EndedAt.IsZero() && !s.CheckedAt.IsZero() && (oldest.IsZero() || s.CheckedAt.Before(oldest)) {
			oldest = s.CheckedAt
		}
	}
	if oldest.IsZero() {
		return Stamp(newest)
	}
	return Stamp(oldest)
}
