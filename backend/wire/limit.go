package wire

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"bookring/backend"
)

// Xero's longest limit is a day; where it names no end, a minute is its
// shortest.
const (
	shortestWait = time.Minute
	longestWait  = 24 * time.Hour
)

// limited returns how long a rate limit lasts, and whether Xero said so: a daily
// one that names no end is over within a day.
func limited(h http.Header, now time.Time) (wait time.Duration, told bool) {
	wait, told = retryAfter(h, now)
	if !told && strings.Contains(strings.ToLower(h.Get("X-Rate-Limit-Problem")), "day") {
		return longestWait, false
	}
	return min(max(wait, shortestWait), longestWait), true
}

// ofOneOrganisation reports a limit that Xero counts for each organisation: by
// the minute, by the day, and at once. What it does not name, or by a word that
// is not known, is taken for the app's, which spares everybody.
func ofOneOrganisation(h http.Header) bool {
	problem := strings.ToLower(h.Get("X-Rate-Limit-Problem"))
	if strings.Contains(problem, "app") {
		return false
	}
	return slices.ContainsFunc([]string{"minute", "day", "daily", "concurrent"}, func(word string) bool {
		return strings.Contains(problem, word)
	})
}

// tryAgain completes "Try again ...".
func tryAgain(wait time.Duration, told bool, now time.Time) string {
	if !told {
		return backend.Say.Again.Tomorrow
	}
	minutes := int((wait + time.Minute - 1) / time.Minute)
	end := now.Add(time.Duration(minutes) * time.Minute)
	switch {
	case minutes <= 90:
		return backend.Say.Again.InMinutes.Of(minutes)
	case end.YearDay() != now.YearDay():
		return backend.Say.Again.AtTomorrow.With(end.Format("15:04"))
	}
	return backend.Say.Again.At.With(end.Format("15:04"))
}

func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(h.Get("Retry-After"))
	seconds, err := strconv.ParseUint(value, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, uint64(longestWait/time.Second))) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	// Both dates are the server's, so that this computer's clock may be wrong.
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return at.Sub(now), true
}
