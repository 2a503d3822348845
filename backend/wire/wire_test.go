package wire_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/wire"
)

func TestAFailedCallGetsTheCodeOfTheCause(t *testing.T) {
	reset := &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	cases := []struct {
		name string
		err  error
		want backend.Code
	}{
		{"a refused dial", &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}, backend.Offline},
		{"a connection reset", reset, backend.Offline},
		{"a name that does not resolve", &net.DNSError{Err: "no such host", Name: "api.xero.com"}, backend.Offline},
		{"a deadline", context.DeadlineExceeded, backend.Offline},
		{"a certificate that has expired", &tls.CertificateVerificationError{
			Err: x509.CertificateInvalidError{Reason: x509.Expired, Cert: &x509.Certificate{}},
		}, backend.ClockWrong},
		{"a handshake that this computer refuses", errors.New("tls: server selected unsupported protocol version 302"), backend.Offline},
		{"a certificate of another host", &tls.CertificateVerificationError{
			Err: x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"portal.hotel.example"}}, Host: "api.xero.com"},
		}, backend.NetworkSignIn},
		{"a certificate of an unknown authority", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, backend.ForeignCertificate},
		{"plain HTTP in place of TLS", http.ErrSchemeMismatch, backend.NetworkSignIn},
		{"no answer", io.EOF, backend.XeroUnreadable},
		{"half an answer", io.ErrUnexpectedEOF, backend.XeroUnreadable},
		{"an answer that is not HTTP", errors.New(`malformed HTTP response "canary"`), backend.XeroUnreadable},
		{"a call that was cancelled", context.Canceled, backend.Cancelled},
		{"a failure already decided", backend.Fail(backend.NetworkSignIn, "", nil), backend.NetworkSignIn},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			wrapped := fmt.Errorf("call: %w", &url.Error{Op: "Get", URL: "https://api.xero.com/?canary", Err: c.err})
			for _, err := range []error{c.err, wrapped} {
				f := wire.FailedCall("read what was connected", err)
				if f.Code != c.want {
					t.Errorf("%v: %s, want %s", err, f.Code, c.want)
				}
				if strings.Contains(f.Error(), "canary") {
					t.Errorf("%q holds the address or the answer", f)
				}
			}
		})
	}
}

func TestOnlyAConnectionWithoutAnAnswerInTimeIsSlow(t *testing.T) {
	timeout := os.ErrDeadlineExceeded
	for _, c := range []struct {
		name string
		err  error
		slow bool
	}{
		{"an answer that does not come", &net.OpError{Op: "read", Net: "tcp", Err: timeout}, true},
		{"a deadline", context.DeadlineExceeded, true},
		{"a connection that does not come about", &net.OpError{Op: "dial", Net: "tcp", Err: timeout}, false},
		{"a name server without an answer", &net.OpError{Op: "dial", Err: &net.DNSError{IsTimeout: true}}, false},
		{"a refused dial", &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}, false},
	} {
		f := wire.FailedCall("", &url.Error{Op: "Get", Err: c.err})
		if f.Code != backend.Offline || f.Slow != c.slow {
			t.Errorf("%s: %s, slow %v", c.name, f.Code, f.Slow)
		}
	}
}

func TestAFailedCallWrapsTheCauseForTheLog(t *testing.T) {
	f := wire.FailedCall("signed in", &url.Error{Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}})
	if !errors.Is(f, syscall.ECONNREFUSED) {
		t.Errorf("%v does not wrap its cause", f)
	}
	want := "The connection to the internet did not work while Bookring signed in."
	if got := f.Words().Sentence; !strings.HasPrefix(got, want) {
		t.Errorf("sentence %q", got)
	}
}

func TestStatusAndContentTypeDecideTheCode(t *testing.T) {
	const json, html = "application/json; charset=utf-8", "text/html; charset=utf-8"
	cases := []struct {
		status int
		media  string
		want   backend.Code
	}{
		{200, json, ""},
		{200, "application/problem+json", ""},
		{201, "APPLICATION/JSON", ""},
		{200, html, backend.NetworkSignIn},
		{200, "text/html; =broken", backend.NetworkSignIn},
		{200, "application/xhtml+xml", backend.NetworkSignIn},
		{200, "", backend.XeroUnreadable},
		{200, "text/plain", backend.XeroUnreadable},
		{204, json, backend.XeroUnreadable},
		{301, json, backend.NetworkSignIn},
		{302, "", backend.NetworkSignIn},
		{304, "", backend.NetworkSignIn},
		{307, "", backend.NetworkSignIn},
		{308, "", backend.NetworkSignIn},
		{400, json, backend.XeroRefusedRequest},
		{401, json, backend.XeroUnauthorised},
		{403, json, backend.XeroForbidden},
		{403, "", backend.XeroForbidden},
		{403, html, backend.RefusedOnTheWay},
		{406, html, backend.RefusedOnTheWay},
		{404, json, backend.XeroNotFound},
		{407, "", backend.ProxyPassword},
		{407, html, backend.ProxyPassword},
		{408, json, backend.XeroUnavailable},
		{418, json, backend.XeroUnreadable},
		{429, html, backend.XeroRateLimit},
		{500, json, backend.XeroError},
		{500, html, backend.XeroError},
		{502, html, backend.XeroUnavailable},
		{503, html, backend.XeroUnavailable},
		{504, "", backend.XeroUnavailable},
		{511, html, backend.NetworkSignIn},
		{599, "", backend.XeroError},
		{999, "", backend.XeroError},
	}
	for _, c := range cases {
		t.Run(fmt.Sprint(c.status, c.media), func(t *testing.T) {
			f := sorted(c.status, time.Now(), "Content-Type", c.media)
			if c.want == "" && f == nil {
				return
			}
			if f == nil || f.Code != c.want {
				t.Fatalf("%v, want %q", f, c.want)
			}
			if s := f.Words().Sentence; strings.Contains(s, "{detail}") || strings.Contains(s, "  ") {
				t.Errorf("sentence %q", s)
			}
		})
	}
}

