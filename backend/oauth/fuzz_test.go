package oauth_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// stream is a connection that delivers a given request.
type stream struct {
	io.Reader
	answer bytes.Buffer
	net.Conn
}

func (s *stream) Read(b []byte) (int, error)       { return s.Reader.Read(b) }
func (s *stream) Write(b []byte) (int, error)      { return s.answer.Write(b) }
func (s *stream) SetReadDeadline(time.Time) error  { return nil }
func (s *stream) SetWriteDeadline(time.Time) error { return nil }

// flowOfFuzz returns a flow whose attempts outlast a long run.
func flowOfFuzz(f *testing.F) *oauth.Flow {
	flow := &oauth.Flow{
		HTTP: &http.Client{Transport: nowhere{}}, Log: slog.New(slog.DiscardHandler), Ports: rig.FreePorts(f, 3), Limit: 100 * time.Hour,
	}
	f.Cleanup(flow.Close)
	return flow
}

// FuzzRequest sends bytes to the listener. No request holds a valid state, so every
// answer is a constant page.
func FuzzRequest(f *testing.F) {
	flow := flowOfFuzz(f)
	if _, err := flow.Begin(f.Context(), simxero.DemoClientID); err != nil {
		f.Fatal(err)
	}
	const port = 10742
	seed := waiting{port: port, callback: fmt.Sprintf("http://localhost:%d/callback?state=%s&code=x", port, strings.Repeat("s", 43)), state: "s", code: "x"}
	for _, r := range seed.corpus() {
		f.Add([]byte(r.raw))
	}
	f.Add([]byte(request(port, "/callback?state="+strings.Repeat("s", 43)+"&error=access_denied")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := &stream{Reader: bytes.NewReader(raw)}
		oauth.Serve(flow, port, s)
		if s.answer.Len() == 0 {
			return // the input has no complete line
		}
		got, err := parse(s.answer.String())
		if err != nil {
			t.Fatal(err)
		}
		if got.status < 400 {
			t.Fatalf("answered %d", got.status)
		}
	})
}

// FuzzAnswer parses queries with a valid state. Every accepted query follows the
// grammar.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		"state=S&code=x", "state=S&error=access_denied&error_description=x", "state=S&code=x&scope=a+b&session_state=y.z", "code=x&state=S&iss=i",
		"state=S&code=x&code=y", "state=S;code=x", "state=S&code=%zz", "state=%53&code=x", "", "&", "state=S&code=x#", "state=S&code=%00",
		"state=S&code=x&", "&&state=S&&code=x", "state=S&code=x&utm", "state=S&code=x&y=1&y=2", "state=S&code=+", "state=S&code&code=x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		got, ok := oauth.ParseAnswer(query)
		if !ok {
			return
		}
		if len(query) > 4<<10 || strings.ContainsAny(query, ";#") || got.State == "" || (got.Code == "") == (got.Error == "") {
			t.Fatalf("accepted %q as %+v", query, got)
		}
		if strings.TrimSpace(got.Code+got.Error) == "" {
			t.Fatalf("accepted a blank code or error: %q", query)
		}
		for _, value := range []string{got.State, got.Code, got.Error} {
			if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
				t.Fatalf("accepted a control character: %q", value)
			}
		}
		for _, name := range []string{"state=", "code=", "error=", "iss="} {
			if strings.Count("&"+query, "&"+name) > 1 {
				t.Fatalf("accepted %s twice: %q", name, query)
			}
		}
	})
}

// FuzzTokenResponse gives the exchange token responses of any type and body. Every
// accepted response is complete; every other response is a failure with a code.
func FuzzTokenResponse(f *testing.F) {
	const good = `{"access_token":"a","refresh_token":"r","id_token":"i","token_type":"Bearer","expires_in":1800,"scope":"openid accounting.settings.read"}`
	for _, body := range []string{
		good, good[:len(good)/2], "", "[]", "null", `{"error":"invalid_grant"}`, `{"error":{}}`, strings.Replace(good, "1800", "-1", 1),
		strings.Replace(good, "1800", "1e300", 1), strings.Replace(good, `"openid`, `["openid`, 1), strings.Replace(good, "Bearer", "mac", 1),
	} {
		f.Add(200, "application/json", body)
	}
	f.Add(400, "application/json; charset=utf-8", `{"error":"invalid_grant"}`)
	f.Add(302, "text/html", "<html>")
	f.Add(429, ";", "")
	f.Fuzz(func(t *testing.T, status int, kind, body string) {
		if status < 100 || status > 999 {
			return // net/http never returns such a status
		}
		token, err := oauth.ReadTokenResponse(status, kind, body)
		if err != nil {
			failure := backend.AsFailure(err)
			if failure.Code == backend.Unexpected || failure.Code == backend.Offline {
				t.Fatalf("%d %q %q: %v", status, kind, body, err)
			}
			return
		}
		life := time.Until(token.Expires)
		if status < 200 || status > 299 || token.Access.IsZero() || token.Refresh.IsZero() || life <= 0 || life > 24*time.Hour {
			t.Fatalf("accepted %d %q %q", status, kind, body)
		}
	})
}
