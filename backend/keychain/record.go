package keychain

import (
	"fmt"
	"reflect"
	"time"
	"unicode/utf8"

	"bookring/backend"
)

// record is a credential in JSON. The record holds no access token and no identity
// token, because both end within the hour and would not fit.
type record struct {
	V           int       `json:"v"`
	Generation  int       `json:"gen"`
	Refresh     string    `json:"rt"`
	Previous    string    `json:"prev,omitempty"`
	PresentedAt time.Time `json:"presented_at,omitzero"`
	SavedAt     time.Time `json:"saved_at,omitzero"`
	UserID      string    `json:"uid"`
	ClientID    string    `json:"client_id"`
	Issuer      string    `json:"issuer"`
	Scopes      []string  `json:"scopes,omitempty"`
	Name        string    `json:"name,omitempty"`
	Email       string    `json:"email,omitempty"`
}

const recordVersion = 1

// encode returns a credential as a sealed record of at most limit bytes, if
// possible without dispensable parts: name and e-mail address, scopes, the previous
// token. Fails with KeychainFailed if decode would not return the same credential.
func encode(c backend.Credential, limit int) (string, error) {
	if err := complete(c.SignInKey); err != nil {
		return "", err
	}
	c = settled(c)
	if c.Refresh.IsZero() {
		return "", refused(backend.Say.Keychain.NoRefreshToken)
	}
	text := sealed(c)
	for _, dispense := range []func(){
		func() { c.Name, c.Email = "", "" },
		func() { c.Scopes = nil },
		func() { c.Previous = backend.Secret{} },
	} {
		if len(text) <= limit {
			break
		}
		dispense()
		text = sealed(c)
	}
	// encoding/json silently replaces invalid UTF-8.
	if back, err := decode(text); err != nil || !reflect.DeepEqual(back, c) {
		return "", refused(backend.Say.Keychain.NotUnchanged)
	}
	return text, nil
}

// sealed returns a credential as a sealed record, without any check.
func sealed(c backend.Credential) string {
	return seal(record{
		V:           recordVersion,
		Generation:  c.Generation,
		Refresh:     c.Refresh.Reveal(),
		Previous:    c.Previous.Reveal(),
		PresentedAt: c.PresentedAt,
		SavedAt:     c.SavedAt,
		UserID:      c.UserID,
		ClientID:    c.ClientID,
		Issuer:      c.Issuer,
		Scopes:      c.Scopes,
		Name:        c.Name,
		Email:       c.Email,
	})
}

// decode is the inverse of encode.
func decode(text string) (backend.Credential, error) {
	var r record
	if err := unseal(text, &r); err != nil {
		return backend.Credential{}, err
	}
	if r.V != recordVersion {
		return backend.Credential{}, fmt.Errorf("the record has version %d", r.V)
	}
	return settled(backend.Credential{
		SignInKey:   backend.SignInKey{Issuer: r.Issuer, ClientID: r.ClientID, UserID: r.UserID},
		Generation:  r.Generation,
		Refresh:     backend.NewSecret(r.Refresh),
		Previous:    backend.NewSecret(r.Previous),
		PresentedAt: r.PresentedAt,
		SavedAt:     r.SavedAt,
		Scopes:      r.Scopes,
		Name:        r.Name,
		Email:       r.Email,
	}), nil
}

// settled returns a credential in the form that a keychain returns: times in UTC
// without a monotonic part, texts cut, nil instead of an empty list of scopes.
func settled(c backend.Credential) backend.Credential {
	c.PresentedAt = c.PresentedAt.UTC().Round(0)
	c.SavedAt = c.SavedAt.UTC().Round(0)
	if len(c.Scopes) == 0 {
		c.Scopes = nil
	}
	c.Name, c.Email = cut(c.Name), cut(c.Email)
	return c
}

// cut cuts a text to MaxCredentialText bytes, between two characters.
func cut(text string) string {
	if len(text) <= backend.MaxCredentialText {
		return text
	}
	end := backend.MaxCredentialText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
