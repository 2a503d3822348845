package oauth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/oauth"
	"bookring/backend/simxero"
)

// waiting is an attempt with a known callback that no browser has opened yet.
type waiting struct {
	*scene
	attempt     *oauth.Attempt
	ended       <-chan end
	callback    string
	state, code string
	port        int
}

func wait(t *testing.T, change ...func(*simxero.Options)) waiting {
	t.Helper()
	s := start(t, change...)
	w := waiting{scene: s, attempt: s.begin()}
	w.ended, w.port = s.follow(w.attempt), portOf(t, w.attempt)
	w.callback = s.allow(w.attempt)
	w.state, w.code = param(t, w.callback, "state"), param(t, w.callback, "code")
	return w
}

// finishes opens the true callback and fails unless the callback ends the wait.
func (w waiting) finishes() {
	w.t.Helper()
	if got := w.open(w.callback); got.status != http.StatusSeeOther {
		w.t.Fatalf("the true callback is answered %d", got.status)
	}
	if e := <-w.ended; e.err != nil {
		w.t.Error(e.err)
	}
}

// swapCase changes the case of the first letter.
func swapCase(s string) string {
	i := strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
	return s[:i] + string(s[i]^' ') + s[i+1:]
}

func TestOnlyTheExactStateMatches(t *testing.T) {
	w := wait(t)
	other := w.begin() // the state is valid, the code is another attempt's
	for name, state := range map[string]string{
		"empty": "", "short by one": w.state[:42], "short at the front": w.state[1:], "another case": swapCase(w.state),
		"padded": w.state + "=", "followed by a space": w.state + " ", "preceded by a space": " " + w.state,
		"doubled": w.state + w.state, "all the same": strings.Repeat("A", 43), "the nonce": param(t, w.attempt.Link(), "nonce"),
		"the challenge": param(t, w.attempt.Link(), "code_challenge"), "a nul behind": w.state + "\x00",
	} {
		q := url.Values{"state": {state}, "code": {w.code}}
		if got := w.get(w.port, "/callback?"+q.Encode()); got.status != http.StatusBadRequest {
			t.Errorf("%s: answered %d", name, got.status)
		}
	}
	w.finishes()
	if other := w.get(w.port, "/callback?state="+w.state+"&code="+swapCase(w.code)); other.status != http.StatusConflict {
		t.Errorf("another code is answered %d", other.status)
	}
	if other.Cancel(); len(w.xero.Requests(simxero.Token)) != 1 {
		t.Error("more than one token request")
	}
}

// The strict grammar of RFC 6749 sections 3.1, 4.1.2 and 4.1.2.1.
func TestTheAnswerParserIsStrict(t *testing.T) {
	w := wait(t)
	state, code := "state="+w.state, "code="+w.code
	for _, query := range []string{
		"", "?", "&", "=", state, code, state + "&" + code + "&" + code, state + "&" + state + "&" + code,
		state + "&" + code + "&error=access_denied", state + "&" + code + "&st%61te=" + w.state, state + "&code=", state + "&code",
		state + "&code&" + code, state + "&" + code + "&code", state + "&" + code + "&state", state + "&" + code + "&error&error",
		state + "&" + code + "&iss=&iss", state + "&error", "state&" + code, state + "&code=%20", state + "&code=+++", state + "&code=%C2%A0",
		state + "&code=%E2%80%8B", state + "&error=+", "state=+&" + code, state + ";" + code, state + "&" + code + ";",
		state + "&" + code + "&x=%zz", state + "&" + code + "&x=%", state + "&" + code + "&%=x", state + "&" + code + "#x=y",
		state + "&" + code + "&x=%00", state + "&" + code + "&x=%0d%0a", state + "&" + code + "&x=%ff",
		state + "&" + code + "&x=" + strings.Repeat("x", 4<<10), state + "&error=", strings.ToUpper(state) + "&" + code,
		"State=" + w.state + "&" + code, "state[]=" + w.state + "&" + code, "?" + state + "&" + code,
	} {
		if got := w.get(w.port, "/callback?"+query); got.status != http.StatusBadRequest {
			t.Errorf("%q is answered %d", query, got.status)
		}
	}
	w.finishes()
}

func TestUnknownParametersOfAnAnswerAreIgnored(t *testing.T) {
	w := wait(t)
	w.callback += "&scope=openid+profile&session_state=" + strings.Repeat("x", 43) + "." + strings.Repeat("y", 22)
	w.callback = strings.Replace(w.callback, "&scope=", "&added=", 1)
	w.callback = strings.Replace(w.callback, "&session_state="+strings.Repeat("x", 43), "&more="+strings.Repeat("x", 43), 1)
	w.finishes()
}

func TestAnAnswerFromAnotherIssuerIsRefused(t *testing.T) {
	w := wait(t)
	issuer := w.xero.Issuer()
	for name, iss := range map[string]string{
		"another's": "https://identity.xero.com.evil.example", "empty": "", "https": strings.Replace(issuer, "http:", "https:", 1),
		"trailing slash": issuer + "/", "doubled": issuer + "&iss=" + url.QueryEscape(issuer), "another case": strings.ToUpper(issuer),
	} {
		if got := w.open(w.callback + "&iss=" + iss); got.status != http.StatusBadRequest {
			t.Errorf("%s: answered %d", name, got.status)
		}
	}
	w.finishes()
}

func TestAnAnswerFromTheRightIssuerIsAccepted(t *testing.T) {
	s := start(t)
	s.xero.Switch(func(w *simxero.Switches) { w.CallbackIssuer = s.xero.Issuer() })
	if e := s.signIn(); e.err != nil {
		t.Error(e.err)
	}
}

func TestAnInvalidAnswerNeverEndsTheWait(t *testing.T) {
	w := wait(t)
	parallel(t, min(2*hostile(t), 10_000), func(i int) error {
		_, err := ask(w.port, request(w.port, "/callback?error=access_denied&state="+oauth.Random()))
		return err
	})
	w.finishes()
}

func TestAPastedAddressPassesTheSameChecks(t *testing.T) {
	w := wait(t)
	for _, blank := range []string{"", " ", "\r\n\t"} {
		fails(t, w.attempt.Paste(blank), backend.PastedEmpty, "")
	}
	for name, address := range map[string]string{
		"no query":            strings.Split(w.callback, "?")[0],
		"another state":       strings.Replace(w.callback, w.state, oauth.Random(), 1),
		"a doubled state":     strings.Replace(w.callback, w.state, w.state+w.state, 1),
		"a code twice":        w.callback + "&code=x",
		"a bad escape":        w.callback + "&x=%zz",
		"cut off":             w.callback[:len(w.callback)-len(w.callback)/2],
		"the link":            w.attempt.Link(),
		"the page after it":   oauth.RedirectURI(w.port)[:len("http://localhost:12345")] + "/done/" + oauth.Random(),
		"any text":            "shopping list",
		"ten million letters": w.callback + strings.Repeat("x", 10_000_000),
	} {
		if err := w.attempt.Paste(address); backend.AsFailure(err) == nil || backend.AsFailure(err).Code != backend.PastedNotOurs {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), w.state) {
			t.Errorf("%s: the failure quotes the address", name)
		}
	}
	half := len(w.callback) / 2
	if err := w.attempt.Paste(" \t" + w.callback[:half] + "\r\n  " + w.callback[half:] + "\n"); err != nil {
		t.Fatal(err)
	}
	if e := <-w.ended; e.err != nil {
		t.Error(e.err)
	}
}
