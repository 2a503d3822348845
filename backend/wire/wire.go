// Package wire sorts the failures of an HTTP call to Xero into the codes of
// package backend: errors of the network, TLS and X.509, and answers by status
// and content type. The two adapters that call Xero use package wire.
package wire

import (
	"cmp"
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
	"strings"
	"time"

	"bookring/backend"
)

// FailedCall returns the failure for the error of an HTTP call to Xero, or for
// the error of reading the body. Doing is a text of backend.Say.Doing.
//
//   - [backend.Offline]: no connection, no DNS name, no TLS, no answer in time (Slow, unless no
//     connection came about in time)
//   - [backend.NetworkSignIn]: another server answered in Xero's place, with a
//     certificate for another name or with plain HTTP instead of TLS
//   - [backend.ForeignCertificate]: a certificate for Xero's name by an authority unknown to
//     this computer, as of a company's proxy or a virus scanner
//   - [backend.ClockWrong]: Xero's certificate is not valid at this time
//   - [backend.XeroUnreadable]: a truncated answer, or an answer that is not HTTP
//   - [backend.Cancelled]: a cancelled context
//
// A [backend.Failure] in err's chain is returned unchanged. The cause in the
// failure holds neither the URL nor bytes of the answer.
func FailedCall(doing string, err error) *backend.Failure {
	if f, ok := errors.AsType[*backend.Failure](err); ok {
		return f
	}
	cause, host := err, ""
	if called, ok := errors.AsType[*url.Error](err); ok {
		cause = called.Err
		if address, err := url.Parse(called.URL); err == nil {
			host = address.Hostname()
		}
	}
	switch {
	case clockMayBeWrong(cause):
		return backend.Fail(backend.ClockWrong, backend.Say.Clock.Certificate, cause)
	case errors.Is(cause, context.Canceled):
		return backend.Fail(backend.Cancelled, "", cause)
	case replacedCertificate(cause, host):
		return backend.Fail(backend.ForeignCertificate, "", cause)
	case answeredByAnotherServer(cause):
		return backend.Fail(backend.NetworkSignIn, "", cause)
	case errors.Is(cause, io.EOF), errors.Is(cause, io.ErrUnexpectedEOF):
		return backend.Fail(backend.XeroUnreadable, doing, cause)
	case networkFailed(cause):
		f := backend.Fail(backend.Offline, doing, cause)
		if timed, ok := errors.AsType[net.Error](cause); ok && timed.Timeout() {
			dial, ok := errors.AsType[*net.OpError](cause)
			f.Slow = !ok || dial.Op != "dial" // without a connection the network is missing
		}
		return f
	}
	// The remaining errors quote the answer, and an answer can hold a secret.
	return backend.Fail(backend.XeroUnreadable, doing, fmt.Errorf("answer that is not HTTP (%T)", cause))
}

// clockMayBeWrong reports a certificate outside the period of validity. Xero's
// certificates are always valid, so this computer's clock is wrong.
func clockMayBeWrong(err error) bool {
	invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
	return ok && invalid.Reason == x509.Expired
}

// replacedCertificate reports a certificate for the host's name by an unknown authority. Some
// systems look at the authority before the name, so the name is compared here.
func replacedCertificate(err error, host string) bool {
	if !has[x509.UnknownAuthorityError](err) {
		return false
	}
	failed, ok := errors.AsType[*tls.CertificateVerificationError](err)
	if !ok || len(failed.UnverifiedCertificates) == 0 || host == "" {
		return true
	}
	return failed.UnverifiedCertificates[0].VerifyHostname(host) == nil
}

func answeredByAnotherServer(err error) bool {
	return has[x509.HostnameError](err) || has[x509.UnknownAuthorityError](err) ||
		has[tls.RecordHeaderError](err) || errors.Is(err, http.ErrSchemeMismatch)
}

func networkFailed(err error) bool {
	// crypto/tls has no error type for a handshake refused on this side.
	return has[net.Error](err) || has[*tls.CertificateVerificationError](err) || strings.HasPrefix(err.Error(), "tls: ")
}

func has[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// FailedStatus returns the failure for an answer's status and content type, or
// nil for JSON with a 2xx status. FailedStatus does not read the body. Doing is
// a text of backend.Say.Doing. Now is the local time; with Retry-After (RFC 9110
// section 10.2.3) and X-Rate-Limit-Problem, now gives the end of a rate limit.
//
// A redirect, 511, and HTML in place of JSON over a connection without Xero's certificate come
// from a network that wants a sign-in: [backend.NetworkSignIn]. HTML with a 4xx status, or with
// Xero's certificate, comes from Xero's edge, a filter or a proxy:
// [backend.RefusedOnTheWay]. 407 is [backend.ProxyPassword]. HTML with a 5xx status is Xero's
// own page, so the status decides. A refusal that names a missing scope is
// [backend.ScopeMissing]. A status unknown at Xero is [backend.XeroUnreadable].
func FailedStatus(doing string, resp *http.Response, now time.Time) *backend.Failure {
	status := resp.StatusCode
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	err := fmt.Errorf("status %d", status)
	switch {
	case status == http.StatusTooManyRequests:
		return rateLimited(resp.Header, now, err)
	case status == http.StatusNetworkAuthenticationRequired:
		return backend.Fail(backend.NetworkSignIn, "", err)
	case status >= 502 && status <= 504, status == http.StatusRequestTimeout:
		return backend.Fail(backend.XeroUnavailable, "", err)
	case (status == http.StatusUnauthorized || status == http.StatusForbidden) && scopeMissing(resp.Header):
		return backend.Fail(backend.ScopeMissing, "", err)
	case status >= 500:
		return backend.Fail(backend.XeroError, doing, err)
	case status == http.StatusProxyAuthRequired:
		return backend.Fail(backend.ProxyPassword, "", err)
	case status >= 300 && status < 400:
		return backend.Fail(backend.NetworkSignIn, "", err)
	case media == "text/html", media == "application/xhtml+xml":
		if status >= 400 || resp.TLS != nil && len(resp.TLS.VerifiedChains) > 0 {
			return backend.Fail(backend.RefusedOnTheWay, "", err)
		}
		return backend.Fail(backend.NetworkSignIn, "", err)
	case status >= 400:
		return backend.Fail(cmp.Or(refusals[status], backend.XeroUnreadable), doing, err)
	case status < 200 || status == http.StatusNoContent:
		return backend.Fail(backend.XeroUnreadable, doing, err)
	case media != "application/json" && !strings.HasSuffix(media, "+json"):
		return backend.Fail(backend.XeroUnreadable, doing, fmt.Errorf("%w, not JSON", err))
	}
	return nil
}

// scopeMissing reports a refusal for lack of a scope (RFC 6750 section 3.1). Xero answers
// with status 401 instead of 403.
func scopeMissing(h http.Header) bool {
	return strings.Contains(strings.ToLower(strings.Join(h.Values("WWW-Authenticate"), ",")), "insufficient_scope")
}

var refusals = map[int]backend.Code{
	http.StatusBadRequest:   backend.XeroRefusedRequest,
	http.StatusUnauthorized: backend.XeroUnauthorised,
	http.StatusForbidden:    backend.XeroForbidden,
	http.StatusNotFound:     backend.XeroNotFound,
}
