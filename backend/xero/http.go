package xero

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"bookring/backend"
)

// NewHTTPClient returns the HTTP client for Xero's API and authorization server.
//
// The client uses TLS 1.2 or later and the system's certificate authorities,
// follows no redirect, stores no cookies, and uses the proxy of the environment
// (HTTPS_PROXY, NO_PROXY), never for loopback. Limits: 10 s to connect, 10 s for
// TLS, 20 s for the response header, 30 s in total. A proxy's refusal is a
// [backend.Failure]: Offline for 502, 503 and 504, ProxyPassword for 407, NetworkSignIn for a
// redirect and 511, otherwise RefusedOnTheWay.
func NewHTTPClient() *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: refuseRedirect,
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			OnProxyConnectResponse: refusedByProxy,
			DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  20 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost:    4,
			// After the computer slept, an old TCP connection looks alive and
			// answers no request. A short idle time avoids old connections.
			// With a TLSClientConfig the default is HTTP/1.1, so a dead
			// connection affects only one request.
			IdleConnTimeout: 10 * time.Second,
		},
	}
}

func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	err := fmt.Errorf("proxy answered %d", resp.StatusCode)
	switch resp.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return backend.Fail(backend.Offline, backend.Say.Doing.AskedProxy, err)
	case http.StatusProxyAuthRequired:
		return backend.Fail(backend.ProxyPassword, "", err)
	}
	if resp.StatusCode/100 == 3 || resp.StatusCode == http.StatusNetworkAuthenticationRequired {
		return backend.Fail(backend.NetworkSignIn, "", err)
	}
	return backend.Fail(backend.RefusedOnTheWay, "", err)
}
