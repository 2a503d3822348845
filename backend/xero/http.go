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

// NewHTTPClient returns the HTTP client for everything that talks to Xero: the
// API, and the authorization server too.
//
// It speaks TLS 1.2 or later, trusts what the system trusts, follows no
// redirect, keeps no cookies, and uses the proxy that the environment names
// (HTTPS_PROXY, NO_PROXY), never for loopback. It waits at most 10 s for a
// connection, 10 s for TLS, 20 s for the first byte and 30 s for the whole
// answer. A proxy that refuses is a [backend.Failure]: Offline if it reaches
// nobody, NetworkSignIn if it wants something else first.
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
			// A connection from before the computer slept looks alive, and a
			// request on it waits in vain; so none idles for long. HTTP/1.1
			// alone (the default with a TLSClientConfig) keeps one lost
			// connection from taking every request with it.
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
	}
	return backend.Fail(backend.NetworkSignIn, "", err)
}
