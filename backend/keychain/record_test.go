package keychain_test

import (
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/keychain"
)

// A long name must never prevent a save.
func TestALongCredentialIsSavedWithoutTheName(t *testing.T) {
	c := credential("kim", 1)
	c.Name, c.Email = strings.Repeat("<", 120), strings.Repeat("&", 120) // JSON needs six bytes for each character
	c.Refresh, c.Previous = backend.NewSecret(strings.Repeat("r", 500)), backend.NewSecret(strings.Repeat("p", 500))
	kept, size, err := keptAs(c)
	if err != nil || kept.Name != "" || kept.Email != "" || !kept.Refresh.Equal(c.Refresh) || !kept.Previous.Equal(c.Previous) || size > 2_560 {
		t.Errorf("%d bytes, %q, %v", size, kept.Name, err)
	}
	c.Name, c.Email = strings.Repeat("ō", 60), strings.Repeat("e", 120)
	kept, size, err = keptAs(c)
	if err != nil || kept.Name != c.Name || kept.Email != c.Email || size > 2_560 {
		t.Errorf("%d bytes, %q, %v", size, kept.Name, err)
	}
}

// keptAs returns a credential after encode and decode, and the length of the record
// in bytes.
func keptAs(c backend.Credential) (kept backend.Credential, size int, err error) {
	text, err := keychain.Encode(c)
	if err != nil {
		return kept, 0, err
	}
	kept, err = keychain.Decode(text)
	return kept, len(text), err
}

// Records written by the first version of Bookring.
func TestARecordWithoutANameIsValid(t *testing.T) {
	kept, err := keychain.Decode(keychain.Seal(struct {
		V      int    `json:"v"`
		Gen    int    `json:"gen"`
		Token  string `json:"rt"`
		User   string `json:"uid"`
		Client string `json:"client_id"`
		Issuer string `json:"issuer"`
	}{1, 3, planted, "kim", "C", "I"}))
	if err != nil || kept.Generation != 3 || kept.Name != "" || kept.UserID != "kim" {
		t.Errorf("%+v, %v", kept, err)
	}
}
