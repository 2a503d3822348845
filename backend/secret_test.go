package backend_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"
	"time"

	"bookring/backend"
)

const canary = "canary-9f2c"

// holder holds secrets in fields of every kind. fmt calls no methods on unexported
// fields.
type holder struct {
	Open     backend.Secret
	closed   backend.Secret
	pointer  *backend.Secret
	list     []backend.Secret
	byName   map[string]backend.Secret
	byValue  map[backend.Secret]int
	anything any
	Token    backend.Token
	inside   struct{ deeper backend.Credential }
}

func newHolder() holder {
	s := backend.NewSecret(canary)
	h := holder{
		Open: s, closed: s, pointer: &s, list: []backend.Secret{s},
		byName: map[string]backend.Secret{"a": s}, byValue: map[backend.Secret]int{s: 1}, anything: s,
		Token: backend.Token{Access: s, Refresh: s, Expires: time.Now()},
	}
	h.inside.deeper = backend.Credential{Refresh: s, Previous: s}
	return h
}

func TestNoVerbOfFmtShowsASecret(t *testing.T) {
	h := newHolder()
	for _, value := range []any{h.Open, &h.Open, h, &h, []any{h}, backend.Grant{Token: h.Token}, h.inside} {
		for verb := rune('A'); verb <= 'z'; verb++ {
			for _, flags := range []string{"", "+", "#", "-30", "030.20", " "} {
				format := "%" + flags + string(verb)
				hides(t, format, fmt.Sprintf(format, value))
			}
		}
		hides(t, "Sprint", fmt.Sprint(value))
		hides(t, "Errorf", fmt.Errorf("send %v: %w", value, errors.New("no")).Error())
	}
	if got := fmt.Sprintf("%s %v %q %#v", h.Open, h.Open, h.Open, h.Open); strings.Count(got, "[secret]") != 4 {
		t.Error(got)
	}
}

func TestNoEncodingShowsASecret(t *testing.T) {
	h := newHolder()
	text, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	hides(t, "json", string(text))
	if text, err = xml.Marshal(h.Token); err != nil {
		t.Fatal(err)
	}
	hides(t, "xml", string(text))
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(h.Token); err == nil {
		t.Error("gob takes a secret, which it cannot give back")
	}
	hides(t, "gob", b.String())
	b.Reset()
	if err := template.Must(template.New("").Parse("{{.}} {{.Open}}")).Execute(&b, h); err != nil {
		t.Fatal(err)
	}
	hides(t, "template", b.String())
}

func TestNoLogShowsASecret(t *testing.T) {
	h := newHolder()
	var b bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		log := slog.New(handler)
		log.With("with", h.Open).WithGroup("group").
			Info(fmt.Sprint(h.Open), "secret", h.Open, "pointer", &h.Open, "token", h.Token, "holder", h)
	}
	hides(t, "log", b.String())
}

func hides(t *testing.T, how, text string) {
	t.Helper()
	// %x of fmt would show the secret in hexadecimal digits.
	for _, spelling := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary)} {
		if strings.Contains(text, spelling) {
			t.Errorf("%s shows the secret: %s", how, text)
		}
	}
}

func TestASecretIsRevealedOnRequestAndComparedByValue(t *testing.T) {
	a, b := backend.NewSecret(canary), backend.NewSecret(canary)
	if a.Reveal() != canary || a.IsZero() || !a.Equal(b) || a.Equal(backend.NewSecret(canary+"x")) {
		t.Error("the value was lost")
	}
	empty := backend.NewSecret("")
	if !empty.IsZero() || empty != (backend.Secret{}) || empty.Reveal() != "" || empty.Equal(a) {
		t.Error("an empty secret is not the zero one")
	}
}
