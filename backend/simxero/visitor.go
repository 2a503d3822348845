package simxero

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
)

// Visitor is a user with a browser, for tests without a browser. A Visitor follows links and sends forms over HTTP.
// A Visitor has separate cookies, so that a signed-in user stays signed in.
type Visitor struct {
	server *Server
	client *http.Client
}

// Visitor returns a new browser without a signed-in user.
func (s *Server) Visitor() *Visitor {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &Visitor{s, &http.Client{
		Jar:           jar,
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Page is a page opened by a visitor.
type Page struct {
	Address string
	Status  int
	Header  http.Header
	Body    string
}

// ErrStuck reports that the visitor ended on a page of Xero that does not lead back to the app. The error's text
// holds the page's address.
var ErrStuck = errors.New("this page does not lead back to the app")

// Allow opens an authorization link, signs in the user (by full name) if necessary, and allows access to the
// organisations (by name or ID). The result is the callback address. Allow does not open the callback. On a page that
// does not lead back, Allow fails with [ErrStuck].
func (v *Visitor) Allow(ctx context.Context, link, person string, organisations ...string) (string, error) {
	form := url.Values{"decision": {"allow"}}
	for _, o := range organisations {
		form.Add("organisation", v.server.organisationID(o))
	}
	return v.decide(ctx, link, person, form)
}

// Continue is [Visitor.Allow] with the Continue button, which connects no further organisation.
func (v *Visitor) Continue(ctx context.Context, link, person string) (string, error) {
	return v.decide(ctx, link, person, url.Values{"decision": {"continue"}})
}

// Cancel is [Visitor.Allow] with the Cancel button.
func (v *Visitor) Cancel(ctx context.Context, link, person string) (string, error) {
	return v.decide(ctx, link, person, url.Values{"decision": {"cancel"}})
}

func (v *Visitor) decide(ctx context.Context, link, person string, form url.Values) (string, error) {
	p, err := v.Open(ctx, link)
	if err != nil {
		return "", err
	}
	if id := p.consentID("/identity/login"); id != "" || !p.signedIn(v.server, person) && p.consentID("/consent") != "" {
		id = cmp.Or(id, p.consentID("/consent"))
		who := v.server.World().Person(person).ID
		p, err = v.send(ctx, "/identity/login", url.Values{"consentId": {id}, "person": {who}})
		if err != nil {
			return "", err
		}
	}
	if id := p.consentID("/consent"); id != "" {
		form.Set("consentId", id)
		p, err = v.send(ctx, "/consent", form)
		if err != nil {
			return "", err
		}
	}
	if strings.HasPrefix(p.Address, v.server.SignInBase()) {
		return "", fmt.Errorf("%w: %s", ErrStuck, p.Address)
	}
	return p.Address, nil
}

// Open opens an address of any host and follows redirects. Open does not follow a redirect from Xero to the app, and
// returns the redirect's address instead.
func (v *Visitor) Open(ctx context.Context, address string) (Page, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Page{}, fmt.Errorf("open a page: %w", err)
	}
	return v.do(r)
}

func (v *Visitor) send(ctx context.Context, path string, form url.Values) (Page, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.server.SignInBase()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return Page{}, fmt.Errorf("send a form: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

func (v *Visitor) do(r *http.Request) (Page, error) {
	for range 10 {
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		r.Header.Set("Sec-Fetch-Dest", "document")
		response, err := v.client.Do(r)
		if err != nil {
			return Page{}, fmt.Errorf("browse: %w", err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil {
			return Page{}, fmt.Errorf("browse: %w", err)
		}
		here := Page{r.URL.String(), response.StatusCode, response.Header, string(body)}
		next, err := response.Location()
		if err != nil {
			return here, nil
		}
		fromXero := strings.HasPrefix(here.Address, v.server.SignInBase())
		if fromXero && !strings.HasPrefix(next.String(), v.server.SignInBase()) {
			return Page{Address: next.String(), Status: here.Status, Header: here.Header}, nil
		}
		r, err = http.NewRequestWithContext(r.Context(), http.MethodGet, next.String(), nil)
		if err != nil {
			return Page{}, fmt.Errorf("browse: %w", err)
		}
	}
	return Page{}, errors.New("browse: too many redirects")
}

// consentID returns the consent ID in the address of the page at a path, or "".
func (p Page) consentID(path string) string {
	u, err := url.Parse(p.Address)
	if err != nil || u.Path != path || p.Status != http.StatusOK {
		return ""
	}
	return u.Query().Get("consentId")
}

func (p Page) signedIn(s *Server, person string) bool {
	return strings.Contains(p.Body, "<b>"+template.HTMLEscapeString(person)+"</b>, "+template.HTMLEscapeString(s.World().Person(person).Email))
}

func (s *Server) organisationID(nameOrID string) string {
	w := s.World()
	if slices.ContainsFunc(w.Organisations, func(o Organisation) bool { return o.ID == nameOrID }) {
		return nameOrID
	}
	return w.Organisation(nameOrID).ID
}
