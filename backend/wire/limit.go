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

// Xero's longest limit lasts a day, the shortest a minute.
const (
	shortestWait = time.Minute
	longestWait  = 24 * time.Hour
)

// limited returns the duration of a rate limit. Known is false for a daily limit
// without Retry-After: such a limit ends within a day.
func limited(h http.Header, now time.Time) (wait time.Duration, known bool) {
	wait, known = retryAfter(h, now)
	if !known && strings.Contains(strings.ToLower(h.Get("X-Rate-Limit-Problem")), "day") {
		return longestWait, false
	}
	return min(max(wait, shortestWait), longestWait), true
}

// limitsOneOrganisation reports a limit that Xero counts for each organisation:
// by the minute, by the day, or concurrently. A limit without a name, or with an
// unknown name, counts as the app's limit, the stricter interpretation.
func limitsOneOrganisation(h http.Header) bool {
	problem := strings.ToLower(h.Get("X-Rate-Limit-Problem"))
	if strings.Contains(problem, "app") {
		return false
	}
	return slices.ContainsFunc([]string{"minute", "day", "daily", "concurrent"}, func(word string) bool {
		return strings.Contains(problem, word)
	})
}

// rateLimited returns the failure for an answer with the status 429.
func rateLimited(h http.Header, now time.Time, cause error) *backend.Failure {
	wait, known := limited(h, now)
	f := backend.RateLimited(now.Add(wait), now, cause)
	if !known {
		f.Detail = backend.Say.Again.Tomorrow
	}
	f.OneOrganisation = limitsOneOrganisation(h)
	return f
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
	// Both dates are from the server, so the error of this computer's clock cancels out.
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return at.Sub(now), true
}
