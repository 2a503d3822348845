package retry_test

import (
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

func TestAWaitOfTheUserShortensNoLimitOfXeros(t *testing.T) {
	var s retry.Schedule[string]
	limit := backend.Fail(backend.XeroRateLimit, "", nil)
	limit.Again = now.Add(2 * time.Hour)
	s.Defer("a", limit, now, 0)
	s.DeferFor("a", time.Hour, now)
	if got := s.Limit("a", now); !got.Equal(limit.Again) {
		t.Errorf("limit: %v", got)
	}
	after := limit.Again
	s.DeferFor("a", time.Hour, after)
	if s.Ready("a", after) {
		t.Error("a limit at its end prevents a wait")
	}
}