func TestARateLimitStatesTheEnd(t *testing.T) {
	now := time.Date(2026, 11, 22, 19, 30, 40, 0, time.FixedZone("NZDT", 13*3600))
	date := func(d time.Duration) string { return now.Add(d).UTC().Format(http.TimeFormat) }
	cases := []struct {
		name, retryAfter, problem, date, want string
	}{
		{"a second", "1", "minute", "", "in a minute"},
		{"a minute", "60", "minute", "", "in a minute"},
		{"a little more", "61", "minute", "", "in 2 minutes"},
		{"an hour and a half", "5400", "", "", "in 90 minutes"},
		{"two hours", "7200", "day", "", "after 21:30"},
		{"the 66,975 seconds that were seen once", "66975", "day", "", "after 14:07 tomorrow"},
		{"a date", date(10 * time.Minute), "", "", "in 10 minutes"},
		{"a date by a clock an hour ahead", date(70 * time.Minute), "", date(time.Hour), "in 10 minutes"},
		{"a date that is over", date(-time.Hour), "", "", "in a minute"},
		{"the year 9999", "Fri, 31 Dec 9999 23:59:59 GMT", "", "", "after 19:30 tomorrow"},
		{"nothing", "", "", "", "in a minute"},
		{"nothing, for the day", "", "Day", "", "tomorrow"},
		{"words, for the day", "later", "app-day", "", "tomorrow"},
		{"words", "soon", "", "", "in a minute"},
		{"less than nothing", "-30", "", "", "in a minute"},
		{"thirty years", "1000000000", "", "", "after 19:30 tomorrow"},
		{"more than a number can be", "99999999999999999999999", "", "", "after 19:30 tomorrow"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := sorted(429, now, "Retry-After", c.retryAfter, "X-Rate-Limit-Problem", c.problem, "Date", c.date)
			if f.Detail != c.want {
				t.Errorf("try again %q, want %q", f.Detail, c.want)
			}
			wait := f.Again.Sub(now)
			if wait < time.Minute || wait > 24*time.Hour || (c.want == "in 10 minutes" && wait.Round(time.Minute) != 10*time.Minute) {
				t.Errorf("and again at %v", f.Again)
			}
		})
	}
}

func TestOnlyANamedLimitBelongsToOneOrganisation(t *testing.T) {
	for problem, want := range map[string]bool{
		"minute": true, "day": true, "Day": true, "concurrent": true, "Daily Limit": true, "appminute": false,
		"App Minute": false, "app-day": false, "": false, "something new": false,
	} {
		f := sorted(429, time.Now(), "X-Rate-Limit-Problem", problem)
		if f.OneOrganisation != want {
			t.Errorf("%q: one organisation's %v", problem, f.OneOrganisation)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "0", "60", "-1", "1e9", "18446744073709551616", "Fri, 31 Dec 9999 23:59:59 GMT", "Sun Nov  6 08:49:37 1994", "\x00"} {
		f.Add(seed, "day", "Sun, 22 Nov 2026 06:30:00 GMT")
		f.Add(seed, "", seed)
	}
	words := regexp.MustCompile(`^(in a minute|in \d\d? minutes|after \d\d:\d\d( tomorrow)?|tomorrow)$`)
	now := time.Date(2026, 11, 22, 6, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, retryAfter, problem, date string) {
		f := sorted(429, now, "Retry-After", retryAfter, "X-Rate-Limit-Problem", problem, "Date", date)
		if !words.MatchString(f.Detail) {
			t.Errorf("try again %q", f.Detail)
		}
	})
}

// sorted returns the failure for an answer with a status and headers, given as
// alternating names and values.
func sorted(status int, now time.Time, header ...string) *backend.Failure {
	h := http.Header{}
	for pair := range slices.Chunk(header, 2) {
		h[pair[0]] = pair[1:]
	}
	return wire.FailedStatus("read what was connected", &http.Response{StatusCode: status, Header: h}, now)
}

func TestAWebPageWithXerosCertificateIsNoGuestNetwork(t *testing.T) {
	page := func(status int, verified bool) *http.Response {
		resp := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"text/html"}}, TLS: &tls.ConnectionState{}}
		if verified {
			resp.TLS.VerifiedChains = [][]*x509.Certificate{{{}}}
		}
		return resp
	}
	for status, want := range map[int][2]backend.Code{ // without and with Xero's certificate
		200: {backend.NetworkSignIn, backend.RefusedOnTheWay}, 403: {backend.RefusedOnTheWay, backend.RefusedOnTheWay},
		503: {backend.XeroUnavailable, backend.XeroUnavailable}, 511: {backend.NetworkSignIn, backend.NetworkSignIn},
	} {
		for i, verified := range []bool{false, true} {
			if f := wire.FailedStatus("", page(status, verified), time.Now()); f.Code != want[i] { //nolint:bodyclose // without a body
				t.Errorf("%d, verified %v: %s, want %s", status, verified, f.Code, want[i])
			}
		}
	}
}
