package simxero_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bookring/backend/rig"
	"bookring/backend/simxero"
)

var hostile = []string{
	"", "\x00", "\xff\xfe", "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "{{.}}", "%s%n",
	"../../etc/passwd", "' or 1=1 --", strings.Repeat("A", 9000), "\u202egnp.exe", "a\r\nSet-Cookie: x=y", "null", "-1",
}

func TestHostileInputIsAnswered(t *testing.T) {
	a := start(t, simxero.Demo())
	v := a.server.Visitor()
	token := a.signIn(v, "Jo Whitmore", "Calder Street Vets")
	bearer := map[string]string{"Authorization": "Bearer " + token.text("access_token"), "Content-Type": "application/x-www-form-urlencoded"}
	paths := []string{
		a.server.SignInBase() + "/identity/connect/authorize", a.server.SignInBase() + "/identity/login", a.server.SignInBase() + "/consent",
		a.server.SignInBase() + "/connectionLimit", a.server.SignInBase() + "/identity/error", a.server.SignInBase() + "/logout",
		a.server.Issuer() + "/connect/token", a.server.Issuer() + "/connect/revocation", a.server.Issuer() + "/connect/userinfo",
		a.server.APIBase() + "/connections", a.server.APIBase() + "/connections/", a.server.APIBase() + "/api.xro/2.0/Organisation",
	}
	for _, text := range hostile {
		q := url.Values{}
		for _, name := range []string{
			"client_id", "redirect_uri", "scope", "state", "code_challenge", "consentId", "person", "organisation", "decision",
			"errorId", "clientId", "grant_type", "code", "code_verifier", "refresh_token", "token", "authEventId",
		} {
			q.Set(name, text)
		}
		for _, path := range paths {
			for _, method := range []string{"GET", "POST", "DELETE", "TRACE", "PROPFIND"} {
				r := a.must(method, path+"?"+q.Encode(), strings.NewReader(q.Encode()), bearer)
				if strings.Contains(r.body, "<script>") || strings.Contains(r.body, "<img") {
					t.Errorf("%s %s reflects markup", method, path)
				}
			}
			a.must("POST", path+url.PathEscape("/"+text)+"?"+text2raw(text), strings.NewReader(text), bearer)
		}
	}
	same(t, "after the hostile input", a.names(token), []string{"Calder Street Vets"})
}

// text2raw returns a query that url.ParseQuery refuses and HTTP permits.
func text2raw(text string) string { return "x=%" + url.QueryEscape(text) + ";y" }

func TestHostileNamesAreEscapedOnThePages(t *testing.T) {
	w := simxero.Named(hostile...)
	w.People[0].GivenName = `<b onclick="x">Jo`
	w.Clients[0].Name = "<i>Bookring</i>"
	w.Organisations[0].Name = "\u202e=cmd|' /C calc'!A0"
	a := start(t, w)
	v := a.server.Visitor()
	var ids []string
	for _, o := range w.Organisations {
		ids = append(ids, o.ID)
	}
	token := a.signIn(v, w.People[0].Name(), ids...)
	same(t, "connections", len(a.connections(token)), len(hostile))
	for _, id := range ids {
		same(t, "JSON", a.details(token, id).status, 200)
		same(t, "XML", a.details(token, id, "Accept", "").status, 200)
	}
	page := a.consent(v, w.People[0].Name())
	for _, markup := range []string{"<script", "<img", "<b onclick", "<i>"} {
		if strings.Contains(page, markup) {
			t.Errorf("the page has %s", markup)
		}
	}
}

func TestABodyOfAnySizeIsAnswered(t *testing.T) {
	a := start(t, simxero.Demo())
	body := bytes.Repeat([]byte("x=y&"), 1<<20)
	r, err := a.do(http.MethodPost, a.server.Issuer()+"/connect/token", bytes.NewReader(body),
		map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	if err == nil && r.status != 400 {
		t.Errorf("%d", r.status)
	}
	same(t, "afterwards", a.must(http.MethodGet, a.server.Discovery(), nil, nil).status, 200)
}

func TestThePagesForbidScriptsAndForeignContent(t *testing.T) {
	a := start(t, simxero.Demo())
	p, err := a.server.Visitor().Open(t.Context(), a.link())
	if err != nil {
		t.Fatal(err)
	}
	policy := p.Header.Get("Content-Security-Policy")
	for _, directive := range []string{"default-src 'none'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, directive) {
			t.Errorf("the policy lacks %s: %s", directive, policy)
		}
	}
	same(t, "framing", p.Header.Get("X-Frame-Options"), "DENY")
	if !strings.Contains(p.Body, "Simulated Xero") || strings.Contains(p.Body, "<script") {
		t.Error("the page is not marked, or has a script")
	}
	style := a.must(http.MethodGet, a.server.SignInBase()+"/style.css", nil, nil)
	same(t, "style", []any{style.status, style.header.Get("Content-Type")}, []any{200, "text/css; charset=utf-8"})
}

func FuzzTheTokenEndpoint(f *testing.F) {
	s := rig.StartXero(f, simxero.Options{})
	f.Add("grant_type=authorization_code&client_id="+simxero.DemoClientID+"&code=x", "application/x-www-form-urlencoded")
	f.Add("grant_type=refresh_token&refresh_token=%", "application/x-www-form-urlencoded")
	f.Add("{}", "application/json")
	f.Add("\x00", "multipart/form-data; boundary=x")
	client := &http.Client{Transport: &http.Transport{}}
	f.Cleanup(client.CloseIdleConnections)
	f.Fuzz(func(t *testing.T, body, contentType string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Issuer()+"/connect/token", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header["Content-Type"] = []string{strings.Map(printable, contentType)}
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadRequest {
			t.Errorf("%d", response.StatusCode)
		}
	})
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}
