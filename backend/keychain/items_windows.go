package keychain

import (
	"github.com/zalando/go-keyring"
)

// findItems reads the item of an account. The Credential Manager holds one generic
// credential of a name (CredWrite, wincred.h).
func findItems(service, account string) (items, error) {
	text, err := keyring.Get(service, account)
	if err != nil {
		return items{}, err
	}
	return items{read: []item{{text: text}}}, nil
}

// findAll returns no items: DeleteAll reaches every item.
func findAll(string) (items, error) { return items{}, nil }

func unlockItems([]string) (items, error) { return items{}, nil }

func eraseItem(service, account, _ string, _ bool) error { return keyring.Delete(service, account) }
