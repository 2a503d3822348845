package connect

import (
	"cmp"
	"slices"
	"time"

	"bookring/backend"
)

// EndingSoon is a sign-in that ends soon unless it is renewed, for the window.
// Sign-ins are renewed when a check needs it, so this is one that could not be
// for weeks.
type EndingSoon struct {
	// ID is that of its [SignInRow].
	ID   string `json:"id"`
	Name string `json:"name"`
	// KeptUntil (RFC 3339) may have passed: whether Xero still knows it, only
	// Xero can say.
	KeptUntil string `json:"keptUntil"`
}

// tellDays are how many days before the end of a sign-in a person is told of it.
var tellDays = []int{3, 14}

// threshold returns the least of tellDays within which a sign-in ends, or 0.
func threshold(s backend.SignIn, now time.Time) int {
	until := s.ExpiresAt()
	if until.IsZero() || !s.EndedAt.IsZero() || s.SessionOnly {
		return 0
	}
	for _, days := range tellDays {
		if !now.Before(until.AddDate(0, 0, -days)) {
			return days
		}
	}
	return 0
}

// endingSoon returns the sign-ins that end soon, the first one first.
func endingSoon(signIns []backend.SignIn, now time.Time) []EndingSoon {
	soon := slices.DeleteFunc(slices.Clone(signIns), func(s backend.SignIn) bool { return threshold(s, now) == 0 })
	slices.SortStableFunc(soon, func(a, b backend.SignIn) int { return cmp.Compare(a.ExpiresAt().Unix(), b.ExpiresAt().Unix()) })
	rows := make([]EndingSoon, len(soon))
	for i, s := range soon {
		rows[i] = EndingSoon{ID: s.String(), Name: s.Name, KeptUntil: stamp(s.ExpiresAt())}
	}
	return rows
}
