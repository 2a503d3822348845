package xero_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/rig"
	"bookring/backend/xero"
)

const organisation = "fe79f7dd-b6d4-4a92-ba7b-538af6289c58"

// canary is the access token. Only the request may hold the canary.
const canary = "canary-4d1f"

var token = backend.Token{Access: backend.NewSecret(canary)}

func TestARequestHasTheHeadersThatXeroRequires(t *testing.T) {
	var asked []string
	c := client(t, func(w http.ResponseWriter, r *http.Request) {
		h := r.Header
		asked = append(asked, fmt.Sprint(r.Method, " ", r.URL, " ", h.Get("Accept"), " ", h.Get("Authorization"), " ", h.Get("xero-tenant-id")))
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/connections" {
			_, _ = io.WriteString(w, `[]`)
			return
		}
		_, _ = io.WriteString(w, `{"Organisations":[{}]}`)
	})
	if _, err := c.Connections(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Details(t.Context(), token, organisation); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"GET /connections application/json Bearer " + canary + " ",
		"GET /api.xro/2.0/Organisation application/json Bearer " + canary + " " + organisation,
	}
	if fmt.Sprint(asked) != fmt.Sprint(want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
}

func TestEveryRefusalHasACodeAndIsNotRepeated(t *testing.T) {
	refusals := map[int]backend.Code{
		302: backend.NetworkSignIn, 400: backend.XeroRefusedRequest, 401: backend.XeroUnauthorised,
		403: backend.XeroForbidden, 404: backend.XeroNotFound, 429: backend.XeroRateLimit,
		500: backend.XeroError, 502: backend.XeroUnavailable, 503: backend.XeroUnavailable,
		504: backend.XeroUnavailable, 511: backend.NetworkSignIn,
	}
	for status, want := range refusals {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			var requests atomic.Int32
			c := client(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, `{"Title":"refused","Detail":"`+canary+`"}`)
			})
			for _, call := range calls(c) {
				fails(t, want, call(t.Context()))
			}
			if n := requests.Load(); n != 2 {
				t.Errorf("%d requests for 2 calls", n)
			}
		})
	}
}

func TestAnAnswerOtherThanCompleteJSONFails(t *testing.T) {
	long := `[{"tenantName":"` + strings.Repeat("x", xero.MaxAnswer) + `"}]`
	cases := []struct {
		name   string
		answer http.HandlerFunc
		want   backend.Code
	}{
		{"HTML", body("text/html", "<html>"+canary), backend.NetworkSignIn},
		{"text", body("text/plain", "[]"), backend.XeroUnreadable},
		{"no type", body("", "[]"), backend.XeroUnreadable},
		{"no body", body("application/json", ""), backend.XeroUnreadable},
		{"white space", body("application/json", " \n"), backend.XeroUnreadable},
		{"null", body("application/json", "null"), backend.XeroUnreadable},
		{"HTML that calls itself JSON", body("application/json", "<!doctype html>"+canary), backend.XeroUnreadable},
		{"a text", body("application/json", `"`+canary+`"`), backend.XeroUnreadable},
		{"a number", body("application/json", "12"), backend.XeroUnreadable},
		{"half a list", body("application/json", `[{"id":"`), backend.XeroUnreadable},
		{"half an object", body("application/json", `{"Organisations":[`), backend.XeroUnreadable},
		{"more after the list", body("application/json", `[] []`), backend.XeroUnreadable},
		{"more after the object", body("application/json", `{"Organisations":[{}]} x`), backend.XeroUnreadable},
		{"a name that is a number", body("application/json", `[{"tenantName":1}]`), backend.XeroUnreadable},
		{"a nest of lists", body("application/json", strings.Repeat("[", 100_000)), backend.XeroUnreadable},
		{"too much", body("application/json", long), backend.XeroUnreadable},
		{"too much, packed small", packed(long), backend.XeroUnreadable},
		{"half of what was announced", cutOff("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n["), backend.XeroUnreadable},
		{"half a chunk", cutOff("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n[{"), backend.XeroUnreadable},
		{"half a header", cutOff("HTTP/1.1 200 OK\r\nContent-Ty"), backend.XeroUnreadable},
		{"another protocol", cutOff("SSH-2.0-" + canary + "\r\n"), backend.XeroUnreadable},
		{"nothing", cutOff(""), backend.XeroUnreadable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, call := range calls(client(t, c.answer)) {
				fails(t, c.want, call(t.Context()))
			}
		})
	}
}

