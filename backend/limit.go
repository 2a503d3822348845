package backend

import "time"

// RateLimited returns the failure for a limit of Xero's that ends at until, with the text of
// Say.Again as the detail. Now is the local time.
func RateLimited(until, now time.Time, cause error) *Failure {
	f := Fail(XeroRateLimit, tryAgain(until.Sub(now), now), cause)
	f.Again = until
	return f
}

func tryAgain(wait time.Duration, now time.Time) string {
	minutes := max(int((wait+time.Minute-1)/time.Minute), 1)
	end := now.Add(time.Duration(minutes) * time.Minute)
	switch {
	case minutes <= 90:
		return Say.Again.InMinutes.Of(minutes)
	case end.YearDay() != now.YearDay():
		return Say.Again.AtTomorrow.With(end.Format("15:04"))
	}
	return Say.Again.At.With(end.Format("15:04"))
}
