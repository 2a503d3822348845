// Package wire sorts the failures of an HTTP call to Xero into the codes of
// package backend: errors of the network, TLS and X.509, and answers by status
// and content type. The two adapters that call Xero use package wire.
package wire

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
	"strings"
	"time"

	"bookring/backend"
)

// FailedCall sorts the error of an HTTP call to Xero, or of reading its body,
// into a failure. Doing completes "while Bookring ...", as in "read what was
// connected".
//
// Nobody there, no name, no TLS and no answer in time are [backend.Offline]. A stranger
// in Xero's place (another's certificate, plain HTTP where TLS was asked for)
// is [backend.NetworkSignIn]. An answer that stopped halfway or is no HTTP is
// [backend.XeroUnreadable], and a context that was cancelled is [backend.Cancelled]. A
// [backend.Failure] in err's chain is returned as it is. The failure's error never
// holds the address that was called, nor bytes that were answered.
func FailedCall(doing string, err error) *backend.Failure {
	if f, ok := errors.AsType[*backend.Failure](err); ok {
		return f
	}
	cause := err
	if called, ok := errors.AsType[*url.Error](err); ok {
		cause = called.Err
	}
	switch {
	case clockMayBeWrong(cause):
		return backend.Fail(backend.ClockWrong, backend.Say.Clock.Certificate, cause)
	case errors.Is(cause, context.Canceled):
		return backend.Fail(backend.Cancelled, "", cause)
	case answeredByStranger(cause):
		return backend.Fail(backend.NetworkSignIn, "", cause)
	case errors.Is(cause, io.EOF), errors.Is(cause, io.ErrUnexpectedEOF):
		return backend.Fail(backend.XeroUnreadable, doing, cause)
	case networkFailed(cause):
		return backend.Fail(backend.Offline, doing, cause)
	}
	// What is left quotes the answer, and an answer may hold anything.
	return backend.Fail(backend.XeroUnreadable, doing, fmt.Errorf("answer that is not HTTP (%T)", cause))
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
// Xero: [backend.NetworkSignIn]. HTML with a 5xx is Xero's own page, and so is sorted
// by its status. A status that Xero does not use is [backend.XeroUnreadable].
func FailedStatus(doing string, resp *http.Response, now time.Time) *backend.Failure {
	status := resp.StatusCode
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	err := fmt.Errorf("status %d", status)
	switch {
	case status == http.StatusTooManyRequests:
		wait, told := limited(resp.Header, now)
		f := backend.Fail(backend.XeroRateLimit, tryAgain(wait, told, now), err)
		f.Again, f.OneOrganisation = now.Add(wait), ofOneOrganisation(resp.Header)
		return f
	case status == http.StatusNetworkAuthenticationRequired:
		return backend.Fail(backend.NetworkSignIn, "", err)
	case status >= 502 && status <= 504, status == http.StatusRequestTimeout:
		return backend.Fail(backend.XeroUnavailable, "", err)
	case status >= 500:
		return backend.Fail(backend.XeroError, doing, err)
	case status >= 300 && status < 400, status == http.StatusProxyAuthRequired,
		media == "text/html", media == "application/xhtml+xml":
		return backend.Fail(backend.NetworkSignIn, "", err)
	case status >= 400:
		return backend.Fail(refusal(status), doing, err)
	case status < 200 || status == http.StatusNoContent:
		return backend.Fail(backend.XeroUnreadable, doing, err)
	case media != "application/json" && !strings.HasSuffix(media, "+json"):
		return backend.Fail(backend.XeroUnreadable, doing, fmt.Errorf("%w, not JSON", err))
	}
	return nil
}

func refusal(status int) backend.Code {
	switch status {
	case http.StatusBadRequest:
		return backend.XeroRefusedRequest
	case http.StatusUnauthorized:
		return backend.XeroUnauthorised
	case http.StatusForbidden:
		return backend.XeroForbidden
	case http.StatusNotFound:
		return backend.XeroNotFound
	}
	return backend.XeroUnreadable
}
