package retry_test

import (
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

var now = time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)

func waits(until time.Time, _ bool) time.Duration { return until.Sub(now) }

func TestTheWaitDoublesUpToTheLongestAndStartsAnewAfterASuccess(t *testing.T) {
	var s retry.Schedule[string]
	f := backend.Fail(backend.XeroUnavailable, "", nil)
	for _, minutes := range []int{1, 2, 4, 8, 16, 32, 60, 60} {
		if got := waits(s.Defer("a", f, now, 0)); got != time.Duration(minutes)*time.Minute {
			t.Errorf("%v, want %d minutes", got, minutes)
		}
	}
	s.Forget("a")
	if got := waits(s.Defer("a", f, now, 0)); got != time.Minute {
		t.Errorf("after a success: %v", got)
	}
}

func TestAScheduleWithItsOwnTimesUsesThem(t *testing.T) {
	s := retry.Schedule[string]{First: time.Hour, Longest: 24 * time.Hour}
	f := backend.Fail(backend.XeroError, "", nil)
	for _, hours := range []int{1, 2, 4, 8, 16, 24} {
		if got := waits(s.Defer("a", f, now, 0)); got != time.Duration(hours)*time.Hour {
			t.Errorf("%v, want %d hours", got, hours)
		}
	}
}

func TestWithoutANetworkTheWaitGrowsToAMinute(t *testing.T) {
	for _, code := range []backend.Code{backend.Offline, backend.NetworkSignIn} {
		var s retry.Schedule[string]
		for _, seconds := range []int{4, 8, 16, 32, 45, 45} {
			if got := waits(s.Defer("a", backend.Fail(code, "", nil), now, 0)); got != time.Duration(seconds)*time.Second {
				t.Errorf("%s: %v, want %d seconds", code, got, seconds)
			}
		}
		if got := waits(s.Defer("a", backend.Fail(backend.XeroUnavailable, "", nil), now, 0)); got != time.Minute {
			t.Errorf("the first failure of Xero after %s: %v", code, got)
		}
	}
}

func TestAReturnedNetworkEndsTheWaitsOfTheNetworkOnly(t *testing.T) {
	for code, ends := range map[backend.Code]bool{
		backend.Offline: true, backend.NetworkSignIn: true, backend.RefusedOnTheWay: true, backend.ProxyPassword: true,
		backend.ForeignCertificate: true, backend.XeroUnavailable: false, backend.KeychainLocked: false, backend.XeroRateLimit: false,
	} {
		var s retry.Schedule[string]
		s.Defer("a", backend.Fail(code, "", nil), now, 0)
		s.ResetNetwork()
		if s.Ready("a", now) != ends {
			t.Errorf("%s: ready %v", code, !ends)
		}
	}
}

func TestAFailureWithAPromptDefersForAnHour(t *testing.T) {
	var s retry.Schedule[string]
	if got := waits(s.Defer("a", backend.Fail(backend.KeychainDismissed, "", nil), now, 0)); got != time.Hour {
		t.Error(got)
	}
}

func TestAResetEndsAWait(t *testing.T) {
	var s retry.Schedule[string]
	s.Defer("failed", backend.Fail(backend.XeroError, "", nil), now, 0)
	s.Defer("other", backend.Fail(backend.XeroError, "", nil), now, 0)
	s.Reset("failed")
	if !s.Ready("failed", now) || s.Ready("other", now) {
		t.Error("failed:", s.Ready("failed", now), "other:", s.Ready("other", now))
	}
	if s.Reset(); !s.Ready("other", now) {
		t.Error("a reset of all keys")
	}
}

func TestALimitDefersToTheEndThatXeroNamed(t *testing.T) {
	var s retry.Schedule[string]
	limit := backend.RateLimited(now.Add(2*time.Hour), now, nil)
	if got := waits(s.Defer("a", limit, now, 0)); got != 2*time.Hour {
		t.Error(got)
	}
	if got := waits(s.Defer("a", limit, now, 10*time.Minute)); got != 10*time.Minute {
		t.Errorf("a sign-in in doubt: %v", got)
	}
}

func TestABoundShortensAWait(t *testing.T) {
	var s retry.Schedule[string]
	locked := backend.Fail(backend.KeychainLocked, "", nil)
	if got := waits(s.Defer("a", locked, now, 10*time.Minute)); got != 10*time.Minute {
		t.Error(got)
	}
}

func TestAClockSetBackEndsAWait(t *testing.T) {
	var s retry.Schedule[string]
	s.DeferFor("a", time.Hour, now)
	if s.Ready("a", now.Add(time.Minute)) {
		t.Error("ready during the wait")
	}
	if !s.Ready("a", now.Add(-time.Minute)) {
		t.Error("not ready before the beginning of the wait")
	}
}

func TestEveryFailureWithAPromptIsShared(t *testing.T) {
	for _, code := range []backend.Code{
		backend.KeychainMissing, backend.KeychainLocked, backend.KeychainDismissed,
		backend.KeychainStuck, backend.KeychainFailed,
	} {
		if !retry.NeedsPrompt(code) || !retry.Shared(code) {
			t.Error(code)
		}
	}
	for _, code := range []backend.Code{
		"", backend.SignInEnded, backend.ClientIDRefused, backend.XeroForbidden, backend.KeychainTooBig,
	} {
		if retry.Shared(code) {
			t.Errorf("%q is shared", code)
		}
	}
}

func TestOnlyAChangeOfTheFailureIsWorthALine(t *testing.T) {
	var s retry.Schedule[string]
	down, limited := backend.Fail(backend.XeroUnavailable, "", nil), backend.Fail(backend.XeroRateLimit, "", nil)
	for i, step := range []struct {
		before func()
		f      *backend.Failure
		want   bool
	}{
		{func() {}, down, true},
		{func() {}, down, false},
		{func() { s.Reset() }, down, false}, // the user asked again, and nothing has changed
		{func() { s.DeferFor("a", time.Minute, now) }, down, false},
		{func() {}, limited, true},
		{func() {}, down, true},
		{func() { s.Forget("a") }, down, true},
	} {
		step.before()
		if _, changed := s.Defer("a", step.f, now, 0); changed != step.want {
			t.Errorf("step %d: %t", i, changed)
		}
	}
}

func TestALastingFailureBeginsOnce(t *testing.T) {
	var l retry.Lasting[string]
	full := backend.Fail(backend.DatabaseFull, "", nil)
	for i, step := range []struct {
		err  error
		want bool
	}{{nil, false}, {full, true}, {full, false}, {backend.Fail(backend.DatabaseReadOnly, "", nil), true}, {nil, false}, {full, true}} {
		if got := l.Began("backup", step.err); got != step.want || l.Failing("backup") != (step.err != nil) {
			t.Errorf("step %d: %t", i, got)
		}
	}
}
