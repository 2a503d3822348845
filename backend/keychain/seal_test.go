package keychain_test

import (
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/keychain"
)

func TestARecordIsSmallAndHoldsOnlyTheRefreshTokens(t *testing.T) {
	c := credential("2f3d3c3a-0000-4000-8000-000000000001", 7)
	text := encode(t, c)
	if strings.Count(text, planted) != 2 {
		t.Errorf("holds more or less than the two refresh tokens: %s", text)
	}
	if len(text) > 600 {
		t.Errorf("an ordinary record has %d bytes", len(text))
	}

	c.Refresh = backend.NewSecret(strings.Repeat("r", 256))
	c.Previous = backend.NewSecret(strings.Repeat("p", 256))
	if n := len(encode(t, c)); n > 1200 {
		t.Errorf("a record with the longest tokens has %d bytes", n)
	}
}

func TestEveryChangedByteIsDetected(t *testing.T) {
	text := encode(t, credential("kim", 1))
	for i := range len(text) {
		changed := []byte(text)
		changed[i] ^= 1
		if _, err := keychain.Decode(string(changed)); err == nil {
			t.Errorf("byte %d of %s", i, text)
		}
	}
}

func TestATruncatedOrExtendedTextIsDetected(t *testing.T) {
	text := encode(t, credential("kim", 1))
	for i := range len(text) {
		if _, err := keychain.Decode(text[:i]); err == nil {
			t.Errorf("cut after %d", i)
		}
		if _, err := keychain.Decode(text[i+1:]); err == nil {
			t.Errorf("begun after %d", i)
		}
	}
	for _, s := range []string{"security: a warning\n" + text, text + "\nsecurity: a warning", " " + text, text + text} {
		if _, err := keychain.Decode(s); err == nil {
			t.Errorf("taken: %q", s)
		}
	}
}

func TestARecordOfALaterVersionIsRejected(t *testing.T) {
	later := keychain.Seal(struct {
		V  int    `json:"v"`
		RT string `json:"rt"`
	}{2, planted})
	_, err := keychain.Decode(later)
	if err == nil || !strings.Contains(err.Error(), "version 2") {
		t.Errorf("Decode: %v", err)
	}
}

func FuzzDecodeRejectsUnsealedTextsWithoutQuotes(f *testing.F) {
	f.Add("", "")
	f.Add(`{"v":1,"rt":"`+planted+`"`, "0123456789abcdef0123456789abcdef")
	f.Add(`{"v":1,"rt":1}`, "")
	f.Fuzz(func(t *testing.T, body, sum string) {
		_, err := keychain.Decode(body + `,"sum":"` + sum + `"}`)
		if err == nil {
			t.Skip("the fuzzer found a true checksum")
		}
		if strings.Contains(err.Error(), planted) {
			t.Errorf("tells a secret: %v", err)
		}
	})
}

func FuzzEveryCredentialIsDecodedUnchangedOrRejected(f *testing.F) {
	f.Add("https://identity.xero.com", "A", "u", "rt", "prev", "openid email", int64(0), 1)
	f.Add("<&>\u2028", "|%", "\xff", "\x00", "'", " ", int64(-1), -1)
	f.Fuzz(func(t *testing.T, issuer, client, user, refresh, previous, scopes string, at int64, generation int) {
		c := backend.Credential{
			SignInKey:   backend.SignInKey{Issuer: issuer, ClientID: client, UserID: user},
			Generation:  generation,
			Refresh:     backend.NewSecret(refresh),
			Previous:    backend.NewSecret(previous),
			PresentedAt: time.Unix(0, at).UTC(),
			Scopes:      strings.Fields(scopes),
		}
		m := new(keychain.Memory)
		if m.Save(t.Context(), c) != nil {
			lists(t, m)
			return
		}
		if len(c.Scopes) == 0 {
			c.Scopes = nil
		}
		loads(t, m, c)
		got, err := keychain.Decode(encode(t, c))
		if err != nil || !got.Refresh.Equal(c.Refresh) || got.SignInKey != c.SignInKey {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func encode(t *testing.T, c backend.Credential) string {
	t.Helper()
	text, err := keychain.Encode(c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
