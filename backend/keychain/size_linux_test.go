package keychain_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"bookring/backend"
	"bookring/backend/keychain"
	"bookring/backend/simkeyring"
)

// lengths returns the credential of a real sign-in with two tokens of a length.
func lengths(n int) backend.Credential {
	c := credential("2f3d3c3a-0000-4000-8000-000000000001", 1_000_000)
	c.Refresh = backend.NewSecret(strings.Repeat("r", n))
	c.Previous = backend.NewSecret(strings.Repeat("p", n))
	return c
}

const longAccount = "https://identity.xero.com|0123456789ABCDEF0123456789ABCDEF|2f3d3c3a-0000-4000-8000-000000000001"

// accepts reports whether a system's store accepts an item, by the rule of the library.
func accepts(system, text string) bool {
	switch system {
	case "windows":
		return len(text) <= 2560
	case "darwin":
		command := fmt.Sprintf("add-generic-password -U -s app.bookring.test -a '%s' -w go-keyring-base64:%s\n",
			longAccount, base64.StdEncoding.EncodeToString([]byte(text)))
		return len(command) < 4096
	}
	return true
}

// From about 820 characters on, the keychain used to refuse the second token.
func TestTokensOfEveryLengthAreKeptOrRefusedBeforeTheWrite(t *testing.T) {
	var all []misbehaviour
	for system, least := range map[string]struct{ one, two int }{
		"linux": {4000, 4000}, "windows": {2100, 1000}, "darwin": {2450, 1200},
	} {
		all = append(all, misbehaviour{
			name: system, begin: func(*simkeyring.Service) {},
			client: func(t *testing.T, v *keychain.Vault) { keepsLengths(t, v, system, least.one, least.two) },
		})
	}
	misbehave(t, all)
}

func keepsLengths(t *testing.T, v *keychain.Vault, system string, leastOne, leastTwo int) {
	v.System = system
	one, two := 0, 0
	for n := 256; n <= 4000; n += 117 {
		c := lengths(n)
		if err := v.Fits(t.Context(), c, 0); err != nil {
			failsWith(t, err, backend.KeychainTooBig)
			failsWith(t, v.Save(t.Context(), c), backend.KeychainTooBig)
			continue
		}
		one = n
		save(t, v, c)
		kept, err := v.Load(t.Context(), c.SignInKey)
		if err != nil || !kept.Refresh.Equal(c.Refresh) || !kept.PresentedAt.Equal(c.PresentedAt) {
			t.Errorf("%d characters: %v", n, err)
		}
		if kept.Previous.Equal(c.Previous) {
			two = n
		}
		text, err := keyring.Get("app.bookring.test", longAccount)
		if err != nil || !accepts(system, text) {
			t.Errorf("%d characters: the store would refuse %d bytes, %v", n, len(text), err)
		}
	}
	if one < leastOne || two < leastTwo {
		t.Errorf("room for one token of %d characters, for two of %d", one, two)
	}
	t.Logf("%s: one token of up to %d characters, two of up to %d", system, one, two)
}

func TestRoomForALongerSuccessorIsMeasured(t *testing.T) {
	v := keychain.New("app.bookring.test")
	v.System = "windows"
	if err := v.Fits(t.Context(), lengths(1800), 200); err != nil {
		t.Error(err)
	}
	failsWith(t, v.Fits(t.Context(), lengths(1800), 800), backend.KeychainTooBig)
	failsWith(t, v.Fits(t.Context(), lengths(1800), 8000), backend.KeychainTooBig)
}