func TestARedirectIsNotFollowedToAnotherHost(t *testing.T) {
	var strays atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strays.Add(1) }))
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		c := client(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, status)
		})
		for _, h := range []*http.Client{xero.NewHTTPClient(), {}} {
			c.HTTP = h
			for _, call := range calls(c) {
				fails(t, backend.NetworkSignIn, call(t.Context()))
			}
		}
	}
	if n := strays.Load(); n != 0 {
		t.Errorf("the other host saw %d requests", n)
	}
}

func TestATokenIsSentToXeroAndThisComputerOnly(t *testing.T) {
	called := func(*http.Request) (*http.Response, error) {
		t.Error("a request left")
		return nil, errors.New("refused")
	}
	for _, base := range []string{
		"", "http://api.xero.com", "https://api.xero.com.example.com", "https://api.xero.com:444", "https://api.xero.com@example.com",
		"https://example.com", "https://user@localhost", "ftp://localhost", "http://0.0.0.0:80", "http://10.0.0.1", "://",
	} {
		c := &xero.Client{Base: base, HTTP: &http.Client{Transport: transport(called)}}
		for _, call := range calls(c) {
			fails(t, backend.NotLoopback, call(t.Context()))
		}
	}
}

func TestAnUnreachableServerIsOffline(t *testing.T) {
	c := client(t, nil)
	gone := httptest.NewServer(nil)
	c.Base = gone.URL
	gone.Close()
	for _, call := range calls(c) {
		fails(t, backend.Offline, call(t.Context()))
	}
}

func TestALateAnswerIsOffline(t *testing.T) {
	release := make(chan struct{})
	silent := func(http.ResponseWriter, *http.Request) { <-release }
	drip := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "[")
		_ = http.NewResponseController(w).Flush()
		<-release
	}
	for _, answer := range []http.HandlerFunc{silent, drip} {
		c := client(t, answer)
		c.HTTP.Timeout = 50 * time.Millisecond
		for _, call := range calls(c) {
			fails(t, backend.Offline, call(t.Context()))
		}
	}
	close(release)
}

func TestACancelledCallFailsWithCancelled(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	c := client(t, func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-release
	})
	for _, call := range calls(c) {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-asked
			cancel()
		}()
		fails(t, backend.Cancelled, call(ctx))
	}
	close(release)
}

// calls are the client's two reading calls.
func calls(c *xero.Client) []func(context.Context) error {
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := c.Connections(ctx, token); return err },
		func(ctx context.Context) error { _, err := c.Details(ctx, token, organisation); return err },
	}
}

// client returns a client of a loopback server with one answer to every request.
func client(t *testing.T, answer http.HandlerFunc) *xero.Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return &xero.Client{Base: server.URL, HTTP: rig.HTTPClient(t)}
}

func fails(t *testing.T, want backend.Code, err error) {
	t.Helper()
	f := backend.AsFailure(err)
	if f == nil || f.Code != want {
		t.Fatalf("failed with %v, want %s", err, want)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", f, f, f.Words()), canary) {
		t.Errorf("%v holds the token, or what was answered", f)
	}
}

func body(media, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{media}
		_, _ = io.WriteString(w, text)
	}
}

func packed(text string) http.HandlerFunc {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	_, _ = io.WriteString(zip, text)
	_ = zip.Close()
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		body("application/json", b.String())(w, r)
	}
}

// cutOff writes raw bytes and closes the connection.
func cutOff(raw string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, raw)
		_ = conn.Close()
	}
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }
