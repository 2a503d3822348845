package backend

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FailedCall sorts the error of an HTTP call to Xero, or of reading its body,
// into a failure. Doing completes "while Bookring ...", as in "read what was
// connected".
//
// Nobody there, no name, no TLS and no answer in time are [Offline]. A stranger
// in Xero's place (another's certificate, plain HTTP where TLS was asked for)
// is [NetworkSignIn]. An answer that stopped halfway or is no HTTP is
// [XeroUnreadable], and a context that was cancelled is [Cancelled]. A
// [Failure] in err's chain is returned as it is. The failure's error never
// holds the address that was called, nor bytes that were answered.
func FailedCall(doing string, err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	cause := err
	if called, ok := errors.AsType[*url.Error](err); ok {
		cause = called.Err
	}
	switch {
	case clockMayBeWrong(cause):
		return Fail(ClockWrong, "Xero’s certificate is not valid at this time", cause)
	case errors.Is(cause, context.Canceled):
		return Fail(Cancelled, "", cause)
	case answeredByStranger(cause):
		return Fail(NetworkSignIn, "", cause)
	case errors.Is(cause, io.EOF), errors.Is(cause, io.ErrUnexpectedEOF):
		return Fail(XeroUnreadable, doing, cause)
	case networkFailed(cause):
		return Fail(Offline, doing, cause)
	}
	// What is left quotes the answer, and an answer may hold anything.
	return Fail(XeroUnreadable, doing, fmt.Errorf("answer that is not HTTP (%T)", cause))
}

// clockMayBeWrong reports a certificate that is not valid at this time: Xero's
// are always, so it is the time.
func clockMayBeWrong(err error) bool {
	invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
	return ok && invalid.Reason == x509.Expired
}

func answeredByStranger(err error) bool {
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	return errors.Is(err, http.ErrSchemeMismatch)
}

func networkFailed(err error) bool {
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	// crypto/tls has no type for a handshake that it refuses itself.
	return strings.HasPrefix(err.Error(), "tls: ")
}

// FailedStatus sorts an answer by its status and content type; it does not
// touch the body. It returns nil for a 2xx answer of type JSON, which is the
// only one worth reading. Doing is as for [FailedCall]. Now, in the zone of
// whoever reads it, gives a rate limit its end: Retry-After in seconds or as a
// date (RFC 9110 section 10.2.3), and X-Rate-Limit-Problem.
//
// A redirect, 407, 511 and HTML come from something between this computer and
// Xero: [NetworkSignIn]. HTML with a 5xx is Xero's own page, and so is sorted
// by its status. A status that Xero does not use is [XeroUnreadable].
func FailedStatus(doing string, resp *http.Response, now time.Time) *Failure {
	status := resp.StatusCode
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	err := fmt.Errorf("status %d", status)
	switch {
	case status == http.StatusTooManyRequests:
		wait, told := limited(resp.Header, now)
		f := Fail(XeroRateLimit, tryAgain(wait, told, now), err)
		f.Again, f.OneOrganisation = now.Add(wait), ofOneOrganisation(resp.Header)
		return f
	case status == http.StatusNetworkAuthenticationRequired:
		return Fail(NetworkSignIn, "", err)
	case status >= 502 && status <= 504, status == http.StatusRequestTimeout:
		return Fail(XeroUnavailable, "", err)
	case status >= 500:
		return Fail(XeroError, doing, err)
	case status >= 300 && status < 400, status == http.StatusProxyAuthRequired,
		media == "text/html", media == "application/xhtml+xml":
		return Fail(NetworkSignIn, "", err)
	case status >= 400:
		return Fail(refusal(status), doing, err)
	case status < 200 || status == http.StatusNoContent:
		return Fail(XeroUnreadable, doing, err)
	case media != "application/json" && !strings.HasSuffix(media, "+json"):
		return Fail(XeroUnreadable, doing, fmt.Errorf("%w, not JSON", err))
	}
	return nil
}

func refusal(status int) Code {
	switch status {
	case http.StatusBadRequest:
		return XeroRefusedRequest
	case http.StatusUnauthorized:
		return XeroUnauthorised
	case http.StatusForbidden:
		return XeroForbidden
	case http.StatusNotFound:
		return XeroNotFound
	}
	return XeroUnreadable
}

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
		return "tomorrow"
	}
	minutes := int((wait + time.Minute - 1) / time.Minute)
	end := now.Add(time.Duration(minutes) * time.Minute)
	switch {
	case minutes == 1:
		return "in a minute"
	case minutes <= 90:
		return fmt.Sprintf("in %d minutes", minutes)
	case end.YearDay() != now.YearDay():
		return "after " + end.Format("15:04") + " tomorrow"
	}
	return "after " + end.Format("15:04")
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

// CheckLoopback fails with [NotLoopback], the address as its detail, unless
// address is http or https on localhost or a loopback IP address. Nothing of
// Bookring's goes to any other address that is not Xero's.
func CheckLoopback(address string) error {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return Fail(NotLoopback, PlainText(address), nil)
	}
	if host := u.Hostname(); host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return Fail(NotLoopback, PlainText(address), nil)
	}
	return nil
}
